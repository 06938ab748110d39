// A transaction: a sub-process that its cancel end event undoes and leaves by its cancel boundary event.
#include <algorithm>

#include "engine/bpmn/behaviors/scopes.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {
namespace {

/// Undone, it could not go on anywhere.
void check_transaction(const Process& process, const Element& transaction, Problems& problems) {
    const int index = process.find(transaction.id);
    const bool is_cancelled = std::ranges::any_of(process.elements, [&](const Element& element) {
        return element.kind == Kind::end_event && element.trigger == Trigger::cancel && element.scope == index;
    });
    const bool is_caught = std::ranges::any_of(
        transaction.boundary_events, [&](int event) { return process.element(event).trigger == Trigger::cancel; });
    if (!is_cancelled || is_caught) return;
    problems.refuse(transaction.id, transaction.line, "cancel_not_caught",
                    "事务里有取消结束事件，但事务上没有取消边界事件，撤销后无处可去，请补上。",
                    "The transaction can be cancelled, but has no cancel boundary event by which to leave.");
}

}  // namespace

const Handler kTransaction{Kind::transaction, "transaction", {Trigger::none}, nullptr, check_transaction, enter_scope};

}  // namespace kaigong::bpmn::elements
