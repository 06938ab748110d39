// The way of a draft to a version, on both databases: two persons, days, races, restarts, previews.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "db/testing/interleaving.hpp"
#include "db/testing/test_databases.hpp"
#include "modules/catalog/rule_service.hpp"
#include "modules/identity/testing/nobody_comes_in.hpp"

using namespace kaigong;
using boost::json::object;

namespace {

const std::string kNight = "night-construction";
constexpr std::int64_t kDayMs = 86'400'000;
const authz::AccountId kRules{"01900000-0000-7000-8000-000000000001"};
const authz::AccountId kLegal{"01900000-0000-7000-8000-000000000002"};
/// Another account of the same person.
const authz::AccountId kLegalAtHome{"01900000-0000-7000-8000-000000000012"};

std::int64_t morning_of(const char* on) {
    return office_midnight_ms(parse_date(on).value()) + 9LL * 3'600'000;
}

class NamesOnly final : public identity::testing::NobodyComesIn {
  public:
    std::string name_of(const authz::AccountId& id) override { return id == kRules ? "陈可" : "沈砚"; }
    bool same_person(db::Session&, const authz::AccountId& one, const authz::AccountId& other) override {
        return one == other || (one == kLegalAtHome && other == kLegal);
    }
};

class SilentRegisters final : public catalog::RegisterSource {
  public:
    catalog::RegisterAnswer ask(const std::string&, const catalog::PrecheckInput&) const override { return {}; }
};
class SomeRestricted final : public catalog::RestrictedCases {
  public:
    std::vector<std::string> ids;

    Result<std::vector<std::string>> of_matter(const std::string&) override { return ids; }
};
/// Cases whose reason is as many characters long as their number says.
class CasesOfNight final : public catalog::PastCases {
  public:
    int cases = 0;
    /// Asked for each page; a test holds the work up or breaks it here.
    std::function<Result<void>()> on_page = [] { return Result<void>{}; };

    Result<std::int64_t> count(const std::string&, std::int64_t) override { return cases; }
    Result<std::vector<catalog::PastCase>> page(const std::string&, std::int64_t, const std::string& after,
                                                int limit) override {
        KAIGONG_CHECK(on_page());
        std::vector<catalog::PastCase> page;
        for (int i = after.empty() ? 0 : std::stoi(after.substr(24)) + 1; i < cases && limit-- > 0; ++i) {
            catalog::PastCase one{fmt::format("01900000-0000-7000-8000-{:012}", i),
                                  fmt::format("330106-2026-{:05}", i),
                                  fmt::format("浇筑 {} 号", i),
                                  "示例公司",
                                  "2026-10-08",
                                  {}};
            std::string reason;
            for (int length = 0; length < i % 20; ++length) reason += "浇";
            one.input.form = {{"works", {{"region_code", "330106"}}},
                              {"night", {{"work_on", "2026-12-20"}, {"reason", reason}}}};
            one.input.today = parse_date("2026-10-08").value();
            one.input.region_code = "330106";
            page.push_back(std::move(one));
        }
        return page;
    }
};

authz::Actor actor_of(const authz::AccountId& id, authz::Role role = authz::Role::rule_admin) {
    authz::Actor actor;
    actor.account_id = id;
    actor.kind = authz::AccountKind::administrator;
    actor.roles = {role};
    actor.recently_authenticated = true;
    return actor;
}

/// A bureau of the small matter; `open` again is a restart.
class Office {
  public:
    explicit Office(db::Database& opened, const char* today = "2026-11-27")
        : database(opened), clock(morning_of(today)), audit_(audit::make_audit(opened)) {
        std::filesystem::create_directories(folder());
        for (const char* part : {"shared", "night-construction"}) {
            std::filesystem::copy(std::filesystem::path(KAIGONG_SOURCE_DIR) / "catalog" / part, folder() / part,
                                  std::filesystem::copy_options::recursive);
        }
        permissions_.add(catalog::permissions());
        open();
    }

