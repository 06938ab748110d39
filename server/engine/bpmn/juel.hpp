// Expressions of the older modellers, `${approved and amount > 5}`, as FEEL: names, literals, comparisons, logic and
// arithmetic have the same meaning in both. What has not (method calls, indices, `?:`) is refused by name.
// Internal to engine/bpmn.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace kaigong::bpmn {

/// `${…}` or `#{…}`, and nothing around it.
bool is_juel(std::string_view text);

/// The same in FEEL. Fails with `bpmn.expression_language`, which says what can't be translated.
Result<std::string> feel_of_juel(std::string_view text);

}  // namespace kaigong::bpmn
