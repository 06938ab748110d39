#include "engine/clock/warning_ladder.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

namespace kaigong::clock {
namespace {

constexpr std::size_t kStepsMax = 12;
constexpr std::int64_t kOverdueDaysMax = 250;

constexpr std::array kWarnings{Warning::remind_holder, Warning::tell_section_head, Warning::tell_deputy_leader,
                               Warning::expedite_order};

Error malformed(const char* why) {
    return error(Errc::invalid_input, "clock.ladder_malformed", why);
}

std::optional<int> day_of(const boost::json::value& when, LightLevels levels) {
    if (when == "yellow") return -levels.yellow_at_remaining;
    if (when == "due") return 0;
    if (!when.is_object() || when.get_object().size() != 1) return std::nullopt;
    const auto* days = when.get_object().if_contains("overdue_working_days");
    if (days == nullptr || !days->is_int64()) return std::nullopt;
    const auto number = days->get_int64();
    return number >= 1 && number <= kOverdueDaysMax ? std::optional(static_cast<int>(number)) : std::nullopt;
}

std::optional<Warning> warning_of(const boost::json::value& text) {
    if (!text.is_string()) return std::nullopt;
    for (const auto one : kWarnings) {
        if (std::string_view(text.get_string()) == to_string(one)) return one;
    }
    return std::nullopt;
}

Result<LadderStep> step_of(const boost::json::value& json, LightLevels levels) {
    const auto* step = json.if_object();
    if (step == nullptr || step->size() != 2 || !step->contains("when") || !step->contains("do")) {
        return malformed("warning_ladder 的每一级应写 when 和 do");
    }
    const auto day = day_of(step->at("when"), levels);
    if (!day) return malformed("warning_ladder 的 when 应是 yellow、due 或 {\"overdue_working_days\": 1 到 250}");
    const auto warning = warning_of(step->at("do"));
    if (!warning) {
        return malformed(
            "warning_ladder 的 do 应是 remind_holder、tell_section_head、tell_deputy_leader 或 expedite_order");
    }
    return LadderStep{*day, *warning};
}

}  // namespace

std::string_view to_string(Warning warning) {
    switch (warning) {
        case Warning::remind_holder: return "remind_holder";
        case Warning::tell_section_head: return "tell_section_head";
        case Warning::tell_deputy_leader: return "tell_deputy_leader";
        case Warning::expedite_order: return "expedite_order";
    }
    return "";
}

Result<Ladder> ladder_from_json(const boost::json::object& settings, LightLevels levels) {
    const auto* given = settings.if_contains("warning_ladder");
    if (given == nullptr) return Ladder{};
    if (!given->is_array() || given->get_array().size() > kStepsMax) {
        return malformed("warning_ladder 应是最多十二级的列表");
    }
    Ladder ladder;
    for (const auto& one : given->get_array()) {
        KAIGONG_TRY(step, step_of(one, levels));
        if (!ladder.empty() && step.working_days_after_due < ladder.back().working_days_after_due) {
            return malformed("warning_ladder 应按先后排列：先 yellow，再 due，再 overdue_working_days 从小到大");
        }
        if (std::ranges::find(ladder, step) != ladder.end()) return malformed("warning_ladder 有重复的一级");
        ladder.push_back(step);
    }
    return ladder;
}

LadderReading read_ladder(const Ladder& ladder, const Reading& clock, const calendar::Calendar& calendar,
                          std::int64_t now_ms) {
    LadderReading reading;
    if (clock.paused || clock.stopped || clock.provisional || !clock.due_on) return reading;
    for (const auto& step : ladder) {
        const auto day = calendar.add_working_days(*clock.due_on, step.working_days_after_due);
        if (day.provisional) return reading;
        const auto at_ms = office_midnight_ms(day.value);
        if (at_ms > now_ms) {
            reading.next_at_ms = at_ms;
            return reading;
        }
        ++reading.due;
    }
    return reading;
}

}  // namespace kaigong::clock
