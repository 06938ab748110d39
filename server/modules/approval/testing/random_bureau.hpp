// A bureau with its people on a process of its own, which may die at any moment: the services are made anew on the same
// database, or the database itself is closed and opened again, or a statement inside a transaction fails.
#pragma once

#include <memory>
#include <set>

#include "modules/approval/copies.hpp"
#include "modules/approval/deputies.hpp"
#include "modules/approval/operations/choose_commitments.hpp"
#include "modules/approval/oversight_service.hpp"
#include "modules/approval/testing/case_rows.hpp"
#include "modules/approval/testing/random_process.hpp"
#include "modules/approval/testing/supervision.hpp"

namespace kaigong::approval::testing {

/// Tables into which a write may fail.
inline constexpr std::array kFaultTables{"procedures",       "tasks",          "procedure_items",   "clock_entries",
                                         "timeline_entries", "task_acts",      "audit_entries",     "events",
                                         "case_episodes",    "task_signers",   "correction_points", "jobs",
                                         "waiting_events",   "section_reviews"};

/// A trigger on each of them that refuses a write while its name is in `broken_tables`.
inline void break_on_demand(db::Database& database) {
    const auto made = database.transact([&](db::Session& session) {
        session.execute_once("CREATE TABLE IF NOT EXISTS broken_tables (name VARCHAR(40) NOT NULL PRIMARY KEY)");
        for (const char* table : kFaultTables) {
            for (const char* verb : {"INSERT", "UPDATE"}) {
                session.execute_once(
                    session.kind() == db::DatabaseKind::sqlite
                        ? fmt::format("CREATE TRIGGER broken_{0}_{1} BEFORE {1} ON {0} WHEN EXISTS (SELECT 1 FROM "
                                      "broken_tables WHERE name = '{0}') BEGIN SELECT RAISE(ABORT, 'broken'); END",
                                      table, verb)
                        : fmt::format("CREATE TRIGGER broken_{0}_{1} BEFORE {1} ON {0} FOR EACH ROW IF EXISTS (SELECT "
                                      "1 FROM broken_tables WHERE name = '{0}') THEN SIGNAL SQLSTATE '45000' SET "
                                      "MESSAGE_TEXT = 'broken'; END IF",
                                      table, verb));
            }
        }
    });
    if (!made) throw std::runtime_error(made.error().message);
}

/// What one program of the bureau is made of.
struct Services {
    Services(Office& office, identity::Identity& people)
        : parts{office.database, office.clock,  office.permissions, *office.catalog, people,
                office.filings,  *office.audit, office.outbox,      effects,         [] {}},
          surroundings{office.database, *office.catalog, office.filings,     *office.audit,
                       office.outbox,   effects,         office.permissions, people},
          approval(parts),
          oversight(parts, approval),
          deputies(parts, surroundings),
          copies(parts, surroundings, approval) {}

    NoEffects effects;
    Parts parts;
    Surroundings surroundings;
    ApprovalService approval;
    OversightService oversight;
    Deputies deputies;
    Copies copies;
};

class RandomBureau {
  public:
    static constexpr const char* kOwnersCode = "91330106MA2OWNER01";

    RandomBureau(db::Settings settings, DrawnProcess drawn) : drawn_(std::move(drawn)), settings_(std::move(settings)) {
        hire();
        database_ = db::testing::open_or_throw(settings_);
        const std::array<std::string_view, 7> modules{"db",       "authz",   "audit",   "events",
                                                      "identity", "catalog", "approval"};
        const auto migrations = db::migrations_of(db::embedded_migrations(), modules);
        if (!db::migrate(*database_, migrations, Office::kMorningMs)) throw std::runtime_error("no tables");
        break_on_demand(*database_);
        start(Office::kMorningMs);
    }

