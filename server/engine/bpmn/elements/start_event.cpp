// A start event: the token goes on at once. What its trigger means is decided before a token comes here: who begins the
// process (Start), or what an event sub-process listens for.
#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {
namespace {

constexpr std::initializer_list<Trigger> kStartEventTriggers{
    Trigger::none,        Trigger::timer, Trigger::message,    Trigger::signal,
    Trigger::conditional, Trigger::error, Trigger::escalation, Trigger::compensation};

void read_start_event(const XmlElement& xml, Element& element, Problems& problems) {
    element.interrupting = xml.attribute("isInterrupting") != "false";
    const bool always = element.trigger == Trigger::error || element.trigger == Trigger::compensation;
    if (element.interrupting || !always) return;
    problems.refuse(element.id, element.line, "must_interrupt", "错误和补偿开始事件总是中断，请改为中断型。",
                    "An error or compensation start event always interrupts.");
}

bool begins_only_event_sub_processes(Trigger trigger) {
    return trigger == Trigger::error || trigger == Trigger::escalation || trigger == Trigger::compensation;
}

void check_start_event(const Process& process, const Element& element, Problems& problems) {
    if (!element.incoming.empty()) {
        problems.refuse(element.id, element.line, "start_has_incoming",
                        "开始事件不能有流入的连线，请改连到下一个步骤。",
                        "A start event can't have incoming sequence flows.");
    }
    const Kind around = process.element(element.scope).kind;
    if (around == Kind::event_sub_process) {
        if (element.trigger == Trigger::none) {
            problems.refuse(element.id, element.line, "start_without_trigger",
                            "事件子流程的开始事件须有触发条件，请选择消息、计时、错误等。",
                            "The start event of an event sub-process needs a trigger.");
        }
        return;
    }
    const bool misplaced =
        around == Kind::process ? begins_only_event_sub_processes(element.trigger) : element.trigger != Trigger::none;
    if (!misplaced) return;
    problems.refuse(
        element.id, element.line, "start_trigger_misplaced",
        "这种开始事件在这里不起作用：子流程由普通开始事件开始，错误、升级、补偿只能开始事件子流程。",
        "This trigger can't start this: a sub-process begins with a plain start event; error, escalation and "
        "compensation start event sub-processes only.");
}

}  // namespace

const Handler kStartEvent{Kind::start_event, "startEvent",      kStartEventTriggers,
                          read_start_event,  check_start_event, leave};

}  // namespace kaigong::bpmn::elements
