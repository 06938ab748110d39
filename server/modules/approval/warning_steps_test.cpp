// 预警: each step of the ladder once for a case and a task, whoever comes, whenever; on both databases.
#include <array>
#include <thread>

#include "modules/approval/testing/supervision.hpp"

namespace kaigong::approval {
namespace {

using namespace testing;

constexpr std::int64_t kDayMs = 24LL * 3'600'000;
/// Filed on Monday 23 November 2026: due on Wednesday 2 December. The steps: 1, 2, 3, 4 December.
constexpr std::int64_t kMidnightMs = Office::kMorningMs - 9 * 3'600'000;
constexpr std::int64_t kYellowMs = kMidnightMs + 8 * kDayMs;

std::vector<std::string> warned(Office& office, const std::string& id) {
    std::vector<std::string> list;
    for (const auto& row : office.read(&store::warnings_of, id)) list.push_back(row.warning);
    return list;
}

std::int64_t told(Office& office, const std::string& id) {
    const auto timeline = office.read(&store::timeline_of, id);
    return std::ranges::count(timeline, "deadline_warning", &store::TimelineRow::kind);
}

int watch(Supervision& supervision, std::int64_t at_ms) {
    supervision.office.clock.set(at_ms);
    return supervision.service.keep_watch(at_ms);
}

const std::vector<std::string> kAll{"remind_holder", "tell_section_head", "tell_deputy_leader", "expedite_order"};

}  // namespace

TEST_CASE("each step is carried out on its day, once, and can be read in the case") {
    on_each([](Office& office) {
        Supervision supervision(office);
        const auto id = office.open_case();
        watch(supervision, kYellowMs - 1);
        CHECK(warned(office, id).empty());
        for (std::size_t step = 1; step <= kAll.size(); ++step) {
            const auto day_ms = kYellowMs + static_cast<std::int64_t>(step - 1) * kDayMs;
            for (const auto at_ms : {day_ms, day_ms, day_ms + kDayMs / 2}) watch(supervision, at_ms);
            CHECK(warned(office, id) == std::vector(kAll.begin(), kAll.begin() + static_cast<std::ptrdiff_t>(step)));
            CHECK(told(office, id) == static_cast<std::int64_t>(step));
        }
        watch(supervision, kYellowMs + 30 * kDayMs);
        CHECK(told(office, id) == 4);
        const auto orders = office.read(&store::orders_of, id);
        REQUIRE(orders.size() == 1);
        CHECK(orders[0].issued_by_id == std::nullopt);
        CHECK(orders[0].answer_by_on == "2026-12-08");
    });
}

TEST_CASE("a program that was away carries out what fell due meanwhile, and another finds nothing") {
    on_each_pair([](Office& left, Office& right) {
        Supervision one(left);
        Supervision other(right);
        const auto id = left.open_case();
        watch(one, kYellowMs + 10 * kDayMs);
        CHECK(warned(left, id).size() == kAll.size());
        const auto version = left.procedure(id).version;
        watch(other, kYellowMs + 10 * kDayMs);
        CHECK(left.procedure(id).version == version);
    });
}

TEST_CASE("of several workers at one case exactly one carries out each step") {
    on_each([](Office& office) {
        Supervision supervision(office);
        std::vector<std::string> ids;
        for (int i = 0; i < 12; ++i) ids.push_back(office.open_case());
        const auto at_ms = kYellowMs + kDayMs;
        office.clock.set(at_ms);
        std::array<std::thread, 3> workers;
        for (auto& worker : workers) {
            worker = std::thread([&] {
                for (const auto& id : ids) {
                    const auto climbed = office.database.transact([&](db::Session& session) {
                        return operations::climb_ladder(session, *office.around, id, at_ms);
                    });
                    CHECK(climbed.has_value());
                }
            });
        }
        for (auto& worker : workers) worker.join();
        for (const auto& id : ids) {
            CHECK(warned(office, id).size() == 2);
            CHECK(told(office, id) == 2);
            CHECK(office.count(id, "approval.climb_ladder") == 1);
        }
    });
}

TEST_CASE("a task that is opened when its case is late already climbs at once to where the case stands") {
    on_each(
        [](Office& office) {
            Supervision supervision(office);
            Case one({&office, &office}, kKinds[1]);
            const auto id = one.the("work").application_id;
            watch(supervision, kYellowMs + kDayMs + 3'600'000);
            CHECK(warned(office, id).size() == 2);
            one.complete(one.the("work"), one.holder(), "agree");
            CHECK(warned(office, id).size() == 2);
            supervision.service.keep_watch(office.clock.now_ms());
            const auto rows = office.read(&store::warnings_of, id);
            REQUIRE(rows.size() == 4);
            CHECK(std::ranges::count(rows, one.the("last").task_id, &store::WarningRow::task_id) == 2);
        },
        reviewed_once());
}

TEST_CASE("while the clock stands still for a correction nobody is warned, and after it the days have moved") {
    on_each([](Office& office) {
        Supervision supervision(office);
        const auto id = office.case_after("request_correction");
        office.act([&](db::Session& session) -> Result<void> {
            CHECK(store::cases_with_step_due(session, kYellowMs + 60 * kDayMs, 10).empty());
            return {};
        });
        watch(supervision, kYellowMs + 20 * kDayMs);
        CHECK(warned(office, id).empty());
    });
}

TEST_CASE("no step hangs on a year that is not published") {
    on_each([](Office& office) {
        Supervision supervision(office);
        const auto filed_ms = office_midnight_ms({2026, 12, 25}) + 9 * 3'600'000;
        office.clock.set(filed_ms);
        const auto id = office.open_case();
        watch(supervision, filed_ms + 30 * kDayMs);
        CHECK(warned(office, id).empty());
    });
}

TEST_CASE("a case that has ended is not warned of") {
    on_each([](Office& office) {
        Supervision supervision(office);
        const auto id = office.open_case();
        office.act([&](db::Session& session) { return office.withdraw(session, id); });
        watch(supervision, kYellowMs + 20 * kDayMs);
        CHECK(warned(office, id).empty());
    });
}

}  // namespace kaigong::approval
