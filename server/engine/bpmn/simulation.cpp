#include "engine/bpmn/simulation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <deque>

#include "base/civil_date.hpp"
#include "engine/bpmn/behaviors/timers.hpp"
#include "engine/bpmn/behaviors/variables.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"
#include "engine/bpmn/simulation_trace.hpp"

namespace kaigong::bpmn {
namespace {

namespace json = boost::json;

std::int64_t advanced(std::int64_t now_ms, const Advance& advance) {
    if (advance.months == 0) return now_ms + advance.ms;
    const CivilDate today = office_date(now_ms);
    const CivilDate day = add_months(today, static_cast<int>(advance.months));
    return office_midnight_ms(day) + (now_ms - office_midnight_ms(today)) + advance.ms;
}

std::optional<std::string> text_of(const feel::Value& value) {
    if (value.kind() == feel::Kind::string) return std::string(value.as_string());
    if (value.kind() == feel::Kind::number) return feel::to_json_text(value);
    return std::nullopt;
}

class Run {
  public:
    Run(const Definition& definition, const SimulationPlan& plan, std::int64_t start_ms, const TraceSink& sink)
        : definition_(definition),
          plan_(plan),
          trace_(definition, sink),
          now_ms_(start_ms),
          script_(plan.script),
          messages_(plan.messages),
          signals_(plan.signals) {}

    SimulationEnd to_the_end() {
        begin();
        settle();
        for (const Advance& advance : plan_.advances) advance_to(advanced(now_ms_, advance));
        script_holds_order_ = false;
        settle();
        return end();
    }

  private:
    /// Where a process begins by its clock and nothing else begins it.
    struct TimedStart {
        std::string element;
        std::int64_t due_at_ms = 0;
    };

    bool is_running() const {
        if (error_ || (plan_.ends_at_incident && !state_.incidents.empty())) return false;
        return timed_start_ || state_.status == Status::running;
    }

    void carry_out(const Command& command) {
        if (++commands_ > kSimulationCommandsMax) {
            error_ = error(Errc::too_large, "bpmn.simulation_too_long",
                           fmt::format("运行超过{}步仍未停下，请检查流程是否在空转。", kSimulationCommandsMax));
            return;
        }
        auto events = decide(definition_, state_, command, now_ms_, {}, plan_.working_days);
        if (!events) {
            error_ = std::move(events).error();
            return;
        }
        for (const Event& event : *events) {
            apply(state_, event);
            const auto* thrown = std::get_if<EventThrown>(&event.fact);
            if (thrown != nullptr && thrown->trigger == to_string(Trigger::message)) thrown_.push_back(*thrown);
        }
        trace_.tell(*events);
    }

    void begin() {
        const std::vector<int>& starts = definition_.root().starts;
        const auto begins = [&](int index) {
            const Element& start = definition_.element(index);
            return begin_by(start, Trigger::message, messages_) || begin_by(start, Trigger::signal, signals_);
        };
        if (std::ranges::any_of(starts, begins)) return;
        const auto has = [&](Trigger trigger) {
            return [this, trigger](int index) { return definition_.element(index).trigger == trigger; };
        };
        const auto timed = std::ranges::find_if(starts, has(Trigger::timer));
        if (timed != starts.end() && std::ranges::none_of(starts, has(Trigger::none)))
            return schedule_start(definition_.element(*timed));
        carry_out(Start{plan_.variables, ""});
    }

    bool begin_by(const Element& start, Trigger trigger, std::vector<Delivery>& deliveries) {
        if (start.trigger != trigger) return false;
        const auto delivery = std::ranges::find(deliveries, name_of_start(start), &Delivery::name);
        if (delivery == deliveries.end()) return false;
        json::object variables = plan_.variables;
        for (const auto& [name, value] : delivery->variables) variables[name] = value;
        deliveries.erase(delivery);
        carry_out(Start{std::move(variables), start.id});
        return true;
    }

    std::string name_of_start(const Element& start) const {
        const Named& name = start.name_of_event;
        if (name.expression == nullptr) return name.literal;
        return text_of(name.expression->evaluate(feel::context_from_json(plan_.variables), now_ms_, plan_.working_days))
            .value_or("");
    }

    void schedule_start(const Element& start) {
        State before;
        before.variables = plan_.variables;
        Execution execution(definition_, std::move(before), now_ms_, {}, plan_.working_days);
        const auto due = due_at(execution, *start.timer, 0);
        if (!due) {
            error_ = due.error();
            return;
        }
        timed_start_ = TimedStart{start.id, due->at_ms};
        trace_.tell({{now_ms_, TimerScheduled{0, start.id, 0, due->at_ms}}});
    }

    /// Everything that can happen without the clock moving on.
    void settle() {
        while (is_running() && (hand_on_thrown() || deliver_message() || deliver_signal() || fire_due_timer(now_ms_) ||
                                decide_rule() || complete_by_script() || complete_any())) {
        }
    }

    void advance_to(std::int64_t target_ms) {
        while (is_running() && fire_due_timer(target_ms)) settle();
        now_ms_ = std::max(now_ms_, target_ms);
        settle();
    }

    /// A message that the process sends may be one that another branch of it waits for. It does not wait itself.
    bool hand_on_thrown() {
        while (!thrown_.empty()) {
            const EventThrown message = std::move(thrown_.front());
            thrown_.pop_front();
            for (const OpenSubscription& open : waiting_for(state_).subscriptions) {
                if (!receives_message(*definition_.find(open.element)) || open.name != message.name) continue;
                if (open.key != message.key) continue;
                carry_out(CorrelateMessage{message.name, message.key, message.variables});
                return true;
            }
        }
        return false;
    }

