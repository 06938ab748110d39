#include "modules/catalog/rule_model.hpp"

#include <algorithm>

#include "engine/dmn/elements.hpp"
#include "modules/catalog/findings.hpp"

namespace kaigong::catalog {
namespace {

/// The text that a cell always gives; empty when it is no text.
std::string constant_text(const dmn::Literal& cell) {
    if (!cell.parsed) return "";
    const auto value = feel::evaluate(*cell.parsed, {});
    return value.is(feel::Kind::string) ? value.as_string() : "";
}

void add_rows(const dmn::Element& element, std::vector<RuleRow>& rows) {
    if (!element.logic || element.logic->kind != dmn::Boxed::Kind::table) return;
    const auto& table = element.logic->table;
    const auto column = std::ranges::find(table.outputs, kRuleColumn, &dmn::TableOutput::name);
    if (column == table.outputs.end()) return;
    const auto at = static_cast<std::size_t>(column - table.outputs.begin());
    for (std::size_t row = 0; row < table.rules.size(); ++row) {
        if (at >= table.rules[row].outputs.size()) continue;
        auto rule = constant_text(table.rules[row].outputs[at]);
        if (!rule.empty()) rows.push_back({std::move(rule), element.name, row + 1});
    }
}

}  // namespace

std::vector<RuleRow> rule_rows(const dmn::Model& model) {
    std::vector<RuleRow> rows;
    for (const auto& element : model.data()->elements) {
        if (element.kind == dmn::ElementKind::decision) add_rows(element, rows);
    }
    return rows;
}

std::string RuleResults::outcome_of(const std::string& rule) const {
    const auto found = by_rule.find(rule);
    return found == by_rule.end() ? "not_applicable" : found->second.outcome;
}

RuleResults read_results(const Result<dmn::Outcome>& decided) {
    RuleResults results;
    if (!decided) {
        results.failure = decided.error().message;
        return results;
    }
    if (!decided->value.is(feel::Kind::list)) {
        results.failure = std::string(decided->value.null_reason());
        if (results.failure.empty()) results.failure = "决策 findings 没有得出列表，请检查规则。";
        return results;
    }
    for (const auto& line : decided->value.as_list()) {
        if (!line.is(feel::Kind::context)) continue;
        const auto& finding = line.as_context();
        results.by_rule[context_text(finding, "rule")] = {context_text(finding, "outcome"),
                                                          context_text(finding, "title")};
    }
    return results;
}

}  // namespace kaigong::catalog
