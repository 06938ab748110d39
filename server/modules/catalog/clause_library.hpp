// 条款库 and the bureau's 常用意见: clauses.json of a matter, as it has to be. Facts of law with their article and a
// summary of our own, and sentences for opinions with the clauses that they rest on.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "engine/bpmn/bpmn.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::catalog {

/// What clauses may refer to beside rules, which the office changes by itself.
struct ClauseTargets {
    const std::vector<Item>& items;
    const boost::json::array& materials;
};

/// Fails with catalog.matter_malformed: a member is missing, a number stands twice, or something is named that the
/// matter lacks, or a gap {…} that nobody fills.
Result<void> check_clause_library(const std::string& file, const boost::json::value& library,
                                  const ClauseTargets& targets);

/// Clauses that name a rule which is not among these (any more).
struct ClauseWithoutRule {
    std::string clause;
    std::string rule;
};
std::vector<ClauseWithoutRule> clauses_without_rule(const boost::json::object& library,
                                                    const std::vector<std::string>& rules);

/// Sentences for a kind of task, an outcome or a checkpoint that this process does not have (any more): they would be
/// offered nowhere.
std::vector<bpmn::Problem> check_opinions(const boost::json::object& library, const bpmn::Definition& process);

}  // namespace kaigong::catalog