    void open() {
        rules.reset();
        catalog = catalog::open_catalog(database, folder(), clock, registers_).value();
        rules = std::make_unique<catalog::RuleService>(catalog::RulePackageParts{
            database, clock, clock, permissions_, *catalog, identity_, *audit_, past, restricted});
    }

    std::filesystem::path folder() const { return folder_.file("catalog"); }
    void change_folder(const char* file, const std::string& from, const std::string& to) const {
        const auto target = folder() / "night-construction" / file;
        std::ostringstream read;
        read << std::ifstream(target).rdbuf();
        auto text = read.str();
        const auto at = text.find(from);
        REQUIRE(at != std::string::npos);
        std::ofstream(target) << text.replace(at, from.size(), to);
    }

    /// A key of its own for each act, as a page sends it.
    catalog::Retryable once() { return {new_uuid(++keys_), "POST /test", "hash"}; }

    object begin() { return must(rules->begin(actor_of(kRules), kNight, std::nullopt, once())); }
    /// The reason has to be as long as told from now on; the examples say the same.
    object save_length(const object& draft, int length, const authz::AccountId& by = kRules) {
        return must(rules->save(actor_of(by), kNight, draft.at("version").as_int64(), typed_length(draft, length)));
    }
    static catalog::TypedDraft typed_length(const object& draft, int length) {
        catalog::TypedDraft typed{std::string(draft.at("dmn").as_string()), boost::json::serialize(draft.at("tests")),
                                  "理由写得更具体"};
        const std::string from = "string length(night.reason) &lt; ";
        const auto at = typed.main.find(from) + from.size();
        typed.main.replace(at, typed.main.find('<', at) - at, std::to_string(length));
        return typed;
    }
    object submit(const object& draft, const char* from_on, const authz::AccountId& by = kRules) {
        return must(rules->submit(actor_of(by), kNight, draft.at("version").as_int64(), {from_on, ""}, once()));
    }
    Result<object> publish(const object& draft, const authz::AccountId& by = kLegal) {
        return rules->publish(actor_of(by), kNight, draft.at("version").as_int64(), once());
    }
    /// A published change of the length; gives the version.
    object published(int length, const char* from_on) {
        return must(publish(submit(save_length(begin(), length), from_on)));
    }
    std::string in_force() { return catalog->load_matter(kNight).value()->version(); }
    /// Whether a reason of seven characters passes.
    std::string outcome_of_seven(const std::string& version = "") {
        const auto matter = version.empty() ? catalog->load_matter(kNight) : catalog->load_matter(kNight, version);
        catalog::PrecheckInput input;
        input.form = {{"night", {{"reason", "连续浇筑不能停"}, {"work_on", "2027-06-01"}}}};
        input.today = office_date(clock.now_ms());
        for (const auto& finding : (*matter)->precheck(input).findings) {
            if (finding.rule == "N-102") return finding.outcome;
        }
        return "pass";
    }

    static object must(Result<object> outcome) {
        REQUIRE_MESSAGE(outcome, (outcome ? "" : outcome.error().reason + " " + outcome.error().message));
        return std::move(*outcome);
    }

    db::Database& database;
    FixedClock clock;
    CasesOfNight past;
    SomeRestricted restricted;
    std::unique_ptr<catalog::Catalog> catalog;
    std::unique_ptr<catalog::RuleService> rules;

  private:
    db::testing::TemporaryFolder folder_;
    NamesOnly identity_;
    SilentRegisters registers_;
    std::unique_ptr<audit::Audit> audit_;
    authz::Permissions permissions_;
    std::int64_t keys_ = 1;
};

void on_each(const std::function<void(Office&)>& body) {
    db::testing::on_each_database({"audit", "catalog"}, [&](db::Database& database) {
        Office office(database);
        body(office);
    });
}

template <class T>
std::string reason_of(const Result<T>& outcome) {
    return outcome ? "" : outcome.error().reason;
}

/// Until the preview no longer runs; a minute is far more than it takes.
object preview_at_its_end(Office& office, const std::string& id) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    for (;;) {
        auto seen = Office::must(office.rules->preview(actor_of(kRules), kNight, id));
        if (seen.at("state") != "running") return seen;
        REQUIRE(std::chrono::steady_clock::now() < end);
        std::this_thread::yield();
    }
}

