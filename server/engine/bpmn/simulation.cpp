#include "engine/bpmn/simulation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <deque>
#include <list>

#include "base/civil_date.hpp"
#include "engine/bpmn/behaviors/variables.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"
#include "engine/bpmn/simulation_process.hpp"

namespace kaigong::bpmn {
namespace {

namespace json = boost::json;

std::int64_t advanced(std::int64_t now_ms, const Advance& advance) {
    if (advance.months == 0) return now_ms + advance.ms;
    const CivilDate today = office_date(now_ms);
    const CivilDate day = add_months(today, static_cast<int>(advance.months));
    return office_midnight_ms(day) + (now_ms - office_midnight_ms(today)) + advance.ms;
}

/// A message or signal that a process threw, until somebody takes it.
struct Sent {
    std::size_t sender = 0;
    EventThrown what;
    /// The sender itself takes it at once or never: by the standard a message goes to somebody else.
    bool is_new = true;
};

class Run {
  public:
    Run(const std::vector<Definition>& definitions, const SimulationPlan& plan, std::int64_t start_ms,
        const TraceSink& sink)
        : plan_(plan), now_ms_(start_ms), script_(plan.script), messages_(plan.messages), signals_(plan.signals) {
        for (const Definition& definition : definitions)
            processes_.emplace_back(definition, plan, sink, definitions.size() > 1);
    }

    SimulationEnd to_the_end() {
        begin();
        settle();
        for (const Advance& advance : plan_.advances) advance_to(advanced(now_ms_, advance));
        script_holds_order_ = false;
        settle();
        return end();
    }

  private:
    /// What a process sent last may still begin another one.
    bool is_running() const {
        if (error_ || (plan_.ends_at_incident && first_incident() != nullptr)) return false;
        return !sent_.empty() || std::ranges::any_of(processes_, &SimulatedProcess::is_running);
    }

    const Incident* first_incident() const {
        for (const SimulatedProcess& process : processes_) {
            if (!process.state().incidents.empty()) return &process.state().incidents.begin()->second;
        }
        return nullptr;
    }

    void carry_out(std::size_t index, const Command& command) {
        if (++commands_ > kSimulationCommandsMax) {
            error_ = error(Errc::too_large, "bpmn.simulation_too_long",
                           fmt::format("运行超过{}步仍未停下，请检查流程是否在空转。", kSimulationCommandsMax));
            return;
        }
        auto sent = processes_[index].carry_out(command, now_ms_);
        if (!sent) {
            error_ = std::move(sent).error();
            return;
        }
        for (EventThrown& thrown : *sent) sent_.push_back({index, std::move(thrown)});
    }

    /// Those that only a message or signal begins wait for it; if all do, the first begins as if it had come.
    void begin() {
        for (std::size_t i = 0; i < processes_.size() && !error_; ++i) begin(i);
        const bool nothing_goes = std::ranges::none_of(processes_, &SimulatedProcess::is_set_going);
        if (nothing_goes && !error_) carry_out(0, Start{plan_.variables, ""});
    }

    void begin(std::size_t index) {
        SimulatedProcess& process = processes_[index];
        if (begin_by(index, Trigger::message, messages_) || begin_by(index, Trigger::signal, signals_)) return;
        const auto is_scheduled = process.schedule_start(now_ms_);
        if (!is_scheduled) {
            error_ = is_scheduled.error();
        } else if (!*is_scheduled && !process.begins_by_event_only()) {
            carry_out(index, Start{plan_.variables, ""});
        }
    }

    bool begin_by(std::size_t index, Trigger trigger, std::vector<Delivery>& deliveries) {
        for (auto delivery = deliveries.begin(); delivery != deliveries.end(); ++delivery) {
            const Element* start = processes_[index].start_for(trigger, delivery->name, now_ms_);
            if (start == nullptr) continue;
            const Start command = processes_[index].start_by(*start, delivery->variables);
            deliveries.erase(delivery);
            carry_out(index, command);
            return true;
        }
        return false;
    }

    /// Everything that can happen without the clock moving on.
    void settle() {
        while (is_running() && (hand_on_sent() || deliver_message() || deliver_signal() || fire_due_timer(now_ms_) ||
                                decide_rule() || complete_by_script() || complete_any())) {
        }
    }

    void advance_to(std::int64_t target_ms) {
        while (is_running() && fire_due_timer(target_ms)) settle();
        now_ms_ = std::max(now_ms_, target_ms);
        settle();
    }

    bool hand_on_sent() {
        for (auto sent = sent_.begin(); sent != sent_.end();) {
            if (sent->what.trigger == to_string(Trigger::signal)) {
                const Sent signal = std::move(*sent);
                sent_.erase(sent);
                hand_on_signal(signal);
                return true;
            }
            if (auto taking = taker_of(*sent)) {
                sent_.erase(sent);
                carry_out(taking->first, taking->second);
                return true;
            }
            sent->is_new = false;
            ++sent;
        }
        return false;
    }

    /// The process that takes the message and what it does: one that waits for it, else one that it begins, else its
    /// sender.
    std::optional<std::pair<std::size_t, Command>> taker_of(const Sent& sent) const {
        const auto takes = [&](std::size_t i) { return processes_[i].receiver(sent.what).has_value(); };
        const CorrelateMessage command{sent.what.name, sent.what.key, sent.what.variables};
        for (std::size_t i = 0; i < processes_.size(); ++i) {
            if (i != sent.sender && takes(i)) return {{i, command}};
        }
        for (std::size_t i = 0; i < processes_.size(); ++i) {
            if (processes_[i].is_set_going()) continue;
            const Element* start = processes_[i].start_for(Trigger::message, sent.what.name, now_ms_);
            if (start != nullptr) return {{i, processes_[i].start_by(*start, sent.what.variables)}};
        }
        if (sent.is_new && takes(sent.sender)) return {{sent.sender, command}};
        return std::nullopt;
    }

