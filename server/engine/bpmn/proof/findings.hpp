// What is wrong with a process, read off its states. Internal to engine/bpmn/proof.
#pragma once

#include <vector>

#include "engine/bpmn/proof/explore.hpp"
#include "engine/bpmn/proof/proof.hpp"

namespace kaigong::bpmn::proof {

/// What is looked at.
struct Evidence {
    const Definition& definition;
    const Net& net;
    const StateGraph& graph;
};

/// Places that collect more and more tokens, and steps that run twice because two ways meet without a join.
void find_too_many_tokens(const Evidence& evidence, std::vector<Finding>& findings);
/// Joins that starve, gateways without a way out, errors that nobody catches. Gives the states with something stuck.
std::vector<int> find_stuck_states(const Evidence& evidence, std::vector<Finding>& findings);
/// States that go on and on and from which no end can be reached, other than those of `stuck`.
void find_endless_loops(const Evidence& evidence, const std::vector<int>& stuck, std::vector<Finding>& findings);
/// Loops in which nobody does anything, so that what they ask for never changes.
void find_idle_loops(const Evidence& evidence, std::vector<Finding>& findings);
/// A process that calls itself on every way to its end.
void find_endless_calls(const Evidence& evidence, std::vector<Finding>& findings);
/// Timers that repeat without bound on something that may stay open for ever; a note where it always can be ended.
void find_endless_timers(const Evidence& evidence, Proof& proof);
/// Joins that are reached and never fire, flows that are never taken, elements that no run comes to.
void find_dead_parts(const Evidence& evidence, std::vector<Finding>& findings);

}  // namespace kaigong::bpmn::proof
