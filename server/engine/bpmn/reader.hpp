// XML → Process. Internal to engine/bpmn.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/bpmn/problems.hpp"
#include "engine/bpmn/process.hpp"
#include "engine/bpmn/xml.hpp"

namespace kaigong::bpmn {

/// The process to run, or null with a problem that says why there is none.
const XmlElement* choose_process(const XmlElement& root, std::string_view process_id, Problems& problems);

/// Executable processes that no other process of the file calls.
std::vector<const XmlElement*> processes_to_deploy(const XmlElement& root);

/// The executable process of that id in the file, or null.
const XmlElement* find_process(const XmlElement& root, std::string_view process_id);

/// The global task of that id in the file, as a process of nothing but this task.
std::optional<XmlElement> process_of_global_task(const XmlElement& root, std::string_view task_id);

/// Reads a process of the file `root` with its elements, flows and lanes into `process`, behind what is there, and
/// names what can't be run. Ids get `prefix` before them. Judging the whole comes after: validation.hpp.
void read_process(const XmlElement& xml, const XmlElement& root, const std::string& prefix, Process& process,
                  Problems& problems);

}  // namespace kaigong::bpmn
