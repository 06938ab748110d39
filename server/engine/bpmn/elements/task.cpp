// A task of no kind: nothing to wait for, the token goes on at once.
#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {

const Handler kTask{Kind::task, "task", {Trigger::none}, nullptr, nullptr, pass};

}  // namespace kaigong::bpmn::elements
