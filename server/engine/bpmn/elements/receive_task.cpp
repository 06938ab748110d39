// A receive task waits for its message.
#include "engine/bpmn/behaviors/waiting.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {
namespace {

void read_receive_task(const XmlElement& xml, Element& element, Problems& problems) {
    if (xml.attribute("instantiate") != "true") return;
    problems.refuse(element.id, element.line, "unsupported_element", "不支持由接收任务开始流程，请改用消息开始事件。",
                    "A receive task with instantiate is not supported; use a message start event.");
}

void enter_receive_task(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    open_receiving(execution, token, TokenWaiting{token, element.id});
}

}  // namespace

const Handler kReceiveTask{Kind::receive_task, "receiveTask", {Trigger::none},
                           read_receive_task,  nullptr,       enter_receive_task};

}  // namespace kaigong::bpmn::elements
