// A plain end event: this token ends, the others go on.
#include "engine/bpmn/elements/end_event.hpp"

#include "engine/bpmn/behaviors/leaving.hpp"

namespace kaigong::bpmn::elements {

void check_end(const Process& /*process*/, const Element& element, Problems& problems) {
    if (element.outgoing.empty()) return;
    problems.refuse(element.id, element.line, "end_has_outgoing", "结束事件不能有流出的连线,请删除连线或改用其他元素。",
                    "An end event can't have outgoing sequence flows.");
}

const Handler kEndEvent{Kind::end_event, "endEvent", "", nullptr, check_end, leave};

}  // namespace kaigong::bpmn::elements
