// Proves a process before anybody runs it: over all states that it can reach, no element is dead, every run can end,
// every join fires, no token waits for ever, every timer stops. Conditions, outcomes and events are free choices, so
// what is proven holds whatever people and data decide; a fault may need choices that the data never make together.
// Pure, any thread. Not for: whether conditions cover all values, whether jobs succeed (docs/process-proof.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/bpmn/definition.hpp"

namespace kaigong::bpmn {

struct ProofLimits {
    /// States that are looked at before the proof gives up; about a kilobyte each.
    int states_max = 200'000;
};

/// One thing that happens on the way to a fault, as a person would do it.
struct ProofStep {
    std::string element;
    std::string zh;
    std::string en;
    /// For a program that follows it: `finish` (somebody or something finishes the element), `event` (it fires),
    /// `raise` (who works on something raises what it catches), `skip` (it is repeated zero times); empty where it
    /// follows from what happened before.
    std::string_view act{};  // NOLINT(readability-redundant-member-init): may be left out
    /// Ids of the flows that are taken, where there was something to choose.
    std::vector<std::string> flows{};  // NOLINT(readability-redundant-member-init): likewise
};

struct Finding {
    /// Stable: `dead_element`, `flow_never_taken`, `join_never_fires`, `token_left_behind`, `no_way_out`, `cannot_end`,
    /// `loop_without_step`, `timer_never_stops`, `runs_twice`, `tokens_grow`, `error_not_caught`.
    std::string code;
    std::string element;
    int line = 0;
    std::string zh;
    std::string en;
    /// From the start to where it goes wrong.
    std::vector<ProofStep> path;
};

struct Proof {
    enum class Verdict { proven, faulty, gave_up };

    std::vector<Finding> findings;
    /// Why nothing more can be said: `state_limit`, `not_covered` (an element that the proof does not understand).
    std::vector<Problem> gaps;
    int states = 0;
    /// Of how many elements, in the states that were looked at, some run came to how many.
    int elements = 0;
    int elements_reached = 0;

    /// A fault is a fault even when the proof gave up after it.
    Verdict verdict() const;
};

std::string_view to_string(Proof::Verdict verdict);

/// Never fails: what is not understood is a gap.
Proof prove(const Definition& definition, const ProofLimits& limits = {});

}  // namespace kaigong::bpmn
