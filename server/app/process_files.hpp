// Processes as files: what a call activity calls may lie in a file beside it.
#pragma once

#include <string>
#include <vector>

#include "engine/bpmn/definition.hpp"

namespace kaigong::app {

/// Looks for a called process in these files, then in all others of the first one's folder, by name of the file. Files
/// that can't be read are passed over: that the process is missing is the engine's to say.
kaigong::bpmn::Library library_of(std::vector<std::string> files);

}  // namespace kaigong::app
