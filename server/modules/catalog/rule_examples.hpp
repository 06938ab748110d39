// The examples of a rule package: `precheck.tests.json`, one line an example.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "base/json_reader.hpp"

namespace kaigong::catalog {

struct RuleExample {
    std::string rule;
    std::string expect;  ///< pass, fail, unchecked, not_applicable
    boost::json::object given;
    std::string why;
};

inline constexpr std::size_t kExamplesMax = 5'000;

/// Reads one line of a list that somebody sent.
RuleExample read_example(JsonReader& item);

/// Of a version's file. One that is no list of examples has none: they were never needed for deciding anything.
std::vector<RuleExample> examples_of_text(const std::string& text);
boost::json::array examples_json(const std::vector<RuleExample>& examples);
/// One line an example, as the files of the catalogue are written.
std::string examples_text(const std::vector<RuleExample>& examples);

}  // namespace kaigong::catalog
