#include "engine/bpmn/xml.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/bpmn/document.hpp"

namespace kaigong::bpmn {
namespace {

constexpr std::string_view kWhiteSpace = " \t\r\n";

/// The first is enough: such a file was put together by hand.
void refuse_undeclared(const QualifiedName& name, int line, std::vector<Problem>& problems) {
    if (!problems.empty()) return;
    problems.push_back({Problem::Severity::error, name.written(), line, "prefix_unknown",
                        fmt::format("前缀 {} 没有声明命名空间。", name.prefix),
                        fmt::format("The prefix {} is bound to no namespace.", name.prefix)});
}

XmlElement element_of(const DocumentNode& node, std::vector<Problem>& problems) {
    XmlElement element{node.name.name_space, node.name.local, node.line, {}, {}, {}};
    if (node.name.is_undeclared()) refuse_undeclared(node.name, node.line, problems);
    for (const DocumentAttribute& attribute : node.attributes) {
        if (attribute.is_declaration()) continue;
        if (attribute.name.is_undeclared()) refuse_undeclared(attribute.name, node.line, problems);
        element.attributes.push_back({attribute.name.name_space, attribute.name.local, attribute.value});
    }
    for (const DocumentNode& child : node.children) {
        if (child.kind == DocumentNode::Kind::element) element.children.push_back(element_of(child, problems));
        if (child.kind == DocumentNode::Kind::text || child.kind == DocumentNode::Kind::cdata)
            element.text += child.value;
    }
    element.text = std::string(trimmed(element.text));
    return element;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(kWhiteSpace);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(kWhiteSpace) - begin + 1);
}

std::string_view XmlElement::attribute(std::string_view attribute_name) const {
    for (const ForeignAttribute& attribute : attributes) {
        if (attribute.name == attribute_name && attribute.name_space.empty()) return attribute.value;
    }
    return {};
}

bool XmlElement::has(std::string_view attribute_name) const {
    return std::any_of(attributes.begin(), attributes.end(), [attribute_name](const ForeignAttribute& attribute) {
        return attribute.name == attribute_name && attribute.name_space.empty();
    });
}

const XmlElement* XmlElement::child(std::string_view element_name) const {
    for (const XmlElement& element : children) {
        if (element.is_model(element_name)) return &element;
    }
    return nullptr;
}

XmlElement read_xml(std::string_view text, std::vector<Problem>& problems) {
    auto document = read_document(text);
    if (document) return element_of(document->root(), problems);
    problems.push_back(std::move(document).error());
    return {};
}

}  // namespace kaigong::bpmn
