// The sets of flows that a token can take when it leaves an element, once conditions are free choices. Internal to
// engine/bpmn/proof.
#pragma once

#include <vector>

#include "engine/bpmn/definition.hpp"

namespace kaigong::bpmn::proof {

/// Positions in Element::outgoing.
using Outcome = std::vector<int>;

/// An inclusive choice among more conditions than this is not covered: the sets of flows double with each.
inline constexpr int kFreeConditionsMax = 12;

/// Exclusive: the first flow whose condition is true, else the default.
std::vector<Outcome> exclusive_outcomes(const Definition& definition, const Element& element);
/// Inclusive, and how any activity is left: every flow without a condition, each with a true one, else the default.
/// Conditions of the same text are true together. Empty when there are too many of them.
std::vector<Outcome> inclusive_outcomes(const Definition& definition, const Element& element);
std::vector<Outcome> parallel_outcomes(const Element& element);

}  // namespace kaigong::bpmn::proof
