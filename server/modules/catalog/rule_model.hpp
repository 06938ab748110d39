// The rules inside a decision model, as this module writes them: rows of decision tables whose column `rule` names the
// rule, and a decision `findings` that gives each its outcome (catalog/construction-permit/README.md, Rules).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/dmn/dmn.hpp"

namespace kaigong::catalog {

inline constexpr std::string_view kFindingsDecision = "findings";
/// The column that names a row's rule.
inline constexpr std::string_view kRuleColumn = "rule";

struct RuleRow {
    std::string rule;      ///< R-103
    std::string decision;  ///< name of the decision that holds its table
    std::size_t row = 0;   ///< from 1, as the table shows it
};

/// In the order of the model. A rule whose name is computed is not among them.
std::vector<RuleRow> rule_rows(const dmn::Model& model);

struct RuleResult {
    std::string outcome;  ///< pass, fail, unchecked
    std::string title;
};

struct RuleResults {
    std::map<std::string, RuleResult> by_rule;
    std::string failure;  ///< why there is no list of findings at all; empty: there is one

    /// `not_applicable` for a rule that gave nothing.
    std::string outcome_of(const std::string& rule) const;
};

RuleResults read_results(const Result<dmn::Outcome>& decided);

}  // namespace kaigong::catalog
