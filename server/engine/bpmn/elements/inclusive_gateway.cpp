// An inclusive gateway takes every way whose condition is true, else the default one. Joining, it waits for all tokens
// that can still come, and only for those.
#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/elements/gateway_checks.hpp"

namespace kaigong::bpmn::elements {
namespace {

void enter_inclusive_gateway(Execution& execution, std::int64_t token) {
    const Element& gateway = execution.element_of(token);
    if (gateway.incoming.size() < 2) return leave(execution, token);
    // Whether a token can still come is known only when all others stand still: see Execution::settle.
    execution.emit(TokenJoined{token, gateway.id});
}

}  // namespace

const Handler kInclusiveGateway{Kind::inclusive_gateway, "inclusiveGateway",     {Trigger::none}, nullptr,
                                check_choices,           enter_inclusive_gateway};

}  // namespace kaigong::bpmn::elements
