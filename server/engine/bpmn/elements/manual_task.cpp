// A manual task is done outside the system, which can't know when: the token goes on at once.
#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {

const Handler kManualTask{Kind::manual_task, "manualTask", {Trigger::none}, nullptr, nullptr, pass};

}  // namespace kaigong::bpmn::elements
