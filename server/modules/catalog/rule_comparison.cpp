#include "modules/catalog/rule_comparison.hpp"

#include <algorithm>

#include "engine/dmn/elements.hpp"
#include "modules/catalog/rule_difference.hpp"

namespace kaigong::catalog {
namespace {

/// So many cases have to come out the same both ways before the long way is left.
constexpr int kConfirmations = 40;
constexpr std::size_t kCaseStepsMax = 50'000'000;

/// Decisions that `findings` reads and that answer the same in both models.
std::set<std::string> same_groups(const dmn::Model& before, const dmn::Model& after) {
    const auto differing = decisions_that_differ(before, after);
    const auto& elements = after.data()->elements;
    const auto findings = std::ranges::find_if(elements, [](const dmn::Element& element) {
        return element.kind == dmn::ElementKind::decision && element.name == kFindingsDecision;
    });
    std::set<std::string> same;
    if (findings == elements.end()) return same;
    for (const auto& requirement : findings->requirements) {
        if (requirement.model) continue;
        const auto& needed = elements[requirement.element];
        if (needed.kind == dmn::ElementKind::decision && !differing.contains(needed.name)) same.insert(needed.name);
    }
    return same;
}

}  // namespace

dmn::Model RuleComparison::without(const dmn::Model& model, const std::set<std::string>& groups) {
    auto data = std::make_shared<dmn::ModelData>(*model.data());
    for (auto& element : data->elements) {
        // As an input it takes the empty list that is given for it.
        if (groups.contains(element.name)) element.kind = dmn::ElementKind::input;
    }
    return dmn::Model(std::move(data));
}

RuleComparison::RuleComparison(std::shared_ptr<const LoadedMatter> in_force, const dmn::Model& drafted)
    : in_force_(std::move(in_force)), drafted_(drafted), same_groups_(same_groups(in_force_->rules(), drafted)) {
    if (same_groups_.empty()) return;
    short_in_force_ = without(in_force_->rules(), same_groups_);
    short_drafted_ = without(drafted_, same_groups_);
}

RuleResults RuleComparison::results_of(const dmn::Model& model, const feel::Context& context, CivilDate today) const {
    feel::Environment environment{.now_at_ms = office_midnight_ms(today)};
    environment.limits.evaluation_steps_max = kCaseStepsMax;
    return read_results(dmn::evaluate(model, kFindingsDecision, context, environment));
}

std::vector<store::PreviewChangeRow> RuleComparison::run(const PastCase& past) {
    auto context = in_force_->rule_context(past.input);
    const auto whole = [&] {
        return compare(past, results_of(in_force_->rules(), context, past.input.today),
                       results_of(drafted_, context, past.input.today));
    };
    if (same_groups_.empty() || short_way_is_wrong_) return whole();
    const bool is_confirmed = confirmations_ >= kConfirmations;
    auto long_way = is_confirmed ? std::vector<store::PreviewChangeRow>() : whole();
    for (const auto& group : same_groups_) context.put(group, feel::Value(feel::List{}));
    auto short_way = compare(past, results_of(*short_in_force_, context, past.input.today),
                             results_of(*short_drafted_, context, past.input.today));
    if (is_confirmed) return short_way;
    // `findings` may look at all groups together; then none can be left out.
    const auto same_change = [](const store::PreviewChangeRow& left, const store::PreviewChangeRow& right) {
        return left.subject == right.subject && left.before_outcome == right.before_outcome &&
               left.after_outcome == right.after_outcome;
    };
    if (std::ranges::equal(long_way, short_way, same_change)) {
        confirmations_ += 1;
    } else {
        short_way_is_wrong_ = true;
    }
    return long_way;
}

std::vector<store::PreviewChangeRow> RuleComparison::compare(const PastCase& past, const RuleResults& before,
                                                             const RuleResults& after) const {
    std::set<std::string> rules;
    for (const auto& [rule, result] : before.by_rule) rules.insert(rule);
    for (const auto& [rule, result] : after.by_rule) rules.insert(rule);
    std::vector<store::PreviewChangeRow> changes;
    for (const auto& rule : rules) {
        auto was = before.outcome_of(rule);
        auto is = after.outcome_of(rule);
        if (was == is) continue;
        const auto named = after.by_rule.find(rule);
        auto title = named != after.by_rule.end() ? named->second.title : before.by_rule.at(rule).title;
        changes.push_back({past.application_id, rule, past.application_number, past.works_name, past.owner_name,
                           past.submitted_on, std::move(title), std::move(was), std::move(is)});
    }
    return changes;
}

}  // namespace kaigong::catalog