std::string id_of(const object& preview) {
    return std::string(preview.at("preview_id").as_string());
}

}  // namespace

TEST_CASE(
    "a draft becomes the version in force on its day; what was begun before keeps its rules, also after a restart") {
    on_each([](Office& office) {
        const auto before = office.in_force();
        CHECK(office.outcome_of_seven() == "pass");
        const auto version = office.published(8, "2026-11-30");
        CHECK(version.at("state") == "waiting");
        CHECK(version.at("edited_by_name") == "陈可");
        CHECK(version.at("published_by_name") == "沈砚");
        CHECK(office.in_force() == before);
        office.clock.set(morning_of("2026-11-29"));
        CHECK(office.in_force() == before);
        office.clock.set(office_midnight_ms(parse_date("2026-11-30").value()));
        CHECK(office.in_force() == version.at("catalog_version").as_string());
        CHECK(office.outcome_of_seven() == "fail");
        CHECK(office.outcome_of_seven(before) == "pass");
        office.open();
        CHECK(office.in_force() == version.at("catalog_version").as_string());
        CHECK(office.outcome_of_seven() == "fail");
        CHECK(office.outcome_of_seven(before) == "pass");
    });
}

TEST_CASE("who edited last or submitted does not publish") {
    on_each([](Office& office) {
        auto draft = office.submit(office.save_length(office.begin(), 8), "2026-11-30", kLegal);
        CHECK(reason_of(office.publish(draft, kRules)) == "catalog.same_person");
        CHECK(reason_of(office.publish(draft, kLegal)) == "catalog.same_person");
        CHECK(reason_of(office.publish(draft, kLegalAtHome)) == "catalog.same_person");
        const authz::AccountId third{"01900000-0000-7000-8000-000000000003"};
        CHECK_FALSE(draft.at("may_publish").as_bool());
        CHECK(Office::must(office.rules->draft(actor_of(third), kNight)).at("may_publish").as_bool());
        CHECK(office.publish(draft, third));
    });
}

TEST_CASE("only a rule administrator sees or does anything") {
    const db::testing::SqliteForTest database({"audit", "catalog"});
    Office office(*database);
    for (const auto role : {authz::Role::system_admin, authz::Role::audit_admin, authz::Role::deciding_leader}) {
        const auto other = actor_of(kRules, role);
        CHECK(reason_of(office.rules->list(other)) == "authz.not_permitted");
        CHECK(reason_of(office.rules->begin(other, kNight, std::nullopt, office.once())) == "authz.not_permitted");
        CHECK(reason_of(office.rules->publish(other, kNight, 1, office.once())) == "authz.not_permitted");
        CHECK(reason_of(office.rules->start_preview(other, kNight, office.once())) == "authz.not_permitted");
    }
}

TEST_CASE("a change that was made on an older draft is not saved over a newer one, also after the draft was given up") {
    on_each([](Office& office) {
        const auto first = office.begin();
        const auto second = office.save_length(first, 8);
        CHECK(reason_of(office.rules->save(actor_of(kLegal), kNight, first.at("version").as_int64(),
                                           Office::typed_length(first, 9))) == "db.version_is_stale");
        REQUIRE(office.rules->discard(actor_of(kRules), kNight, second.at("version").as_int64(), office.once()));
        CHECK(reason_of(office.rules->draft(actor_of(kRules), kNight)) == "catalog.no_draft");
        const auto third = office.begin();
        CHECK(third.at("version").as_int64() > second.at("version").as_int64());
        CHECK(reason_of(office.rules->begin(actor_of(kLegal), kNight, std::nullopt, office.once())) ==
              "catalog.draft_exists");
    });
}

