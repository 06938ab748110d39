// What can happen next in a state. Tokens that have arrived are worked off first, like in one command of the engine;
// then an inclusive join fires that nothing can come to any more; only then do people, jobs and timers act. The engine
// has one order of what it works off; here each order is looked at wherever it makes a difference. Internal to
// engine/bpmn/proof.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/bpmn/proof/marking.hpp"
#include "engine/bpmn/proof/net.hpp"

namespace kaigong::bpmn::proof {

struct Step {
    enum class Kind : std::uint8_t {
        start,      // the instance begins at the node
        leave,      // a token takes `outcome` of the node that it stands at
        finish,     // the same after somebody finished the activity
        join,       // the node's join fires, and takes `outcome`
        scope_end,  // the last token inside the node's scope ended; takes `outcome`
        event,      // the node, an event on an activity or the start of an event sub-process, fires
        caught,     // the same, because the token of another node raised what it catches
        raised,     // the same, because somebody who works on something raised it
        terminate,  // the node ends its scope
        thrown,     // all that wait for the node's signal get it
        stopped,    // the node raises an error that nobody catches
        undo,       // the node begins to undo what was done
        call,       // the node, a handler, undoes something
        skip,       // the node's scope is repeated zero times; takes `outcome`
        open,       // the node's scope begins, though it might have been skipped
    };
    Kind kind = Kind::start;
    std::uint16_t node = 0;
    /// Index in Node::outcomes.
    std::uint16_t outcome = 0;

    bool operator==(const Step&) const = default;
};

struct Move {
    Step step;
    /// Normalised.
    Scope after;
};

std::vector<Move> first_moves(const Net& net);
/// Empty when the instance has ended, and when it is stuck.
std::vector<Move> moves_from(const Net& net, const Scope& top);

/// Whether a state with these moves waits for people, jobs and timers: all that moves by itself has moved.
bool is_settled(const std::vector<Move>& moves);

/// Joins, in a settled state, whose tokens wait for ever: in their scope nothing else is left that could move.
std::vector<int> starved_joins(const Net& net, const Scope& top);

}  // namespace kaigong::bpmn::proof
