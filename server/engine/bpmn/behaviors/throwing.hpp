// Errors and escalations find who catches them from the inside outwards; signals and messages find who waits for them.
// Internal to engine/bpmn.
#pragma once

#include <cstdint>
#include <string>

#include "engine/bpmn/execution.hpp"

namespace kaigong::bpmn {

/// The activity's token, or that of an error event, is ended by what catches the error; nobody catching it is an
/// incident.
void throw_error(Execution& execution, std::int64_t token, const std::string& code);

/// Nobody catching an escalation is no fault. The token may be gone afterwards.
void throw_escalation(Execution& execution, std::int64_t token, const std::string& code);

/// Everybody in the instance who waits for it hears it. The token may be gone afterwards.
void throw_signal(Execution& execution, std::int64_t token, const std::string& name);

/// A fact, which whoever runs the instance hands on. False after an incident.
bool throw_message(Execution& execution, std::int64_t token);

/// What a throw or end event does that goes on at once. False when the token waits or is gone.
bool throw_and_go_on(Execution& execution, std::int64_t token);

}  // namespace kaigong::bpmn
