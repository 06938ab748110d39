// An intermediate throw event: does what its trigger says and goes on, after the last compensation; a link goes on at
// the event that catches it.
#include "engine/bpmn/behaviors/compensating.hpp"
#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/behaviors/throwing.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {
namespace {

constexpr std::initializer_list<Trigger> kIntermediateThrowEventTriggers{
    Trigger::none, Trigger::message, Trigger::signal, Trigger::escalation, Trigger::compensation, Trigger::link};

void check_intermediate_throw_event(const Process& process, const Element& element, Problems& problems) {
    check_compensated(process, element, problems);
    if (element.trigger != Trigger::link) return;
    if (!element.outgoing.empty()) {
        problems.refuse(element.id, element.line, "link_has_outgoing", "发出链接的事件不能再有流出的连线。",
                        "A link throw event can't have outgoing sequence flows.");
    }
    if (element.link_target >= 0) return;
    problems.refuse(element.id, element.line, "link_unmatched", "同一层没有同名的链接接收事件，请补上或改名。",
                    "No link catch event of that name is on this level.");
}

void follow_link(Execution& execution, std::int64_t token) {
    const Element& target = execution.definition().element(execution.element_of(token).link_target);
    const std::int64_t scope = execution.token(token).scope;
    execution.emit(ElementCompleted{token, execution.token(token).element, {}});
    execution.arrive(target, scope, "");
}

void enter_intermediate_throw_event(Execution& execution, std::int64_t token) {
    const Trigger trigger = execution.element_of(token).trigger;
    if (trigger == Trigger::compensation) return start_compensation(execution, token);
    if (trigger == Trigger::link) return follow_link(execution, token);
    if (throw_and_go_on(execution, token)) leave(execution, token);
}

}  // namespace

const Handler kIntermediateThrowEvent{Kind::intermediate_throw_event,  "intermediateThrowEvent",
                                      kIntermediateThrowEventTriggers, nullptr,
                                      check_intermediate_throw_event,  enter_intermediate_throw_event};

}  // namespace kaigong::bpmn::elements
