// An ad-hoc sub-process: its activities begin all at once, or one after the other (ordering="Sequential"); it ends when
// its completion condition is true after one of them, or when all are done.
#include "engine/bpmn/behaviors/ad_hoc.hpp"
#include "engine/bpmn/elements/table.hpp"
#include "engine/bpmn/reading.hpp"

namespace kaigong::bpmn::elements {
namespace {

void read_ad_hoc_sub_process(const XmlElement& xml, Element& element, Problems& problems) {
    element.one_at_a_time = xml.attribute("ordering") == "Sequential";
    element.cancels_remaining = xml.attribute("cancelRemainingInstances") != "false";
    const XmlElement* chosen = zeebe(xml, "adHoc");
    if (chosen != nullptr && !chosen->attribute("activeElementsCollection").empty()) {
        read_expression(chosen->attribute("activeElementsCollection"), chosen->line, element.id,
                        element.active_elements, problems);
    }
    const XmlElement* condition = xml.child("completionCondition");
    if (condition == nullptr || condition->text.empty()) return;
    read_expression(*condition, element, element.completion, problems);
}

/// BPMN 2.0.2, 10.3.5: no start and end events inside.
void check_no_events(const Process& process, const Element& around, Problems& problems) {
    for (const Element& element : process.elements) {
        const bool is_event = element.kind == Kind::start_event || element.kind == Kind::end_event;
        if (!is_event || &process.element(element.scope) != &around) continue;
        problems.refuse(element.id, element.line, "not_in_ad_hoc", "临时子流程里不能有开始事件和结束事件，请删除。",
                        "A start or end event can't be in an ad-hoc sub-process.");
    }
}

void check_ad_hoc_sub_process(const Process& process, const Element& element, Problems& problems) {
    check_no_events(process, element, problems);
    if (!element.starts.empty()) return;
    problems.refuse(element.id, element.line, "ad_hoc_empty", "临时子流程里没有可以开始的活动。",
                    "The ad-hoc sub-process has no activity that can begin.");
}

}  // namespace

const Handler kAdHocSubProcess{Kind::ad_hoc_sub_process, "adHocSubProcess",        {Trigger::none},
                               read_ad_hoc_sub_process,  check_ad_hoc_sub_process, start_ad_hoc};

}  // namespace kaigong::bpmn::elements
