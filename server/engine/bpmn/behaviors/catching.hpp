// Something that was waited for has happened. Internal to engine/bpmn.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>

#include "engine/bpmn/execution.hpp"

namespace kaigong::bpmn {

/// Carries out what `event` does when it catches: a boundary event leaves its activity or ends it, an intermediate
/// event or receive task goes on, an event-based gateway takes this way, an event sub-process begins. `holder` is the
/// token that waited, of an event sub-process the scope around it.
void catch_event(Execution& execution, const Element& event, std::int64_t holder, const std::string& name,
                 const boost::json::object& variables = {});

/// A timer that is due. A cycle goes on where its event did not end what it sits on.
void catch_timer(Execution& execution, std::int64_t timer);

/// What this subscription waited for has come.
void catch_subscription(Execution& execution, std::int64_t subscription, const boost::json::object& variables);

/// All who wait for a signal of that name. True when there was one.
bool catch_signal(Execution& execution, const std::string& name, const boost::json::object& variables);

/// One condition that has come true. True when there was one.
bool catch_condition(Execution& execution);

}  // namespace kaigong::bpmn
