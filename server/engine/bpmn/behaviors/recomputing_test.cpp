#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "base/civil_date.hpp"
#include "engine/bpmn/office_days.hpp"
#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong;
using namespace kaigong::bpmn;

namespace {

// Monday 23 November 2026, nine o'clock.
constexpr std::int64_t kMorningMs = 1'795'395'600'000;
constexpr std::int64_t kDayMs = 24LL * 3'600'000;

calendar::Calendar calendar_with(std::vector<calendar::Holiday> holidays) {
    return calendar::Calendar::of({{2026, "t", "d", "u", std::move(holidays), {}}}).value();
}

std::vector<Event> carry_out(const Definition& definition, State& state, const Command& command, std::int64_t now_ms,
                             const calendar::Calendar& calendar) {
    const OfficeDays days(calendar);
    const auto events = decide(definition, state, command, now_ms, {}, &days).value();
    for (const Event& event : events) apply(state, event);
    return events;
}

std::int64_t due_of(const State& state, const std::string& element) {
    for (const auto& [key, timer] : state.timers) {
        if (timer.element == element) return timer.due_at_ms;
    }
    return 0;
}

std::int64_t midnight(const char* day) {
    return office_midnight_ms(parse_date(day).value());
}

Definition timers_of_every_kind() {
    return parse(model_xml(R"(
<startEvent id="start"/> <userTask id="a"/> <endEvent id="done"/>
timer counted on a at =add working days(today(), 5)
timer told on a at =intake_due_at
timer fixed on a at 2026-12-01T00:00:00+08:00
timer other on a at =other_day
timer later on a after P3D
start -> a -> done
counted -> done
told -> done
fixed -> done
other -> done
later -> done
)"))
        .value();
}

}  // namespace

TEST_CASE("of all timers those move that count working days or read what moved with the calendar") {
    const auto definition = timers_of_every_kind();
    const auto before = calendar_with({{"h", {2026, 10, 1}, {2026, 10, 1}}});
    const auto after = calendar_with({{"h", {2026, 11, 26}, {2026, 11, 26}}});
    State state;
    carry_out(definition, state, Start{{{"intake_due_at", "2026-12-01T00:00:00+08:00"}, {"other_day", "2026-12-01"}}},
              kMorningMs, before);
    REQUIRE(due_of(state, "counted") == midnight("2026-11-30"));
    carry_out(definition, state, SetVariables{{{"other_day", "2026-12-24"}}}, kMorningMs + 1, before);
    // Two days later, and suspended: the count still begins when the task was opened.
    carry_out(definition, state, Suspend{"special_procedure"}, kMorningMs + kDayMs, before);
    const RecomputeTimers recompute{{{"intake_due_at", "2026-12-02T00:00:00+08:00"}}};
    const auto events = carry_out(definition, state, recompute, kMorningMs + 2 * kDayMs, after);
    CHECK(events.size() == 5);
    CHECK(due_of(state, "counted") == midnight("2026-12-01"));
    CHECK(due_of(state, "told") == midnight("2026-12-02"));
    CHECK(due_of(state, "fixed") == midnight("2026-12-01"));
    CHECK(due_of(state, "other") == midnight("2026-12-01"));
    CHECK(due_of(state, "later") == kMorningMs + 3 * kDayMs);
    CHECK(state.variables.at("intake_due_at") == "2026-12-02T00:00:00+08:00");
    CHECK(state.timers.size() == 5);
}

TEST_CASE("a calendar that moves no timer is refused, so that nobody records nothing") {
    const auto definition = timers_of_every_kind();
    const auto calendar = calendar_with({{"h", {2026, 10, 1}, {2026, 10, 1}}});
    State state;
    carry_out(definition, state, Start{{{"intake_due_at", "2026-12-01T00:00:00+08:00"}, {"other_day", "2026-12-01"}}},
              kMorningMs, calendar);
    const OfficeDays days(calendar);
    CHECK(decide(definition, state, RecomputeTimers{}, kMorningMs, {}, &days).error().reason == "bpmn.timers_stand");
}
