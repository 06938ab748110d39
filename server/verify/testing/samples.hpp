// Good and forged files of a throwaway authority, with what is to be said of each.
#pragma once

#include "verify/answer.hpp"
#include "verify/testing/desk.hpp"

#include <string>
#include <vector>

namespace kaigong::verify::testing {

struct Sample {
    std::string file;
    std::string bytes;
    Verdict verdict = Verdict::genuine;
    /// `<check> <code>` of what fails, in the order of the checks.
    std::vector<std::string> failures;
};

/// Another stranger signs, logs and seals in the forged ones.
std::vector<Sample> make_samples(const Desk& ours, const Desk& stranger);

}  // namespace kaigong::verify::testing
