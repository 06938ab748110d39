#include "engine/bpmn/proof/proof.hpp"

#include <fmt/format.h>

#include "engine/bpmn/proof/findings.hpp"

namespace kaigong::bpmn {

Proof::Verdict Proof::verdict() const {
    if (!findings.empty()) return Verdict::faulty;
    return gaps.empty() ? Verdict::proven : Verdict::gave_up;
}

std::string_view to_string(Proof::Verdict verdict) {
    switch (verdict) {
        case Proof::Verdict::proven: return "proven";
        case Proof::Verdict::faulty: return "faulty";
        case Proof::Verdict::gave_up: return "gave_up";
    }
    return "";
}

Proof prove(const Definition& definition, const ProofLimits& limits) {
    const proof::Net net = proof::net_of(definition);
    const proof::StateGraph graph = proof::explore(net, limits.states_max);
    Proof result;
    result.gaps = net.gaps;
    result.states = static_cast<int>(graph.states.size());
    for (std::size_t i = 0; i < net.nodes.size(); ++i) {
        if (definition.element(static_cast<int>(i)).kind == Kind::process) continue;
        ++result.elements;
        if (graph.reached[i] != proof::kNoState) ++result.elements_reached;
    }
    const proof::Evidence evidence{definition, net, graph};
    const std::vector<int> stuck = proof::find_stuck_states(evidence, result.findings);
    proof::find_endless_loops(evidence, stuck, result.findings);
    proof::find_idle_loops(evidence, result.findings);
    proof::find_endless_calls(evidence, result.findings);
    proof::find_endless_timers(evidence, result);
    proof::find_too_many_tokens(evidence, result.findings);
    proof::find_dead_parts(evidence, result.findings);
    if (!graph.state_limit_hit) return result;
    result.gaps.push_back({Problem::Severity::warning, definition.process_id(), 0, "state_limit",
                           fmt::format("看过 {} 种状态后停止，没有看完。可用 --states-max 放宽后重试。", result.states),
                           fmt::format("Gave up after {} states; raise --states-max to look at more.", result.states)});
    return result;
}

}  // namespace kaigong::bpmn
