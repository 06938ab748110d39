// What is said to a citizen about each check. The page that verifies (web/verify/src/core/sentences.ts) says the same.
#pragma once

#include "verify/answer.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kaigong::verify {

/// Of a failure or of a reason for not checking; an unknown code is a bug and throws.
Words sentence(std::string_view code, const Words& names = {});
Words passed_text(CheckName check);

std::vector<std::string_view> all_codes();

}  // namespace kaigong::verify