    bool deliver_message() {
        const Waiting waiting = waiting_for(state_);
        for (auto message = messages_.begin(); message != messages_.end(); ++message) {
            const auto receiver = std::ranges::find_if(
                waiting.subscriptions, [&](const OpenSubscription& open) { return receives(open, *message); });
            if (receiver == waiting.subscriptions.end()) continue;
            const CorrelateMessage command{message->name, receiver->key, message->variables};
            messages_.erase(message);
            carry_out(command);
            return true;
        }
        return false;
    }

    bool receives(const OpenSubscription& open, const Delivery& message) const {
        const Element& element = *definition_.find(open.element);
        if (!receives_message(element) || open.name != message.name) return false;
        if (element.correlation_key == nullptr) return true;
        const auto given =
            element.correlation_key->evaluate(feel::context_from_json(message.variables), now_ms_, plan_.working_days);
        return text_of(given).value_or(open.key) == open.key;
    }

    bool deliver_signal() {
        const Waiting waiting = waiting_for(state_);
        for (auto signal = signals_.begin(); signal != signals_.end(); ++signal) {
            const bool is_awaited = std::ranges::any_of(waiting.subscriptions, [&](const OpenSubscription& open) {
                return definition_.find(open.element)->trigger == Trigger::signal && open.name == signal->name;
            });
            if (!is_awaited) continue;
            const BroadcastSignal command{signal->name, signal->variables};
            signals_.erase(signal);
            carry_out(command);
            return true;
        }
        return false;
    }

    bool fire_due_timer(std::int64_t until_ms) {
        if (timed_start_) return fire_timed_start(until_ms);
        const std::vector<OpenTimer> timers = waiting_for(state_).timers;
        if (timers.empty() || timers.front().due_at_ms > until_ms) return false;
        now_ms_ = std::max(now_ms_, timers.front().due_at_ms);
        carry_out(FireTimer{timers.front().timer});
        return true;
    }

    bool fire_timed_start(std::int64_t until_ms) {
        if (timed_start_->due_at_ms > until_ms) return false;
        const TimedStart start = *std::exchange(timed_start_, std::nullopt);
        now_ms_ = std::max(now_ms_, start.due_at_ms);
        trace_.tell({{now_ms_, TimerFired{0, start.element}}});
        carry_out(Start{plan_.variables, start.element});
        return true;
    }

    bool decide_rule() {
        if (!plan_.evaluate_decision) return false;
        for (const OpenJob& job : waiting_for(state_).jobs) {
            const Element& element = *definition_.find(job.element);
            if (element.kind != Kind::business_rule_task || element.decision_id.empty()) continue;
            auto result = plan_.evaluate_decision(element, visible_variables(definition_, state_, job.token), now_ms_);
            if (!result) {
                carry_out(FailJob{job.token, result.error().message});
            } else {
                carry_out(CompleteJob{job.token, {{element.result_variable, std::move(*result)}}});
            }
            return true;
        }
        return false;
    }

    bool complete_by_script() {
        for (auto entry = script_.begin(); entry != script_.end(); ++entry) {
            if (const auto open = oldest_open(entry->element)) {
                const Completion completion = std::move(*entry);
                script_.erase(entry);
                complete(*open, completion);
                return true;
            }
            if (script_holds_order_) return false;
        }
        return false;
    }

    bool complete_any() {
        const auto open = plan_.completes_all ? oldest_open("") : std::nullopt;
        if (open) complete(*open, {});
        return open.has_value();
    }

    /// The oldest open task or job of the element, or (empty) of any; not one that stopped with an incident.
    std::optional<std::int64_t> oldest_open(std::string_view element) const {
        for (const auto& [key, token] : state_.tokens) {
            const bool is_open = token.phase == Phase::task || token.phase == Phase::job;
            if (!is_open || !(element.empty() || token.element == element)) continue;
            if (state_.incident_of(key) == nullptr) return key;
        }
        return std::nullopt;
    }

    void complete(std::int64_t token, const Completion& completion) {
        if (completion.error_code) {
            carry_out(ThrowError{token, *completion.error_code, completion.variables});
        } else if (state_.tokens.at(token).phase == Phase::task) {
            carry_out(CompleteTask{token, completion.variables});
        } else {
            carry_out(CompleteJob{token, completion.variables});
        }
    }

    SimulationEnd end() const {
        SimulationEnd end{"waiting", state_.variables, {}, {}, error_};
        if (state_.status == Status::completed) end.end = "completed";
        if (state_.status == Status::running && !state_.incidents.empty()) end.end = "incident";
        for (const Completion& completion : script_) end.unused.push_back(completion.element);
        for (const Delivery& message : messages_) end.undelivered.push_back(message.name);
        for (const Delivery& signal : signals_) end.undelivered.push_back(signal.name);
        if (plan_.ends_at_incident && !state_.incidents.empty() && !error_) {
            const Incident& incident = state_.incidents.begin()->second;
            end.error = error(Errc::conflict, incident.code, incident.message);
        }
        if (end.error) end.end = "error";
        return end;
    }

    const Definition& definition_;
    const SimulationPlan& plan_;
    SimulationTrace trace_;
    State state_;
    std::int64_t now_ms_;
    std::vector<Completion> script_;
    bool script_holds_order_ = true;
    std::vector<Delivery> messages_;
    std::vector<Delivery> signals_;
    /// Messages that the process sent and nobody was asked for yet.
    std::deque<EventThrown> thrown_;
    std::optional<TimedStart> timed_start_;
    std::optional<Error> error_;
    int commands_ = 0;
};

}  // namespace

SimulationEnd simulate(const Definition& definition, const SimulationPlan& plan, std::int64_t start_ms,
                       const TraceSink& trace) {
    return Run(definition, plan, start_ms, trace).to_the_end();
}

}  // namespace kaigong::bpmn
