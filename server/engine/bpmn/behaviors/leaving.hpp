// How a token leaves an element that it is done with. Internal to engine/bpmn.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/bpmn/execution.hpp"

namespace kaigong::bpmn {

/// Whether the flow's condition holds (true without one). Nothing after an incident: it failed, or is neither true nor
/// false.
std::optional<bool> is_open(Execution& execution, std::int64_t token, const Flow& flow);

/// The same for any condition; `what` says which, in Chinese; `more` it sees besides.
std::optional<bool> is_true(Execution& execution, std::int64_t token, const Expression& condition,
                            const std::string& what, const boost::json::object& more = {});

/// Every flow without a condition and every one whose condition is true; the default flow when no condition is true,
/// also beside flows that have none: those are a parallel split beside the inclusive one (BPMN 2.0.2, 13.2.1). Nothing
/// after an incident.
std::optional<std::vector<int>> ways_out(Execution& execution, std::int64_t token);

/// Output mappings first, then by `ways_out`. An element without outgoing flows ends the token.
void leave(Execution& execution, std::int64_t token);

/// An activity that nobody waits for: its input mappings, and it leaves.
void pass(Execution& execution, std::int64_t token);

/// Takes exactly these flows (indices in Definition::flows()). Without any, the token ends, and with the last token of
/// a scope that scope, and with the last of all the instance.
void leave_by(Execution& execution, std::int64_t token, const std::vector<int>& flows);

/// Nothing is open: the incident of a gateway or activity without a way out.
void raise_no_way_out(Execution& execution, std::int64_t token);

/// An activity that waited is done: what it waited for is closed, and it leaves.
void finish(Execution& execution, std::int64_t token);

/// Ends the scope when nothing is left in it.
void end_scope_if_empty(Execution& execution, std::int64_t scope);

}  // namespace kaigong::bpmn
