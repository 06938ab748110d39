// Two ways that meet without a join: what follows runs twice, or without bound.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/bpmn/proof/findings.hpp"
#include "engine/bpmn/proof/path.hpp"

namespace kaigong::bpmn::proof {
namespace {

/// The node and all that lie behind it.
std::set<int> behind(const Net& net, int first) {
    std::set<int> nodes;
    std::vector<int> open{first};
    while (!open.empty()) {
        const int index = open.back();
        open.pop_back();
        if (!nodes.insert(index).second) continue;
        for (const Way& way : net.node(index).ways) open.push_back(way.target);
        for (const AttachedEvent& event : net.node(index).events) open.push_back(event.node);
        if (net.node(index).body < 0) continue;
        const Node& body = net.node(net.node(index).body);
        open.insert(open.end(), body.starts.begin(), body.starts.end());
        for (const AttachedEvent& event : body.listeners) open.push_back(event.node);
    }
    return nodes;
}

/// Nodes at which two tokens wait at the same time, one of them at least of the main line. At a join, over one flow.
void add_doubles(const Scope& scope, std::set<int>& nodes) {
    struct Count {
        int all = 0;
        int main = 0;
    };
    std::map<std::pair<int, int>, Count> counts;
    const auto count = [&](int node, int slot, std::uint16_t origin) {
        Count& one = counts[{node, slot}];
        ++one.all;
        if (origin == 0) ++one.main;
    };
    for (const Mark& mark : scope.marks) {
        if (mark.stand == Stand::waiting) count(mark.node, mark.slot, mark.origin);
    }
    for (const Scope& inner : scope.inside) {
        count(inner.node, 0, inner.origin);
        add_doubles(inner, nodes);
    }
    for (const auto& [place, tokens] : counts) {
        if (tokens.all > 1 && tokens.main > 0) nodes.insert(place.first);
    }
}

void find_growth(const Evidence& evidence, std::set<int>& known, std::vector<Finding>& findings) {
    for (const Growth& growth : evidence.graph.growths) {
        const bool is_known =
            std::all_of(growth.nodes.begin(), growth.nodes.end(), [&](int node) { return known.contains(node); });
        if (is_known) continue;
        const Element& element = evidence.definition.element(growth.nodes.front());
        for (const int node : growth.nodes) known.merge(behind(evidence.net, node));
        findings.push_back(
            {"tokens_grow", element.id, element.line,
             fmt::format("每绕一圈，「{}」就多一份没办完的，会越积越多。请在绕回之前汇合各分支，或不要在圈内分叉。",
                         label_of(element)),
             fmt::format("Each round leaves one more open \"{}\": a place can collect more and more tokens. Join the "
                         "branches before the way back.",
                         label_of(element)),
             path_to(evidence.definition, evidence.net, evidence.graph, growth.state)});
        findings.back().path.push_back(and_so_on(element));
    }
}

}  // namespace

void find_too_many_tokens(const Evidence& evidence, std::vector<Finding>& findings) {
    std::set<int> known;
    find_growth(evidence, known, findings);
    for (std::size_t i = 0; i < evidence.graph.states.size(); ++i) {
        const int state = static_cast<int>(i);
        if (evidence.graph.state(state).main_tokens < 1) continue;
        std::set<int> nodes;
        add_doubles(evidence.graph.marking(state), nodes);
        for (const int node : nodes) {
            if (known.contains(node)) continue;
            // All that follows runs twice too: one cause is one finding.
            known.merge(behind(evidence.net, node));
            const Element& element = evidence.definition.element(node);
            findings.push_back(
                {"runs_twice", element.id, element.line,
                 fmt::format("「{}」会同时有两份：前面的并行分支没有汇合就走到了一起。请在它之前用并行或相容网关汇合。",
                             label_of(element)),
                 fmt::format("\"{}\" can be open twice at the same time: parallel branches meet before it without a "
                             "join. Join them with a parallel or inclusive gateway.",
                             label_of(element)),
                 path_to(evidence.definition, evidence.net, evidence.graph, state)});
        }
    }
}

}  // namespace kaigong::bpmn::proof
