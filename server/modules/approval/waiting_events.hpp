// Which messages and signals a case waits for, as the table of waiting events lists them.
#pragma once

#include <string_view>
#include <vector>

#include "engine/bpmn/bpmn.hpp"
#include "modules/approval/store_messages.hpp"

namespace kaigong::approval {

inline constexpr std::string_view kMessage = "message";
inline constexpr std::string_view kSignal = "signal";

/// Where a message or signal of that name, and of a message that key, meets who waits for it. Signals have no key.
std::string address_of(std::string_view kind, std::string_view name, std::string_view correlation_key = "");

/// None while the case is suspended: it hears nothing then. A condition is the case's own affair.
std::vector<store::WaitingEventRow> waiting_events_of(const bpmn::Definition& definition, const bpmn::State& state,
                                                      const std::string& application_id, std::int64_t now_ms);

}  // namespace kaigong::approval
