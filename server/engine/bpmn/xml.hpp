// XML as the model reader wants it: namespaces resolved, line numbers kept, nothing that only a writer needs. How a
// file is read, and what is refused, is document.hpp's. Internal to engine/bpmn.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/bpmn/definition.hpp"

namespace kaigong::bpmn {

struct XmlElement {
    std::string name_space;
    std::string name;
    int line = 0;
    /// Without xmlns declarations. An attribute without a prefix has no namespace.
    std::vector<ForeignAttribute> attributes;
    /// Character data directly inside, without what surrounds it.
    std::string text;
    std::vector<XmlElement> children;

    /// The value of an attribute without a prefix, or an empty view.
    std::string_view attribute(std::string_view attribute_name) const;
    bool has(std::string_view attribute_name) const;
    bool is_model(std::string_view element_name) const { return name == element_name && name_space == kModelNamespace; }
    /// The first child of BPMN's own namespace with that name, or null.
    const XmlElement* child(std::string_view element_name) const;
};

/// The root element. What is wrong goes to `problems` (that of `read_document`, or `prefix_unknown`), and then the
/// result is of no use.
XmlElement read_xml(std::string_view text, std::vector<Problem>& problems);

/// White space at both ends taken off.
std::string_view trimmed(std::string_view text);

}  // namespace kaigong::bpmn
