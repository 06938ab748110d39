// States in which tokens wait for something that can't come.
#include <fmt/format.h>

#include <set>

#include "engine/bpmn/proof/findings.hpp"
#include "engine/bpmn/proof/path.hpp"

namespace kaigong::bpmn::proof {
namespace {

Finding starved(const Evidence& evidence, int node, int state) {
    const Element& element = evidence.definition.element(node);
    const std::string& name = label_of(element);
    Finding finding{"", element.id, element.line, "", "", {}};
    finding.path = path_to(evidence.definition, evidence.net, evidence.graph, state);
    finding.path.push_back({element.id, fmt::format("「{}」一直等待", name), name + " waits for ever"});
    if (evidence.graph.joined[static_cast<std::size_t>(node)] == kNoState && evidence.graph.is_complete()) {
        finding.code = "join_never_fires";
        finding.zh = fmt::format("「{}」永远等不齐各分支。请让汇合网关的种类与前面分叉的一致。", name);
        finding.en = fmt::format(
            "\"{}\" never gets a token from each of its branches. Let the kind of the join match "
            "the split before it.",
            name);
    } else {
        finding.code = "token_left_behind";
        finding.zh = fmt::format(
            "这样走，「{}」等的分支不会再来，已到的一直留在那里。请让每个分支都走到汇合，或用相容网关。", name);
        finding.en = fmt::format(
            "On this way what \"{}\" waits for can't come any more; a token is left there for "
            "ever. Lead each branch to the join, or use an inclusive gateway.",
            name);
    }
    return finding;
}

void add_without_way_out(const Net& net, const Scope& scope, std::set<int>& nodes) {
    for (const Mark& mark : scope.marks) {
        if (net.node(mark.node).outcomes.empty()) nodes.insert(mark.node);
    }
    for (const Scope& inner : scope.inside) {
        if (inner.is_empty() && net.node(inner.node).outcomes.empty()) nodes.insert(inner.node);
        add_without_way_out(net, inner, nodes);
    }
}

Finding without_way_out(const Evidence& evidence, int node, int state) {
    const Element& element = evidence.definition.element(node);
    return {"no_way_out",
            element.id,
            element.line,
            fmt::format("「{}」的各条流向条件都不可能成立，也没有默认流向。请改条件或设默认流向。", label_of(element)),
            fmt::format("No condition of the ways out of \"{}\" can be true and it has no default.", label_of(element)),
            path_to(evidence.definition, evidence.net, evidence.graph, state)};
}

void add_uncaught(const Scope& scope, std::set<int>& nodes) {
    for (const Mark& mark : scope.marks) {
        if (mark.stand == Stand::stopped) nodes.insert(mark.node);
    }
    for (const Scope& inner : scope.inside) add_uncaught(inner, nodes);
}

Finding uncaught(const Evidence& evidence, int node, int state) {
    const Element& element = evidence.definition.element(node);
    return {"error_not_caught",
            element.id,
            element.line,
            fmt::format("「{}」抛出的错误没有谁接手，流程停在这里。请在外层活动上加错误边界事件。", label_of(element)),
            fmt::format("Nothing catches what \"{}\" raises; the process stops there. Add an error boundary event.",
                        label_of(element)),
            path_to(evidence.definition, evidence.net, evidence.graph, state)};
}

}  // namespace

std::vector<int> find_stuck_states(const Evidence& evidence, std::vector<Finding>& findings) {
    std::vector<int> stuck;
    std::set<int> known;
    const auto report = [&](const std::set<int>& nodes, int state, auto finding) {
        for (const int node : nodes) {
            if (known.insert(node).second) findings.push_back(finding(evidence, node, state));
        }
        if (!nodes.empty() && (stuck.empty() || stuck.back() != state)) stuck.push_back(state);
    };
    for (std::size_t i = 0; i < evidence.graph.states.size(); ++i) {
        const int state = static_cast<int>(i);
        const ReachedState& reached = evidence.graph.state(state);
        if (!reached.expanded || (!reached.settled && !reached.final)) continue;
        const Scope marking = evidence.graph.marking(state);
        const std::vector<int> joins = starved_joins(evidence.net, marking);
        report({joins.begin(), joins.end()}, state, starved);
        std::set<int> raisers;
        add_uncaught(marking, raisers);
        report(raisers, state, uncaught);
        std::set<int> dead_ends;
        add_without_way_out(evidence.net, marking, dead_ends);
        report(dead_ends, state, without_way_out);
    }
    return stuck;
}

}  // namespace kaigong::bpmn::proof
