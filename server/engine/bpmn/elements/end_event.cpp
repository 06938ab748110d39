// An end event: this token ends, the others go on; before that it does what its trigger says.
#include "engine/bpmn/behaviors/compensating.hpp"
#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/behaviors/throwing.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {
namespace {

constexpr std::initializer_list<Trigger> kEndEventTriggers{Trigger::none,   Trigger::message,    Trigger::signal,
                                                           Trigger::error,  Trigger::escalation, Trigger::compensation,
                                                           Trigger::cancel, Trigger::terminate};

void check_end_event(const Process& process, const Element& element, Problems& problems) {
    check_compensated(process, element, problems);
    if (!element.outgoing.empty()) {
        problems.refuse(element.id, element.line, "end_has_outgoing",
                        "结束事件不能有流出的连线，请删除连线或改用其他元素。",
                        "An end event can't have outgoing sequence flows.");
    }
    if (element.trigger == Trigger::cancel && process.element(element.scope).kind != Kind::transaction) {
        problems.refuse(element.id, element.line, "cancel_outside_transaction", "取消结束事件只能放在事务子流程里。",
                        "A cancel end event belongs directly inside a transaction.");
    }
}

/// The others of its process, or of its sub-process, are cancelled.
void cancel_others(Execution& execution, std::int64_t token) {
    cancel_scope(execution, execution.token(token).scope, token, execution.token(token).element);
}

void enter_end_event(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    const Trigger trigger = element.trigger;
    if (trigger == Trigger::error) return throw_error(execution, token, element.name_of_event.literal);
    if (trigger == Trigger::compensation) return start_compensation(execution, token);
    if (trigger == Trigger::cancel) {
        cancel_others(execution, token);
        return start_compensation(execution, token);
    }
    if (trigger == Trigger::terminate) cancel_others(execution, token);
    if (!throw_and_go_on(execution, token)) return;
    leave_by(execution, token, {});
}

}  // namespace

const Handler kEndEvent{Kind::end_event, "endEvent", kEndEventTriggers, nullptr, check_end_event, enter_end_event};

}  // namespace kaigong::bpmn::elements
