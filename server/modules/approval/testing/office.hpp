// A bureau of one small matter for tests of the commands on a case: real catalogue, audit, outbox and database; only
// what other modules answer is made up. Its process is testing/every_command.bpmn, unless the test brings its own.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "db/testing/test_databases.hpp"
#include "modules/approval/service.hpp"
#include "modules/identity/testing/nobody_comes_in.hpp"

namespace kaigong::approval::testing {

/// Why it was refused; empty where it was done.
inline std::string reason_of(const Result<void>& done) {
    return done ? "" : done.error().reason;
}

inline constexpr const char* kMatter = "night-construction";

inline std::vector<identity::Account> officers_for(const std::vector<identity::Account>& of,
                                                   const identity::OfficerQuery& query) {
    std::vector<identity::Account> found;
    for (const auto& one : of) {
        const bool works_there = authz::region_contains(one.region_code, query.region_code);
        if (works_there && (query.department.empty() || one.department == query.department)) found.push_back(one);
    }
    return found;
}

class NamesOnly final : public identity::testing::NobodyComesIn {
  public:
    /// Who can be found; nobody unless a test puts them in.
    std::vector<identity::Account> officers;
    /// Accounts of one human being; none unless a test puts them in.
    std::vector<authz::AccountId> of_one_person;

    std::optional<identity::Account> find_account(const authz::AccountId& id) override {
        const auto found = std::ranges::find(officers, id, &identity::Account::account_id);
        return found == officers.end() ? std::nullopt : std::optional(*found);
    }
    using NobodyComesIn::find_officers;
    Result<std::vector<identity::Account>> find_officers(const identity::OfficerQuery& query) override {
        return officers_for(officers, query);
    }
    bool same_person(db::Session&, const authz::AccountId& one, const authz::AccountId& other) override {
        const auto is_his = [&](const auto& id) { return std::ranges::find(of_one_person, id) != of_one_person.end(); };
        return one == other || (is_his(one) && is_his(other));
    }
    std::string name_of(const authz::AccountId& id) override { return id.text.substr(id.text.size() - 1); }
};

class SilentRegisters final : public catalog::RegisterSource {
  public:
    catalog::RegisterAnswer ask(const std::string&, const catalog::PrecheckInput&) const override { return {}; }
};

/// The filings that the test put in.
class FilingsOnly final : public applications::Applications {
  public:
    std::map<std::string, applications::Filing> filings;

    Result<applications::Filing> load_filing(const std::string& id) override { return filings.at(id); }
    Result<applications::Filing> load_filing(db::Session&, const std::string& id) override { return filings.at(id); }
    Result<applications::Submission> load_submission(const std::string&, int) override { return not_asked(); }
    Result<applications::RoundChanges> load_changes(const std::string&, int) override { return not_asked(); }
    Result<void> must_be_applicant(const authz::Actor&, const std::string&) override { return not_asked(); }
    Result<void> must_be_applicants_turn(const authz::Actor&, const std::string&) override { return not_asked(); }
    Result<void> hold_for_change(db::Session&, const authz::Actor&, const std::string&, std::int64_t) override {
        return not_asked();
    }
    Result<void> hold_for_paper(db::Session&, const authz::Actor&, const std::string&, const std::string&,
                                std::int64_t) override {
        return not_asked();
    }
    Result<void> may_hand_in_papers(const authz::Actor&, const std::string&) override { return not_asked(); }
    Result<std::int64_t> count_filed(const std::string&, std::int64_t) override { return not_asked(); }
    Result<std::vector<catalog::PastCase>> filed_cases(const std::string&, std::int64_t, const std::string&,
                                                       int) override {
        return not_asked();
    }
    std::vector<http::Endpoint> routes() override { return {}; }

  private:
    [[noreturn]] static Error not_asked() { throw std::logic_error("not asked"); }
};

class NoEffects final : public GrantEffects {
  public:
    Result<std::string> on_granted(db::Session&, const applications::Filing&, std::int64_t) override {
        return std::string("330106202611230198");
    }
    void on_confidentiality(db::Session&, const std::string& application_id, authz::Confidentiality now) override {
        confidentiality[application_id] = now;
    }

    std::map<std::string, authz::Confidentiality> confidentiality;
};

/// A file of this folder.
inline std::string test_file(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(std::filesystem::path(KAIGONG_SOURCE_DIR) / "server/modules/approval/testing" / name).rdbuf();
    return text.str();
}

/// Process files of the matter by name; `issue.bpmn` is the one that a filing begins.
using ProcessFiles = std::map<std::string, std::string>;

/// Several may stand on one database, as several processes do.
class Office {
  public:
    /// Monday 23 November 2026, nine o'clock.
    static constexpr std::int64_t kMorningMs = 1'795'395'600'000;

