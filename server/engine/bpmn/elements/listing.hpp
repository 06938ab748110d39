// The table of elements as a page: what runs, with which events, and the test of each.
#pragma once

#include <string>

namespace kaigong::bpmn {

/// Markdown, as it stands in docs/bpmn-elements.md: printed from the table of handlers, so that it can't drift.
std::string element_listing();

/// `businessRuleTask` → `business_rule_task`: the name of an element's files.
std::string file_name_of(std::string_view xml_name);

}  // namespace kaigong::bpmn
