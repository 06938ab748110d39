// Timers after the calendar has changed. Internal to engine/bpmn.
#pragma once

#include <boost/json/object.hpp>

#include "engine/bpmn/execution.hpp"

namespace kaigong::bpmn {

/// See RecomputeTimers; false when there was nothing to record.
bool recompute_timers(Execution& execution, const boost::json::object& variables);

}  // namespace kaigong::bpmn
