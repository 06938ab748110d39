// How a sub-process, or a called process, begins. Internal to engine/bpmn.
#pragma once

#include <cstdint>

#include "engine/bpmn/execution.hpp"

namespace kaigong::bpmn {

/// Opens the sub-process or call of this token and begins nothing in it yet. What runs inside it; null after an
/// incident.
const Element* open_inside(Execution& execution, std::int64_t token);

/// A token has come to a sub-process or call.
void enter_scope(Execution& execution, std::int64_t token);

/// Tokens at where `inside` begins. One with nothing to do ends at once.
void begin_inside(Execution& execution, std::int64_t scope, const Element& inside);

}  // namespace kaigong::bpmn
