#include "engine/dmn/dmn.hpp"

#include <fmt/format.h>

#include "engine/dmn/elements.hpp"
#include "engine/dmn/evaluation.hpp"
#include "engine/dmn/reader.hpp"
#include "engine/dmn/xml.hpp"

namespace kaigong::dmn {

namespace {

std::vector<NamedElement> elements_of(const ModelData& model, ElementKind kind) {
    std::vector<NamedElement> found;
    for (const Element& element : model.elements) {
        if (element.kind == kind) found.push_back({element.id, element.name});
    }
    return found;
}

using Question = feel::Value (Evaluation::*)(const Element&);

Outcome answered(const Model& model, const Element& element, Question question, const feel::Context& inputs,
                 const feel::Environment& environment, const Options& options) {
    feel::Machine machine(environment);
    auto explanation = options.explain ? std::make_shared<Explanation>() : nullptr;
    Evaluation evaluation(model.data(), inputs, {machine, explanation});
    Outcome outcome{machine.finished((evaluation.*question)(element)), {}, machine.refused_functions()};
    if (explanation) outcome.explanation = std::move(*explanation);
    return outcome;
}

}  // namespace

const std::string& Model::name() const {
    return data_->name;
}
const std::string& Model::namespace_uri() const {
    return data_->namespace_uri;
}
std::vector<NamedElement> Model::decisions() const {
    return elements_of(*data_, ElementKind::decision);
}
std::vector<NamedElement> Model::inputs() const {
    return elements_of(*data_, ElementKind::input);
}
std::vector<NamedElement> Model::decision_services() const {
    return elements_of(*data_, ElementKind::service);
}
std::vector<NamedElement> Model::knowledge_models() const {
    return elements_of(*data_, ElementKind::knowledge);
}
const std::vector<Problem>& Model::problems() const {
    return data_->problems;
}

Result<Model> parse(std::string_view xml, const std::vector<Model>& imports, const Limits& limits) {
    KAIGONG_TRY(document, read_document(xml, limits));
    KAIGONG_TRY(data, Reader(document->document_element(), imports).run());
    return Model(std::move(data));
}

Result<std::vector<std::string>> imported_namespaces(std::string_view xml, const Limits& limits) {
    KAIGONG_TRY(document, read_document(xml, limits));
    std::vector<std::string> namespaces;
    for (const pugi::xml_node& node : children(document->document_element(), "import")) {
        if (attribute(node, "importType").contains("/DMN/")) namespaces.push_back(attribute(node, "namespace"));
    }
    return namespaces;
}

Result<Outcome> evaluate(const Model& model, std::string_view decision, const feel::Context& inputs,
                         const feel::Environment& environment, const Options& options) {
    const Element* element = model.data()->find(ElementKind::decision, decision);
    if (element == nullptr) {
        return error(Errc::not_found, "dmn.unknown_decision",
                     fmt::format("模型“{}”里没有决策“{}”，请检查名称。", model.name(), decision));
    }
    return answered(model, *element, &Evaluation::decision, inputs, environment, options);
}

Result<Outcome> evaluate_service(const Model& model, std::string_view service, const feel::Context& inputs,
                                 const feel::Environment& environment, const Options& options) {
    const Element* element = model.data()->find(ElementKind::service, service);
    if (element == nullptr) {
        return error(Errc::not_found, "dmn.unknown_service",
                     fmt::format("模型“{}”里没有决策服务“{}”，请检查名称。", model.name(), service));
    }
    return answered(model, *element, &Evaluation::service, inputs, environment, options);
}

Result<Outcome> evaluate_knowledge_model(const Model& model, std::string_view name, const feel::Context& inputs,
                                         const feel::Environment& environment, const Options& options) {
    const Element* element = model.data()->find(ElementKind::knowledge, name);
    if (element == nullptr) {
        return error(Errc::not_found, "dmn.unknown_knowledge_model",
                     fmt::format("模型“{}”里没有业务知识“{}”，请检查名称。", model.name(), name));
    }
    return answered(model, *element, &Evaluation::knowledge, inputs, environment, options);
}

}  // namespace kaigong::dmn
