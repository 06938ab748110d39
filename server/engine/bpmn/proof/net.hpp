// A Definition as the proof sees it: nodes that tokens come to, and how they can leave. No conditions are left, only
// outcomes: the sets of flows that one token can take at once. Everything that looks at the kind of an element is in
// net.cpp; what is here knows no BPMN. Internal to engine/bpmn/proof.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/bpmn/definition.hpp"

namespace kaigong::bpmn::proof {

/// What a token does when it comes to a node.
enum class Arrival {
    pass,            // goes on at once
    wait,            // stands until somebody or something finishes it; that can always happen
    quick,           // is passed before anything outside happens, in any order with others of its kind
    join_all,        // one token of each incoming flow
    join_inclusive,  // all tokens that can still come
    open_scope,      // tokens run inside; goes on when none is left there
    terminate,       // takes away all tokens of its scope
    raise,           // looks outwards for who catches it
    broadcast,       // all that wait for its signal catch it
    compensate,      // runs handlers inside, one at a time, and goes on
    choose_event,    // waits for the first of several events
};

/// What has to happen before a waiting token goes on, or before an event on an activity fires.
enum class Cause { nothing, person, job, message, timer };

struct Way {
    int flow = -1;
    int target = -1;
    /// Position of the flow among those that come to a join; 0 where the target is none.
    int slot = 0;
};

/// An event on the edge of an activity, or the start of an event sub-process inside a scope.
struct AttachedEvent {
    int node = -1;
    bool interrupting = true;
    /// May fire as long as the activity is open; the others only when something raises what they catch.
    bool is_free = true;
    /// May fire again and again while the activity is open; the others once.
    bool repeats = false;
    /// Which of the activity's counters says that it fired; only where it does not interrupt and does not repeat.
    int counter = 0;
    Trigger trigger = Trigger::none;
    /// Of the error or escalation, where empty catches any; name of the signal.
    std::string code;
    /// Of the start of an event sub-process: that sub-process.
    int opens = -1;
};

struct Node {
    Arrival arrival = Arrival::pass;
    Cause cause = Cause::nothing;
    std::vector<Way> ways;
    /// Each a set of positions in `ways` that are taken together; never empty unless nothing can be taken.
    std::vector<std::vector<int>> outcomes;
    std::vector<AttachedEvent> events;
    /// Of a scope: the element whose inside it runs, the node itself or a called process.
    int body = -1;
    /// A scope that may run no instance at all, because it is repeated zero times.
    bool may_be_skipped = false;
    /// Repeated for ever: whoever finishes it begins again.
    bool never_passes = false;
    /// Calls the process that it stands in, or one around it.
    bool recurs = false;
    /// Who does it may raise an error or an escalation of any code.
    bool may_raise = false;
    /// A script: the errors that it may raise instead of being passed.
    std::vector<std::string> raised_codes;
    /// Of a body: where tokens begin, all at once, and what starts its event sub-processes.
    std::vector<int> starts;
    std::vector<AttachedEvent> listeners;
    /// Of an event sub-process: it ends without going on anywhere.
    bool ends_silently = false;
    Trigger raises = Trigger::none;
    /// Of the error, escalation or signal that it raises or throws.
    std::string code;
    /// The signal that it waits for.
    std::string signal;
    /// Of one that compensates: who may be called to undo something, in any order and number.
    std::vector<int> handlers;
    /// A timer that repeats without bound as long as what it is attached to is open.
    bool ticks_for_ever = false;
    int incoming = 0;
    /// Of an inclusive join, by node of the same scope: the incoming flows that a token there can still come to, as
    /// bits, on ways that do not pass the join (BPMN 2.0.2, table 13.3).
    std::vector<std::uint64_t> can_come;
};

inline bool is_join(const Node& node) {
    return node.arrival == Arrival::join_all || node.arrival == Arrival::join_inclusive;
}

struct Net {
    /// The same indices as Definition::elements().
    std::vector<Node> nodes;
    /// Each of these begins an instance: the plain starts together, each other one alone.
    std::vector<std::vector<int>> beginnings;
    std::vector<Problem> gaps;
    /// Codes that some event catches, and one that none names: what people and jobs may raise.
    std::vector<std::string> error_codes;
    std::vector<std::string> escalation_codes;
    /// A signal is thrown: whether somebody waits for it already is a matter of order.
    bool order_matters = false;

    const Node& node(int index) const { return nodes[static_cast<std::size_t>(index)]; }
};

Net net_of(const Definition& definition);

}  // namespace kaigong::bpmn::proof
