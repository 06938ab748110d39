#include "engine/bpmn/elements/table.hpp"

#include <array>
#include <stdexcept>

namespace kaigong::bpmn {

std::span<const Handler> handlers() {
    static const std::array kHandlers{
        elements::kStartEvent,        elements::kEndEvent,
        elements::kTerminateEndEvent, elements::kTask,
        elements::kManualTask,        elements::kUserTask,
        elements::kServiceTask,       elements::kBusinessRuleTask,
        elements::kExclusiveGateway,  elements::kInclusiveGateway,
        elements::kParallelGateway,   elements::kSubProcess,
        elements::kBoundaryTimer,
    };
    return kHandlers;
}

const Handler& handler_of(Kind kind) {
    for (const Handler& handler : handlers()) {
        if (handler.kind == kind) return handler;
    }
    throw std::logic_error("an element kind has no handler");
}

}  // namespace kaigong::bpmn
