// An exclusive gateway takes the first way whose condition is true, else the default one. Joining, it lets every token
// pass.
#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/elements/gateway_checks.hpp"

namespace kaigong::bpmn::elements {
namespace {

void enter_exclusive_gateway(Execution& execution, std::int64_t token) {
    const Element& gateway = execution.element_of(token);
    for (const int index : gateway.outgoing) {
        if (index == gateway.default_flow) continue;
        const auto open = is_open(execution, token, execution.definition().flow(index));
        if (!open) return;
        if (*open) return leave_by(execution, token, {index});
    }
    if (gateway.outgoing.empty()) return leave_by(execution, token, {});
    if (gateway.default_flow < 0) return raise_no_way_out(execution, token);
    leave_by(execution, token, {gateway.default_flow});
}

}  // namespace

const Handler kExclusiveGateway{Kind::exclusive_gateway, "exclusiveGateway",     {Trigger::none}, nullptr,
                                check_choices,           enter_exclusive_gateway};

}  // namespace kaigong::bpmn::elements
