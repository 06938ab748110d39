// A plain start event: the token goes on at once. One in a process and one in each sub-process.
#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {
namespace {

void check(const Process& /*process*/, const Element& element, Problems& problems) {
    if (element.incoming.empty()) return;
    problems.refuse(element.id, element.line, "start_has_incoming", "开始事件不能有流入的连线,请改连到下一个步骤。",
                    "A start event can't have incoming sequence flows.");
}

}  // namespace

const Handler kStartEvent{Kind::start_event, "startEvent", "", nullptr, check, leave};

}  // namespace kaigong::bpmn::elements
