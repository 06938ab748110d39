// What goes on inside an ad-hoc sub-process: its activities have no order of their own. Internal to engine/bpmn.
#pragma once

#include <cstdint>

#include "engine/bpmn/execution.hpp"

namespace kaigong::bpmn {

/// The first of the activities, or all of them.
void start_ad_hoc(Execution& execution, std::int64_t token);

/// Something was completed in the scope: when it is an ad-hoc sub-process that is complete, ends it, or lets what is
/// open finish (cancelRemainingInstances="false"), and nothing new begins. True when it is complete. A condition that
/// fails is an incident of the sub-process; what is in it goes on.
bool complete_ad_hoc(Execution& execution, std::int64_t scope);

/// Nothing is open in it: the next activity where they are done one at a time, or it waits until its condition is
/// repaired. False when it is done.
bool goes_on_ad_hoc(Execution& execution, std::int64_t token);

}  // namespace kaigong::bpmn
