// `bpmn run`, apart from the other verbs of processes because of its many options.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "app/verbs.hpp"

namespace kaigong::app {

/// Options of `bpmn run` that take no value. Its output is JSON with and without `--json`.
inline constexpr std::array<std::string_view, 3> kRunFlags{"--json", "--trace", "--incident-is-error"};

/// True when there is an option that `bpmn run` does not know, or one without its value.
bool has_wrong_run_option(const Arguments& arguments);

/// Runs the process of the file by the options; prints the trace and the last line.
int run_process(const std::string& file, const Arguments& arguments);

}  // namespace kaigong::app
