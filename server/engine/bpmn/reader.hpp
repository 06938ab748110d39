// XML → Process. Internal to engine/bpmn.
#pragma once

#include <string_view>

#include "engine/bpmn/problems.hpp"
#include "engine/bpmn/process.hpp"
#include "engine/bpmn/xml.hpp"

namespace kaigong::bpmn {

/// The process to run, or null with a problem that says why there is none.
const XmlElement* choose_process(const XmlElement& root, std::string_view process_id, Problems& problems);

/// Reads elements, flows and lanes, and names what can't be run. Judging the whole comes after: validation.hpp.
Process read_process(const XmlElement& xml, Problems& problems);

}  // namespace kaigong::bpmn
