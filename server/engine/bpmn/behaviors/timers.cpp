#include "engine/bpmn/behaviors/timers.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/civil_date.hpp"

namespace kaigong::bpmn {
namespace {

constexpr std::int64_t kOfficeOffsetSeconds = 8LL * 3'600;
constexpr std::int64_t kSecondsMax = 253'402'300'799;  // the end of year 9999
constexpr std::int64_t kNanosPerMs = 1'000'000;

Error wrong_value(const char* reason, const char* wanted) {
    return error(Errc::invalid_input, reason, fmt::format("计时器没有得出{}。请核对它用到的变量,补上后重试。", wanted));
}

Result<std::int64_t> instant_ms(std::int64_t seconds, std::int64_t nanos) {
    if (seconds < 0 || seconds > kSecondsMax) {
        return error(Errc::invalid_input, "bpmn.timer_out_of_range", "计时器的时间不在1970年到9999年之间,请核对日期。");
    }
    return seconds * 1'000 + nanos / kNanosPerMs;
}

Result<std::int64_t> due_at_date(const feel::Value& value) {
    if (value.kind() == feel::Kind::date) {
        return instant_ms(feel::days_of(value.as_date()) * feel::kSecondsPerDay - kOfficeOffsetSeconds, 0);
    }
    if (value.kind() == feel::Kind::date_time) {
        const feel::DateTime& moment = value.as_date_time();
        const feel::DaysTime instant = feel::instant_of(moment);
        const bool local = moment.zone.kind == feel::TimeZone::Kind::local;
        return instant_ms(instant.seconds - (local ? kOfficeOffsetSeconds : 0), instant.nanos);
    }
    return wrong_value("bpmn.timer_not_an_instant", "日期或时刻");
}

Result<std::int64_t> due_after(const feel::Value& value, std::int64_t now_ms) {
    // No duration of the past and none beyond the range of years, so that the sum can't overflow.
    const auto in_range = [](std::int64_t amount, std::int64_t max) { return amount >= 0 && amount <= max; };
    if (value.kind() == feel::Kind::days_time && in_range(value.as_days_time().seconds, kSecondsMax)) {
        const feel::DaysTime& duration = value.as_days_time();
        const std::int64_t due_ms = now_ms + duration.seconds * 1'000 + duration.nanos / kNanosPerMs;
        return instant_ms(due_ms / 1'000, due_ms % 1'000 * kNanosPerMs);
    }
    if (value.kind() == feel::Kind::years_months && in_range(value.as_years_months().months, 12'000)) {
        const CivilDate today = office_date(now_ms);
        const std::int64_t since_midnight_ms = now_ms - office_midnight_ms(today);
        const CivilDate day = add_months(today, static_cast<int>(value.as_years_months().months));
        const std::int64_t due_ms = office_midnight_ms(day) + since_midnight_ms;
        return instant_ms(due_ms / 1'000, due_ms % 1'000 * kNanosPerMs);
    }
    return wrong_value("bpmn.timer_not_a_duration", "不早于现在的时长");
}

/// Text of a model or a variable as the value it spells; stays text when it spells none.
feel::Value spelled(const std::string& text) {
    if (const auto date = feel::parse_date(text)) return feel::Value(*date);
    if (const auto moment = feel::parse_date_time(text, nullptr)) return feel::Value(*moment);
    if (const auto duration = feel::parse_days_time(text)) return feel::Value(*duration);
    if (const auto months = feel::parse_years_months(text)) return feel::Value(*months);
    return feel::Value(text);
}

struct Cycle {
    /// -1 for ever.
    std::int64_t times = -1;
    /// Empty: one interval from now.
    std::string begins_at;
    feel::Value interval;
};

constexpr std::int64_t kCycleTimesMax = 1'000'000;

/// `R3/PT10M`, `R/P1D`, `R3/2026-12-01T09:00:00+08:00/PT1H`, and a duration alone: for ever.
Result<Cycle> read_cycle(const std::string& text) {
    const auto wrong = [] { return wrong_value("bpmn.timer_not_a_cycle", "形如 R3/PT10M 的循环"); };
    Cycle cycle;
    std::string rest = text;
    if (text.starts_with('R')) {
        const std::size_t slash = text.find('/');
        if (slash == std::string::npos) return wrong();
        const std::string count = text.substr(1, slash - 1);
        const char* end = count.data() + count.size();
        if (!count.empty() && std::from_chars(count.data(), end, cycle.times).ptr != end) return wrong();
        rest = text.substr(slash + 1);
    }
    if (const std::size_t slash = rest.find('/'); slash != std::string::npos) {
        cycle.begins_at = rest.substr(0, slash);
        rest = rest.substr(slash + 1);
        if (!feel::parse_date_time(cycle.begins_at, nullptr)) return wrong();
    }
    cycle.interval = spelled(rest);
    const bool is_duration =
        cycle.interval.kind() == feel::Kind::days_time || cycle.interval.kind() == feel::Kind::years_months;
    if (!is_duration || cycle.times == 0 || cycle.times < -1 || cycle.times > kCycleTimesMax) return wrong();
    return cycle;
}

Result<Due> due_in_cycle(const feel::Value& value, std::int64_t now_ms) {
    std::int64_t times = -1;
    feel::Value interval = value;
    if (value.kind() == feel::Kind::string) {
        KAIGONG_TRY(cycle, read_cycle(value.as_string()));
        times = cycle.times;
        if (!cycle.begins_at.empty()) {
            KAIGONG_TRY(begins_ms, due_at_date(spelled(cycle.begins_at)));
            return Due{begins_ms, times < 0 ? -1 : times - 1};
        }
        interval = cycle.interval;
    }
    KAIGONG_TRY(due_ms, due_after(interval, now_ms));
    // An interval of nothing would fire for ever at the same instant.
    if (times < 0 && due_ms <= now_ms) return wrong_value("bpmn.timer_not_a_cycle", "大于零的循环间隔");
    return Due{due_ms, times < 0 ? -1 : times - 1};
}

}  // namespace

Result<Due> due_at(Execution& execution, const TimerRule& rule, std::int64_t token) {
    feel::Value value =
        rule.expression == nullptr ? feel::Value(rule.literal) : execution.evaluate(*rule.expression, token);
    if (rule.kind == TimerRule::Kind::cycle) return due_in_cycle(value, execution.now_ms());
    if (value.kind() == feel::Kind::string) value = spelled(value.as_string());
    const auto once = rule.kind == TimerRule::Kind::date ? due_at_date(value) : due_after(value, execution.now_ms());
    if (!once) return once.error();
    return Due{*once, 0};
}

Result<std::int64_t> due_again(Execution& execution, const TimerRule& rule, std::int64_t token,
                               std::int64_t last_due_ms) {
    const feel::Value value =
        rule.expression == nullptr ? feel::Value(rule.literal) : execution.evaluate(*rule.expression, token);
    if (value.kind() != feel::Kind::string) return due_after(value, last_due_ms);
    const auto cycle = read_cycle(value.as_string());
    if (!cycle) return cycle.error();
    return due_after(cycle->interval, last_due_ms);
}

bool is_cycle(const std::string& text) {
    return read_cycle(text).has_value();
}

}  // namespace kaigong::bpmn
