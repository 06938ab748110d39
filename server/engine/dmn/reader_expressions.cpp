#include <algorithm>
#include <array>

#include "engine/dmn/evaluation.hpp"
#include "engine/dmn/reader.hpp"
#include "engine/dmn/xml.hpp"
#include "engine/feel/machine.hpp"
#include "engine/feel/node.hpp"

namespace kaigong::dmn {

namespace {

using BoxedKind = Boxed::Kind;

struct KindName {
    std::string_view local;
    BoxedKind kind;
};

constexpr std::array<KindName, 13> kKinds{{
    {"literalExpression", BoxedKind::literal},
    {"decisionTable", BoxedKind::table},
    {"context", BoxedKind::context},
    {"invocation", BoxedKind::invocation},
    {"list", BoxedKind::list},
    {"relation", BoxedKind::relation},
    {"functionDefinition", BoxedKind::function},
    {"encapsulatedLogic", BoxedKind::function},
    {"conditional", BoxedKind::conditional},
    {"for", BoxedKind::iteration},
    {"filter", BoxedKind::filter},
    {"some", BoxedKind::some},
    {"every", BoxedKind::every},
}};

std::optional<BoxedKind> kind_of(const pugi::xml_node& node) {
    if (node.type() != pugi::node_element) return std::nullopt;
    const auto found = std::ranges::find(kKinds, local_name(node), &KindName::local);
    return found == kKinds.end() ? std::nullopt : std::optional(found->kind);
}

HitPolicy hit_policy_of(const std::string& name) {
    if (name == "ANY") return HitPolicy::any;
    if (name == "PRIORITY") return HitPolicy::priority;
    if (name == "FIRST") return HitPolicy::first;
    if (name == "RULE ORDER") return HitPolicy::rule_order;
    if (name == "OUTPUT ORDER") return HitPolicy::output_order;
    if (name == "COLLECT") return HitPolicy::collect;
    return HitPolicy::unique;
}

Aggregation aggregation_of(const std::string& name) {
    if (name == "SUM") return Aggregation::sum;
    if (name == "COUNT") return Aggregation::count;
    if (name == "MIN") return Aggregation::min;
    if (name == "MAX") return Aggregation::max;
    return Aggregation::none;
}

}  // namespace

feel::Value Reader::problem(const std::string& text, const Error& failure, const feel::ParseFailure& place) {
    data_->problems.push_back({element_, text, failure, place});
    return feel::Value::null(failure.reason, failure.message);
}

Literal Reader::literal(std::string text) {
    Literal result;
    result.text = std::move(text);
    if (result.text.empty()) return result;
    feel::ParseFailure place;
    auto parsed = feel::parse(result.text, scope_, &place);
    if (parsed) {
        result.parsed = std::move(*parsed);
    } else {
        result.failure = problem(result.text, parsed.error(), place);
    }
    return result;
}

Literal Reader::literal(const pugi::xml_node& node) {
    Literal result = literal(text_of(node));
    result.id = attribute(node, "id");
    return result;
}

Cell Reader::cell(const pugi::xml_node& node) {
    Cell result;
    result.id = attribute(node, "id");
    result.text = text_of(node);
    feel::ParseFailure place;
    auto parsed = feel::parse_unary_tests(result.text.empty() ? "-" : result.text, scope_, &place);
    if (parsed) {
        result.parsed = std::move(*parsed);
    } else {
        result.failure = problem(result.text, parsed.error(), place);
    }
    return result;
}

BoxedPtr Reader::boxed_child(const pugi::xml_node& parent) {
    for (const pugi::xml_node& node : parent.children()) {
        if (kind_of(node)) return boxed(node);
    }
    return std::make_shared<const Boxed>();
}

BoxedPtr Reader::boxed(const pugi::xml_node& node) {
    auto result = std::make_shared<Boxed>();
    if (const auto kind = node ? kind_of(node) : std::nullopt) {
        result->kind = *kind;
        result->type = type_of(node);
        fill(node, *result);
        set_keys(*result);
    }
    return result;
}

void Reader::set_keys(Boxed& result) {
    for (const std::string& column : result.columns) result.keys.emplace_back(column);
    for (const Entry& entry : result.entries) result.keys.emplace_back(entry.name);
    for (const FormalParameter& parameter : result.parameters) result.keys.emplace_back(parameter.name);
}

void Reader::fill(const pugi::xml_node& node, Boxed& result) {
    switch (result.kind) {
        case BoxedKind::missing:
        case BoxedKind::external: break;
        case BoxedKind::literal: result.literal = literal(node); break;
        case BoxedKind::table: result.table = table(node); break;
        case BoxedKind::context: fill_context(node, result); break;
        case BoxedKind::invocation: fill_invocation(node, result); break;
        case BoxedKind::list:
            for (const pugi::xml_node& item : node.children()) {
                if (kind_of(item)) result.items.push_back(boxed(item));
            }
            break;
        case BoxedKind::relation: fill_relation(node, result); break;
        case BoxedKind::function: fill_function(node, result); break;
        case BoxedKind::conditional:
            result.first = boxed_child(child(node, "if"));
            result.second = boxed_child(child(node, "then"));
            result.third = boxed_child(child(node, "else"));
            break;
        case BoxedKind::iteration: fill_iteration(node, result, "return"); break;
        case BoxedKind::filter: fill_filter(node, result); break;
        case BoxedKind::some:
        case BoxedKind::every: fill_iteration(node, result, "satisfies"); break;
    }
}

void Reader::fill_context(const pugi::xml_node& node, Boxed& result) {
    const std::size_t visible = scope_.names.size();
    for (const pugi::xml_node& entry : children(node, "contextEntry")) {
        const pugi::xml_node variable = child(entry, "variable");
        const std::string name = attribute(variable, "name");
        BoxedPtr value = boxed_child(entry);
        if (!name.empty()) scope_.names.push_back(name);
        result.entries.push_back({name, type_of(variable), std::move(value)});
    }
    scope_.names.resize(visible);
}

void Reader::fill_invocation(const pugi::xml_node& node, Boxed& result) {
    result.first = boxed_child(node);
    for (const pugi::xml_node& binding : children(node, "binding")) {
        const pugi::xml_node parameter = child(binding, "parameter");
        result.entries.push_back({attribute(parameter, "name"), type_of(parameter), boxed_child(binding)});
    }
}

void Reader::fill_relation(const pugi::xml_node& node, Boxed& result) {
    for (const pugi::xml_node& column : children(node, "column")) result.columns.push_back(attribute(column, "name"));
    for (const pugi::xml_node& row : children(node, "row")) {
        std::size_t cells = 0;
        for (const pugi::xml_node& item : row.children()) {
            if (kind_of(item) && cells++ < result.columns.size()) result.items.push_back(boxed(item));
        }
        for (; cells < result.columns.size(); ++cells) result.items.push_back(std::make_shared<const Boxed>());
    }
}

/// `java.lang.Math.max(int, int)` of the context that names class and method; without one, the function's kind.
std::string Reader::external_name(const pugi::xml_node& node) const {
    std::string name;
    for (const pugi::xml_node& entry : children(child(node, "context"), "contextEntry")) {
        std::string part = text_of(child(entry, "literalExpression"));
        std::erase(part, '"');
        if (!name.empty()) name += '.';
        name += part;
    }
    return name.empty() ? attribute(node, "kind") : name;
}

void Reader::fill_function(const pugi::xml_node& node, Boxed& result) {
    const std::string kind = attribute(node, "kind");
    const std::size_t visible = scope_.names.size();
    for (const pugi::xml_node& parameter : children(node, "formalParameter")) {
        const std::string name = attribute(parameter, "name");
        scope_.names.push_back(name);
        result.parameters.push_back({name, type_of(parameter)});
    }
    if (kind.empty() || kind == "FEEL") {
        result.first = boxed_child(node);
    } else {
        result.kind = BoxedKind::external;
        result.literal.text = external_name(node);
    }
    scope_.names.resize(visible);
}

void Reader::fill_iteration(const pugi::xml_node& node, Boxed& result, std::string_view body) {
    result.columns.push_back(attribute(node, "iteratorVariable"));
    result.first = boxed_child(child(node, "in"));
    const std::size_t visible = scope_.names.size();
    scope_.names.push_back(result.columns.front());
    if (result.kind == BoxedKind::iteration) scope_.names.emplace_back("partial");
    result.second = boxed_child(child(node, body));
    scope_.names.resize(visible);
}

void Reader::fill_filter(const pugi::xml_node& node, Boxed& result) {
    result.first = boxed_child(child(node, "in"));
    const std::size_t visible = scope_.names.size();
    scope_.names.emplace_back("item");
    scope_.names.insert(scope_.names.end(), scope_.member_names.begin(), scope_.member_names.end());
    result.second = boxed_child(child(node, "match"));
    scope_.names.resize(visible);
}

namespace {

/// Conforms the constant outputs once. A null may be due to what only an evaluation knows, so it is left to that.
void find_constants(const DecisionTable& table, TableRule& rule) {
    if (table.outputs.size() < 2 || rule.outputs.size() != table.outputs.size()) return;
    const feel::Environment nothing;
    feel::Machine machine(nothing);
    feel::Context constant;
    for (std::size_t at = 0; at < rule.outputs.size(); ++at) {
        const auto& parsed = rule.outputs[at].parsed;
        const bool is_constant = parsed && parsed->root()->is_constant;
        feel::Value value =
            is_constant ? conform(parsed->root()->value, table.outputs[at].type, machine) : feel::Value();
        if (value.is_null()) rule.open.push_back(at);
        constant.put(table.output_keys[at], std::move(value));
    }
    // Two outputs of one name are one entry.
    if (constant.size() == table.outputs.size()) rule.constant = std::move(constant);
}

}  // namespace

DecisionTable Reader::table(const pugi::xml_node& node) {
    DecisionTable result;
    result.id = attribute(node, "id");
    result.hit_policy = hit_policy_of(attribute(node, "hitPolicy"));
    result.aggregation = aggregation_of(attribute(node, "aggregation"));
    read_columns(node, result);
    for (const pugi::xml_node& row : children(node, "rule")) result.rules.push_back(rule(row));
    for (TableRule& each : result.rules) find_constants(result, each);
    return result;
}

void Reader::read_columns(const pugi::xml_node& node, DecisionTable& table) {
    for (const pugi::xml_node& column : children(node, "input")) {
        const pugi::xml_node expression = child(column, "inputExpression");
        TableInput input{literal(expression), type_of(expression), std::nullopt, attribute(column, "id"),
                         attribute(column, "label")};
        if (const auto allowed = child(column, "inputValues")) input.allowed = cell(allowed);
        table.inputs.push_back(std::move(input));
    }
    for (const pugi::xml_node& column : children(node, "output")) {
        TableOutput output{attribute(column, "name"), type_of(column),           std::nullopt, std::nullopt,
                           attribute(column, "id"),   attribute(column, "label")};
        if (const auto allowed = child(column, "outputValues")) output.allowed = cell(allowed);
        if (const auto otherwise = child(column, "defaultOutputEntry")) output.otherwise = literal(otherwise);
        table.output_keys.emplace_back(output.name);
        table.outputs.push_back(std::move(output));
    }
}

TableRule Reader::rule(const pugi::xml_node& node) {
    TableRule result;
    result.id = attribute(node, "id");
    for (const pugi::xml_node& entry : children(node, "inputEntry")) result.inputs.push_back(cell(entry));
    for (const pugi::xml_node& entry : children(node, "outputEntry")) result.outputs.push_back(literal(entry));
    for (const pugi::xml_node& entry : children(node, "annotationEntry")) result.annotations.push_back(text_of(entry));
    return result;
}

}  // namespace kaigong::dmn