TEST_CASE("two who save at once: one is told that the other was faster") {
    on_each([](Office& office) {
        const auto draft = office.begin();
        db::testing::Interleaving steps(office.database, {"first ready", "second ready"});
        std::string first;
        std::string second;
        steps.run(
            [&] {
                steps.reach("first ready");
                first = reason_of(office.rules->save(actor_of(kRules), kNight, draft.at("version").as_int64(),
                                                     Office::typed_length(draft, 8)));
            },
            [&] {
                steps.reach("second ready");
                second = reason_of(office.rules->save(actor_of(kLegal), kNight, draft.at("version").as_int64(),
                                                      Office::typed_length(draft, 9)));
            });
        CHECK((first.empty() ? second : first) == "db.version_is_stale");
        CHECK((first.empty() || second.empty()));
    });
}

TEST_CASE("two who publish at once make one version") {
    on_each([](Office& office) {
        const auto draft = office.submit(office.save_length(office.begin(), 8), "2026-11-30");
        const authz::AccountId third{"01900000-0000-7000-8000-000000000003"};
        std::vector<std::thread> threads;
        std::array<std::string, 2> reasons;
        const auto first_key = office.once();
        const auto second_key = office.once();
        threads.emplace_back([&] {
            reasons[0] =
                reason_of(office.rules->publish(actor_of(kLegal), kNight, draft.at("version").as_int64(), first_key));
        });
        threads.emplace_back([&] {
            reasons[1] =
                reason_of(office.rules->publish(actor_of(third), kNight, draft.at("version").as_int64(), second_key));
        });
        for (auto& thread : threads) thread.join();
        CHECK((reasons[0].empty() != reasons[1].empty()));
        const auto package = Office::must(office.rules->show(actor_of(kRules), kNight));
        CHECK(package.at("versions").as_array().size() == 2);
    });
}

TEST_CASE("a retry of a publication that went through gets the same version, another body is refused") {
    on_each([](Office& office) {
        const auto draft = office.submit(office.save_length(office.begin(), 8), "2026-11-30");
        auto key = office.once();
        const auto version = draft.at("version").as_int64();
        const auto first = Office::must(office.rules->publish(actor_of(kLegal), kNight, version, key));
        const auto again = Office::must(office.rules->publish(actor_of(kLegal), kNight, version, key));
        CHECK(first.at("catalog_version") == again.at("catalog_version"));
        key.body_hash = "other";
        CHECK(reason_of(office.rules->publish(actor_of(kLegal), kNight, version, key)) == "db.idempotency_key_reused");
        CHECK(reason_of(office.publish(draft)) == "catalog.no_draft");
    });
}

TEST_CASE("a version is withdrawn only before its day, and once") {
    on_each([](Office& office) {
        const auto before = office.in_force();
        const auto version = office.published(8, "2026-11-30");
        const std::string name(version.at("catalog_version").as_string());
        const auto withdraw = [&](const std::string& which) {
            return office.rules->withdraw(actor_of(kRules), kNight, which, "依据有误", office.once());
        };
        CHECK(reason_of(withdraw(before)) == "catalog.version_in_force");
        CHECK(Office::must(withdraw(name)).at("state") == "withdrawn");
        CHECK(reason_of(withdraw(name)) == "catalog.version_in_force");
        office.clock.set(morning_of("2026-12-01"));
        CHECK(office.in_force() == before);
        office.open();
        CHECK(office.in_force() == before);
        const auto second = office.published(9, "2026-12-02");
        office.clock.set(morning_of("2026-12-02"));
        CHECK(reason_of(withdraw(std::string(second.at("catalog_version").as_string()))) == "catalog.version_in_force");
        CHECK(reason_of(withdraw("2026-01-01-000000000000")) == "catalog.version_unknown");
    });
}

TEST_CASE("a publication after the day that was meant begins on the day of the publication") {
    on_each([](Office& office) {
        const auto draft = office.submit(office.save_length(office.begin(), 8), "2026-11-30");
        office.clock.set(morning_of("2026-12-03"));
        const auto version = Office::must(office.publish(draft));
        CHECK(version.at("effective_from_on") == "2026-12-03");
        CHECK(version.at("state") == "in_force");
    });
}

