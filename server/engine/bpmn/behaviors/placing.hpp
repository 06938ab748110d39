// Tokens that are put somewhere instead of coming over a flow. Internal to engine/bpmn.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/bpmn/execution.hpp"

namespace kaigong::bpmn {

/// The flow leads to a parallel or inclusive join directly in `around`.
bool joins_over(const Definition& definition, const Element& around, std::string_view flow);

/// A token may be put there, `around` being the process or sub-process where the place begins.
bool is_place(const Definition& definition, const Element& around, const Place& place);

/// Puts tokens there. Scopes that several places are in are entered once.
void begin_at(Execution& execution, std::int64_t scope, const std::vector<Place>& places);

}  // namespace kaigong::bpmn
