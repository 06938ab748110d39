// Reading XML of strangers: elements by their local name, whatever prefix a producer chose, and locations in a package.
#pragma once

#include "base/result.hpp"
#include "formats/ofd/package.hpp"

#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::ofd {

/// Larger files are no pages that people read.
inline constexpr std::size_t kXmlBytesMax = std::size_t{8} << 20;
inline constexpr int kNestingMax = 16;

std::string_view local_name(const pugi::xml_node& node);

/// The first child of that local name; an empty node when there is none.
pugi::xml_node child(const pugi::xml_node& node, std::string_view name);
std::vector<pugi::xml_node> children(const pugi::xml_node& node, std::string_view name);

/// The text of a child, without space around it; empty when there is none.
std::string child_text(const pugi::xml_node& node, std::string_view name);

/// Numbers of an attribute like `0 0 210 297`, `g 14 3.175 1.59` spelled out; stops at what is no number, and at a
/// thousand.
std::vector<double> numbers_of(std::string_view text);

/// GB/T 33190, 7.2: from the root of the package with `/`, else from the folder of the file that names it. Nothing for
/// a location that leaves the package.
std::optional<std::string> resolve(std::string_view naming_file, std::string_view location);

/// A file of the package as XML, with the root element of that name. Fails with ofd.file_missing, ofd.xml_malformed,
/// ofd.file_too_large.
Result<void> load_xml(pugi::xml_document& into, const Package& package, std::string_view path, std::string_view root);

/// The file that `location` means, as it is named in the package. Fails with ofd.file_missing.
Result<std::string> located(const Package& package, std::string_view naming_file, std::string_view location);

}  // namespace kaigong::ofd
