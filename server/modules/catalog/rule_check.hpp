// What there is to say about a draft before it is published: static problems, its examples run against it and against
// the rules in force, which rules have examples, what changed, and what stands in the way. Pure.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "modules/catalog/loaded_matter.hpp"
#include "modules/catalog/package_service.hpp"
#include "modules/catalog/rule_examples.hpp"

namespace kaigong::catalog {

struct RulesInForce {
    const MatterFiles& files;
    const dmn::Model& model;
    /// clauses.json; null where the matter has none.
    const boost::json::object* clauses = nullptr;
};

struct DraftedRules {
    const std::string& rules;
    const std::vector<RuleExample>& examples;
    /// The version that it was begun from, whose other files go with it.
    const MatterFiles& base_files;
    std::string rules_file;
};

CheckedDraft check_rules(const DraftedRules& draft, const RulesInForce& in_force);

}  // namespace kaigong::catalog
