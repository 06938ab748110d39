#include "engine/bpmn/behaviors/leaving.hpp"

#include <fmt/format.h>

#include "engine/bpmn/behaviors/timers.hpp"

namespace kaigong::bpmn {
namespace {

void end_scope_if_empty(Execution& execution, std::int64_t scope) {
    if (!execution.tokens_in(scope).empty()) return;
    if (scope == 0) {
        execution.emit(InstanceCompleted{});
        return;
    }
    execution.emit(ScopeEmptied{scope, execution.token(scope).element});
    cancel_timers(execution, scope);
    leave(execution, scope);
}

}  // namespace

std::optional<bool> is_open(Execution& execution, std::int64_t token, const Flow& flow) {
    if (flow.condition == nullptr) return true;
    const feel::Value value = execution.evaluate(*flow.condition);
    if (value.kind() == feel::Kind::boolean) return value.as_bool();
    const std::string_view reason = value.is_null() ? value.null_reason() : "";
    execution.raise(token, "bpmn.condition_not_boolean",
                    fmt::format("流向 {} 的条件没有得出“是”或“否”{}{}。请核对条件用到的变量,补上后重试。", flow.id,
                                reason.empty() ? "" : ":", reason));
    return std::nullopt;
}

void leave(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    std::vector<int> open;
    for (const int index : element.outgoing) {
        if (index == element.default_flow) continue;
        const auto is_taken = is_open(execution, token, execution.definition().flow(index));
        if (!is_taken) return;
        if (*is_taken) open.push_back(index);
    }
    if (open.empty() && element.default_flow >= 0) open.push_back(element.default_flow);
    if (open.empty() && !element.outgoing.empty()) return raise_no_way_out(execution, token);
    leave_by(execution, token, open);
}

void leave_by(Execution& execution, std::int64_t token, const std::vector<int>& flows) {
    const std::int64_t scope = execution.token(token).scope;
    ElementCompleted completed{token, execution.token(token).element, {}};
    for (const int index : flows) completed.flows.push_back(execution.definition().flow(index).id);
    execution.emit(std::move(completed));
    for (const int index : flows) {
        const Flow& flow = execution.definition().flow(index);
        execution.arrive(execution.definition().element(flow.target), scope, flow.id);
    }
    if (flows.empty()) end_scope_if_empty(execution, scope);
}

void raise_no_way_out(Execution& execution, std::int64_t token) {
    execution.raise(token, "bpmn.no_way_out",
                    fmt::format("{} 的各条流向条件都不成立,也没有默认流向。请核对变量,修正后重试。",
                                execution.token(token).element));
}

}  // namespace kaigong::bpmn
