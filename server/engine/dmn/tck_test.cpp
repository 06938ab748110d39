// The public conformance suite: every case passes that calls no external function.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "engine/dmn/tck.hpp"

namespace {

using namespace kaigong;

const std::string kSuites = KAIGONG_SOURCE_DIR "/../shared/conformance/dmn-tck";

void check_level(const std::string& level, std::size_t cases, std::size_t external) {
    const std::string path = kSuites + "/" + level;
    if (!std::filesystem::exists(path)) {
        REQUIRE_MESSAGE(std::getenv("CI") == nullptr, "the shared conformance suite is missing");
        MESSAGE("skipped: the shared conformance suite is not there");
        return;
    }
    const feel::ZoneFolder zones("/usr/share/zoneinfo");
    feel::Environment environment;
    environment.now_at_ms = 1'795'406'400'000;
    environment.zones = &zones;
    const auto suites = dmn::tck::run_folder(path, environment);
    REQUIRE(suites);
    std::size_t passed = 0;
    std::size_t total = 0;
    std::size_t refused = 0;
    for (const auto& suite : *suites) {
        passed += suite.passed;
        total += suite.total;
        refused += suite.refused;
        for (const auto& refusal : suite.refusals) CHECK(refusal.function.starts_with("java.lang."));
        for (const auto& failure : suite.failures) {
            fmt::print("{} {} {}: expected {} got {}\n", suite.name, failure.test_case, failure.result,
                       failure.expected, failure.actual);
        }
    }
    fmt::print("DMN TCK {}: {} of {} passed, {} refused (external functions)\n", level, passed, total, refused);
    CHECK(passed == total);
    CHECK(passed + refused == cases);
    CHECK(refused == external);
}

}  // namespace

TEST_CASE("compliance_level_2_passes_whole") {
    check_level("compliance-level-2", 116, 0);
}

TEST_CASE("compliance_level_3_passes_whole_but_for_the_external_functions_which_are_refused_by_name") {
    check_level("compliance-level-3", 1'421, 18);
}
