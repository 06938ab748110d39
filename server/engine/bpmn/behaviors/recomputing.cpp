#include "engine/bpmn/behaviors/recomputing.hpp"

#include <boost/json.hpp>

#include "engine/bpmn/behaviors/timers.hpp"
#include "engine/feel/working_days.hpp"

namespace kaigong::bpmn {
namespace {

/// Notices whether an expression counted working days.
class NoticedDays final : public feel::WorkingDays {
  public:
    explicit NoticedDays(const feel::WorkingDays& days) : days_(days) {}

    feel::Date add(const feel::Date& start, int n) const override {
        asked_ = true;
        return days_.add(start, n);
    }
    int between(const feel::Date& start, const feel::Date& through) const override {
        asked_ = true;
        return days_.between(start, through);
    }
    bool was_asked() const { return asked_; }

  private:
    const feel::WorkingDays& days_;
    mutable bool asked_ = false;
};

struct Judged {
    std::optional<std::int64_t> due_at_ms;
    bool counted_days = false;
};

/// As the timer would be scheduled over that state, at the moment when what it sits on began.
Judged judge(const Execution& execution, const State& over, const Timer& timer) {
    const Element* event = execution.definition().find(timer.element);
    const auto since_ms = over.tokens.at(timer.token).since_ms;
    if (execution.working_days() == nullptr) {
        Execution then(execution.definition(), over, since_ms, execution.limits(), nullptr);
        const auto due = due_at(then, *event->timer, timer.token);
        return {due ? std::optional(due->at_ms) : std::nullopt, false};
    }
    const NoticedDays days(*execution.working_days());
    Execution then(execution.definition(), over, since_ms, execution.limits(), &days);
    const auto due = due_at(then, *event->timer, timer.token);
    return {due ? std::optional(due->at_ms) : std::nullopt, days.was_asked()};
}

bool names_an_instant(const Definition& definition, const Timer& timer) {
    const Element* event = definition.find(timer.element);
    return event != nullptr && event->timer && event->timer->kind == TimerRule::Kind::date && timer.token != 0;
}

/// The instant to which the timer moves; nothing where it stays, also where it can't be computed any more.
std::optional<std::int64_t> moved_to(const Execution& execution, const State& before, const Timer& timer) {
    if (!names_an_instant(execution.definition(), timer)) return std::nullopt;
    const auto now = judge(execution, execution.state(), timer);
    if (!now.due_at_ms || *now.due_at_ms == timer.due_at_ms) return std::nullopt;
    const bool reads_variables = judge(execution, before, timer).due_at_ms != now.due_at_ms;
    return now.counted_days || reads_variables ? now.due_at_ms : std::nullopt;
}

}  // namespace

bool recompute_timers(Execution& execution, const boost::json::object& variables) {
    const State before = execution.state();
    if (!variables.empty()) execution.emit(VariablesSet{variables});
    bool moved = false;
    for (const auto& [key, timer] : before.timers) {
        const auto due_at_ms = moved_to(execution, before, timer);
        if (!due_at_ms) continue;
        execution.emit(TimerCancelled{key, timer.element});
        execution.emit(TimerScheduled{execution.next_key(), timer.element, timer.token, *due_at_ms});
        moved = true;
    }
    return moved || !variables.empty();
}

}  // namespace kaigong::bpmn
