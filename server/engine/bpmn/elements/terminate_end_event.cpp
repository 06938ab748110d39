// A terminate end event: every other token of its process, or of its sub-process, is cancelled.
#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/behaviors/timers.hpp"
#include "engine/bpmn/elements/end_event.hpp"

namespace kaigong::bpmn::elements {
namespace {

void enter(Execution& execution, std::int64_t token) {
    for (const std::int64_t other : execution.tokens_in(execution.token(token).scope)) {
        if (other != token) cancel_token(execution, other, execution.token(token).element);
    }
    leave_by(execution, token, {});
}

}  // namespace

const Handler kTerminateEndEvent{
    Kind::terminate_end_event, "endEvent", "terminateEventDefinition", nullptr, check_end, enter};

}  // namespace kaigong::bpmn::elements
