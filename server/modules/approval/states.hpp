// The state tables of an application (申报件) and of a department item (部门事项): which event may happen in which
// state. Rows without a mark in a table do not exist: the event is refused with the state it met.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace kaigong::approval {

enum class ApplicationState {
    submitted,
    accepted,
    awaiting_decision,
    no_permit_needed,
    not_accepted,
    granted,
    refused,
    withdrawn,
    discontinued,
};

enum class ItemState {
    not_started,
    waiting_prerequisite,
    in_review,
    needs_correction,
    special_procedure,
    agreed,
    agreed_with_conditions,
    disagreed,
    not_applicable,
    voided,
};

/// What an event does to the decision clock's ledger. Pauses follow from what is open over the state: episodes.hpp.
enum class ClockEffect { none, stop };

struct ApplicationStep {
    ApplicationState next;
    ClockEffect clock = ClockEffect::none;
};

std::string_view to_string(ApplicationState state);
std::optional<ApplicationState> parse_application_state(std::string_view text);
std::string_view to_string(ItemState state);
std::optional<ItemState> parse_item_state(std::string_view text);

/// Nothing can happen to it any more.
bool has_ended(ApplicationState state);

/// As officers and applicants read it; an open correction is an episode over the state and has a word of its own.
std::string_view display_name(ApplicationState state, bool correction_open);
std::string_view display_name(ItemState state);

/// Fails with approval.event_not_possible (conflict).
Result<ApplicationStep> next_state(ApplicationState state, bool correction_open, std::string_view event);
Result<ItemState> next_state(ItemState state, std::string_view event);

/// Every department item that is needed has its conclusion (A18); undone by a return (A21).
inline constexpr std::string_view kAllItemsConcluded = "all_items_concluded";

/// Events of the tables above; an outcome or record step that names another is refused when the process is read.
bool is_application_event(std::string_view event);
bool is_item_event(std::string_view event);

}  // namespace kaigong::approval
