// A transaction: a sub-process that its cancel end event undoes and leaves by its cancel boundary event.
#include "engine/bpmn/behaviors/scopes.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {

const Handler kTransaction{Kind::transaction, "transaction", {Trigger::none}, nullptr, nullptr, enter_scope};

}  // namespace kaigong::bpmn::elements
