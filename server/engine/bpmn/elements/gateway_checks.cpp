#include "engine/bpmn/elements/gateway_checks.hpp"

#include <fmt/format.h>

namespace kaigong::bpmn::elements {

void check_choices(const Process& process, const Element& element, Problems& problems) {
    check_has_outgoing(element, problems);
    if (element.outgoing.size() < 2) return;
    for (const int index : element.outgoing) {
        const Flow& flow = process.flow(index);
        if (flow.condition != nullptr || index == element.default_flow || flow.has_condition_text) continue;
        problems.refuse(flow.id, flow.line, "condition_missing",
                        fmt::format("网关 {} 的这条流向没有条件,请填写条件或设为默认流向。", element.id),
                        fmt::format("This way out of gateway {} has no condition and is not its default.", element.id));
    }
}

void check_has_outgoing(const Element& element, Problems& problems) {
    // One that only joins may be the end of its way, where no end event is used.
    if (!element.outgoing.empty() || element.incoming.size() > 1) return;
    problems.refuse(element.id, element.line, "gateway_without_outgoing",
                    "网关没有流出的连线,请连到下一个步骤或结束事件。", "The gateway has no outgoing sequence flow.");
}

}  // namespace kaigong::bpmn::elements
