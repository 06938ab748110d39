// The counts of the supervisor's page say what the one clock says of each case.
#include "modules/approval/oversight_lights.hpp"

#include <doctest/doctest.h>

#include <random>

#include "engine/calendar/published_years_test.hpp"
#include "engine/clock/clock.hpp"

namespace kaigong::approval {
namespace {

bool holds(const store::DueRange& range, std::int64_t due_at_ms) {
    return due_at_ms > range.after_ms && due_at_ms <= range.through_ms;
}

}  // namespace

TEST_CASE("what is counted as red or yellow is so by the clock of the case, at any instant of the year") {
    const auto calendar = calendar::published_years();
    std::mt19937 random(5);
    std::uniform_int_distribution<std::int64_t> minutes(0, 360LL * 24 * 60);
    std::uniform_int_distribution<int> ago(0, 25 * 24 * 60);
    int late = 0;
    int near = 0;
    for (int i = 0; i < 3'000; ++i) {
        const auto now_ms = office_midnight_ms({2026, 1, 20}) + minutes(random) * 60'000;
        const auto filed_ms = now_ms - ago(random) * 60'000LL;
        const std::vector<clock::Entry> ledger{{clock::Act::start, filed_ms, clock::PauseKind::applicant, "receipt"}};
        const auto reading = clock::read_clock({clock::Unit::working_days, 7}, ledger, calendar, now_ms).value();
        if (!reading.due_at_ms) continue;
        const auto ranges = light_ranges(calendar, now_ms);
        CAPTURE(to_string(office_date(now_ms)));
        CAPTURE(to_string(*reading.due_on));
        CHECK(holds(ranges.red, *reading.due_at_ms) == (reading.light == clock::Light::red));
        CHECK(holds(ranges.yellow, *reading.due_at_ms) == (reading.light == clock::Light::yellow));
        late += reading.light == clock::Light::red ? 1 : 0;
        near += reading.light == clock::Light::yellow ? 1 : 0;
    }
    CHECK(late > 100);
    CHECK(near > 100);
}

TEST_CASE("a case whose clock stands still is neither red nor yellow, and keeps no other from view") {
    const auto ranges = light_ranges(calendar::published_years(), office_midnight_ms({2026, 11, 23}));
    constexpr std::int64_t kNeverDueAtMs = 8'640'000'000'000'000;
    CHECK_FALSE(holds(ranges.red, kNeverDueAtMs));
    CHECK_FALSE(holds(ranges.yellow, kNeverDueAtMs));
}

}  // namespace kaigong::approval