    /// The sender itself has heard it already.
    void hand_on_signal(const Sent& signal) {
        for (std::size_t i = 0; i < processes_.size() && !error_; ++i) {
            if (i == signal.sender) continue;
            if (processes_[i].is_set_going()) {
                if (processes_[i].awaits_signal(signal.what.name))
                    carry_out(i, BroadcastSignal{signal.what.name, signal.what.variables});
            } else if (const Element* start = processes_[i].start_for(Trigger::signal, signal.what.name, now_ms_)) {
                carry_out(i, processes_[i].start_by(*start, signal.what.variables));
            }
        }
    }

    bool deliver_message() {
        for (auto message = messages_.begin(); message != messages_.end(); ++message) {
            for (std::size_t i = 0; i < processes_.size(); ++i) {
                const auto receiver = processes_[i].receiver(*message, now_ms_);
                if (!receiver) continue;
                const CorrelateMessage command{message->name, receiver->key, message->variables};
                messages_.erase(message);
                carry_out(i, command);
                return true;
            }
        }
        return false;
    }

    bool deliver_signal() {
        const auto signal = std::ranges::find_if(signals_, [&](const Delivery& delivery) {
            return std::ranges::any_of(
                processes_, [&](const SimulatedProcess& process) { return process.awaits_signal(delivery.name); });
        });
        if (signal == signals_.end()) return false;
        const BroadcastSignal command{signal->name, signal->variables};
        signals_.erase(signal);
        for (std::size_t i = 0; i < processes_.size() && !error_; ++i) {
            if (processes_[i].awaits_signal(command.name)) carry_out(i, command);
        }
        return true;
    }

    bool fire_due_timer(std::int64_t until_ms) {
        std::optional<std::size_t> next;
        for (std::size_t i = 0; i < processes_.size(); ++i) {
            const auto due = processes_[i].next_due_ms();
            if (due && *due <= until_ms && (!next || *due < *processes_[*next].next_due_ms())) next = i;
        }
        if (!next) return false;
        now_ms_ = std::max(now_ms_, *processes_[*next].next_due_ms());
        carry_out(*next, processes_[*next].due_command(now_ms_));
        return true;
    }

    bool decide_rule() {
        if (!plan_.evaluate_decision) return false;
        for (std::size_t i = 0; i < processes_.size(); ++i) {
            for (const OpenJob& job : waiting_for(processes_[i].state()).jobs) {
                if (decide_rule(i, job)) return true;
            }
        }
        return false;
    }

    bool decide_rule(std::size_t index, const OpenJob& job) {
        const Definition& definition = processes_[index].definition();
        const Element& element = *definition.find(job.element);
        if (element.kind != Kind::business_rule_task || element.decision_id.empty()) return false;
        auto result = plan_.evaluate_decision(
            element, visible_variables(definition, processes_[index].state(), job.token), now_ms_);
        if (!result) {
            carry_out(index, FailJob{job.token, result.error().message});
        } else {
            carry_out(index, CompleteJob{job.token, {{element.result_variable, std::move(*result)}}});
        }
        return true;
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

    /// A task or job and its process.
    struct Open {
        std::size_t process = 0;
        std::int64_t token = 0;
    };

    std::optional<Open> oldest_open(std::string_view element) const {
        for (std::size_t i = 0; i < processes_.size(); ++i) {
            if (const auto token = processes_[i].oldest_open(element)) return Open{i, *token};
        }
        return std::nullopt;
    }

    void complete(const Open& open, const Completion& completion) {
        if (completion.error_code) {
            carry_out(open.process, ThrowError{open.token, *completion.error_code, completion.variables});
        } else if (processes_[open.process].state().tokens.at(open.token).phase == Phase::task) {
            carry_out(open.process, CompleteTask{open.token, completion.variables});
        } else {
            carry_out(open.process, CompleteJob{open.token, completion.variables});
        }
    }

    SimulationEnd end() const {
        SimulationEnd end{"completed", processes_.front().state().variables, {}, {}, error_, {}};
        for (const SimulatedProcess& process : processes_) {
            const std::string_view its_end = process.end();
            if (its_end == "incident" || (its_end == "waiting" && end.end == "completed")) end.end = its_end;
            if (processes_.size() > 1)
                end.processes.push_back({process.definition().process_id(), its_end, process.state().variables});
        }
        for (const Completion& completion : script_) end.unused.push_back(completion.element);
        for (const Delivery& message : messages_) end.undelivered.push_back(message.name);
        for (const Delivery& signal : signals_) end.undelivered.push_back(signal.name);
        const Incident* incident = plan_.ends_at_incident && !error_ ? first_incident() : nullptr;
        if (incident != nullptr) end.error = error(Errc::conflict, incident->code, incident->message);
        if (end.error) end.end = "error";
        return end;
    }

    const SimulationPlan& plan_;
    std::deque<SimulatedProcess> processes_;
    std::int64_t now_ms_;
    std::vector<Completion> script_;
    bool script_holds_order_ = true;
    std::vector<Delivery> messages_;
    std::vector<Delivery> signals_;
    std::list<Sent> sent_;
    std::optional<Error> error_;
    int commands_ = 0;
};

}  // namespace

SimulationEnd simulate(const std::vector<Definition>& processes, const SimulationPlan& plan, std::int64_t start_ms,
                       const TraceSink& trace) {
    return Run(processes, plan, start_ms, trace).to_the_end();
}

}  // namespace kaigong::bpmn
