// Small questions to the XML of a model, by local names: editors choose the prefixes.
#pragma once

#include <pugixml.hpp>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "engine/dmn/dmn.hpp"

namespace kaigong::dmn {

/// Reads and checks size, depth, DOCTYPE and namespace. The text must outlive nothing: the document keeps a copy.
Result<std::unique_ptr<pugi::xml_document>> read_document(std::string_view xml, const Limits& limits);

std::string_view local_name(const pugi::xml_node& node);
pugi::xml_node child(const pugi::xml_node& node, std::string_view local);
std::vector<pugi::xml_node> children(const pugi::xml_node& node, std::string_view local);
/// The content of the child `text`, trimmed.
std::string text_of(const pugi::xml_node& node);
std::string attribute(const pugi::xml_node& node, const char* name);

}  // namespace kaigong::dmn
