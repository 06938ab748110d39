// Timers that repeat without bound.
#include <fmt/format.h>

#include <algorithm>

#include "engine/bpmn/proof/findings.hpp"
#include "engine/bpmn/proof/path.hpp"

namespace kaigong::bpmn::proof {
namespace {

class EndlessTimers {
  public:
    EndlessTimers(const Evidence& evidence, Proof& proof) : evidence_(evidence), proof_(proof) {}

    void find() {
        for (std::size_t i = 0; i < evidence_.net.nodes.size(); ++i) {
            const int timer = static_cast<int>(i);
            if (!evidence_.net.node(timer).ticks_for_ever || evidence_.graph.reached[i] == kNoState) continue;
            if (is_reported(element(timer).id)) continue;
            const int stuck = first_without_end(timer);
            report(timer, stuck == kNoState ? first_open(timer) : stuck, stuck != kNoState);
        }
    }

  private:
    const Element& element(int node) const { return evidence_.definition.element(node); }

    /// What it ticks on: the activity, or the scope around its event sub-process.
    int holder_of(int timer) const {
        const Element& event = element(timer);
        return event.attached_to >= 0 ? event.attached_to : element(event.scope).scope;
    }

    bool is_open(const Scope& scope, int holder) const {
        const bool runs_it =
            scope.node == kTop ? holder == 0 : scope.node == holder || evidence_.net.node(scope.node).body == holder;
        if (runs_it) return scope.interrupted == 0 && !scope.is_empty();
        return std::any_of(scope.marks.begin(), scope.marks.end(),
                           [&](const Mark& mark) { return mark.node == holder && mark.stand == Stand::waiting; }) ||
               std::any_of(scope.inside.begin(), scope.inside.end(),
                           [&](const Scope& inner) { return is_open(inner, holder); });
    }

    int first_open(int timer) const {
        const StateGraph& graph = evidence_.graph;
        int state = 0;
        while (!is_open(graph.marking(state), holder_of(timer))) ++state;
        return state;
    }

    /// The first state from which every way leads to others in which it ticks on.
    int first_without_end(int timer) const {
        const StateGraph& graph = evidence_.graph;
        const int holder = holder_of(timer);
        std::vector<std::vector<int>> before(graph.states.size());
        for (const auto& [from, to] : graph.edges) before[static_cast<std::size_t>(to)].push_back(from);
        std::vector<bool> may_end(graph.states.size(), false);
        std::vector<int> open;
        for (std::size_t i = 0; i < graph.states.size(); ++i) {
            const int state = static_cast<int>(i);
            if (!graph.state(state).expanded || !is_open(graph.marking(state), holder)) open.push_back(state);
        }
        while (!open.empty()) {
            const auto state = static_cast<std::size_t>(open.back());
            open.pop_back();
            if (may_end[state]) continue;
            may_end[state] = true;
            open.insert(open.end(), before[state].begin(), before[state].end());
        }
        const auto found = std::find(may_end.begin(), may_end.end(), false);
        return found == may_end.end() ? kNoState : static_cast<int>(found - may_end.begin());
    }

    bool is_reported(const std::string& id) const {
        return std::any_of(proof_.findings.begin(), proof_.findings.end(), [&](const Finding& finding) {
            return finding.code == "timer_never_stops" && finding.element == id;
        });
    }

    void report(int timer, int state, bool is_stuck) {
        const Element& event = element(timer);
        const std::string holder = label_of(element(holder_of(timer)));
        Finding finding{"timer_never_stops", event.id, event.line, "", "", {}};
        finding.zh = fmt::format("「{}」没有次数上限，{}。{}写明次数，如 R5/P1D。", label_of(event),
                                 is_stuck ? "而它所在的「" + holder + "」走到这里就再也办不完，计时永远不停"
                                          : "只要「" + holder + "」没有办完就一直触发，流程自己停不下来",
                                 is_stuck ? "请让它能办完，或" : "请");
        finding.en =
            fmt::format("\"{}\" repeats without bound{}. Give a number of times, like R5/P1D.", label_of(event),
                        is_stuck ? ", and from here \"" + holder + "\" can't end any more: let it end, too"
                                 : " for as long as nobody completes \"" + holder + "\"");
        finding.path = path_to(evidence_.definition, evidence_.net, evidence_.graph, state);
        finding.path.push_back({event.id, fmt::format("「{}」触发", label_of(event)), label_of(event) + " fires"});
        finding.path.push_back(and_so_on(event));
        proof_.findings.push_back(std::move(finding));
    }

    const Evidence& evidence_;
    Proof& proof_;
};

}  // namespace

void find_endless_timers(const Evidence& evidence, Proof& proof) {
    EndlessTimers(evidence, proof).find();
}

}  // namespace kaigong::bpmn::proof
