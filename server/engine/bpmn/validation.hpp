// Judges a process that was read. Internal to engine/bpmn.
#pragma once

#include "engine/bpmn/problems.hpp"
#include "engine/bpmn/process.hpp"
#include "engine/bpmn/xml.hpp"

namespace kaigong::bpmn {

/// What stands beside the processes of a file: what must be understood, what is kept and not executed.
void check_file(const XmlElement& root, Problems& problems);

/// Starts, ways in, ways that lead nowhere, and each element by its own rules.
void check_process(const Process& process, Problems& problems);

}  // namespace kaigong::bpmn
