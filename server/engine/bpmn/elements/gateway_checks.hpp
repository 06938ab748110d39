// What gateways share when they are judged. Internal to engine/bpmn.
#pragma once

#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {

/// Each of several ways out of a choosing gateway needs a condition, except the default flow.
void check_choices(const Process& process, const Element& element, Problems& problems);
/// A gateway is a crossing, never an end.
void check_has_outgoing(const Element& element, Problems& problems);

}  // namespace kaigong::bpmn::elements
