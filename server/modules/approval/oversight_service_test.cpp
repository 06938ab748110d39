// 督办台 as its pages ask for it: numbers and the lists behind them, who sees what, and requests that come twice.
#include "modules/approval/episodes.hpp"
#include "modules/approval/oversight_lights.hpp"
#include "modules/approval/testing/supervision.hpp"

namespace kaigong::approval {
namespace {

using namespace testing;

constexpr std::int64_t kDayMs = 24LL * 3'600'000;

authz::Actor actor_of(Role role, const char* region = "330106", const char* department = "housing") {
    auto actor = Office::officer(role, 100 + static_cast<int>(role)).actor;
    actor.region_code = region;
    actor.department = department;
    return actor;
}

std::string refusal(const Result<boost::json::object>& answer) {
    return answer ? "" : answer.error().reason;
}

/// Three filed today, two a week and three days ago: those are late.
std::vector<std::string> cases_of_two_weeks(Office& office) {
    std::vector<std::string> ids{office.open_case(), office.open_case()};
    office.clock.set(Office::kMorningMs + 10 * kDayMs);
    for (int i = 0; i < 3; ++i) ids.push_back(office.open_case());
    return ids;
}

std::vector<std::string> listed(OversightService& service, const authz::Actor& actor, TaskFilter filter) {
    std::vector<std::string> ids;
    for (;;) {
        const auto page = Office::must(service.tasks(actor, filter));
        for (const auto& row : page.at("rows").as_array()) {
            ids.emplace_back(row.at("task").at("application_id").as_string());
        }
        if (page.at("next_cursor").is_null()) return ids;
        filter.cursor = page.at("next_cursor").as_string();
    }
}

}  // namespace

TEST_CASE("each number is as long as the list behind it, and pages of one row show each case once") {
    on_each([](Office& office) {
        Supervision supervision(office);
        const auto ids = cases_of_two_weeks(office);
        const auto leader = actor_of(Role::deciding_leader);
        const auto load = Office::must(supervision.service.departments(leader)).at("departments").at(0);
        CHECK(load.at("open") == 5);
        CHECK(load.at("red") == 2);
        CHECK(load.at("yellow") == 0);
        CHECK(load.at("oldest_at_ms") == Office::kMorningMs);
        const auto late = listed(supervision.service, leader, {.light = "red"});
        CHECK(std::set(late.begin(), late.end()) == std::set(ids.begin(), ids.begin() + 2));
        auto one_by_one = listed(supervision.service, leader, {.limit = 1});
        CHECK(one_by_one == listed(supervision.service, leader, {}));
        std::ranges::sort(one_by_one);
        CHECK(std::ranges::unique(one_by_one).empty());
        CHECK(one_by_one.size() == ids.size());
    });
}

TEST_CASE("a section head sees his department, and nobody another region or what is not his to see") {
    on_each([](Office& office) {
        Supervision supervision(office);
        cases_of_two_weeks(office);
        auto& service = supervision.service;
        CHECK(listed(service, actor_of(Role::section_head), {}).size() == 5);
        CHECK(refusal(service.departments(actor_of(Role::section_head, "330106", "fire"))) == "authz.outside_scope");
        CHECK(refusal(service.tasks(actor_of(Role::section_head), {.department = "fire"})) == "authz.outside_scope");
        CHECK(refusal(service.people(actor_of(Role::section_head), "fire")) == "authz.outside_scope");
        CHECK(listed(service, actor_of(Role::deciding_leader, "330105"), {}).empty());
        CHECK(listed(service, actor_of(Role::deciding_leader, "330100"), {}).size() == 5);
        for (const auto role : {Role::reviewer, Role::acceptance_officer, Role::certificate_officer}) {
            CHECK(refusal(service.departments(actor_of(role))) == "authz.not_permitted");
            CHECK(refusal(service.self_checks(actor_of(role))) == "authz.not_permitted");
        }
    });
}

TEST_CASE("what one person holds is found by person, and what nobody holds apart from it") {
    on_each([](Office& office) {
        Supervision supervision(office);
        const auto ids = cases_of_two_weeks(office);
        const auto clerk = Office::officer(Role::acceptance_officer, 100 + static_cast<int>(Role::acceptance_officer));
        const auto task = office.open_task(ids[0]);
        office.act([&](db::Session& session) { return office.claim(session, ids[0], task, clerk); });
        const auto leader = actor_of(Role::deciding_leader);
        const auto people = Office::must(supervision.service.people(leader, "housing")).at("people").as_array();
        const auto found = std::ranges::find_if(
            people, [&](const auto& one) { return one.at("account_id").as_string() == clerk.actor.account_id.text; });
        REQUIRE(found != people.end());
        CHECK(found->at("open") == 1);
        CHECK(found->at("red") == 1);
        CHECK(listed(supervision.service, leader, {.holder = clerk.actor.account_id.text}) == std::vector{ids[0]});
        CHECK(listed(supervision.service, leader, {.holder = "nobody"}).size() == 4);
        // Of another region nothing is told by naming the person.
        CHECK(listed(supervision.service, actor_of(Role::deciding_leader, "330105"),
                     {.holder = clerk.actor.account_id.text})
                  .empty());
    });
}

TEST_CASE("a case whose clock stands still is not late, however long it stands") {
    on_each([](Office& office) {
        Supervision supervision(office);
        const auto id = office.open_case();
        const auto task = office.open_task(id);
        office.act([&](db::Session& session) {
            store::EpisodeRow hold;
            hold.application_id = id;
            hold.kind = kHold;
            hold.procedure_kind = "court";
            hold.state = "open";
            store::insert_episode(session, hold);
            return operations::assign_task(session, *office.around, office.permissions,
                                           Office::officer(Role::section_head, 5), office.on(id, task),
                                           {Office::officer(Role::acceptance_officer), "请办理"});
        });
        office.clock.set(Office::kMorningMs + 40 * kDayMs);
        const auto load =
            Office::must(supervision.service.departments(actor_of(Role::deciding_leader))).at("all").as_object();
        CHECK(load.at("open") == 1);
        CHECK(load.at("red") == 0);
        CHECK(load.at("yellow") == 0);
    });
}

TEST_CASE("an order that is asked for twice is one, and another text under the same key is refused") {
    on_each([](Office& office) {
        Supervision supervision(office);
        const auto ids = cases_of_two_weeks(office);
        const auto task = office.open_task(ids[0]);
        const auto leader = actor_of(Role::deciding_leader);
        const auto ask = [&](const char* hash) {
            return supervision.service.issue_order(
                leader, {task.task_id, task.version, Retryable{"key", "POST /order", hash}}, {"请办", "通报", 2});
        };
        const auto first = Office::must(ask("one"));
        CHECK(first.at("orders").as_array().size() == 1);
        CHECK(Office::must(ask("one")).at("orders").as_array().size() == 1);
        CHECK(refusal(ask("other")) == "db.idempotency_key_reused");
        const auto orders = Office::must(supervision.service.orders(leader, "open", "", 10)).at("orders").as_array();
        CHECK(orders.size() == 1);
        office.clock.set(office.clock.now_ms() + 10 * kDayMs);
        CHECK(Office::must(supervision.service.orders(leader, "overdue", "", 10)).at("orders").at(0).at("state") ==
              "overdue");
        CHECK(Office::must(supervision.service.departments(leader)).at("all").at("orders_overdue") == 1);
    });
}

TEST_CASE("who held what is the officers' to read, and of their own region") {
    on_each([](Office& office) {
        Supervision supervision(office);
        const auto id = office.open_case();
        auto owner = actor_of(Role::owner_agent);
        owner.kind = authz::AccountKind::owner_agent;
        CHECK(refusal(supervision.service.holding(owner, id)) == "approval.not_found");
        CHECK(refusal(supervision.service.orders_of_case(owner, id)) == "approval.not_found");
        CHECK(refusal(supervision.service.holding(actor_of(Role::section_head, "330105"), id)) == "approval.not_found");
        const auto holding = Office::must(supervision.service.holding(actor_of(Role::section_head), id));
        CHECK(holding.at("working_day_ms") == 8 * 3'600'000);
        CHECK(holding.at("holds").as_array().size() == 1);
    });
}

}  // namespace kaigong::approval
