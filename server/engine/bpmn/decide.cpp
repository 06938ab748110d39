// Judges commands: refuses, or carries out and says what happened.
#include <boost/json.hpp>
#include <optional>

#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/behaviors/timers.hpp"
#include "engine/bpmn/execution.hpp"

namespace kaigong::bpmn {
namespace {

Error conflict(const char* reason, const char* message) {
    return error(Errc::conflict, reason, message);
}

Error not_open(const char* reason, const char* what) {
    return error(Errc::conflict, reason, std::string("这个") + what + "已经办过或已取消,请刷新后查看最新进展。");
}

constexpr std::size_t kMessageBytesMax = 2'000;

/// Cut between two characters of UTF-8.
std::string shortened(const std::string& message) {
    if (message.size() <= kMessageBytesMax) return message;
    std::size_t end = kMessageBytesMax;
    while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U) --end;
    return message.substr(0, end) + "…";
}

/// About what the value takes as JSON text; stops counting past `max`. Nothing when it is nested too deep.
std::optional<std::size_t> text_size(const boost::json::value& value, std::size_t max, std::size_t depth) {
    if (depth == 0) return std::nullopt;
    std::size_t size = 8;
    const auto add = [&](const boost::json::value& part) {
        const auto inner = text_size(part, max, depth - 1);
        size += inner.value_or(0);
        return inner && size <= max;
    };
    if (const auto* text = value.if_string()) size += text->size();
    if (const auto* array = value.if_array()) {
        for (const auto& item : *array) {
            if (!add(item)) return size > max ? std::optional(size) : std::nullopt;
        }
    }
    if (const auto* object = value.if_object()) {
        for (const auto& [name, member] : *object) {
            size += name.size();
            if (!add(member)) return size > max ? std::optional(size) : std::nullopt;
        }
    }
    return size;
}

Result<void> check_variables(const State& state, const boost::json::object& variables) {
    const auto fits = [](const boost::json::object& object) {
        const auto size = text_size(object, kVariablesBytesMax, kVariablesDepthMax);
        return size ? *size : kVariablesBytesMax + 1;
    };
    if (fits(variables) + fits(state.variables) <= kVariablesBytesMax) return {};
    return error(Errc::too_large, "bpmn.variables_too_large",
                 "流程变量过大或嵌套过深;变量只放编码和编号,请把内容存到业务数据中。");
}

class Decider {
  public:
    explicit Decider(Execution& execution) : execution_(execution) {}

    Result<void> operator()(const Start& command) {
        if (state().status != Status::not_started)
            return conflict("bpmn.already_started", "流程已经开始,请勿重复发起。");
        const Definition& definition = execution_.definition();
        execution_.emit(InstanceStarted{definition.process_id(), command.variables});
        execution_.arrive(definition.element(definition.start()), 0, "");
        return {};
    }

    Result<void> operator()(const CompleteTask& command) {
        const Token* token = token_in(command.token, Phase::task);
        if (token == nullptr) return not_open("bpmn.task_not_open", "任务");
        set(command.variables);
        execution_.emit(TaskCompleted{command.token, token->element});
        return finish(command.token);
    }

    Result<void> operator()(const CompleteJob& command) {
        const Token* token = token_in(command.token, Phase::job);
        if (token == nullptr) return not_open("bpmn.job_not_open", "作业");
        if (state().incident_of(command.token) != nullptr) return incident_open();
        set(command.variables);
        execution_.emit(JobCompleted{command.token, token->element});
        return finish(command.token);
    }

    Result<void> operator()(const FailJob& command) {
        if (token_in(command.token, Phase::job) == nullptr) return not_open("bpmn.job_not_open", "作业");
        if (state().incident_of(command.token) != nullptr) return incident_open();
        execution_.raise(command.token, "bpmn.job_failed", shortened(command.message));
        return {};
    }

    Result<void> operator()(const FireTimer& command) {
        const auto found = state().timers.find(command.timer);
        if (found == state().timers.end()) return not_open("bpmn.timer_not_open", "计时");
        const Timer timer = found->second;
        if (timer.due_at_ms > execution_.now_ms()) return conflict("bpmn.timer_not_due", "计时尚未到期。");
        const Element& element = *execution_.definition().find(timer.element);
        const std::int64_t scope = execution_.token(timer.token).scope;
        execution_.emit(TimerFired{command.timer, timer.element});
        if (element.interrupting) cancel_token(execution_, timer.token, timer.element);
        execution_.arrive(element, scope, "");
        return {};
    }

    Result<void> operator()(const SetVariables& command) {
        execution_.emit(VariablesSet{command.variables});
        return {};
    }

    Result<void> operator()(const ResolveIncident& command) {
        const auto found = state().incidents.find(command.incident);
        if (found == state().incidents.end()) return not_open("bpmn.incident_not_open", "异常");
        const std::int64_t key = found->second.token;
        const Phase phase = execution_.token(key).phase;
        if (phase == Phase::joining) {
            return conflict("bpmn.join_starved",
                            "其他分支已到不了这里,重试没有用。请终止本次流程,改正流程图后重新办理。");
        }
        set(command.variables);
        execution_.emit(IncidentResolved{command.incident, key});
        retry(key, phase);
        return {};
    }

    Result<void> operator()(const Cancel& command) {
        for (const std::int64_t token : execution_.tokens_in(0)) cancel_token(execution_, token, command.reason);
        execution_.emit(InstanceCancelled{command.reason});
        return {};
    }

  private:
    const State& state() const { return execution_.state(); }

    const Token* token_in(std::int64_t key, Phase phase) const {
        const auto found = state().tokens.find(key);
        return found == state().tokens.end() || found->second.phase != phase ? nullptr : &found->second;
    }

    static Error incident_open() { return conflict("bpmn.incident_open", "这个作业出了异常,请先处理异常。"); }

    void set(const boost::json::object& variables) {
        if (!variables.empty()) execution_.emit(VariablesSet{variables});
    }

    Result<void> finish(std::int64_t token) {
        cancel_timers(execution_, token);
        leave(execution_, token);
        return {};
    }

    void retry(std::int64_t key, Phase phase) {
        if (phase == Phase::arrived) {
            execution_.work_on(key);
        } else if (phase == Phase::leaving) {
            leave(execution_, key);
        } else if (phase == Phase::job) {
            const Element& element = execution_.element_of(key);
            execution_.emit(JobCreated{key, element.id, element.job_type});
        }
    }

    Execution& execution_;
};

const boost::json::object* variables_of(const Command& command) {
    return std::visit(
        []<class T>(const T& one) -> const boost::json::object* {
            if constexpr (requires { one.variables; }) return &one.variables;
            return nullptr;
        },
        command);
}

}  // namespace

Result<std::vector<Event>> decide(const Definition& definition, const State& state, const Command& command,
                                  std::int64_t now_ms, const Limits& limits) {
    if (!std::holds_alternative<Start>(command) && state.status != Status::running) {
        return conflict("bpmn.not_running", "流程没有在办理中,不能再操作。");
    }
    if (const auto* variables = variables_of(command)) KAIGONG_CHECK(check_variables(state, *variables));
    Execution execution(definition, state, now_ms, limits);
    KAIGONG_CHECK(std::visit(Decider(execution), command));
    execution.settle();
    return execution.take_events();
}

}  // namespace kaigong::bpmn
