#include "engine/bpmn/proof/path.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kaigong::bpmn::proof {

const std::string& label_of(const Element& element) {
    return element.name.empty() ? element.id : element.name;
}

ProofStep and_so_on(const Element& element) {
    return {element.id, "如此反复", "and so on for ever"};
}

namespace {

struct Words {
    std::string zh;
    std::string en;
};

Words flow_words(const Definition& definition, const Flow& flow) {
    if (!flow.name.empty()) return {fmt::format("「{}」", flow.name), fmt::format("\"{}\"", flow.name)};
    const std::string& target = label_of(definition.element(flow.target));
    return {fmt::format("去「{}」", target), fmt::format("to {}", target)};
}

/// What was chosen, where there was something to choose or to do at once; empty where the way goes straight on.
Words choice_words(const Definition& definition, const Node& node, int outcome) {
    if (node.outcomes.size() < 2 && node.ways.size() < 2) return {};
    const std::vector<int>& taken = node.outcomes[static_cast<std::size_t>(outcome)];
    Words words;
    for (const int position : taken) {
        const Words flow = flow_words(definition, definition.flow(node.ways[static_cast<std::size_t>(position)].flow));
        words.zh += flow.zh;
        words.en += (words.en.empty() ? "" : ", ") + flow.en;
    }
    if (taken.empty()) return {};
    const bool several = taken.size() > 1;
    return {(several ? "同时走" : "选") + words.zh, (several ? ": at once " : ": ") + words.en};
}

Words event_words(const Step& step, const Node& node, const std::string& name) {
    switch (step.kind) {
        case Step::Kind::start:
        case Step::Kind::leave: return {fmt::format("「{}」", name), name};
        case Step::Kind::finish:
            if (node.cause == Cause::timer) return {fmt::format("「{}」到时", name), name + " is due"};
            if (node.cause == Cause::message) return {fmt::format("「{}」收到", name), name + " comes"};
            return {fmt::format("办结「{}」", name), name + " done"};
        case Step::Kind::join: return {fmt::format("「{}」汇合", name), name + " joins"};
        case Step::Kind::scope_end: return {fmt::format("「{}」全部办结", name), name + " ends"};
        case Step::Kind::event:
        case Step::Kind::raised:
        case Step::Kind::caught: return {fmt::format("「{}」触发", name), name + " fires"};
        case Step::Kind::terminate: return {fmt::format("「{}」终止", name), name + " terminates"};
        case Step::Kind::thrown: return {fmt::format("「{}」发出信号", name), name + " throws its signal"};
        case Step::Kind::stopped: return {fmt::format("「{}」抛出错误", name), name + " raises an error"};
        case Step::Kind::undo: return {fmt::format("「{}」开始撤销", name), name + " begins to undo"};
        case Step::Kind::skip: return {fmt::format("「{}」一份也不用办", name), name + " is repeated zero times"};
        case Step::Kind::open: return {fmt::format("进入「{}」", name), "enter " + name};
        case Step::Kind::call: return {fmt::format("由「{}」撤销", name), "undone by " + name};
    }
    return {};
}

/// The others leave the token where it is, or take it away.
bool takes_outcome(Step::Kind kind) {
    switch (kind) {
        case Step::Kind::terminate:
        case Step::Kind::open:
        case Step::Kind::call:
        case Step::Kind::thrown:
        case Step::Kind::stopped:
        case Step::Kind::undo: return false;
        default: return true;
    }
}

/// The first step inside a sub-process or a called process; the process itself is not entered.
bool begins_scope(const Net& net, const Element& element, int node) {
    if (element.scope <= 0) return false;
    const std::vector<int>& starts = net.node(element.scope).starts;
    return starts.size() == 1 && starts.front() == node;
}

std::string_view act_of(const Step& step) {
    switch (step.kind) {
        case Step::Kind::finish: return "finish";
        case Step::Kind::event: return "event";
        case Step::Kind::raised: return "raise";
        case Step::Kind::skip: return "skip";
        default: return "";
    }
}

std::vector<std::string> flows_taken(const Definition& definition, const Node& node, int outcome) {
    std::vector<std::string> flows;
    if (node.outcomes.size() < 2) return flows;
    for (const int position : node.outcomes[static_cast<std::size_t>(outcome)]) {
        flows.push_back(definition.flow(node.ways[static_cast<std::size_t>(position)].flow).id);
    }
    return flows;
}

}  // namespace

ProofStep in_words(const Definition& definition, const Net& net, const Step& step) {
    const Element& element = definition.element(step.node);
    const Node& node = net.node(step.node);
    if (step.kind == Step::Kind::leave && begins_scope(net, element, step.node)) {
        const std::string& scope = label_of(definition.element(element.scope));
        return {element.id, fmt::format("进入「{}」", scope), "enter " + scope};
    }
    const Words event = event_words(step, node, label_of(element));
    if (!takes_outcome(step.kind) || node.outcomes.empty()) return {element.id, event.zh, event.en, act_of(step)};
    const Words choice = choice_words(definition, node, step.outcome);
    return {element.id, event.zh + choice.zh, event.en + choice.en, act_of(step),
            flows_taken(definition, node, step.outcome)};
}

std::vector<ProofStep> path_to(const Definition& definition, const Net& net, const StateGraph& graph, int state) {
    std::vector<ProofStep> path;
    for (int at = state; at != kNoState; at = graph.state(at).before) {
        // The start is told when the token leaves it.
        const Step& step = graph.state(at).step;
        if (step.kind != Step::Kind::start) path.push_back(in_words(definition, net, step));
    }
    std::reverse(path.begin(), path.end());
    return path;
}

}  // namespace kaigong::bpmn::proof
