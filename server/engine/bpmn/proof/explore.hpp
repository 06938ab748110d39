// All states that an instance can come to, breadth first, so that the first way found to each is a shortest one.
// Internal to engine/bpmn/proof.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "engine/bpmn/proof/moves.hpp"

namespace kaigong::bpmn::proof {

inline constexpr int kNoState = -1;

struct ReachedState {
    std::u16string marking;
    /// The state before it, and what happened in between; kNoState for the first ones.
    int before = kNoState;
    Step step;
    int main_tokens = 0;
    std::uint64_t places = 0;
    bool expanded = false;
    bool settled = false;
    /// Expanded, and nothing can happen: ended or stuck.
    bool final = false;
    /// Lies behind a state in which a place had collected more tokens than before.
    bool grown = false;
};

/// A place that collects more and more tokens: what leads from one state to the other can happen again and again.
struct Growth {
    int state = kNoState;
    int since = kNoState;
    std::vector<int> nodes;
};

struct StateGraph {
    /// A deque, because the index of states looks at their text where it lies.
    std::deque<ReachedState> states;
    std::vector<std::pair<int, int>> edges;
    std::vector<Step> edge_steps;
    std::vector<Growth> growths;
    /// First state in which a token is at the node, or right after it passed; kNoState where none is.
    std::vector<int> reached;
    /// First state after the node's join fired.
    std::vector<int> joined;
    bool state_limit_hit = false;

    const ReachedState& state(int index) const { return states[static_cast<std::size_t>(index)]; }
    Scope marking(int index) const { return decoded(state(index).marking); }
    bool is_end(int index) const { return state(index).final && marking(index).is_empty(); }
    bool is_complete() const { return !state_limit_hit && growths.empty(); }
};

StateGraph explore(const Net& net, int states_max);

}  // namespace kaigong::bpmn::proof
