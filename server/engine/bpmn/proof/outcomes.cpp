#include "engine/bpmn/proof/outcomes.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "engine/bpmn/expression.hpp"
#include "engine/bpmn/proof/conditions.hpp"

namespace kaigong::bpmn::proof {
namespace {

using Row = std::vector<std::optional<bool>>;

/// All ways but the default, in the order in which they are judged. `condition` counts conditions of the same text
/// once.
struct Choice {
    int position = 0;
    std::size_t condition = 0;
    /// A way without a condition is always taken, and does not keep the default one closed (BPMN 2.0.2, table 13.3).
    bool has_condition = true;
};

struct Judged {
    std::vector<Choice> choices;
    Truths truths;
    std::optional<int> otherwise;
};

Judged judged(const Definition& definition, const Element& element) {
    Judged judged;
    std::vector<Feel> conditions;
    std::map<std::string, std::size_t> known;
    for (std::size_t i = 0; i < element.outgoing.size(); ++i) {
        const int position = static_cast<int>(i);
        if (element.outgoing[i] == element.default_flow) {
            judged.otherwise = position;
            continue;
        }
        const Feel& condition = definition.flow(element.outgoing[i]).condition;
        const std::string text = condition == nullptr ? "" : condition->text();
        const auto [found, is_new] = known.emplace(text, conditions.size());
        if (is_new) conditions.push_back(condition);
        judged.choices.push_back({position, found->second, condition != nullptr});
    }
    judged.truths = possible_truths(conditions);
    return judged;
}

/// What one token does in a case: the first that is true; those that are free may be true or false.
void add_exclusive(const Judged& judged, const Row& row, std::set<Outcome>& outcomes) {
    std::set<std::size_t> false_now;
    for (const Choice& choice : judged.choices) {
        if (!judged.truths.known[choice.condition]) {
            if (false_now.insert(choice.condition).second) outcomes.insert({choice.position});
            continue;
        }
        const std::optional<bool> is_true = row[choice.condition];
        if (is_true != false) {
            // Neither true nor false is an incident that a person repairs: then another case is met.
            if (is_true == true) outcomes.insert({choice.position});
            return;
        }
    }
    if (judged.otherwise) outcomes.insert({*judged.otherwise});
}

Outcome taken_together(const Judged& judged, const Row& row) {
    Outcome taken;
    bool any_condition_is_true = false;
    for (const Choice& choice : judged.choices) {
        if (row[choice.condition] != true) continue;
        taken.push_back(choice.position);
        any_condition_is_true = any_condition_is_true || choice.has_condition;
    }
    if (!any_condition_is_true && judged.otherwise) taken.push_back(*judged.otherwise);
    std::sort(taken.begin(), taken.end());
    return taken;
}

/// The row with each way to fill in what is free.
void add_inclusive(const Judged& judged, Row row, const std::vector<std::size_t>& free, std::set<Outcome>& outcomes) {
    for (std::size_t truths = 0; truths < std::size_t{1} << free.size(); ++truths) {
        for (std::size_t i = 0; i < free.size(); ++i) row[free[i]] = (truths >> i & 1U) != 0;
        Outcome taken = taken_together(judged, row);
        // Without any the token would stop with an incident that a person repairs: then another choice is made.
        if (!taken.empty()) outcomes.insert(std::move(taken));
    }
}

}  // namespace

std::vector<Outcome> exclusive_outcomes(const Definition& definition, const Element& element) {
    if (element.outgoing.empty()) return {Outcome{}};
    const Judged all = judged(definition, element);
    std::set<Outcome> outcomes;
    for (const Row& row : all.truths.rows) add_exclusive(all, row, outcomes);
    return {outcomes.begin(), outcomes.end()};
}

std::optional<std::vector<Outcome>> inclusive_outcomes(const Definition& definition, const Element& element) {
    if (element.outgoing.empty()) return std::vector<Outcome>{Outcome{}};
    const Judged all = judged(definition, element);
    std::vector<std::size_t> free;
    for (std::size_t i = 0; i < all.truths.known.size(); ++i) {
        if (!all.truths.known[i]) free.push_back(i);
    }
    if (free.size() > kFreeConditionsMax) return std::nullopt;
    std::vector<Row> rows = all.truths.rows;
    // Neither true nor false is an incident that a person repairs: then another case is met.
    std::erase_if(rows, [&](const Row& row) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (all.truths.known[i] && !row[i].has_value()) return true;
        }
        return false;
    });
    if (rows.size() << free.size() > kCasesTriedMax) return std::nullopt;
    std::set<Outcome> outcomes;
    for (const Row& row : rows) add_inclusive(all, row, free, outcomes);
    return std::vector<Outcome>{outcomes.begin(), outcomes.end()};
}

std::vector<Outcome> parallel_outcomes(const Element& element) {
    Outcome all;
    for (std::size_t i = 0; i < element.outgoing.size(); ++i) all.push_back(static_cast<int>(i));
    return {all};
}

}  // namespace kaigong::bpmn::proof
