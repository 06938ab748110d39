// The results of two rule models on one case of the past.
#pragma once

#include <atomic>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "modules/catalog/loaded_matter.hpp"
#include "modules/catalog/package_store.hpp"
#include "modules/catalog/rule_model.hpp"

namespace kaigong::catalog {

/// Any thread. Both models see the same inputs, those of the matter in force.
class RuleComparison {
  public:
    RuleComparison(std::shared_ptr<const LoadedMatter> in_force, const dmn::Model& drafted);

    std::vector<store::PreviewChangeRow> run(const PastCase& past);

  private:
    /// The model without the groups of rules that are the same in both: those give no rows.
    static dmn::Model without(const dmn::Model& model, const std::set<std::string>& groups);
    RuleResults results_of(const dmn::Model& model, const feel::Context& context, CivilDate today) const;
    std::vector<store::PreviewChangeRow> compare(const PastCase& past, const RuleResults& before,
                                                 const RuleResults& after) const;

    std::shared_ptr<const LoadedMatter> in_force_;
    dmn::Model drafted_;
    /// Groups left out; empty: none can be.
    std::set<std::string> same_groups_;
    std::optional<dmn::Model> short_in_force_;
    std::optional<dmn::Model> short_drafted_;
    /// Cases that came out the same with and without those groups.
    std::atomic<int> confirmations_ = 0;
    std::atomic<bool> short_way_is_wrong_ = false;
};

}  // namespace kaigong::catalog
