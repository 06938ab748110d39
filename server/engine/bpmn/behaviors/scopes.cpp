#include "engine/bpmn/behaviors/scopes.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/behaviors/variables.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"

namespace kaigong::bpmn {
namespace {

/// A recursion without a waiting step is ended by the steps of a command, one with waiting steps by this.
constexpr int kCallDepthMax = 50;

int depth_of(const Execution& execution, std::int64_t token) {
    int depth = 0;
    for (; token != 0; token = execution.token(token).scope) {
        if (execution.element_of(token).kind == Kind::call_activity) ++depth;
    }
    return depth;
}

const Element* called_by(Execution& execution, std::int64_t token) {
    const auto id = name_of(execution, token, execution.element_of(token).called);
    if (!id) return nullptr;
    const Element* called = execution.definition().called(*id);
    if (called == nullptr) {
        execution.raise(token, "bpmn.called_process_unknown",
                        fmt::format("没有可调用的流程 {}。请部署它后重试。", *id));
    } else if (depth_of(execution, token) > kCallDepthMax) {
        execution.raise(token, "bpmn.call_depth",
                        fmt::format("流程互相调用超过{}层，可能在绕圈。请改正流程图。", kCallDepthMax));
        return nullptr;
    }
    return called;
}

const Element* open_call(Execution& execution, std::int64_t token) {
    const Element& call = execution.element_of(token);
    const Element* called = called_by(execution, token);
    if (called == nullptr) return nullptr;
    const auto passed = call.passes_variables_in
                            ? visible_variables(execution.definition(), execution.state(), execution.token(token).scope)
                            : boost::json::object{};
    if (!open_scope(execution, token, *called, ScopeOpened{token, call.id})) return nullptr;
    boost::json::object fresh;
    for (const auto& [name, value] : passed) {
        if (!execution.token(token).variables.contains(name)) fresh[name] = value;
    }
    if (!fresh.empty()) execution.emit(VariablesPassed{token, std::move(fresh)});
    return called;
}

}  // namespace

const Element* open_inside(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    if (element.kind == Kind::call_activity) return open_call(execution, token);
    return open_scope(execution, token, element, ScopeOpened{token, element.id}) ? &element : nullptr;
}

void enter_scope(Execution& execution, std::int64_t token) {
    if (const Element* inside = open_inside(execution, token)) begin_inside(execution, token, *inside);
}

void begin_inside(Execution& execution, std::int64_t scope, const Element& inside) {
    for (const int index : inside.starts) {
        const Element& start = execution.definition().element(index);
        // A called process is begun by its plain start event, whatever else could begin it.
        if (start.kind != Kind::start_event || start.trigger == Trigger::none ||
            inside.kind == Kind::event_sub_process) {
            execution.arrive(start, scope, "");
        }
    }
    end_scope_if_empty(execution, scope);
}

}  // namespace kaigong::bpmn
