// Activities that are done several times: multi-instance, parallel or one after the other, and the standard loop. The
// whole is one token; its instances are tokens of the same element inside it. Internal to engine/bpmn.
#pragma once

#include <cstdint>

#include "engine/bpmn/execution.hpp"

namespace kaigong::bpmn {

/// The token is the whole of a repetition, not one of its instances.
bool is_repetition(const Execution& execution, std::int64_t token);

/// A token has come to a repeated activity. No instance at all is a repetition that is done.
void open_repetition(Execution& execution, std::int64_t token);

/// What the instance leaves for the output collection. False after an incident on the instance.
bool collect_result(Execution& execution, std::int64_t instance);

/// After an instance: the next one, or the end of all, also early.
void continue_repetition(Execution& execution, std::int64_t token);

/// One more instance of an open multi-instance activity.
void add_instance(Execution& execution, std::int64_t token, const boost::json::value& item);

}  // namespace kaigong::bpmn
