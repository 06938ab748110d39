// Decision tables: which rules match, and what their hit policy makes of the outputs (DMN 1.5 §8.2.8).
#include <fmt/format.h>

#include <algorithm>

#include "engine/dmn/evaluation.hpp"
#include "engine/feel/compare.hpp"
#include "engine/feel/node.hpp"
#include "engine/feel/operators.hpp"

namespace kaigong::dmn {

namespace {

using feel::Context;
using feel::Frame;
using feel::List;
using feel::Value;

/// A table that is called in a loop explains itself that often and no more.
constexpr std::size_t kTablesExplainedMax = 1'000;

bool gives_list(const DecisionTable& table) {
    return table.hit_policy == HitPolicy::rule_order || table.hit_policy == HitPolicy::output_order ||
           (table.hit_policy == HitPolicy::collect && table.aggregation == Aggregation::none);
}

Value sum_of(const List& outputs) {
    Value total = outputs.front();
    for (std::size_t at = 1; at < outputs.size(); ++at) total = feel::add(total, outputs[at]);
    return total;
}

Value extreme_of(const List& outputs, int wanted_sign) {
    const Value* best = &outputs.front();
    for (const Value& output : outputs) {
        const auto sign = feel::order(output, *best);
        if (!sign) return Value::null("feel.not_comparable", "各规则的输出不能互相比较大小，请检查决策表。");
        if (*sign * wanted_sign > 0) best = &output;
    }
    return *best;
}

}  // namespace

Value BoxedEvaluator::table(const DecisionTable& table, const Frame& frame) {
    std::vector<Value> values;
    std::vector<std::size_t> matched;
    Value result;
    TableExplanation explanation;
    TableExplanation* const explained = session_.explanation != nullptr ? &explanation : nullptr;
    if (input_values(table, frame, values, result, explained)) {
        const bool first_only = table.hit_policy == HitPolicy::first;
        for (std::size_t at = 0; at < table.rules.size(); ++at) {
            if (!matches(table.rules[at], values, frame)) continue;
            matched.push_back(at);
            if (first_only) break;
        }
        result =
            session_.machine.is_exhausted() ? session_.machine.exhausted() : decide(table, matched, frame, explained);
    }
    if (explained != nullptr && session_.explanation->tables.size() < kTablesExplainedMax) {
        explanation.element = element_;
        explanation.result = result;
        session_.explanation->tables.push_back(std::move(explanation));
    }
    return result;
}

/// The value, and what it was made of.
Value BoxedEvaluator::explained_literal(const Literal& text, const Frame& frame, std::vector<Read>& reads) {
    feel::ReadLog log;
    feel::ReadLog* const outer = session_.machine.keep_reads(&log);
    Value value = literal(text, frame);
    session_.machine.keep_reads(outer);
    reads = log.take();
    return value;
}

bool BoxedEvaluator::input_values(const DecisionTable& table, const Frame& frame, std::vector<Value>& values,
                                  Value& failure, TableExplanation* explained) {
    for (const TableInput& input : table.inputs) {
        std::vector<Read> reads;
        Value value =
            explained != nullptr ? explained_literal(input.expression, frame, reads) : literal(input.expression, frame);
        value = conform(std::move(value), input.type, session_.machine);
        if (explained != nullptr) explained->inputs.push_back({input.expression.text, value, std::move(reads)});
        const bool checked = input.allowed && input.allowed->parsed && !value.is_null();
        if (checked && !session_.machine.run_tests(*input.allowed->parsed->root(), value, frame).is_true()) {
            failure = Value::null("dmn.value_not_allowed",
                                  fmt::format("“{}”的值 {} 不在决策表允许的取值里，请改正填写的内容。",
                                              input.expression.text, value.to_text()));
            values.push_back(std::move(value));
            return false;
        }
        values.push_back(std::move(value));
    }
    return true;
}

bool BoxedEvaluator::matches(const TableRule& rule, const std::vector<Value>& values, const Frame& frame) {
    if (!session_.machine.spend(1)) return false;
    for (std::size_t at = 0; at < std::min(values.size(), rule.inputs.size()); ++at) {
        const Cell& cell = rule.inputs[at];
        if (!cell.parsed) return false;
        if (!session_.machine.run_tests(*cell.parsed->root(), values[at], frame).is_true()) return false;
    }
    return true;
}

Value BoxedEvaluator::rule_output(const DecisionTable& table, const TableRule& rule, const Frame& frame,
                                  TableExplanation::Match* explained) {
    if (explained == nullptr && !rule.constant.empty()) {
        Context result = rule.constant;
        for (const std::size_t at : rule.open) {
            result.replace_at(at, conform(literal(rule.outputs[at], frame), table.outputs[at].type, session_.machine));
        }
        return Value(std::move(result));
    }
    const auto output = [&](std::size_t at) {
        if (at >= rule.outputs.size()) return Value();
        const Literal& cell = rule.outputs[at];
        const TableOutput& column = table.outputs[at];
        if (explained == nullptr) return conform(literal(cell, frame), column.type, session_.machine);
        std::vector<Read> reads;
        Value value = conform(explained_literal(cell, frame, reads), column.type, session_.machine);
        explained->outputs.push_back({column.name, cell.text, value, std::move(reads)});
        return value;
    };
    if (table.outputs.size() == 1) return output(0);
    Context result;
    result.reserve(table.outputs.size());
    for (std::size_t at = 0; at < table.outputs.size(); ++at) result.put(table.output_keys[at], output(at));
    return Value(std::move(result));
}

Value BoxedEvaluator::default_output(const DecisionTable& table, const Frame& frame) {
    const bool has_default =
        std::ranges::any_of(table.outputs, [](const TableOutput& output) { return output.otherwise.has_value(); });
    if (!has_default) return Value::null("dmn.no_rule_matches", "没有规则符合输入，决策表也没有写默认结果。");
    const auto value = [&](const TableOutput& output) {
        return output.otherwise ? conform(literal(*output.otherwise, frame), output.type, session_.machine) : Value();
    };
    if (table.outputs.size() == 1) return value(table.outputs.front());
    Context result;
    for (const TableOutput& output : table.outputs) result.put(output.name, value(output));
    return Value(std::move(result));
}

Value BoxedEvaluator::decide(const DecisionTable& table, const std::vector<std::size_t>& matched, const Frame& frame,
                             TableExplanation* explained) {
    if (explained != nullptr) {
        for (const std::size_t at : matched) {
            explained->matches.push_back({at + 1, table.rules[at].id, table.rules[at].annotations, {}});
        }
    }
    if (matched.empty()) {
        Value otherwise = default_output(table, frame);
        if (otherwise.null_code() != "dmn.no_rule_matches") return otherwise;
        if (gives_list(table)) return Value(List{});
        return table.aggregation == Aggregation::count ? Value(0) : otherwise;
    }
    if (table.hit_policy == HitPolicy::unique && matched.size() > 1) {
        return Value::null(
            "dmn.several_rules_match",
            fmt::format("规则 {} 和 {} 同时符合，但决策表只许一条符合，请改正规则。", matched[0] + 1, matched[1] + 1));
    }
    List outputs;
    outputs.reserve(matched.size());
    for (std::size_t at = 0; at < matched.size(); ++at) {
        auto* const match = explained != nullptr ? &explained->matches[at] : nullptr;
        outputs.push_back(rule_output(table, table.rules[matched[at]], frame, match));
    }
    switch (table.hit_policy) {
        case HitPolicy::unique:
        case HitPolicy::first: return outputs.front();
        case HitPolicy::any: return any_of(outputs);
        case HitPolicy::priority: return by_priority(table, std::move(outputs), frame).front();
        case HitPolicy::output_order: return Value(by_priority(table, std::move(outputs), frame));
        case HitPolicy::rule_order: return Value(std::move(outputs));
        case HitPolicy::collect: return collect(table, std::move(outputs));
    }
    return {};
}

Value BoxedEvaluator::any_of(const List& outputs) const {
    for (const Value& output : outputs) {
        if (!feel::is_same(output, outputs.front())) {
            return Value::null("dmn.outputs_differ", "几条规则同时符合，但结果不同，请改正规则。");
        }
    }
    return outputs.front();
}

Value BoxedEvaluator::collect(const DecisionTable& table, List outputs) const {
    switch (table.aggregation) {
        case Aggregation::none: return Value(std::move(outputs));
        case Aggregation::sum: return sum_of(outputs);
        case Aggregation::min: return extreme_of(outputs, -1);
        case Aggregation::max: return extreme_of(outputs, 1);
        case Aggregation::count: break;
    }
    List distinct;
    for (const Value& output : outputs) {
        if (!session_.machine.spend(distinct.size() / 4 + output.weight())) return session_.machine.exhausted();
        const bool known =
            std::ranges::any_of(distinct, [&](const Value& seen) { return feel::is_same(seen, output); });
        if (!known) distinct.push_back(output);
    }
    return Value(static_cast<std::int64_t>(distinct.size()));
}

/// Where the value stands among the column's allowed values: the earlier, the higher its priority.
std::size_t BoxedEvaluator::priority_of(const TableOutput& column, const Value& value, const Frame& frame) {
    if (!column.allowed || !column.allowed->parsed) return 0;
    const feel::Node& root = *column.allowed->parsed->root();
    for (std::size_t at = 0; at < root.children.size() && session_.machine.spend(1); ++at) {
        feel::Node single;
        single.op = feel::Op::tests;
        single.children = {root.children[at]};
        if (session_.machine.run_tests(single, value, frame).is_true()) return at;
    }
    return root.children.size();
}

List BoxedEvaluator::by_priority(const DecisionTable& table, List outputs, const Frame& frame) {
    std::vector<std::pair<std::vector<std::size_t>, Value>> ranked;
    for (Value& output : outputs) {
        std::vector<std::size_t> ranks;
        for (const TableOutput& column : table.outputs) {
            const Value* part = table.outputs.size() == 1 ? &output : output.as_context().find(column.name);
            ranks.push_back(priority_of(column, part == nullptr ? Value() : *part, frame));
        }
        ranks.push_back(ranked.size());  // rules of the same priority stay in their order
        ranked.emplace_back(std::move(ranks), std::move(output));
    }
    std::ranges::sort(ranked, {}, &std::pair<std::vector<std::size_t>, Value>::first);
    List sorted;
    for (auto& [ranks, output] : ranked) sorted.push_back(std::move(output));
    return sorted;
}

}  // namespace kaigong::dmn
