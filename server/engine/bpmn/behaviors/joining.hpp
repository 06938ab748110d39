// Tokens that wait for one another. Internal to engine/bpmn.
#pragma once

#include <cstdint>

#include "engine/bpmn/execution.hpp"

namespace kaigong::bpmn {

/// A parallel join: goes on as soon as every incoming flow has a token, and uses up the oldest of each. A second token
/// over one flow waits for the next set, so the join fires once for each set.
void join_parallel(Execution& execution, std::int64_t token);

/// Fires one inclusive join that no further token can reach (BPMN 2.0.2, table 13.3). True when there was one.
bool fire_inclusive_join(Execution& execution);

/// A join whose missing tokens can't come any more gets an incident: without it the instance would wait for nothing.
void raise_starved_joins(Execution& execution);

}  // namespace kaigong::bpmn
