#include "modules/catalog/rule_text.hpp"

#include <fmt/format.h>

namespace kaigong::catalog {
namespace {

using dmn::Boxed;
using dmn::DecisionTable;
using dmn::ItemTypePtr;

std::string feel_type_text(const std::shared_ptr<const feel::Type>& type) {
    if (!type) return "";
    std::string text = std::to_string(static_cast<int>(type->kind));
    if (type->element) text += "[" + feel_type_text(type->element) + "]";
    for (const auto& [name, field] : type->fields) text += "{" + name + ":" + feel_type_text(field) + "}";
    for (const auto& parameter : type->parameters) text += "(" + feel_type_text(parameter) + ")";
    return text + (type->result ? "=" + feel_type_text(type->result) : "");
}

std::string type_text(const ItemTypePtr& type) {
    if (!type) return "";
    std::string text = feel_type_text(type->type);
    if (type->allowed) text += "<" + type->allowed->text() + ">";
    for (const auto& [name, field] : type->fields) text += "{" + name + ":" + type_text(field) + "}";
    return text + (type->element ? "[" + type_text(type->element) + "]" : "");
}

std::string cell_text(const std::optional<dmn::Cell>& cell) {
    return cell ? cell->text : "";
}

std::string table_text(const DecisionTable& table) {
    auto text = table_head_text(table);
    for (const auto& rule : table.rules) {
        text += fmt::format("\n{} {} {}", rule.id, row_text(rule), fmt::join(rule.annotations, "；"));
    }
    return text;
}

}  // namespace

std::string table_head_text(const DecisionTable& table) {
    std::string text = fmt::format("{} {}", static_cast<int>(table.hit_policy), static_cast<int>(table.aggregation));
    for (const auto& input : table.inputs) {
        text += fmt::format(" | {} {} {}", input.expression.text, type_text(input.type), cell_text(input.allowed));
    }
    for (const auto& output : table.outputs) {
        text += fmt::format(" → {} {} {} {}", output.name, type_text(output.type), cell_text(output.allowed),
                            output.otherwise ? output.otherwise->text : "");
    }
    return text;
}

std::string row_text(const dmn::TableRule& rule) {
    std::string text;
    for (const auto& cell : rule.inputs) text += (text.empty() ? "" : ", ") + cell.text;
    text += " →";
    for (std::size_t i = 0; i < rule.outputs.size(); ++i) text += (i == 0 ? " " : ", ") + rule.outputs[i].text;
    return text;
}

std::string boxed_text(const Boxed& boxed) {
    if (boxed.kind == Boxed::Kind::literal) return boxed.literal.text;
    if (boxed.kind == Boxed::Kind::table) return table_text(boxed.table);
    auto text = fmt::format("{}{}", static_cast<int>(boxed.kind), type_text(boxed.type));
    for (const auto& parameter : boxed.parameters)
        text += fmt::format(" ({} {})", parameter.name, type_text(parameter.type));
    for (const auto& column : boxed.columns) text += " #" + column;
    for (const auto& entry : boxed.entries) {
        text +=
            fmt::format("\n{} {}: {}", entry.name, type_text(entry.type), entry.value ? boxed_text(*entry.value) : "");
    }
    for (const auto& item : boxed.items) text += "\n- " + (item ? boxed_text(*item) : std::string());
    for (const auto& part : {boxed.first, boxed.second, boxed.third}) {
        if (part) text += "\n" + boxed_text(*part);
    }
    return text;
}

std::string element_text(const dmn::ModelData& model, const dmn::Element& element) {
    auto text = fmt::format("{} {} {} {}\n", static_cast<int>(element.kind), element.name, element.variable,
                            type_text(element.type));
    if (element.logic) text += type_text(element.logic->type) + boxed_text(*element.logic);
    for (const auto* list : {&element.requirements, &element.outputs, &element.input_decisions, &element.input_data}) {
        text += "\n";
        for (const auto& requirement : *list) {
            const auto& of = requirement.model ? *requirement.model : model;
            text += fmt::format(" {}.{}", requirement.import_name, of.elements[requirement.element].name);
        }
    }
    return text;
}

}  // namespace kaigong::catalog
