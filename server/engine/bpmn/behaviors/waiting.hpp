// What a token waits for: timers and subscriptions of the events on it, in it and behind it. Internal to engine/bpmn.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/bpmn/execution.hpp"

namespace kaigong::bpmn {

/// Reads the inputs of an activity, emits `opened`, and opens the timers and subscriptions of the events on its edge.
/// When one of these can't be computed, raises an incident instead, emits nothing else and gives false: an open task
/// whose legal time limit is missing would be worse than one that shows.
bool open_activity(Execution& execution, std::int64_t token, Fact opened);

/// The same for a scope: the event sub-processes of `inside` begin to listen, too.
bool open_scope(Execution& execution, std::int64_t token, const Element& inside, Fact opened);

/// The event sub-processes of the process itself. An incident of one sits on `token`.
bool listen_for_process(Execution& execution, std::int64_t token);

/// Emits `opened` and waits for these events (the token's own, or those behind an event-based gateway).
bool wait_for(Execution& execution, std::int64_t token, const std::vector<int>& events, Fact opened);

/// The same for a receive task, which has an edge, too.
bool open_receiving(Execution& execution, std::int64_t token, Fact opened);

/// A message is waited for here.
bool receives_message(const Element& event);

/// Whatever the token waited for.
void stop_waiting(Execution& execution, std::int64_t token);

/// The event sub-processes of a scope no longer listen.
void stop_listening(Execution& execution, std::int64_t scope);

/// Takes the token away with everything inside it and on it. `cause` is an element's id or a code.
void cancel_token(Execution& execution, std::int64_t token, const std::string& cause);

/// Everything in a scope but `except`.
void cancel_scope(Execution& execution, std::int64_t scope, std::int64_t except, const std::string& cause);

/// A literal name or a computed text; an incident on `token` and nothing when it is neither.
std::optional<std::string> name_of(Execution& execution, std::int64_t token, const Named& named);

}  // namespace kaigong::bpmn
