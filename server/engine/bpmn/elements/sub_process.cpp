// An embedded sub-process: a scope of its own that ends when no token is left inside.
#include "engine/bpmn/behaviors/timers.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {
namespace {

void read(const XmlElement& xml, Element& element, Problems& problems) {
    if (xml.attribute("triggeredByEvent") != "true") return;
    problems.refuse(element.id, element.line, "unsupported_element", "暂不支持事件子流程,请改用边界事件。",
                    "Event sub-processes are not supported yet; use a boundary event.");
}

void enter(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    if (!open_activity(execution, token, ScopeOpened{token, element.id})) return;
    execution.arrive(execution.definition().element(element.start), token, "");
}

}  // namespace

const Handler kSubProcess{Kind::sub_process, "subProcess", "", read, nullptr, enter};

}  // namespace kaigong::bpmn::elements