    /// The program ends and begins again: nothing but the tables is left.
    void restart() { services_ = std::make_unique<Services>(*office_, people); }
    void restart_with_database() {
        const auto now_ms = office_->clock.now_ms();
        auto filings = office_->filings.filings;
        services_.reset();
        office_.reset();
        database_.reset();
        database_ = db::testing::open_or_throw(settings_);
        start(now_ms);
        office_->filings.filings = std::move(filings);
    }

    void break_table(const char* table) {
        office_->act([&](db::Session& session) {
            session.execute("INSERT INTO broken_tables (name) VALUES (?)", std::string(table));
        });
    }
    void mend_tables() {
        office_->act([](db::Session& session) { session.execute("DELETE FROM broken_tables"); });
    }

    std::string open_case(bool promised) {
        auto filed = office_->filing();
        filed.owner_credit_code = kOwnersCode;
        office_->filings.filings[filed.application_id.text] = filed;
        const auto submission = filed_round(filed.application_id.text, 1, promised);
        office_->act([&](db::Session& session) -> Result<void> {
            KAIGONG_CHECK(operations::open_procedure(session, services_->surroundings, filed, now_ms()));
            return operations::choose_commitments(session, services_->surroundings, submission, now_ms());
        });
        cases.push_back(filed.application_id.text);
        return cases.back();
    }

    std::int64_t now_ms() const { return office_->clock.now_ms(); }
    void set_clock(std::int64_t at_ms) { office_->clock.set(at_ms); }
    Services& services() { return *services_; }
    db::Database& database() { return *database_; }
    const DrawnProcess& drawn() const { return drawn_; }
    CaseRows look(const std::string& id) { return snapshot_of(*database_, id); }

    const authz::Actor& person(const std::string& id) const {
        const auto found = std::ranges::find(actors, id, [](const auto& one) { return one.account_id.text; });
        if (found == actors.end()) throw std::logic_error("nobody of that name");
        return *found;
    }

    PeopleOfOffice people;
    std::vector<authz::Actor> actors;
    std::set<std::string> groups;
    std::map<std::string, std::set<std::string>> groups_of_person;
    std::vector<std::string> cases;

  private:
    void start(std::int64_t now_ms) {
        office_ = std::make_unique<Office>(*database_, drawn_.files);
        office_->clock.set(now_ms);
        restart();
    }

    void hire() {
        struct Post {
            const char* department;
            Role role;
            int count;
        };
        int number = 1;
        for (const auto& post :
             {Post{"housing", Role::acceptance_officer, 3}, Post{"housing", Role::reviewer, 5},
              Post{"fire", Role::reviewer, 4}, Post{"civil_defence", Role::reviewer, 4},
              Post{"housing", Role::section_head, 3}, Post{"fire", Role::section_head, 2},
              Post{"civil_defence", Role::section_head, 2}, Post{"housing", Role::deciding_leader, 3},
              Post{"housing", Role::certificate_officer, 2}}) {
            for (int i = 0; i < post.count; ++i, ++number) hire(post.department, post.role, number);
        }
        // Who may not: of another district, of the owner's own organisation.
        hire("housing", Role::reviewer, number++).region_code = "330108";
        hire("housing", Role::deciding_leader, number++).credit_code = kOwnersCode;
        for (const auto& actor : actors) {
            auto& account = people.add({actor, fmt::format("办事人{}", actor.account_id.text.substr(33))});
            account.credit_code = actor.credit_code;
        }
    }

    authz::Actor& hire(const char* department, Role role, int number) {
        auto actor = Office::officer(role, number).actor;
        actor.department = department;
        const auto group = std::string(department) + ":" + std::string(to_string(role));
        groups.insert(group);
        groups_of_person[actor.account_id.text].insert(group);
        return actors.emplace_back(std::move(actor));
    }

    DrawnProcess drawn_;
    db::Settings settings_;
    std::unique_ptr<db::Database> database_;
    std::unique_ptr<Office> office_;
    std::unique_ptr<Services> services_;
};

}  // namespace kaigong::approval::testing
