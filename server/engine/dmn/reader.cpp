#include "engine/dmn/reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/dmn/xml.hpp"

namespace kaigong::dmn {

namespace {

std::optional<ElementKind> kind_of(std::string_view local) {
    if (local == "inputData") return ElementKind::input;
    if (local == "decision") return ElementKind::decision;
    if (local == "businessKnowledgeModel") return ElementKind::knowledge;
    if (local == "decisionService") return ElementKind::service;
    return std::nullopt;
}

Error missing_element(std::string_view reference) {
    return error(Errc::invalid_input, "dmn.missing_element",
                 fmt::format("模型引用了不存在的元素“{}”，请在建模工具里检查连线后重新导出。", reference));
}

}  // namespace

Result<std::shared_ptr<const ModelData>> Reader::run() {
    data_->name = attribute(root_, "name");
    data_->namespace_uri = attribute(root_, "namespace");
    KAIGONG_CHECK(read_imports());
    collect_member_names();
    read_types();
    read_elements();
    KAIGONG_CHECK(read_requirements());
    read_logic();
    return std::shared_ptr<const ModelData>(data_);
}

Result<void> Reader::read_imports() {
    for (const pugi::xml_node& node : children(root_, "import")) {
        // Imports of other kinds (PMML, XML Schema) are documentation here.
        if (!attribute(node, "importType").contains("/DMN/")) continue;
        const std::string uri = attribute(node, "namespace");
        const auto found =
            std::ranges::find_if(available_, [&](const Model& model) { return model.namespace_uri() == uri; });
        if (found == available_.end()) {
            return error(Errc::invalid_input, "dmn.missing_import",
                         fmt::format("缺少导入的模型（命名空间 {}），请一起上传。", uri));
        }
        data_->imports.push_back({attribute(node, "name"), found->data()});
    }
    return {};
}

void Reader::read_elements() {
    for (const pugi::xml_node& node : root_.children()) {
        const auto kind = node.type() == pugi::node_element ? kind_of(local_name(node)) : std::nullopt;
        if (!kind) continue;
        Element element;
        element.kind = *kind;
        element.id = attribute(node, "id");
        element.name = attribute(node, "name");
        element.description = child(node, "description").text().get();
        const pugi::xml_node variable = child(node, "variable");
        element.variable = attribute(variable, "name");
        if (element.variable.empty()) element.variable = element.name;
        element.type = type_of(variable);
        element.qualified_key = data_->namespace_uri + "#" + element.name;
        element.variable_key = element.variable;
        element.name_key = element.name;
        if (!element.id.empty()) by_id_.emplace(element.id, data_->elements.size());
        nodes_.push_back(node);
        data_->elements.push_back(std::move(element));
    }
}

Result<Element::Requirement> Reader::resolve(const pugi::xml_node& reference) const {
    const std::string href = attribute(reference, "href");
    const std::size_t mark = href.rfind('#');
    const std::string uri = mark == std::string::npos ? "" : href.substr(0, mark);
    const std::string id = mark == std::string::npos ? href : href.substr(mark + 1);
    if (uri.empty() || uri == data_->namespace_uri) {
        const auto found = by_id_.find(id);
        if (found == by_id_.end()) return missing_element(href);
        return Element::Requirement{"", nullptr, found->second};
    }
    for (const ImportedModel& import : data_->imports) {
        if (import.model->namespace_uri != uri) continue;
        const auto& elements = import.model->elements;
        const auto found = std::ranges::find(elements, id, &Element::id);
        if (found == elements.end()) break;
        return Element::Requirement{import.name, import.model, static_cast<std::size_t>(found - elements.begin())};
    }
    return missing_element(href);
}

Result<void> Reader::add_references(const pugi::xml_node& node, std::string_view local,
                                    std::vector<Element::Requirement>& into) const {
    for (const pugi::xml_node& reference : children(node, local)) {
        KAIGONG_TRY(requirement, resolve(reference));
        into.push_back(std::move(requirement));
    }
    return {};
}

Result<void> Reader::read_requirements() {
    for (std::size_t at = 0; at < nodes_.size(); ++at) {
        Element& element = data_->elements[at];
        // Only decisions know data: what a knowledge model sees is the same at each of its calls.
        const bool knows_data = element.kind == ElementKind::decision;
        for (const pugi::xml_node& node : children(nodes_[at], "informationRequirement")) {
            if (!knows_data) break;
            KAIGONG_CHECK(add_references(node, "requiredInput", element.requirements));
            KAIGONG_CHECK(add_references(node, "requiredDecision", element.requirements));
        }
        for (const pugi::xml_node& node : children(nodes_[at], "knowledgeRequirement")) {
            KAIGONG_CHECK(add_references(node, "requiredKnowledge", element.requirements));
        }
        if (element.kind != ElementKind::service) continue;
        KAIGONG_CHECK(add_references(nodes_[at], "outputDecision", element.outputs));
        KAIGONG_CHECK(add_references(nodes_[at], "inputDecision", element.input_decisions));
        KAIGONG_CHECK(add_references(nodes_[at], "inputData", element.input_data));
    }
    return {};
}

std::vector<std::string> Reader::visible_names(const Element& element) const {
    std::vector<std::string> names;
    for (const Element::Requirement& requirement : element.requirements) {
        const auto& elements = requirement.model ? requirement.model->elements : data_->elements;
        names.push_back(requirement.import_name.empty() ? elements[requirement.element].variable
                                                        : requirement.import_name);
    }
    return names;
}

void Reader::read_logic() {
    for (std::size_t at = 0; at < nodes_.size(); ++at) {
        Element& element = data_->elements[at];
        element_ = element.name;
        scope_.names = visible_names(element);
        if (element.kind == ElementKind::decision) element.logic = boxed_child(nodes_[at]);
        if (element.kind == ElementKind::knowledge) {
            scope_.names.push_back(element.variable);  // it may call itself
            element.logic = boxed(child(nodes_[at], "encapsulatedLogic"));
        }
    }
}

const Element* ModelData::find(ElementKind kind, std::string_view name_or_id) const {
    for (const Element& element : elements) {
        if (element.kind == kind && (element.name == name_or_id || element.id == name_or_id)) return &element;
    }
    return nullptr;
}

}  // namespace kaigong::dmn
