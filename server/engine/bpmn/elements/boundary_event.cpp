// An event on the edge of an activity. It listens while the activity is open; catching, it ends the activity, or leaves
// it open (cancelActivity="false"), and sends a token along its own flows. A compensation event sends none: it says who
// undoes the activity.
#include <fmt/format.h>

#include <algorithm>

#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {
namespace {

constexpr std::initializer_list<Trigger> kBoundaryEventTriggers{
    Trigger::timer, Trigger::message,    Trigger::signal, Trigger::conditional,
    Trigger::error, Trigger::escalation, Trigger::cancel, Trigger::compensation};

void read_boundary_event(const XmlElement& xml, Element& element, Problems& problems) {
    const bool always = element.trigger == Trigger::error || element.trigger == Trigger::cancel;
    element.interrupting = always || xml.attribute("cancelActivity") != "false";
    if (!always || xml.attribute("cancelActivity") != "false") return;
    problems.refuse(element.id, element.line, "must_interrupt", "错误和取消边界事件总是中断活动，请改为中断型。",
                    "An error or cancel boundary event always interrupts.");
}

void check_flows(const Element& element, Problems& problems) {
    if (element.trigger == Trigger::compensation) {
        if (element.incoming.empty() && element.outgoing.empty()) return;
        problems.refuse(element.id, element.line, "boundary_flows",
                        "补偿边界事件不用连线，请用关联（association）连到补偿活动。",
                        "A compensation boundary event has no sequence flows; an association leads to its activity.");
        return;
    }
    if (element.incoming.empty() && !element.outgoing.empty()) return;
    problems.refuse(element.id, element.line, "boundary_flows", "边界事件须有流出的连线，且不能有流入的连线。",
                    "A boundary event needs outgoing sequence flows and can't have incoming ones.");
}

void check_compensation(const Process& process, const Element& element, Problems& problems) {
    if (element.trigger != Trigger::compensation) return;
    if (process.element(element.attached_to).compensation_handler >= 0) return;
    problems.refuse(element.id, element.line, "compensation_unbound",
                    "补偿边界事件没有关联到补偿活动，请画一条关联线，并把活动标为“用于补偿”。",
                    "No association leads from here to an activity with isForCompensation.");
}

/// An activity is undone in one way, and a cancelled transaction is left by one.
void check_alone(const Process& process, const Element& activity, const Element& element, Problems& problems) {
    if (element.trigger != Trigger::compensation && element.trigger != Trigger::cancel) return;
    const auto first = std::ranges::find_if(
        activity.boundary_events, [&](int event) { return process.element(event).trigger == element.trigger; });
    if (&process.element(*first) == &element) return;
    problems.refuse(element.id, element.line, "boundary_twice", "一个活动上只能有一个补偿或取消边界事件，请保留一个。",
                    "An activity has one compensation or cancel boundary event only.");
}

void check_boundary_event(const Process& process, const Element& element, Problems& problems) {
    check_flows(element, problems);
    if (element.attached_to < 0) return;
    const Element& activity = process.element(element.attached_to);
    if (!is_activity(activity.kind) || activity.scope != element.scope) {
        problems.refuse(element.id, element.line, "boundary_not_on_activity", "边界事件须附在同一层的任务或子流程上。",
                        "A boundary event must be attached to an activity of the same level.");
        return;
    }
    check_compensation(process, element, problems);
    check_alone(process, activity, element, problems);
    if (element.trigger == Trigger::cancel && activity.kind != Kind::transaction) {
        problems.refuse(element.id, element.line, "cancel_outside_transaction", "取消边界事件只能附在事务子流程上。",
                        "A cancel boundary event belongs on a transaction.");
    }
    if (element.trigger == Trigger::timer && (activity.kind == Kind::task || activity.kind == Kind::manual_task)) {
        problems.warn(element.id, element.line, "timer_never_fires",
                      fmt::format("{} 不等待，立即通过，这个计时器不会触发。", activity.id),
                      fmt::format("{} is passed at once; this timer never fires.", activity.id));
    }
}

}  // namespace

const Handler kBoundaryEvent{Kind::boundary_event, "boundaryEvent",      kBoundaryEventTriggers,
                             read_boundary_event,  check_boundary_event, leave};

}  // namespace kaigong::bpmn::elements
