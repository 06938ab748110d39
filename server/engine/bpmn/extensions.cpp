#include "engine/bpmn/extensions.hpp"

#include <array>

namespace kaigong::bpmn {
namespace {

constexpr std::string_view kZeebeNamespace = "http://camunda.org/schema/zeebe/1.0";
constexpr std::string_view kCamundaNamespace = "http://camunda.org/schema/1.0/bpmn";

Extension extension_of(const XmlElement& xml) {
    Extension extension{xml.name_space, xml.name, xml.attributes, xml.text, {}};
    for (const XmlElement& child : xml.children) extension.children.push_back(extension_of(child));
    return extension;
}

std::string_view foreign(const Element& element, std::string_view name_space, std::string_view name) {
    for (const ForeignAttribute& attribute : element.attributes) {
        if (attribute.name_space == name_space && attribute.name == name) return attribute.value;
    }
    return {};
}

std::string_view extended(const Element& element, std::string_view name_space, std::string_view name,
                          std::string_view attribute) {
    for (const Extension& extension : element.extensions) {
        if (extension.name_space == name_space && extension.name == name) return extension.attribute(attribute);
    }
    return {};
}

std::string_view first_of(std::initializer_list<std::string_view> values) {
    for (const std::string_view value : values) {
        if (!value.empty()) return value;
    }
    return {};
}

std::string group_of(const Element& element) {
    const std::string_view department = extended(element, kKaigongNamespace, "task", "department");
    const std::string_view role = extended(element, kKaigongNamespace, "task", "role");
    const std::string by_role =
        department.empty() || role.empty() ? std::string() : std::string(department) + ":" + std::string(role);
    return std::string(
        first_of({foreign(element, kKaigongNamespace, "group"), extended(element, kKaigongNamespace, "task", "group"),
                  by_role, extended(element, kZeebeNamespace, "assignmentDefinition", "candidateGroups"),
                  foreign(element, kCamundaNamespace, "candidateGroups")}));
}

}  // namespace

void read_extensions(const XmlElement& xml, Element& element) {
    for (const ForeignAttribute& attribute : xml.attributes) {
        if (!attribute.name_space.empty()) element.attributes.push_back(attribute);
    }
    if (const XmlElement* extensions = xml.child("extensionElements")) {
        for (const XmlElement& child : extensions->children) element.extensions.push_back(extension_of(child));
    }
    element.group = group_of(element);
    element.assignee = first_of({extended(element, kZeebeNamespace, "assignmentDefinition", "assignee"),
                                 foreign(element, kCamundaNamespace, "assignee")});
    element.form_key = first_of({extended(element, kZeebeNamespace, "formDefinition", "formKey"),
                                 extended(element, kZeebeNamespace, "formDefinition", "formId"),
                                 foreign(element, kCamundaNamespace, "formKey")});
    element.job_type = first_of({extended(element, kKaigongNamespace, "job", "type"),
                                 extended(element, kZeebeNamespace, "taskDefinition", "type"),
                                 foreign(element, kCamundaNamespace, "topic")});
    element.decision_id = first_of({extended(element, kKaigongNamespace, "decision", "id"),
                                    extended(element, kZeebeNamespace, "calledDecision", "decisionId"),
                                    foreign(element, kCamundaNamespace, "decisionRef")});
    element.result_variable = first_of({extended(element, kKaigongNamespace, "decision", "result"),
                                        extended(element, kZeebeNamespace, "calledDecision", "resultVariable"),
                                        foreign(element, kCamundaNamespace, "resultVariable")});
}

std::string lane_group(const XmlElement& lane) {
    for (const ForeignAttribute& attribute : lane.attributes) {
        if (attribute.name_space == kKaigongNamespace && attribute.name == "group") return attribute.value;
    }
    return std::string(lane.attribute("name"));
}

}  // namespace kaigong::bpmn