TEST_CASE("a draft from an earlier version rolls back, even to the same rules on the same day") {
    on_each([](Office& office) {
        const auto first = office.in_force();
        office.published(8, "2026-11-27");
        CHECK(office.outcome_of_seven() == "fail");
        auto draft = Office::must(office.rules->begin(actor_of(kLegal), kNight, first, office.once()));
        CHECK(draft.at("base_version").as_string() == first);
        const auto back = Office::must(office.publish(office.submit(draft, "2026-11-27", kLegal), kRules));
        CHECK(office.outcome_of_seven() == "pass");
        office.published(8, "2026-11-27");
        draft = Office::must(office.rules->begin(actor_of(kLegal), kNight, first, office.once()));
        const auto again = Office::must(office.publish(office.submit(draft, "2026-11-27", kLegal), kRules));
        CHECK(back.at("catalog_version") != again.at("catalog_version"));
        CHECK(office.in_force() == again.at("catalog_version").as_string());
    });
}

TEST_CASE("an example that fails, rules that say nothing new and a day gone by stand in the way of a submission") {
    const db::testing::SqliteForTest database({"audit", "catalog"});
    Office office(*database);
    const auto submit = [&](const object& draft, const char* from_on) {
        return office.rules->submit(actor_of(kRules), kNight, draft.at("version").as_int64(), {from_on, ""},
                                    office.once());
    };
    auto draft = office.begin();
    CHECK(reason_of(submit(draft, "2026-11-30")) == "catalog.draft_has_blockers");
    // "底板混凝土须连续浇筑" has ten characters.
    draft = office.save_length(draft, 11);
    const auto refused = submit(draft, "2026-11-30");
    REQUIRE(reason_of(refused) == "catalog.draft_has_blockers");
    CHECK(refused.error().message.find("1 个用例") != std::string::npos);
    const auto check = Office::must(office.rules->check(actor_of(kRules), kNight));
    CHECK(check.at("tests").at("failed") == 1);
    CHECK(check.at("difference").as_array().size() == 1);
    draft = office.save_length(draft, 8);
    CHECK(reason_of(submit(draft, "2026-11-26")) == "catalog.effective_in_the_past");
    draft = office.submit(draft, "2026-11-30");
    CHECK(reason_of(office.rules->save(actor_of(kRules), kNight, draft.at("version").as_int64(),
                                       Office::typed_length(draft, 9))) == "catalog.draft_waits");
    draft = Office::must(
        office.rules->give_back(actor_of(kLegal), kNight, draft.at("version").as_int64(), "用例不够", office.once()));
    CHECK(draft.at("state") == "editing");
    CHECK(draft.at("returned_reason") == "用例不够");
    CHECK(reason_of(office.publish(draft)) == "catalog.draft_not_submitted");
}

