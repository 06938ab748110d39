// A call activity runs another process inside this instance, with variables of its own. Which version it is was bound
// at deployment; one that is not known is an incident, so that it can be deployed and the case go on.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "engine/bpmn/behaviors/scopes.hpp"
#include "engine/bpmn/behaviors/variables.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {
namespace {

/// A recursion without a waiting step is ended by the steps of a command, one with waiting steps by this.
constexpr int kCallDepthMax = 50;

/// Nothing but a plain start event, or a beginning without one, answers to a call.
bool can_be_called(const Process& process, const Element& called) {
    return std::ranges::any_of(called.starts, [&](int index) {
        const Element& start = process.element(index);
        return start.kind != Kind::start_event || start.trigger == Trigger::none;
    });
}

void check_called(const Process& process, const Element& element, const Element& called, Problems& problems) {
    if (called.starts.empty() || can_be_called(process, called)) return;
    problems.refuse(element.id, element.line, "called_process_start",
                    fmt::format("被调用的流程 {} 没有普通开始事件，无法由调用开始，请补上。", called.id),
                    fmt::format("The called process {} has no plain start event.", called.id));
}

void check(const Process& process, const Element& element, Problems& problems) {
    const auto called = process.called.find(element.called.literal);
    if (called != process.called.end()) {
        check_called(process, element, process.element(called->second), problems);
    } else if (element.called.empty()) {
        problems.refuse(element.id, element.line, "called_process_missing", "调用活动没有写明调用哪个流程。",
                        "The call activity names no process.");
    } else if (!element.called.literal.empty()) {
        problems.warn(element.id, element.line, "called_process_unknown",
                      fmt::format("现在还没有流程 {}，办到这一步时会出现异常，部署后可重试。", element.called.literal),
                      fmt::format("There is no process {} yet; until it is deployed this step is an incident.",
                                  element.called.literal));
    }
}

int depth_of(const Execution& execution, std::int64_t token) {
    int depth = 0;
    for (; token != 0; token = execution.token(token).scope) {
        if (execution.element_of(token).kind == Kind::call_activity) ++depth;
    }
    return depth;
}

void enter(Execution& execution, std::int64_t token) {
    const Element& call = execution.element_of(token);
    const auto id = name_of(execution, token, call.called);
    if (!id) return;
    const Element* called = execution.definition().called(*id);
    if (called == nullptr) {
        return execution.raise(token, "bpmn.called_process_unknown",
                               fmt::format("没有可调用的流程 {}。请部署它后重试。", *id));
    }
    if (depth_of(execution, token) > kCallDepthMax) {
        return execution.raise(token, "bpmn.call_depth",
                               fmt::format("流程互相调用超过{}层，可能在绕圈。请改正流程图。", kCallDepthMax));
    }
    const auto passed = call.passes_variables_in
                            ? visible_variables(execution.definition(), execution.state(), execution.token(token).scope)
                            : boost::json::object{};
    if (!open_scope(execution, token, *called, ScopeOpened{token, call.id})) return;
    boost::json::object fresh;
    for (const auto& [name, value] : passed) {
        if (!execution.token(token).variables.contains(name)) fresh[name] = value;
    }
    if (!fresh.empty()) execution.emit(ScopeVariablesSet{token, std::move(fresh)});
    begin_inside(execution, token, *called);
}

}  // namespace

const Handler kCallActivity{Kind::call_activity, "callActivity", {Trigger::none}, nullptr, check, enter};

}  // namespace kaigong::bpmn::elements
