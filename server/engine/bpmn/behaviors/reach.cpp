#include "engine/bpmn/behaviors/reach.hpp"

namespace kaigong::bpmn {
namespace {

void add_outgoing(const Definition& definition, const Element& element, std::vector<int>& flows) {
    flows.insert(flows.end(), element.outgoing.begin(), element.outgoing.end());
    for (const int event : element.boundary_events) add_outgoing(definition, definition.element(event), flows);
    if (element.link_target >= 0) add_outgoing(definition, definition.element(element.link_target), flows);
}

}  // namespace

std::vector<int> ways_from(const Definition& definition, const Element& element) {
    std::vector<int> flows;
    add_outgoing(definition, element, flows);
    return flows;
}

std::vector<int> flows_ahead(const Definition& definition, const Token& token) {
    std::vector<int> flows;
    if (token.phase == Phase::arrived && !token.flow.empty()) {
        flows.push_back(definition.flow_index_of(token.flow));
    } else if (const Element* element = definition.find(token.element)) {
        add_outgoing(definition, *element, flows);
    }
    return flows;
}

std::vector<bool> flows_reached(const Definition& definition, std::vector<int> from, int through_not) {
    std::vector<bool> reached(definition.flows().size(), false);
    while (!from.empty()) {
        const int index = from.back();
        from.pop_back();
        if (reached[static_cast<std::size_t>(index)]) continue;
        reached[static_cast<std::size_t>(index)] = true;
        const int target = definition.flow(index).target;
        if (target != through_not) add_outgoing(definition, definition.element(target), from);
    }
    return reached;
}

}  // namespace kaigong::bpmn
