// Numbers as page descriptions write them: thousands of them stand on one page.
#pragma once

#include <string>

namespace kaigong::text {

/// Rounded to so many decimals (0 to 4), half away from zero; without trailing zeroes, without a sign at zero.
void append_decimal(std::string& into, double value, int decimals);

}  // namespace kaigong::text
