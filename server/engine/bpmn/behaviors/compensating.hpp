// Undoing what was completed: what can be undone is recorded when it completes, and undone in the opposite order, one
// after the other (BPMN 2.0.2, 13.5.5). Internal to engine/bpmn.
#pragma once

#include <cstdint>

#include "engine/bpmn/execution.hpp"
#include "engine/bpmn/problems.hpp"
#include "engine/bpmn/process.hpp"

namespace kaigong::bpmn {

/// The element undoes others while its token is inside.
bool is_compensating(const Element& element);

/// What the event is to undo has to be an activity that it can see (BPMN 2.0.2, 13.5.5): one of its own level or, from
/// an event sub-process, of the level around that.
void check_compensated(const Process& process, const Element& event, Problems& problems);

/// A token is about to be completed: records it when somebody can undo it, and hands on what was recorded inside.
void keep_compensation(Execution& execution, std::int64_t token);

/// Begins to undo what `token`'s scope has recorded (of one activity when the event names it). With nothing to undo, or
/// after the last, goes on as the event says.
void start_compensation(Execution& execution, std::int64_t token);
void continue_compensation(Execution& execution, std::int64_t token);

}  // namespace kaigong::bpmn