TEST_CASE("wrong rules are kept, what is no XML is refused with its place and nothing is lost") {
    const db::testing::SqliteForTest database({"audit", "catalog"});
    Office office(*database);
    const auto draft = office.begin();
    const auto version = draft.at("version").as_int64();
    const auto save = [&](const std::string& rules, std::int64_t at) {
        return office.rules->save(actor_of(kRules), kNight, at, {rules, "[]", ""});
    };
    const std::string rules(draft.at("dmn").as_string());
    std::string deep;
    for (int i = 0; i < 5'000; ++i) deep += "<a>";
    for (int i = 0; i < 5'000; ++i) deep += "</a>";
    for (const auto& hostile :
         {std::string("no xml"), rules.substr(0, rules.size() / 2), deep,
          R"(<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>)" + rules.substr(rules.find("<definitions"))}) {
        const auto refused = save(hostile, version);
        REQUIRE(reason_of(refused) == "catalog.rules_unreadable");
        CHECK(refused.error().fields.front().field == "dmn");
    }
    CHECK(Office::must(office.rules->draft(actor_of(kRules), kNight)).at("dmn").as_string() == rules);
    auto wrong = rules;
    wrong.replace(wrong.find("string length(night.reason)"), 6, "strnig");
    const auto kept = Office::must(save(wrong, version));
    CHECK(kept.at("dmn").as_string() == wrong);
    const auto check = Office::must(office.rules->check(actor_of(kRules), kNight));
    CHECK_FALSE(check.at("problems").as_array().empty());
    CHECK(reason_of(office.rules->submit(actor_of(kRules), kNight, kept.at("version").as_int64(), {"2026-11-30", ""},
                                         office.once())) == "catalog.draft_has_blockers");
}

TEST_CASE(
    "a program that brings other files while the office's rules are in force: they wait, and the package says so") {
    on_each([](Office& office) {
        const auto version = office.published(8, "2026-11-27");
        CHECK(Office::must(office.rules->show(actor_of(kRules), kNight)).at("folder_waits").is_null());
        office.clock.set(office.clock.now_ms() + kDayMs);
        office.change_folder("matter.json", "夜间施工许可", "夜间施工的许可");
        office.open();
        CHECK(office.in_force() == version.at("catalog_version").as_string());
        const auto package = Office::must(office.rules->show(actor_of(kRules), kNight));
        REQUIRE(package.at("folder_waits").is_object());
        const std::string waits(package.at("folder_waits").at("catalog_version").as_string());
        const auto draft = Office::must(office.rules->begin(actor_of(kRules), kNight, waits, office.once()));
        const auto taken = Office::must(office.publish(office.submit(draft, "2026-11-28")));
        CHECK(taken.at("state") == "in_force");
        CHECK(office.catalog->load_matter(kNight).value()->name() == "夜间施工的许可");
        CHECK(Office::must(office.rules->show(actor_of(kRules), kNight)).at("folder_waits").is_null());
    });
}

TEST_CASE("a preview counts what a draft changes in past cases and lists it page by page, the newest first") {
    on_each([](Office& office) {
        office.past.cases = 250;
        office.rules->start();
        office.save_length(office.begin(), 8);
        const auto id = id_of(Office::must(office.rules->start_preview(actor_of(kRules), kNight, office.once())));
        const auto done = preview_at_its_end(office, id);
        CHECK(done.at("state") == "done");
        CHECK(done.at("done") == 250);
        CHECK(done.at("total") == 250);
        // Reasons of six and seven characters: two of each twenty, and of the last ten.
        CHECK(done.at("changed_results") == 26);
        CHECK(done.at("changed_applications") == 26);
        const auto& by_rule = done.at("by_rule").as_array();
        REQUIRE(by_rule.size() == 1);
        CHECK(by_rule.front().at("rule") == "N-102");
        CHECK(by_rule.front().at("before") == "pass");
        CHECK(by_rule.front().at("after") == "fail");
        CHECK(by_rule.front().at("count") == 26);
        std::vector<std::string> listed;
        std::string cursor;
        do {
            const auto page = Office::must(office.rules->changes(actor_of(kRules), kNight, id, {cursor, 10, ""}));
            for (const auto& change : page.at("changes").as_array()) {
                listed.emplace_back(change.at("application_id").as_string());
            }
            cursor = page.at("next_cursor").is_null() ? "" : std::string(page.at("next_cursor").as_string());
        } while (!cursor.empty());
        CHECK(listed.size() == 26);
        CHECK(std::ranges::is_sorted(listed, std::greater{}));
        const auto of_rule = Office::must(office.rules->changes(actor_of(kRules), kNight, id, {"", 100, "N-102"}));
        CHECK(of_rule.at("changes").as_array().size() == 26);
        CHECK(Office::must(office.rules->changes(actor_of(kRules), kNight, id, {"", 100, "N-101"}))
                  .at("changes")
                  .as_array()
                  .empty());
        office.rules->stop();
    });
}

TEST_CASE("a restricted case has no part in a preview, and one restricted since is neither listed nor counted") {
    on_each([](Office& office) {
        const auto id_of_case = [](int i) { return fmt::format("01900000-0000-7000-8000-{:012}", i); };
        office.past.cases = 40;
        // Of the four whose result changes: 6, 7, 26, 27.
        office.restricted.ids = {id_of_case(6), id_of_case(8)};
        office.rules->start();
        office.save_length(office.begin(), 8);
        const auto id = id_of(Office::must(office.rules->start_preview(actor_of(kRules), kNight, office.once())));
        const auto counts = [&] {
            const auto seen = preview_at_its_end(office, id);
            CHECK(seen.at("state") == "done");
            CHECK(seen.at("total") == 38);
            const auto listed = Office::must(office.rules->changes(actor_of(kRules), kNight, id, {"", 100, ""}));
            std::vector<std::string> ids;
            for (const auto& one : listed.at("changes").as_array())
                ids.emplace_back(one.at("application_id").as_string());
            CHECK(seen.at("changed_applications") == static_cast<std::int64_t>(ids.size()));
            CHECK(seen.at("changed_results") == static_cast<std::int64_t>(ids.size()));
            std::int64_t by_rule = 0;
            for (const auto& one : seen.at("by_rule").as_array()) by_rule += one.at("count").as_int64();
            CHECK(by_rule == static_cast<std::int64_t>(ids.size()));
            return ids;
        };
        CHECK(counts() == std::vector{id_of_case(27), id_of_case(26), id_of_case(7)});
        office.restricted.ids.push_back(id_of_case(26));
        CHECK(counts() == std::vector{id_of_case(27), id_of_case(7)});
        office.restricted.ids.clear();
        CHECK(counts().size() == 3);
        office.rules->stop();
    });
}

TEST_CASE("a newer preview ends the older one, and a key that comes again begins none") {
    on_each([](Office& office) {
        office.past.cases = 120;
        office.rules->start();
        office.save_length(office.begin(), 8);
        const auto key = office.once();
        const auto first = id_of(Office::must(office.rules->start_preview(actor_of(kRules), kNight, key)));
        CHECK(id_of(Office::must(office.rules->start_preview(actor_of(kRules), kNight, key))) == first);
        const auto second = id_of(Office::must(office.rules->start_preview(actor_of(kRules), kNight, office.once())));
        CHECK(preview_at_its_end(office, second).at("state") == "done");
        CHECK(preview_at_its_end(office, first).at("state") == "replaced");
        office.rules->stop();
    });
}

TEST_CASE("a preview that the program's end interrupts is failed and says so, one left by a crash at the next start") {
    on_each([](Office& office) {
        office.past.cases = 10'000;
        std::atomic<bool> begun = false;
        office.past.on_page = [&] {
            begun = true;
            begun.notify_all();
            return Result<void>{};
        };
        office.rules->start();
        office.save_length(office.begin(), 8);
        const auto id = id_of(Office::must(office.rules->start_preview(actor_of(kRules), kNight, office.once())));
        begun.wait(false);
        office.rules->stop();
        const auto stopped = preview_at_its_end(office, id);
        CHECK(stopped.at("state") == "failed");
        CHECK_FALSE(stopped.at("failure").as_string().empty());
        // Nobody works on this one: its process is gone before it began.
        office.open();
        const auto left = id_of(Office::must(office.rules->start_preview(actor_of(kRules), kNight, office.once())));
        office.open();
        office.clock.set(office.clock.now_ms() + 120'000);
        office.rules->start();
        CHECK(preview_at_its_end(office, left).at("state") == "failed");
        office.rules->stop();
    });
}

TEST_CASE("past cases that can't be read fail the preview, not the program") {
    const db::testing::SqliteForTest database({"audit", "catalog"});
    Office office(*database);
    office.past.cases = 300;
    office.past.on_page = [] { return Result<void>(error(Errc::unavailable, "test.broken", "读不出来。")); };
    office.rules->start();
    office.save_length(office.begin(), 8);
    const auto id = id_of(Office::must(office.rules->start_preview(actor_of(kRules), kNight, office.once())));
    const auto failed = preview_at_its_end(office, id);
    CHECK(failed.at("state") == "failed");
    CHECK(failed.at("failure") == "读不出来。");
}