    explicit Office(db::Database& on, const ProcessFiles& files = {}) : database(on), clock(kMorningMs) {
        const auto source = std::filesystem::path(KAIGONG_SOURCE_DIR);
        std::filesystem::create_directories(folder());
        for (const char* part : {"shared", kMatter}) {
            std::filesystem::copy(source / "catalog" / part, folder() / part, std::filesystem::copy_options::recursive);
        }
        std::ofstream(folder() / kMatter / "issue.bpmn") << test_file("every_command.bpmn");
        for (const auto& [name, text] : files) std::ofstream(folder() / kMatter / name) << text;
        catalog = catalog::open_catalog(database, folder(), clock, registers_).value();
        permissions.add(approval::permissions());
        audit = audit::make_audit(database);
        approval = std::make_unique<ApprovalService>(Parts{database, clock, permissions, *catalog, identity, filings,
                                                           *audit, outbox, effects_, [this] { ++nudges; }});
        around = std::make_unique<Surroundings>(
            Surroundings{database, *catalog, filings, *audit, outbox, effects_, permissions, identity});
    }

    static operations::Officer officer(authz::Role role, int number = 1) {
        authz::Actor actor;
        actor.account_id = authz::AccountId{fmt::format("01900000-0000-7000-8000-{:012}", number)};
        actor.kind = authz::AccountKind::officer;
        actor.department = "housing";
        actor.region_code = "330106";
        actor.roles = {role};
        actor.recently_authenticated = true;
        return {actor, fmt::format("办事人{}", number)};
    }

    /// An application as it was filed just now.
    applications::Filing filing() {
        const auto now_ms = clock.now_ms();
        applications::Filing filing;
        filing.application_id = applications::ApplicationId{new_uuid(now_ms)};
        filing.application_number = fmt::format("330106-2026-{:05}", filings.filings.size() + 1);
        filing.matter_code = kMatter;
        filing.catalog_version = catalog->load_matter(kMatter).value()->version();
        filing.region_code = "330106";
        filing.applicant_account_id = "01900000-0000-7000-8000-000000000099";
        filing.works_name = "夜间浇筑工程";
        filing.received_at_ms = now_ms;
        filing.round = 1;
        for (const auto& item : catalog->load_matter(kMatter).value()->items()) {
            if (!not_needed.contains(item.item)) filing.required_items.push_back(item.item);
        }
        filings.filings[filing.application_id.text] = filing;
        return filing;
    }

    template <class Call>
    auto read(Call call, const std::string& id) const {
        return database.read([&](db::Session& session) { return call(session, id); }).value();
    }

    template <class Body>
    void act(Body&& body) {
        must(database.transact(std::forward<Body>(body)));
    }

    /// A case at its first task; gives its id.
    std::string open_case() {
        const auto filed = filing();
        act([&](db::Session& session) { return operations::open_procedure(session, *around, filed, clock.now_ms()); });
        return filed.application_id.text;
    }

    store::TaskRow open_task(const std::string& id) const {
        for (const auto& task : read(&store::tasks_of, id)) {
            if (task.state == "open") return task;
        }
        return {};
    }
    store::ProcedureRow procedure(const std::string& id) const { return *read(&store::find_procedure, id); }
    bpmn::State state(const std::string& id) const {
        return bpmn::state_from_json(boost::json::parse(procedure(id).instance)).value();
    }
    /// Each with the version of the case that it saw, in their order.
    std::vector<std::string> acts(const std::string& id) const {
        std::vector<std::pair<std::int64_t, std::string>> found;
        const auto page = audit->entries_of("application", id, std::nullopt, 100).value();
        found.reserve(page.entries.size());
        for (const auto& entry : page.entries) {
            found.emplace_back(entry.aggregate_version, entry.act);
        }
        std::ranges::sort(found);
        std::vector<std::string> list;
        list.reserve(found.size());
        for (auto& [version, act] : found) list.push_back(std::move(act));
        return list;
    }
    std::int64_t count(const std::string& id, const std::string& act) const {
        return std::ranges::count(acts(id), act);
    }

    operations::OnTask on(const std::string& id, const store::TaskRow& task) const {
        return {id, task.task_id, task.version, clock.now_ms()};
    }

    /// The commands as bodies, so that a test may put steps around them.
    Result<void> claim(db::Session& session, const std::string& id, const store::TaskRow& task,
                       const operations::Officer& who) const {
        return operations::claim_task(session, *around, permissions, who, on(id, task));
    }
    Result<void> release(db::Session& session, const std::string& id, const store::TaskRow& task,
                         const operations::Officer& who) const {
        return operations::release_task(session, *around, permissions, who, on(id, task));
    }
    Result<void> complete(db::Session& session, const std::string& id, const store::TaskRow& task,
                          const operations::Officer& who, const std::string& outcome) const {
        operations::Completion completion;
        completion.outcome = outcome;
        completion.opinion = "意见";
        if (outcome == "request_correction") completion.points = {{"", "", "缺图", "补图", "办法 4"}};
        return operations::complete_task(session, *around, permissions, who, on(id, task), completion);
    }
    /// Nothing changed.
    static applications::RoundChanges second_round() {
        applications::RoundChanges changes;
        changes.round = 2;
        return changes;
    }
    Result<void> resubmit(db::Session& session, const std::string& id,
                          const applications::RoundChanges& changes = second_round()) const {
        applications::Submission submission;
        submission.application_id = applications::ApplicationId{id};
        submission.round = changes.round;
        return operations::take_resubmission(session, *around, submission, changes, clock.now_ms());
    }
    Result<void> resolve(db::Session& session, const std::string& id, const std::string& incident,
                         const boost::json::object& variables, authz::Role role = authz::Role::section_head,
                         const std::string& reason = "已改好设置") const {
        return operations::resolve_incident(session, *around, permissions, officer(role, 6), id,
                                            {incident, variables, reason}, clock.now_ms());
    }
    /// The applicant asks, and the window confirms; nothing where the case has ended.
    Result<void> withdraw(db::Session& session, const std::string& id) const {
        KAIGONG_CHECK(operations::ask_withdrawal(session, *around, id, clock.now_ms()));
        for (const auto& task : store::tasks_of(session, id)) {
            if (task.kind != "withdrawal" || task.state != "open") continue;
            return complete(session, id, task, officer(authz::Role::acceptance_officer, 9), "confirm_withdrawal");
        }
        return {};
    }

