// A process that calls itself and has no way to its end without doing so.
#include <fmt/format.h>

#include "engine/bpmn/proof/findings.hpp"
#include "engine/bpmn/proof/path.hpp"

namespace kaigong::bpmn::proof {
namespace {

bool returns_from_recursion(const Evidence& evidence, const Step& step) {
    return step.kind == Step::Kind::finish && evidence.net.node(step.node).recurs;
}

/// States that come before anybody returns from a call of the process by itself.
std::vector<bool> states_before_return(const Evidence& evidence) {
    const StateGraph& graph = evidence.graph;
    std::vector<std::vector<int>> after(graph.states.size());
    for (std::size_t i = 0; i < graph.edges.size(); ++i) {
        const auto& [from, to] = graph.edges[i];
        if (!returns_from_recursion(evidence, graph.edge_steps[i])) after[static_cast<std::size_t>(from)].push_back(to);
    }
    std::vector<bool> seen(graph.states.size(), false);
    std::vector<int> open;
    for (std::size_t i = 0; i < graph.states.size(); ++i) {
        if (graph.states[i].before == kNoState) open.push_back(static_cast<int>(i));
    }
    while (!open.empty()) {
        const auto state = static_cast<std::size_t>(open.back());
        open.pop_back();
        if (seen[state]) continue;
        seen[state] = true;
        open.insert(open.end(), after[state].begin(), after[state].end());
    }
    return seen;
}

}  // namespace

void find_endless_calls(const Evidence& evidence, std::vector<Finding>& findings) {
    int call = -1;
    for (std::size_t i = 0; i < evidence.net.nodes.size() && call < 0; ++i) {
        if (evidence.net.nodes[i].recurs && evidence.graph.reached[i] != kNoState) call = static_cast<int>(i);
    }
    if (call < 0 || !evidence.graph.is_complete()) return;
    const std::vector<bool> before = states_before_return(evidence);
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (before[i] && evidence.graph.state(static_cast<int>(i)).final) return;
    }
    const Element& element = evidence.definition.element(call);
    findings.push_back(
        {"cannot_end", element.id, element.line,
         fmt::format("「{}」每次都再调用自己这个流程，没有一种走法能不调用就结束。请加一条不再调用的流向。",
                     label_of(element)),
         fmt::format("\"{}\" calls its own process each time; there is no way to the end without it.",
                     label_of(element)),
         path_to(evidence.definition, evidence.net, evidence.graph,
                 evidence.graph.reached[static_cast<std::size_t>(call)])});
    findings.back().path.push_back(and_so_on(element));
}

}  // namespace kaigong::bpmn::proof
