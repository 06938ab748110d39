// Activities that are done several times: multi-instance, parallel or one after the other, and the standard loop. The
// whole is one token; its instances are tokens of the same element inside it. Internal to engine/bpmn.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/bpmn/execution.hpp"

namespace kaigong::bpmn {

/// The variable with an instance's number, from 1; by the name of BPMN 2.0.2, table 10.31.
inline constexpr std::string_view kLoopCounter = "loopCounter";

/// The token is the whole of a repetition, not one of its instances.
bool is_repetition(const Execution& execution, std::int64_t token);

/// A token has come to a repeated activity. No instance at all is a repetition that is done.
void open_repetition(Execution& execution, std::int64_t token);

/// What the instance leaves for the output collection. False after an incident on the instance.
bool collect_result(Execution& execution, std::int64_t instance);

/// After an instance (`done`, as it was): the next one, or the end of all, also early. Without one it is judged again.
void continue_repetition(Execution& execution, std::int64_t token, const Token& done = {});

/// It is open, and of the kind whose instances can be added and removed.
bool is_open_multi_instance(const Execution& execution, std::int64_t token);

/// One more instance of an open multi-instance activity.
void add_instance(Execution& execution, std::int64_t token, const boost::json::value& item);

}  // namespace kaigong::bpmn
