// States that go on and on, and from which no end can be reached.
#include <fmt/format.h>

#include <algorithm>

#include "engine/bpmn/proof/findings.hpp"
#include "engine/bpmn/proof/path.hpp"

namespace kaigong::bpmn::proof {
namespace {

class Loops {
  public:
    Loops(const Evidence& evidence, const std::vector<int>& stuck)
        : evidence_(evidence),
          stuck_(stuck),
          out_(evidence.graph.states.size()),
          in_(evidence.graph.states.size()),
          judged_(evidence.graph.states.size(), false) {
        for (std::size_t i = 0; i < evidence.graph.edges.size(); ++i) {
            const auto& [from, to] = evidence.graph.edges[i];
            out_[static_cast<std::size_t>(from)].push_back(static_cast<int>(i));
            in_[static_cast<std::size_t>(to)].push_back(from);
        }
    }

    void find(std::vector<Finding>& findings) {
        mark_states_that_stop();
        for (std::size_t i = 0; i < judged_.size(); ++i) {
            if (judged_[i]) continue;
            findings.push_back(finding_at(static_cast<int>(i)));
            mark_backwards(closure_of(static_cast<int>(i)));
        }
    }

  private:
    /// Those from which an end, a stuck state (told elsewhere) or one that was not looked at can be reached.
    void mark_states_that_stop() {
        std::vector<int> stops = stuck_;
        for (std::size_t i = 0; i < judged_.size(); ++i) {
            const ReachedState& state = evidence_.graph.state(static_cast<int>(i));
            if (state.final || !state.expanded) stops.push_back(static_cast<int>(i));
        }
        mark_backwards(std::move(stops));
    }

    void mark_backwards(std::vector<int> open) {
        while (!open.empty()) {
            const auto index = static_cast<std::size_t>(open.back());
            open.pop_back();
            if (judged_[index]) continue;
            judged_[index] = true;
            open.insert(open.end(), in_[index].begin(), in_[index].end());
        }
    }

    std::vector<int> closure_of(int first) const {
        std::vector<bool> seen(judged_.size(), false);
        std::vector<int> closure;
        std::vector<int> open{first};
        while (!open.empty()) {
            const int index = open.back();
            open.pop_back();
            if (seen[static_cast<std::size_t>(index)]) continue;
            seen[static_cast<std::size_t>(index)] = true;
            closure.push_back(index);
            for (const int edge : out_[static_cast<std::size_t>(index)]) open.push_back(target_of(edge));
        }
        return closure;
    }

    int target_of(int edge) const { return evidence_.graph.edges[static_cast<std::size_t>(edge)].second; }
    const Step& step_of(int edge) const { return evidence_.graph.edge_steps[static_cast<std::size_t>(edge)]; }

    struct Round {
        /// Edges up to the loop, and once around it.
        std::vector<int> way_in;
        std::vector<int> loop;
    };

    /// Always the first move, until a state comes again.
    Round round_from(int first) const {
        std::vector<int> edges;
        std::vector<int> states{first};
        while (true) {
            const int edge = out_[static_cast<std::size_t>(states.back())].front();
            edges.push_back(edge);
            const auto again = std::find(states.begin(), states.end(), target_of(edge));
            const auto loop = edges.begin() + (again - states.begin());
            if (again != states.end()) return {{edges.begin(), loop}, {loop, edges.end()}};
            states.push_back(target_of(edge));
        }
    }

    Cause cause_of(const Step& step) const {
        const bool has_cause = step.kind == Step::Kind::finish || step.kind == Step::Kind::event;
        return has_cause ? evidence_.net.node(step.node).cause : Cause::nothing;
    }

    /// Nobody does anything in it, and timers fire.
    bool is_driven_by_timers(int first) const {
        bool timers = false;
        for (const int state : closure_of(first)) {
            for (const int edge : out_[static_cast<std::size_t>(state)]) {
                const Cause cause = cause_of(step_of(edge));
                if (cause != Cause::nothing && cause != Cause::timer) return false;
                timers = timers || cause == Cause::timer;
            }
        }
        return timers;
    }

    Finding finding_at(int state) const {
        const Round round = round_from(state);
        const auto somebody_acts = [&](int edge) { return cause_of(step_of(edge)) != Cause::nothing; };
        const auto acting = std::find_if(round.loop.begin(), round.loop.end(), somebody_acts);
        const Step& step = step_of(acting == round.loop.end() ? round.loop.front() : *acting);
        const Element& element = evidence_.definition.element(step.node);
        Finding finding{"cannot_end", element.id, element.line, "", "", {}};
        finding.path = path_to(evidence_.definition, evidence_.net, evidence_.graph, state);
        for (const auto* edges : {&round.way_in, &round.loop}) {
            for (const int edge : *edges) {
                finding.path.push_back(in_words(evidence_.definition, evidence_.net, step_of(edge)));
            }
        }
        finding.path.push_back(and_so_on(element));
        if (is_driven_by_timers(state)) {
            finding.code = "timer_never_stops";
            finding.zh = fmt::format("「{}」所在的圈只由计时器推动，没有出口，计时永远不停。请加一条走向结束的流向。",
                                     label_of(element));
            finding.en = fmt::format("Timers alone drive the loop with \"{}\", and there is no way out of it.",
                                     label_of(element));
            return finding;
        }
        finding.zh = fmt::format("走到这里后只能在「{}」所在的圈里打转，到不了结束。请加一条走向结束的流向。",
                                 label_of(element));
        finding.en = fmt::format("From here only the loop with \"{}\" goes on; no end can be reached. Add a way out.",
                                 label_of(element));
        return finding;
    }

    const Evidence& evidence_;
    const std::vector<int>& stuck_;
    /// By state: edges that leave it, and states before it.
    std::vector<std::vector<int>> out_;
    std::vector<std::vector<int>> in_;
    /// Nothing more to say about the state.
    std::vector<bool> judged_;
};

}  // namespace

void find_endless_loops(const Evidence& evidence, const std::vector<int>& stuck, std::vector<Finding>& findings) {
    Loops(evidence, stuck).find(findings);
}

}  // namespace kaigong::bpmn::proof
