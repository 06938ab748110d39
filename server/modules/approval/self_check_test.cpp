// 自查: a faulty case of each kind is found, and not more; once a night among several programs, page by page.
#include "modules/approval/self_check.hpp"

#include <thread>

#include "modules/approval/list_scopes.hpp"
#include "modules/approval/oversight_access.hpp"
#include "modules/approval/testing/supervision.hpp"

namespace kaigong::approval {
namespace {

using namespace testing;

constexpr std::int64_t kHour = 3'600'000;
constexpr std::int64_t kOneDayMs = 24 * kHour;
/// Three o'clock of the night after.
constexpr std::int64_t kNightMs = Office::kMorningMs + 18 * kHour;

std::vector<store::CheckRow> checks(Office& office) {
    return office.database.read([](db::Session& session) { return store::checks_before(session, kNightMs * 2, 50); })
        .value();
}

authz::BoundScope of_region(Office& office, const std::string& region) {
    auto head = Office::officer(authz::Role::section_head, 6).actor;
    head.region_code = region;
    return scope_of(office.permissions, head, kSelfCheck, kScopeOfFindings);
}

std::map<std::string, std::string> found(Office& office, const std::string& check_id,
                                         const std::string& region = "330106") {
    std::map<std::string, std::string> kinds;
    const auto findings = office.database.read([&](db::Session& session) {
        return store::findings_after(session, of_region(office, region), check_id, "", 100);
    });
    for (const auto& one : findings.value()) {
        kinds[one.application_id] += (kinds[one.application_id].empty() ? "" : " ") + one.kind;
    }
    return kinds;
}

/// Whatever somebody else did to a case behind the program's back.
template <class... P>
void spoil(Office& office, std::string_view sql, const P&... parameters) {
    office.act([&](db::Session& session) -> Result<void> {
        session.execute(sql, parameters...);
        return {};
    });
}

store::CheckRow check_at(Supervision& supervision, std::int64_t at_ms) {
    supervision.office.clock.set(at_ms);
    for (int i = 0; i < 20 && supervision.service.keep_watch(at_ms) > 0;) ++i;
    return checks(supervision.office).at(0);
}

}  // namespace

TEST_CASE("living cases of every kind are in somebody's hands, and nothing is found") {
    on_each([](Office& office) {
        Supervision supervision(office);
        office.open_case();
        office.case_after("request_correction");
        office.case_after("accept");
        office.case_with_failed_job();
        office.case_at_decision();
        const auto withdrawn = office.open_case();
        office.act([&](db::Session& session) { return office.withdraw(session, withdrawn); });
        const auto check = check_at(supervision, kNightMs);
        CHECK(check.state == "done");
        CHECK(check.looked_at == 5);
        CHECK(check.found == 0);
        CHECK(found(office, check.check_id).empty());
    });
}

TEST_CASE("a faulty case of each kind is found, and not more") {
    on_each([](Office& office) {
        Supervision supervision(office);
        const auto sound = office.open_case();
        const auto empty_group = office.open_case();
        const auto left = office.open_case();
        const auto lost = office.open_case();
        const auto stuck = office.open_case();
        spoil(office, "UPDATE tasks SET candidate_group = 'housing:window_clerk' WHERE application_id = ?",
              empty_group);
        const auto gone = Office::officer(Role::acceptance_officer, 77);
        supervision.people.add(gone);
        const auto task = office.open_task(left);
        office.act([&](db::Session& session) { return office.claim(session, left, task, gone); });
        supervision.people.remove(gone);
        spoil(office, "UPDATE tasks SET state = 'cancelled' WHERE application_id = ?", lost);
        spoil(office, "UPDATE procedures SET waits = 0 WHERE application_id = ?", stuck);
        const auto check = check_at(supervision, kNightMs);
        CHECK(found(office, check.check_id) == std::map<std::string, std::string>{{empty_group, "nobody_in_group"},
                                                                                  {left, "holder_left"},
                                                                                  {lost, "task_missing"},
                                                                                  {stuck, "waits_for_nothing"}});
        CHECK(check.found == 4);
        CHECK_FALSE(found(office, check.check_id).contains(sound));
        CHECK(found(office, check.check_id, "330105").empty());
    });
}

TEST_CASE("what a check found is counted as far as the reader may see it") {
    on_each([](Office& office) {
        Supervision supervision(office);
        const auto known = office.open_case();
        const auto restricted = office.open_case();
        spoil(office, "UPDATE tasks SET candidate_group = 'housing:window_clerk'");
        spoil(office, "UPDATE procedures SET confidentiality = 'restricted' WHERE application_id = ?", restricted);
        const auto check = check_at(supervision, kNightMs);
        CHECK(check.found == 2);
        const auto told = [&](const std::string& region, authz::Confidentiality clearance) {
            auto head = Office::officer(authz::Role::section_head, 6).actor;
            head.region_code = region;
            head.clearance = clearance;
            const auto list = supervision.service.self_checks(head).value().at("checks").as_array();
            const auto page = supervision.service.findings(head, check.check_id, "", 10).value();
            CHECK(page.at("check").at("found") == list.at(0).at("found"));
            CHECK(list.at(0).at("found") == static_cast<std::int64_t>(page.at("findings").as_array().size()));
            return list.at(0).at("found").as_int64();
        };
        CHECK(told("330106", authz::Confidentiality::normal) == 1);
        CHECK(told("330106", authz::Confidentiality::restricted) == 2);
        CHECK(told("330100", authz::Confidentiality::restricted) == 2);
        CHECK(told("330105", authz::Confidentiality::restricted) == 0);
    });
}

TEST_CASE("an officer of another department or region does not count for a group") {
    on_each([](Office& office) {
        Supervision supervision(office);
        const auto id = office.open_case();
        for (auto& account : supervision.people.accounts) {
            if (account.roles.front() == Role::acceptance_officer) account.department = "fire";
        }
        CHECK(found(office, check_at(supervision, kNightMs).check_id).at(id) == "nobody_in_group");
        for (auto& account : supervision.people.accounts) {
            account.department = "housing";
            if (account.roles.front() == Role::acceptance_officer) account.region_code = "330105";
        }
        CHECK(found(office, check_at(supervision, kNightMs + kOneDayMs).check_id).at(id) == "nobody_in_group");
        for (auto& account : supervision.people.accounts) account.region_code = "330100";
        CHECK(check_at(supervision, kNightMs + 2 * kOneDayMs).found == 0);
    });
}

TEST_CASE("among several programs there is one check a night, and each page of it is written once") {
    on_each_pair([](Office& left, Office& right) {
        Supervision one(left);
        Supervision other(right);
        constexpr int kCases = kCasesAPage + 20;
        for (int i = 0; i < kCases; ++i) {
            const auto id = left.open_case();
            if (i % 40 == 0) spoil(left, "UPDATE procedures SET waits = 0 WHERE application_id = ?", id);
        }
        for (auto* each : {&left, &right}) each->clock.set(kNightMs);
        std::thread rival([&] { other.service.keep_watch(kNightMs); });
        one.service.keep_watch(kNightMs);
        rival.join();
        one.service.keep_watch(kNightMs);
        const auto all = checks(left);
        REQUIRE(all.size() == 1);
        CHECK(all[0].looked_at == kCases);
        CHECK(all[0].found == 3);
        CHECK(all[0].state == "done");
        CHECK(found(left, all[0].check_id).size() == 3);
        other.service.keep_watch(kNightMs + kHour);
        CHECK(checks(left).size() == 1);
        other.service.keep_watch(kNightMs + kOneDayMs);
        CHECK(checks(left).size() == 2);
    });
}

TEST_CASE("before its hour nothing begins, and what a program left another finishes") {
    on_each_pair([](Office& left, Office& right) {
        Supervision one(left);
        Supervision other(right);
        for (int i = 0; i < kCasesAPage + 1; ++i) left.open_case();
        one.service.keep_watch(kNightMs - 2 * kHour + kHour / 2);
        CHECK(checks(left).empty());
        const Parts parts{left.database, left.clock,  left.permissions, *left.catalog, one.people,
                          left.filings,  *left.audit, left.outbox,      one.effects,   [] {}};
        CHECK(SelfCheck(parts).go_on(kNightMs).value() == kCasesAPage);
        CHECK(checks(left).at(0).state == "running");
        other.service.keep_watch(kNightMs);
        CHECK(checks(left).at(0).state == "done");
        CHECK(checks(left).at(0).looked_at == kCasesAPage + 1);
    });
}

TEST_CASE("one may be begun by hand, while none runs") {
    on_each([](Office& office) {
        Supervision supervision(office);
        office.open_case();
        const Parts parts{office.database, office.clock,  office.permissions, *office.catalog,     supervision.people,
                          office.filings,  *office.audit, office.outbox,      supervision.effects, [] {}};
        const SelfCheck check(parts);
        const auto begin = [&] {
            const auto done = office.database.transact(
                [&](db::Session& session) { return check.begin(session, "陈科长", office.clock.now_ms()); });
            return done ? "" : done.error().reason;
        };
        CHECK(begin() == "");
        CHECK(begin() == "approval.self_check_runs");
        CHECK(check.go_on(office.clock.now_ms()).value() == 1);
        CHECK(checks(office).at(0).state == "done");
        CHECK(begin() == "");
    });
}

}  // namespace kaigong::approval
