// Which variables a token sees, and where what it sets belongs. Internal to engine/bpmn.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>

#include "engine/bpmn/execution.hpp"

namespace kaigong::bpmn {

/// The variable that a mapping sets, as a whole or (`a.b`) a member of it.
std::string_view name_of_target(const Mapping& mapping);

/// The nearest token, this one included, that has variables of its own or is a call; 0 for those of the process.
std::int64_t variables_scope(const Definition& definition, const State& state, std::int64_t token);

/// All that is seen from the token, as one object.
boost::json::object visible_variables(const Definition& definition, const State& state, std::int64_t token);

/// Sets each variable where it is seen from the token: in the nearest scope that has one of that name, else in the
/// process (of a call: in the called process).
void set_variables(Execution& execution, std::int64_t token, const boost::json::object& variables);

/// Input mappings become variables of the token. False after an incident.
bool map_inputs(Execution& execution, std::int64_t token);

/// What a task, job or event brings: with output mappings it stays with the token until it leaves, without it goes at
/// once where each name belongs, the inputs of the token first.
void take_results(Execution& execution, std::int64_t token, const boost::json::object& variables);

/// Output mappings set variables outwards. False after an incident.
bool map_outputs(Execution& execution, std::int64_t token);

}  // namespace kaigong::bpmn
