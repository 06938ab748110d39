// Runs suites in the format of the DMN TCK: folders with *.dmn and *-test-*.xml. For `kaigong dmn test` and our own
// tests.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "engine/dmn/dmn.hpp"

namespace kaigong::dmn::tck {

struct Failure {
    std::string test_case;
    std::string result;  // the decision or service that was asked
    std::string expected;
    std::string actual;  // with the reason when it is null
};

struct Refusal {
    std::string test_case;
    std::string function;  // `java.lang.Math.max(int, int)`
};

struct Suite {
    std::string name;
    std::size_t passed = 0;
    std::size_t total = 0;
    /// Cases that call an external (Java, PMML) function, which this engine refuses by policy: neither passed nor
    /// failed and not in `total`, also where the case expects null.
    std::size_t refused = 0;
    std::vector<Refusal> refusals;  // which they are
    std::vector<Failure> failures;
};

/// One test file against a model that has been read. Fails with `dmn.test_invalid`.
Result<Suite> run_tests(const Model& model, std::string_view test_xml, const feel::Environment& environment);

/// Every folder below `path` that holds test files, by name. A model that cannot be read fails all of its cases.
/// Fails with `dmn.no_tests` when there are none.
Result<std::vector<Suite>> run_folder(const std::string& path, const feel::Environment& environment);

}  // namespace kaigong::dmn::tck
