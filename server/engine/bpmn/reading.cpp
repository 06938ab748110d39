#include "engine/bpmn/reading.hpp"

#include <fmt/format.h>

namespace kaigong::bpmn {

constexpr std::string_view kZeebeNamespace = "http://camunda.org/schema/zeebe/1.0";

std::string name_of(const XmlElement& xml) {
    const std::string_view id = xml.attribute("id");
    return id.empty() ? xml.name : std::string(id);
}

std::string_view without_prefix(std::string_view name) {
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

void refuse_unsupported(const XmlElement& xml, const std::string& owner, const std::string& what, Problems& problems) {
    problems.refuse(owner, xml.line, "unsupported_element",
                    fmt::format("不支持 {}，请改用受支持的元素后再部署。", what),
                    fmt::format("{} is not supported.", what));
}

void read_expression(const XmlElement& xml, const Element& element, Feel& target, Problems& problems) {
    read_expression(xml.text, xml.line, element.id, target, problems);
}

void read_expression(std::string_view text, int line, const std::string& element, Feel& target, Problems& problems) {
    auto compiled = Expression::compile(text);
    if (compiled) {
        target = std::move(*compiled);
        return;
    }
    const bool language = compiled.error().reason == "bpmn.expression_language";
    problems.refuse(element, line, language ? "expression_language" : "bad_expression", compiled.error().message,
                    language ? "Expressions are FEEL; ${…} is not supported." : "This is not a FEEL expression.");
}

Named read_named(std::string_view text, const XmlElement& xml, const Element& element, Problems& problems) {
    text = trimmed(text);
    Named named;
    if (text.starts_with('=') || text.starts_with("${") || text.starts_with("#{")) {
        read_expression(text, xml.line, element.id, named.expression, problems);
    } else {
        named.literal = text;
    }
    return named;
}

const XmlElement* zeebe(const XmlElement& xml, std::string_view name) {
    const XmlElement* extensions = xml.child("extensionElements");
    if (extensions == nullptr) return nullptr;
    for (const XmlElement& child : extensions->children) {
        if (child.name_space == kZeebeNamespace && child.name == name) return &child;
    }
    return nullptr;
}

}  // namespace kaigong::bpmn
