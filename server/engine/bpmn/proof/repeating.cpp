#include "engine/bpmn/proof/repeating.hpp"

#include <optional>

#include "engine/bpmn/expression.hpp"
#include "engine/bpmn/proof/conditions.hpp"

namespace kaigong::bpmn::proof {
namespace {

/// The value, when no variable can change it.
std::optional<feel::Value> constant(const Feel& expression) {
    if (expression == nullptr || !is_constant(expression->text())) return std::nullopt;
    return expression->evaluate({}, 0, nullptr);
}

std::optional<bool> constant_truth(const Feel& expression) {
    const auto value = constant(expression);
    if (!value || value->kind() != feel::Kind::boolean) return std::nullopt;
    return value->as_bool();
}

Rounds rounds_of_loop(const Repetition& repetition) {
    Rounds rounds;
    const auto goes_on = constant_truth(repetition.condition);
    rounds.none = repetition.test_before && goes_on == false;
    rounds.may_be_none = repetition.test_before && goes_on != true;
    rounds.endless = goes_on == true && repetition.maximum == 0;
    return rounds;
}

}  // namespace

Rounds rounds_of(const Repetition& repetition) {
    if (repetition.kind == Repetition::Kind::loop) return rounds_of_loop(repetition);
    Rounds rounds;
    const auto value = constant(repetition.collection != nullptr ? repetition.collection : repetition.cardinality);
    if (!value) return rounds;
    const bool is_list = value->kind() == feel::Kind::list;
    if (!is_list && value->kind() != feel::Kind::number) return rounds;
    rounds.none = is_list ? value->as_list().empty() : value->as_number().to_int64() == 0;
    rounds.may_be_none = rounds.none;
    return rounds;
}

Ticking ticking_of(const TimerRule& rule) {
    if (rule.kind != TimerRule::Kind::cycle) return Ticking::bounded;
    std::string text = rule.literal;
    if (rule.expression != nullptr) {
        const auto value = constant(rule.expression);
        if (!value || value->kind() != feel::Kind::string) return Ticking::unknown;
        text = value->as_string();
    }
    const bool is_endless = !text.starts_with('R') || text.starts_with("R/") || text.starts_with("R-1/");
    return is_endless ? Ticking::for_ever : Ticking::bounded;
}

}  // namespace kaigong::bpmn::proof
