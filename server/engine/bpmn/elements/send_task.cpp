// A send task sends its message and goes on; with a job type, whoever owns the type sends it.
#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/behaviors/throwing.hpp"
#include "engine/bpmn/behaviors/variables.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {
namespace {

void enter_send_task(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    if (!element.job_type.empty()) {
        open_activity(execution, token, JobCreated{token, element.id, element.job_type});
        return;
    }
    if (map_inputs(execution, token) && throw_message(execution, token)) leave(execution, token);
}

}  // namespace

const Handler kSendTask{Kind::send_task, "sendTask", {Trigger::none}, nullptr, nullptr, enter_send_task};

}  // namespace kaigong::bpmn::elements
