// What the office records in the variables of a process: results of tasks, who reached them, and what the program
// itself writes. Everything else in a process (mappings, repetitions, calls, scripts, messages, repairs) may copy such
// a value under its name and never change one. Not for who may act: authz.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "engine/bpmn/bpmn.hpp"

namespace kaigong::approval {

/// Who gives the variables of a command: the office's own record of an act, or somebody else (a message, a repair).
enum class Writer { office, outside };

bool is_protected(std::string_view variable);

/// All of them that a case of this process can have.
std::vector<std::string> protected_variables(const bpmn::Definition& process);

/// Fails with approval.variable_protected when a command of an outsider sets one.
Result<void> check_command(const bpmn::Command& command, Writer writer);

/// Judges what the engine wants to write, before any of it is applied: a protected variable gets what the command of
/// the office says, or a value that it has somewhere in `before` already (a call takes it in and brings it back, a
/// repetition gathers it). Fails with approval.variable_protected.
Result<void> check_events(const bpmn::Definition& definition, const bpmn::State& before, const bpmn::Command& command,
                          Writer writer, const std::vector<bpmn::Event>& events);

}  // namespace kaigong::approval
