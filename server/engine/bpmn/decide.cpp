// Judges commands: refuses, or carries out and says what happened.
#include <algorithm>
#include <boost/json.hpp>
#include <optional>
#include <set>

#include "engine/bpmn/behaviors/ad_hoc.hpp"
#include "engine/bpmn/behaviors/catching.hpp"
#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/behaviors/placing.hpp"
#include "engine/bpmn/behaviors/recomputing.hpp"
#include "engine/bpmn/behaviors/repeating.hpp"
#include "engine/bpmn/behaviors/throwing.hpp"
#include "engine/bpmn/behaviors/variables.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"
#include "engine/bpmn/elements/table.hpp"
#include "engine/bpmn/execution.hpp"
#include "engine/bpmn/migration.hpp"

namespace kaigong::bpmn {
namespace {

Error conflict(const char* reason, const char* message) {
    return error(Errc::conflict, reason, message);
}

Error not_open(const char* reason, const char* what) {
    return error(Errc::conflict, reason, std::string("这个") + what + "已经办过或已取消，请刷新后查看最新进展。");
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
    std::size_t size = fits(variables) + fits(state.variables);
    for (const auto& [key, token] : state.tokens) size += token.variables.empty() ? 0 : fits(token.variables);
    if (size <= kVariablesBytesMax) return {};
    return error(Errc::too_large, "bpmn.variables_too_large",
                 "流程变量过大或嵌套过深；变量只放编码和编号，请把内容存到业务数据中。");
}

class Decider {
  public:
    explicit Decider(Execution& execution) : execution_(execution) {}

    Result<void> operator()(const Start& command) {
        if (state().status != Status::not_started)
            return conflict("bpmn.already_started", "流程已经开始，请勿重复发起。");
        const Definition& definition = execution_.definition();
        const std::vector<int> starts = starts_of(command.element);
        if (starts.empty()) return conflict("bpmn.no_such_start", "流程没有这样的开始事件，请指明从哪个开始事件开始。");
        execution_.emit(InstanceStarted{definition.process_id(), command.variables});
        std::int64_t first = 0;
        for (const int start : starts) {
            const std::int64_t token = execution_.arrive(definition.element(start), 0, "");
            if (first == 0) first = token;
        }
        listen_for_process(execution_, first);
        return {};
    }

    Result<void> operator()(const CompleteTask& command) {
        const Token* token = token_in(command.token, Phase::task);
        if (token == nullptr) return not_open("bpmn.task_not_open", "任务");
        if (state().incident_of(command.token) != nullptr) return incident_open();
        const std::string element = token->element;
        take_results(execution_, command.token, command.variables);
        execution_.emit(TaskCompleted{command.token, element});
        finish(execution_, command.token);
        return {};
    }

    Result<void> operator()(const CompleteJob& command) {
        const Token* token = token_in(command.token, Phase::job);
        if (token == nullptr) return not_open("bpmn.job_not_open", "作业");
        if (state().incident_of(command.token) != nullptr) return incident_open();
        const std::string element = token->element;
        take_results(execution_, command.token, command.variables);
        execution_.emit(JobCompleted{command.token, element});
        finish(execution_, command.token);
        return {};
    }

    Result<void> operator()(const FailJob& command) {
        if (token_in(command.token, Phase::job) == nullptr) return not_open("bpmn.job_not_open", "作业");
        if (state().incident_of(command.token) != nullptr) return incident_open();
        execution_.raise(command.token, "bpmn.job_failed", shortened(command.message));
        return {};
    }

    Result<void> operator()(const ThrowError& command) {
        if (!is_open(command.token)) return not_open("bpmn.task_not_open", "任务");
        if (state().incident_of(command.token) != nullptr) return incident_open();
        take_results(execution_, command.token, command.variables);
        throw_error(execution_, command.token, command.code);
        return {};
    }

    Result<void> operator()(const Escalate& command) {
        if (!is_open(command.token)) return not_open("bpmn.task_not_open", "任务");
        take_results(execution_, command.token, command.variables);
        throw_escalation(execution_, command.token, command.code);
        return {};
    }

    Result<void> operator()(const FireTimer& command) {
        const auto found = state().timers.find(command.timer);
        if (found == state().timers.end()) return not_open("bpmn.timer_not_open", "计时");
        if (found->second.due_at_ms > execution_.now_ms()) return conflict("bpmn.timer_not_due", "计时尚未到期。");
        catch_timer(execution_, command.timer);
        return {};
    }

