#include "engine/bpmn/elements/table.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace kaigong::bpmn {

std::span<const Handler> handlers() {
    static const std::array kHandlers{
        elements::kStartEvent,
        elements::kEndEvent,
        elements::kIntermediateCatchEvent,
        elements::kIntermediateThrowEvent,
        elements::kBoundaryEvent,
        elements::kTask,
        elements::kManualTask,
        elements::kUserTask,
        elements::kServiceTask,
        elements::kScriptTask,
        elements::kBusinessRuleTask,
        elements::kSendTask,
        elements::kReceiveTask,
        elements::kExclusiveGateway,
        elements::kInclusiveGateway,
        elements::kParallelGateway,
        elements::kEventBasedGateway,
        elements::kSubProcess,
        elements::kEventSubProcess,
        elements::kTransaction,
        elements::kAdHocSubProcess,
        elements::kCallActivity,
    };
    return kHandlers;
}

const Handler& handler_of(Kind kind) {
    // Looked up at every step of every instance.
    static const auto kByKind = [] {
        std::array<const Handler*, static_cast<std::size_t>(Kind::call_activity) + 1> table{};
        for (const Handler& handler : handlers()) table.at(static_cast<std::size_t>(handler.kind)) = &handler;
        return table;
    }();
    const Handler* handler = kByKind.at(static_cast<std::size_t>(kind));
    if (handler == nullptr) throw std::logic_error("an element kind has no handler");
    return *handler;
}

bool allows(const Handler& handler, Trigger trigger) {
    return std::ranges::find(handler.triggers, trigger) != handler.triggers.end();
}

bool is_activity(Kind kind) {
    switch (kind) {
        case Kind::task:
        case Kind::manual_task:
        case Kind::user_task:
        case Kind::service_task:
        case Kind::script_task:
        case Kind::business_rule_task:
        case Kind::send_task:
        case Kind::receive_task:
        case Kind::sub_process:
        case Kind::transaction:
        case Kind::ad_hoc_sub_process:
        case Kind::call_activity: return true;
        default: return false;
    }
}

bool is_scope(Kind kind) {
    switch (kind) {
        case Kind::process:
        case Kind::sub_process:
        case Kind::event_sub_process:
        case Kind::transaction:
        case Kind::ad_hoc_sub_process: return true;
        default: return false;
    }
}

}  // namespace kaigong::bpmn
