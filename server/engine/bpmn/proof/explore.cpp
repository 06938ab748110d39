#include "engine/bpmn/proof/explore.hpp"

#include <string_view>
#include <unordered_map>

namespace kaigong::bpmn::proof {
namespace {

/// Of the states' text, when each holds very many tokens.
constexpr std::size_t kBytesMax = 256UL * 1024 * 1024;

class Explorer {
  public:
    Explorer(const Net& net, int states_max) : net_(net), states_max_(static_cast<std::size_t>(states_max)) {
        graph_.reached.assign(net.nodes.size(), kNoState);
        graph_.joined.assign(net.nodes.size(), kNoState);
    }

    StateGraph run() {
        for (const Move& move : first_moves(net_)) come_to(kNoState, move);
        for (std::size_t i = 0; i < graph_.states.size() && !graph_.state_limit_hit; ++i) expand(static_cast<int>(i));
        return std::move(graph_);
    }

  private:
    ReachedState& state(int index) { return graph_.states[static_cast<std::size_t>(index)]; }

    void expand(int index) {
        // One round of growth is shown; a second would show the same.
        if (state(index).grown) return;
        const std::vector<Move> moves = moves_from(net_, graph_.marking(index));
        state(index).settled = is_settled(moves);
        state(index).final = moves.empty();
        for (const Move& move : moves) {
            const int after = come_to(index, move);
            if (after == kNoState) return;
            graph_.edges.emplace_back(index, after);
            graph_.edge_steps.push_back(move.step);
        }
        state(index).expanded = true;
    }

    /// kNoState when there are too many.
    int come_to(int before, const Move& move) {
        std::u16string text = encoded(move.after);
        const auto known = index_.find(text);
        const int found = known == index_.end() ? add(before, move, std::move(text)) : known->second;
        if (found == kNoState) return found;
        note(graph_.reached, move.step.node, found);
        if (move.step.kind == Step::Kind::join) note(graph_.joined, move.step.node, found);
        return found;
    }

    int add(int before, const Move& move, std::u16string text) {
        bytes_ += text.size() * sizeof(char16_t);
        if (graph_.states.size() >= states_max_ || bytes_ > kBytesMax) {
            graph_.state_limit_hit = true;
            return kNoState;
        }
        const int index = static_cast<int>(graph_.states.size());
        graph_.states.push_back({std::move(text), before, move.step, main_tokens(move.after), places_of(move.after)});
        index_.emplace(graph_.states.back().marking, index);
        note_places(move.after, index);
        compare_with_before(index, move.after);
        return index;
    }

    static void note(std::vector<int>& first, int node, int state) {
        int& noted = first[static_cast<std::size_t>(node)];
        if (noted == kNoState) noted = state;
    }

    void note_places(const Scope& scope, int state) {
        if (scope.node != kTop) note(graph_.reached, scope.node, state);
        for (const Mark& mark : scope.marks) note(graph_.reached, mark.node, state);
        for (const Scope& inner : scope.inside) note_places(inner, state);
    }

    static bool happens_by_itself(Step::Kind kind) {
        return kind != Step::Kind::finish && kind != Step::Kind::event && kind != Step::Kind::raised;
    }

    /// Karp and Miller: a state that holds all of an earlier one on its way, and more, goes on growing.
    void compare_with_before(int index, const Scope& marking) {
        bool by_itself = true;
        for (int later = index; state(later).before != kNoState; later = state(later).before) {
            const int earlier = state(later).before;
            by_itself = by_itself && happens_by_itself(state(later).step.kind);
            if (state(earlier).main_tokens >= state(index).main_tokens) continue;
            if ((state(earlier).places & ~state(index).places) != 0) continue;
            std::vector<int> nodes = growth(graph_.marking(earlier), marking, by_itself);
            if (nodes.empty()) continue;
            state(index).grown = true;
            graph_.growths.push_back({index, earlier, std::move(nodes)});
            return;
        }
    }

    const Net& net_;
    std::size_t states_max_;
    std::size_t bytes_ = 0;
    StateGraph graph_;
    std::unordered_map<std::u16string_view, int> index_;
};

}  // namespace

StateGraph explore(const Net& net, int states_max) {
    return Explorer(net, states_max).run();
}

}  // namespace kaigong::bpmn::proof
