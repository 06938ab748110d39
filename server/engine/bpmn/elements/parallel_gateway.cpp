// A parallel gateway takes all ways. Joining, it waits for one token of each incoming flow.
#include "engine/bpmn/behaviors/joining.hpp"
#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/elements/gateway_checks.hpp"

namespace kaigong::bpmn::elements {
namespace {

void check_parallel_gateway(const Process& process, const Element& element, Problems& problems) {
    check_has_outgoing(element, problems);
    for (const int index : element.outgoing) {
        const Flow& flow = process.flow(index);
        if (!flow.has_condition_text) continue;
        problems.warn(flow.id, flow.line, "condition_on_parallel",
                      "并行网关的流向全部都走,条件不起作用。请删除条件,或改用相容网关。",
                      "A parallel gateway takes all ways; remove the condition or use an inclusive gateway.");
    }
}

void enter_parallel_gateway(Execution& execution, std::int64_t token) {
    if (execution.element_of(token).incoming.size() < 2) return leave(execution, token);
    join_parallel(execution, token);
}

}  // namespace

const Handler kParallelGateway{Kind::parallel_gateway, "parallelGateway",     {Trigger::none}, nullptr,
                               check_parallel_gateway, enter_parallel_gateway};

}  // namespace kaigong::bpmn::elements