    /// The case with its first task done: `accept` leads to the job, `request_correction` to the applicant.
    std::string case_after(const std::string& outcome) {
        const auto id = open_case();
        const auto task = open_task(id);
        act([&](db::Session& session) {
            return complete(session, id, task, officer(authz::Role::acceptance_officer, 7), outcome);
        });
        return id;
    }
    std::string case_with_failed_job() {
        const auto id = case_after("accept");
        must(approval->fail_job(id, open_job(id), "letters.template_missing", "没有模板"));
        return id;
    }
    /// Empty where none is open or failed.
    std::string open_job(const std::string& id) const {
        const auto jobs = bpmn::waiting_for(state(id)).jobs;
        const auto incidents = bpmn::waiting_for(state(id)).incidents;
        const auto token = !jobs.empty() ? jobs[0].token : !incidents.empty() ? incidents[0].token : 0;
        const auto job =
            database.read([&](db::Session& session) { return store::find_job_of_token(session, id, token); });
        return *job ? (*job)->job_id : "";
    }
    /// Empty where there is none.
    std::string open_incident(const std::string& id) const {
        const auto incidents = bpmn::waiting_for(state(id)).incidents;
        return incidents.empty() ? "" : std::to_string(incidents[0].incident);
    }
    /// The case at its last task.
    std::string case_at_decision() {
        const auto id = case_after("accept");
        must(approval->complete_job(id, open_job(id)));
        return id;
    }
    /// The case after a decision for which the process has no way on.
    std::string case_without_way() {
        const auto id = case_at_decision();
        const auto task = open_task(id);
        act([&](db::Session& session) {
            return complete(session, id, task, officer(authz::Role::deciding_leader, 8), "by_district");
        });
        return id;
    }

    template <class T>
    static T must(Result<T> done) {
        if (!done) FAIL(done.error().reason << ": " << done.error().message);
        return std::move(*done);
    }
    static void must(Result<void> done) {
        if (!done) FAIL(done.error().reason << ": " << done.error().message);
    }

    db::Database& database;
    FixedClock clock;
    std::unique_ptr<catalog::Catalog> catalog;
    authz::Permissions permissions;
    NamesOnly identity;
    FilingsOnly filings;
    std::unique_ptr<audit::Audit> audit;
    events::Outbox outbox;
    int nudges = 0;
    /// Departments that no filing concerns from now on.
    std::set<std::string> not_needed;
    std::unique_ptr<ApprovalService> approval;
    std::unique_ptr<Surroundings> around;

  private:
    std::filesystem::path folder() const { return folder_.file("catalog"); }

    db::testing::TemporaryFolder folder_;
    SilentRegisters registers_;
    NoEffects effects_;
};

/// With the tables of who acts for whom: for cases that a company filed.
inline void on_each_with_firms(const std::function<void(Office&)>& body, const ProcessFiles& files = {}) {
    db::testing::on_each_database({"authz", "audit", "events", "identity", "catalog", "approval"},
                                  [&](db::Database& database) {
                                      Office office(database, files);
                                      body(office);
                                  });
}

inline void on_each(const std::function<void(Office&)>& body, const ProcessFiles& files = {}) {
    db::testing::on_each_database({"authz", "audit", "events", "catalog", "approval"}, [&](db::Database& database) {
        Office office(database, files);
        body(office);
    });
}

/// Two programs on one database.
inline void on_each_pair(const std::function<void(Office& left, Office& right)>& body, const ProcessFiles& files = {}) {
    db::testing::on_each_database({"authz", "audit", "events", "catalog", "approval"}, [&](db::Database& database) {
        Office left(database, files);
        Office right(database, files);
        body(left, right);
    });
}

/// The same where the kind of database makes no difference.
inline void on_sqlite(const std::function<void(Office&)>& body, const ProcessFiles& files = {}) {
    const db::testing::SqliteForTest database({"authz", "audit", "events", "identity", "catalog", "approval"});
    Office office(*database, files);
    body(office);
}

}  // namespace kaigong::approval::testing
