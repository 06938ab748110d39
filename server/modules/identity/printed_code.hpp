// Codes that a person reads from paper or hears, and types.
#pragma once

#include <string>
#include <string_view>

namespace kaigong::identity {

/// 50 bits: ten characters that nobody confuses, without the hyphen that they are printed with.
std::string new_printed_code();
/// K7QM2-XR4PT
std::string as_printed(const std::string& code);
/// Letter case, spaces and hyphens don't matter. Empty for what is of another length.
std::string as_stored(std::string_view typed);

}  // namespace kaigong::identity
