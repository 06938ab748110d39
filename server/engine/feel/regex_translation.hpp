// XPath's notation of patterns in PCRE2's.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace kaigong::feel {

/// Fails with `feel.invalid_pattern`. `free_spacing`: white space outside of classes means nothing (flag x).
Result<std::string> translated_pattern(std::string_view pattern, bool free_spacing);

}  // namespace kaigong::feel
