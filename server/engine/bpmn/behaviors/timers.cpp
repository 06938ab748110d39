#include "engine/bpmn/behaviors/timers.hpp"

#include <fmt/format.h>

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

}  // namespace

Result<std::int64_t> due_at(Execution& execution, const TimerRule& rule) {
    feel::Value value = rule.expression == nullptr ? spelled(rule.literal) : execution.evaluate(*rule.expression);
    if (value.kind() == feel::Kind::string) value = spelled(value.as_string());
    return rule.kind == TimerRule::Kind::date ? due_at_date(value) : due_after(value, execution.now_ms());
}

bool open_activity(Execution& execution, std::int64_t token, Fact opened) {
    struct Due {
        std::string element;
        std::int64_t at_ms;
    };
    std::vector<Due> dues;
    for (const int index : execution.element_of(token).boundary_timers) {
        const Element& timer = execution.definition().element(index);
        auto due = due_at(execution, *timer.timer);
        if (!due) {
            execution.raise(token, due.error().reason, fmt::format("{}:{}", timer.id, due.error().message));
            return false;
        }
        dues.push_back({timer.id, *due});
    }
    execution.emit(std::move(opened));
    for (Due& due : dues) {
        execution.emit(TimerScheduled{execution.next_key(), std::move(due.element), token, due.at_ms});
    }
    return true;
}

void cancel_timers(Execution& execution, std::int64_t token) {
    std::vector<TimerCancelled> cancelled;
    for (const auto& [key, timer] : execution.state().timers) {
        if (timer.token == token) cancelled.push_back({key, timer.element});
    }
    for (TimerCancelled& fact : cancelled) execution.emit(std::move(fact));
}

void cancel_token(Execution& execution, std::int64_t token, const std::string& cause) {
    for (const std::int64_t inside : execution.tokens_in(token)) cancel_token(execution, inside, cause);
    cancel_timers(execution, token);
    execution.emit(TokenCancelled{token, execution.token(token).element, cause});
}

}  // namespace kaigong::bpmn
