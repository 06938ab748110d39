// An event sub-process begins when what its start event waits for happens while the scope around it is open; it ends
// that scope's other work, or runs beside it.
#include "engine/bpmn/behaviors/scopes.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {
namespace {

void check_event_sub_process(const Process& process, const Element& element, Problems& problems) {
    if (!element.incoming.empty() || !element.outgoing.empty()) {
        problems.refuse(element.id, element.line, "event_sub_process_flows", "事件子流程不能有连线，它由事件开始。",
                        "An event sub-process has no sequence flows; an event begins it.");
    }
    if (element.starts.size() == 1 && process.element(element.starts.front()).kind == Kind::start_event) {
        return;
    }
    problems.refuse(element.id, element.line, "event_sub_process_start", "事件子流程须有且只有一个开始事件。",
                    "An event sub-process has exactly one start event.");
}

}  // namespace

const Handler kEventSubProcess{Kind::event_sub_process, "subProcess", {Trigger::none}, nullptr,
                               check_event_sub_process, enter_scope};

}  // namespace kaigong::bpmn::elements
