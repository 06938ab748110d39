// Values as text: FEEL's notation, and what `string()` gives.
#pragma once

#include <string>

#include "engine/feel/value.hpp"

namespace kaigong::feel {

/// Appends the value; strings with quotes when `quoted` (always inside lists and contexts), temporals as ISO 8601.
void append_text(const Value& value, bool quoted, std::string& text);

}  // namespace kaigong::feel
