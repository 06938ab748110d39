// What changed between two process files, element by element, in words. Works on files that cannot be deployed too.
#pragma once

#include <boost/json.hpp>
#include <string_view>
#include <vector>

namespace kaigong::catalog {

/// [{kind: added/removed/changed, element, type, name, text}] in the order of the newer file, what is gone behind;
/// empty where both mean the same. `element` is empty for what belongs to no element: how the diagram is laid out.
boost::json::array process_difference(std::string_view before, std::string_view after);

}  // namespace kaigong::catalog
