// The sets of flows that a token can take when it leaves an element, once conditions are free choices. Internal to
// engine/bpmn/proof.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/bpmn/definition.hpp"

namespace kaigong::bpmn::proof {

/// Positions in Element::outgoing.
using Outcome = std::vector<int>;

/// An inclusive choice among more conditions than this is not covered: the sets of flows double with each.
inline constexpr std::size_t kFreeConditionsMax = 12;
/// And no more cases than this, of all conditions together.
inline constexpr std::size_t kCasesTriedMax = 65'536;

/// Exclusive: the first flow whose condition is true, else the default. Empty when nothing can be taken.
std::vector<Outcome> exclusive_outcomes(const Definition& definition, const Element& element);
/// Inclusive, and how any activity is left: every flow without a condition, each with a true one, else the default.
/// Nothing when there are too many conditions.
std::optional<std::vector<Outcome>> inclusive_outcomes(const Definition& definition, const Element& element);
std::vector<Outcome> parallel_outcomes(const Element& element);

}  // namespace kaigong::bpmn::proof