    Result<void> operator()(const CorrelateMessage& command) {
        for (const auto& [key, subscription] : state().subscriptions) {
            const Element& event = *execution_.definition().find(subscription.element);
            if (!receives_message(event) || subscription.name != command.name) continue;
            if (subscription.key != command.key) continue;
            catch_subscription(execution_, key, command.variables);
            return {};
        }
        return nobody_waits();
    }

    Result<void> operator()(const BroadcastSignal& command) {
        if (!catch_signal(execution_, command.name, command.variables)) return nobody_waits();
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
                            "其他分支已到不了这里，重试没有用。请终止本次流程，改正流程图后重新办理。");
        }
        set_variables(execution_, key, command.variables);
        execution_.emit(IncidentResolved{command.incident, key});
        retry(key, phase);
        return {};
    }

    Result<void> operator()(const MoveTokens& command) {
        const std::set<std::int64_t> tokens(command.tokens.begin(), command.tokens.end());
        const Element* target = execution_.definition().find(command.element);
        if (target == nullptr || !can_begin_at(*target) || tokens.empty()) return cannot_move();
        if (!std::ranges::all_of(tokens, [&](std::int64_t token) { return execution_.has_token(token); })) {
            return cannot_move();
        }
        const std::int64_t scope = execution_.token(*tokens.begin()).scope;
        const bool is_inside = &execution_.scope_element(scope) == &execution_.definition().element(target->scope);
        const auto is_beside = [&](std::int64_t token) { return execution_.token(token).scope == scope; };
        if (!is_inside || !std::ranges::all_of(tokens, is_beside)) return cannot_move();
        const Element& around = execution_.scope_element(scope);
        if (!can_join_over(around, command.joined_over) || !can_go_on(*target, around, command.then)) {
            return cannot_move();
        }
        for (const std::int64_t token : tokens) cancel_token(execution_, token, command.reason);
        const std::int64_t moved = execution_.arrive(*target, scope, "");
        if (!command.then.empty()) execution_.emit(DetourSet{moved, target->id, command.then});
        for (const std::string& flow : command.joined_over) {
            const Flow& way = execution_.definition().flow(execution_.definition().flow_index_of(flow));
            execution_.arrive(execution_.definition().element(way.target), scope, flow);
        }
        return {};
    }

    Result<void> operator()(const AddInstance& command) {
        if (!is_open_multi_instance(execution_, command.token)) return not_an_instance();
        add_instance(execution_, command.token, command.item);
        return {};
    }

    Result<void> operator()(const RemoveInstance& command) {
        if (!execution_.has_token(command.token) || !state().is_instance(command.token)) return not_an_instance();
        const std::int64_t around = execution_.token(command.token).scope;
        if (!is_open_multi_instance(execution_, around)) return not_an_instance();
        cancel_token(execution_, command.token, command.reason);
        continue_repetition(execution_, around);
        return {};
    }

    Result<void> operator()(const Suspend& command) {
        execution_.emit(InstanceSuspended{command.reason.empty() ? "suspended" : command.reason});
        return {};
    }

    Result<void> operator()(const Resume& /*command*/) {
        if (state().suspended.empty()) return conflict("bpmn.not_suspended", "流程没有挂起，无需恢复。");
        execution_.emit(InstanceResumed{});
        return {};
    }

    /// Judged apart, see migration.hpp: the tokens do not stand on this definition yet.
    Result<void> operator()(const Migrate& /*command*/) { return {}; }

    Result<void> operator()(const RecomputeTimers& command) {
        if (!recompute_timers(execution_, command.variables)) {
            return conflict("bpmn.timers_stand", "没有计时需要重新计算。");
        }
        return {};
    }

    Result<void> operator()(const Cancel& command) {
        cancel_scope(execution_, 0, 0, command.reason);
        stop_waiting(execution_, 0);
        execution_.emit(InstanceCancelled{command.reason});
        return {};
    }

  private:
    const State& state() const { return execution_.state(); }

    const Token* token_in(std::int64_t key, Phase phase) const {
        const auto found = state().tokens.find(key);
        return found == state().tokens.end() || found->second.phase != phase ? nullptr : &found->second;
    }

