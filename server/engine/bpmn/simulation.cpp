#include "engine/bpmn/simulation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/civil_date.hpp"
#include "engine/bpmn/simulation_trace.hpp"

namespace kaigong::bpmn {
namespace {

std::int64_t advanced(std::int64_t now_ms, const Advance& advance) {
    if (advance.months == 0) return now_ms + advance.ms;
    const CivilDate today = office_date(now_ms);
    const CivilDate day = add_months(today, static_cast<int>(advance.months));
    return office_midnight_ms(day) + (now_ms - office_midnight_ms(today)) + advance.ms;
}

class Run {
  public:
    Run(const Definition& definition, const SimulationPlan& plan, std::int64_t start_ms, const TraceSink& sink)
        : definition_(definition), plan_(plan), trace_(definition, sink), now_ms_(start_ms), script_(plan.script) {}

    SimulationEnd to_the_end() {
        carry_out(Start{plan_.variables});
        settle();
        for (const Advance& advance : plan_.advances) advance_to(advanced(now_ms_, advance));
        script_holds_order_ = false;
        settle();
        return end();
    }

  private:
    bool is_running() const {
        return !error_ && state_.status == Status::running && !(plan_.ends_at_incident && !state_.incidents.empty());
    }

    void carry_out(const Command& command) {
        if (++commands_ > kSimulationCommandsMax) {
            error_ = error(Errc::too_large, "bpmn.simulation_too_long",
                           fmt::format("运行超过{}步仍未停下，请检查流程是否在空转。", kSimulationCommandsMax));
            return;
        }
        auto events = decide(definition_, state_, command, now_ms_);
        if (!events) {
            error_ = std::move(events).error();
            return;
        }
        for (const Event& event : *events) apply(state_, event);
        trace_.tell(*events);
    }

    /// Everything that can happen without the clock moving on.
    void settle() {
        while (is_running() && (fire_due_timer(now_ms_) || decide_rule() || complete_by_script() || complete_any())) {
        }
    }

    void advance_to(std::int64_t target_ms) {
        while (is_running() && fire_due_timer(target_ms)) settle();
        now_ms_ = std::max(now_ms_, target_ms);
        settle();
    }

    bool fire_due_timer(std::int64_t until_ms) {
        const std::vector<OpenTimer> timers = waiting_for(state_).timers;
        if (timers.empty() || timers.front().due_at_ms > until_ms) return false;
        now_ms_ = std::max(now_ms_, timers.front().due_at_ms);
        carry_out(FireTimer{timers.front().timer});
        return true;
    }

    bool decide_rule() {
        if (!plan_.evaluate_decision) return false;
        for (const OpenJob& job : waiting_for(state_).jobs) {
            const Element& element = *definition_.find(job.element);
            if (element.kind != Kind::business_rule_task) continue;
            auto result = plan_.evaluate_decision(element, state_.variables, now_ms_);
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
            if (complete_first(entry->element, entry->variables)) {
                script_.erase(entry);
                return true;
            }
            if (script_holds_order_) return false;
        }
        return false;
    }

    bool complete_any() { return plan_.completes_all && complete_first("", {}); }

    /// The oldest open task or job of the element, or of any.
    bool complete_first(std::string_view element, const boost::json::object& variables) {
        const auto is_meant = [element](const auto& open) { return element.empty() || open.element == element; };
        const Waiting waiting = waiting_for(state_);
        const auto task = std::ranges::find_if(waiting.tasks, is_meant);
        const auto job = std::ranges::find_if(waiting.jobs, is_meant);
        const bool has_job = job != waiting.jobs.end();
        if (task != waiting.tasks.end() && (!has_job || task->token < job->token)) {
            carry_out(CompleteTask{task->token, variables});
            return true;
        }
        if (has_job) carry_out(CompleteJob{job->token, variables});
        return has_job;
    }

    SimulationEnd end() {
        SimulationEnd end{"completed", state_.variables, {}, error_};
        if (state_.status == Status::running) end.end = state_.incidents.empty() ? "waiting" : "incident";
        for (const Completion& completion : script_) end.unused.push_back(completion.element);
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
    std::optional<Error> error_;
    int commands_ = 0;
};

Error unsupported(const char* message) {
    return error(Errc::invalid_input, "bpmn.simulation_unsupported", message);
}

}  // namespace

Result<SimulationEnd> simulate(const Definition& definition, const SimulationPlan& plan, std::int64_t start_ms,
                               const TraceSink& trace) {
    if (!plan.messages.empty() || !plan.signals.empty())
        return unsupported("引擎暂不接收消息和信号，请去掉 --message 和 --signal。");
    if (std::ranges::any_of(plan.script, [](const Completion& one) { return one.error_code.has_value(); }))
        return unsupported("引擎暂不能抛出业务错误，请去掉脚本中的 error。");
    return Run(definition, plan, start_ms, trace).to_the_end();
}

}  // namespace kaigong::bpmn
