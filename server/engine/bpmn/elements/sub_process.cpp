// An embedded sub-process: a scope of its own that ends when no token is left inside.
#include "engine/bpmn/behaviors/scopes.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {

const Handler kSubProcess{Kind::sub_process, "subProcess", {Trigger::none}, nullptr, nullptr, enter_scope};

}  // namespace kaigong::bpmn::elements