    bool is_open(std::int64_t token) const {
        return token_in(token, Phase::task) != nullptr || token_in(token, Phase::job) != nullptr;
    }

    /// Events have a life of their own, who undoes an activity comes only when that is undone, and at a join a token
    /// that came over no flow would wait for ever.
    static bool can_begin_at(const Element& element) {
        switch (element.kind) {
            case Kind::exclusive_gateway:
            case Kind::event_based_gateway: return true;
            case Kind::inclusive_gateway:
            case Kind::parallel_gateway: return element.incoming.size() < 2;
            default: return is_activity(element.kind) && !element.is_for_compensation;
        }
    }

    /// Each leads to a join of this scope.
    bool can_join_over(const Element& around, const std::vector<std::string>& flows) const {
        return std::ranges::all_of(
            flows, [&](const std::string& flow) { return joins_over(execution_.definition(), around, flow); });
    }

    bool can_go_on(const Element& target, const Element& around, const std::vector<Place>& places) const {
        if (!places.empty() && !is_activity(target.kind)) return false;
        return std::ranges::all_of(
            places, [&](const Place& place) { return is_place(execution_.definition(), around, place); });
    }

    static Error incident_open() { return conflict("bpmn.incident_open", "这一步出了异常，请先处理异常。"); }
    static Error nobody_waits() { return conflict("bpmn.nobody_waits", "流程现在没有在等这个消息或信号。"); }
    static Error not_an_instance() {
        return conflict("bpmn.not_an_instance", "这不是正在办理的多人任务，请刷新后查看最新进展。");
    }
    static Error cannot_move() {
        return conflict("bpmn.move_unknown", "不能退回或跳转到这一步：只能到同一层的活动或网关。");
    }

    /// The start event of that id; of none, all where the process begins by itself, else its only start event.
    std::vector<int> starts_of(const std::string& element) const {
        const Definition& definition = execution_.definition();
        const std::vector<int>& all = definition.root().starts;
        std::vector<int> chosen;
        for (const int index : all) {
            const Element& start = definition.element(index);
            const bool plain = start.kind != Kind::start_event || start.trigger == Trigger::none;
            if (element.empty() ? plain : start.id == element) chosen.push_back(index);
        }
        return chosen.empty() && element.empty() && all.size() == 1 ? all : chosen;
    }

    void retry(std::int64_t key, Phase phase) {
        if (phase == Phase::arrived) {
            execution_.work_on(key);
        } else if (phase == Phase::leaving) {
            leave(execution_, key);
        } else if (phase == Phase::job) {
            const Element& element = execution_.element_of(key);
            execution_.emit(JobCreated{key, element.id, element.job_type});
        } else if (phase == Phase::inside) {
            retry_scope(key);
        }
    }

    /// The condition that ends a repetition or an ad-hoc sub-process is looked at again.
    void retry_scope(std::int64_t key) {
        if (is_repetition(execution_, key)) return continue_repetition(execution_, key);
        if (!complete_ad_hoc(execution_, key)) end_scope_if_empty(execution_, key);
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
                                  std::int64_t now_ms, const Limits& limits, const feel::WorkingDays* working_days) {
    if (!std::holds_alternative<Start>(command) && state.status != Status::running) {
        return conflict("bpmn.not_running", "流程没有在办理中，不能再操作。");
    }
    const bool possible_while_suspended =
        std::holds_alternative<Resume>(command) || std::holds_alternative<SetVariables>(command) ||
        std::holds_alternative<RecomputeTimers>(command) || std::holds_alternative<Cancel>(command);
    if (!state.suspended.empty() && !possible_while_suspended) {
        return conflict("bpmn.suspended", "流程已挂起，恢复后才能继续办理。");
    }
    if (const auto* variables = variables_of(command)) KAIGONG_CHECK(check_variables(state, *variables));
    if (const auto* migration = std::get_if<Migrate>(&command)) return migrate(definition, state, *migration, now_ms);
    if (const auto* added = std::get_if<AddInstance>(&command)) {
        KAIGONG_CHECK(check_variables(state, {{"item", added->item}}));
    }
    Execution execution(definition, state, now_ms, limits, working_days);
    KAIGONG_CHECK(std::visit(Decider(execution), command));
    execution.settle();
    return execution.take_events();
}

}  // namespace kaigong::bpmn
