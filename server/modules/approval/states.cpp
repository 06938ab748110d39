#include "modules/approval/states.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace kaigong::approval {
namespace {

using enum ApplicationState;

template <class State>
struct Name {
    State state;
    std::string_view code;
    std::string_view zh;
};

constexpr std::array kApplicationNames{
    Name{submitted, "submitted", "待受理"},
    Name{accepted, "accepted", "审查中"},
    Name{awaiting_decision, "awaiting_decision", "待签发"},
    Name{no_permit_needed, "no_permit_needed", "已办结（无需许可）"},
    Name{not_accepted, "not_accepted", "已办结（不予受理）"},
    Name{granted, "granted", "已办结（准予许可）"},
    Name{refused, "refused", "已办结（不予许可）"},
    Name{withdrawn, "withdrawn", "已办结（已撤件）"},
    Name{discontinued, "discontinued", "已办结（终止办理）"},
};

constexpr std::array kItemNames{
    Name{ItemState::not_started, "not_started", "未开始"},
    Name{ItemState::waiting_prerequisite, "waiting_prerequisite", "等待前置事项"},
    Name{ItemState::in_review, "in_review", "审查中"},
    Name{ItemState::needs_correction, "needs_correction", "需要补正"},
    Name{ItemState::special_procedure, "special_procedure", "特别程序"},
    Name{ItemState::agreed, "agreed", "同意"},
    Name{ItemState::agreed_with_conditions, "agreed_with_conditions", "附条件同意"},
    Name{ItemState::disagreed, "disagreed", "不同意"},
    Name{ItemState::not_applicable, "not_applicable", "不涉及"},
    Name{ItemState::voided, "voided", "已终止"},
};

struct ApplicationRow {
    ApplicationState from;
    bool correction_open;
    std::string_view event;
    ApplicationState to;
    ClockEffect clock;
};

// 行政许可法 32 (intake), 37–38 (decision).
constexpr std::array kApplicationRows{
    ApplicationRow{submitted, false, "tell_no_permit_needed", no_permit_needed, ClockEffect::stop},
    ApplicationRow{submitted, false, "refuse_acceptance", not_accepted, ClockEffect::stop},
    ApplicationRow{submitted, false, "request_correction", submitted, ClockEffect::none},
    ApplicationRow{submitted, true, "resubmit", submitted, ClockEffect::none},
    ApplicationRow{submitted, true, "discontinue", discontinued, ClockEffect::stop},
    ApplicationRow{submitted, false, "accept", accepted, ClockEffect::none},
    ApplicationRow{submitted, false, "accept_by_default", accepted, ClockEffect::none},
    ApplicationRow{accepted, false, "request_late_correction", accepted, ClockEffect::none},
    ApplicationRow{accepted, true, "resubmit", accepted, ClockEffect::none},
    ApplicationRow{accepted, false, "all_items_concluded", awaiting_decision, ClockEffect::none},
    ApplicationRow{awaiting_decision, false, "decide_grant", granted, ClockEffect::stop},
    ApplicationRow{awaiting_decision, false, "decide_refuse", refused, ClockEffect::stop},
    ApplicationRow{awaiting_decision, false, "return_to_item", accepted, ClockEffect::none},
    ApplicationRow{submitted, false, "withdraw_application", withdrawn, ClockEffect::stop},
    ApplicationRow{submitted, true, "withdraw_application", withdrawn, ClockEffect::stop},
    ApplicationRow{accepted, false, "withdraw_application", withdrawn, ClockEffect::stop},
    ApplicationRow{accepted, true, "withdraw_application", withdrawn, ClockEffect::stop},
    ApplicationRow{awaiting_decision, false, "withdraw_application", withdrawn, ClockEffect::stop},
};

struct ItemRow {
    ItemState from;
    std::string_view event;
    ItemState to;
};

constexpr std::array kItemRows{
    ItemRow{ItemState::not_started, "open", ItemState::in_review},
    ItemRow{ItemState::not_started, "await_prerequisite", ItemState::waiting_prerequisite},
    ItemRow{ItemState::waiting_prerequisite, "await_prerequisite", ItemState::waiting_prerequisite},
    ItemRow{ItemState::waiting_prerequisite, "prerequisite_done", ItemState::in_review},
    ItemRow{ItemState::waiting_prerequisite, "void", ItemState::voided},
    ItemRow{ItemState::not_started, "record_point", ItemState::needs_correction},
    ItemRow{ItemState::not_started, "mark_not_applicable", ItemState::not_applicable},
    ItemRow{ItemState::not_started, "void", ItemState::voided},
    ItemRow{ItemState::not_applicable, "become_needed", ItemState::not_started},
    ItemRow{ItemState::needs_correction, "record_point", ItemState::needs_correction},
    ItemRow{ItemState::needs_correction, "take_back", ItemState::not_started},
    ItemRow{ItemState::needs_correction, "resubmitted", ItemState::not_started},
    ItemRow{ItemState::needs_correction, "open", ItemState::in_review},
    ItemRow{ItemState::needs_correction, "await_prerequisite", ItemState::waiting_prerequisite},
    ItemRow{ItemState::needs_correction, "points_answered", ItemState::in_review},
    ItemRow{ItemState::needs_correction, "void", ItemState::voided},
    ItemRow{ItemState::in_review, "open", ItemState::in_review},
    ItemRow{ItemState::in_review, "conclude_agree", ItemState::agreed},
    ItemRow{ItemState::in_review, "agree_with_conditions", ItemState::agreed_with_conditions},
    ItemRow{ItemState::in_review, "conclude_disagree", ItemState::disagreed},
    ItemRow{ItemState::in_review, "record_late_point", ItemState::needs_correction},
    ItemRow{ItemState::in_review, "start_special_procedure", ItemState::special_procedure},
    ItemRow{ItemState::in_review, "void", ItemState::voided},
    ItemRow{ItemState::special_procedure, "end_special_procedure", ItemState::in_review},
    ItemRow{ItemState::special_procedure, "open", ItemState::in_review},
    ItemRow{ItemState::special_procedure, "void", ItemState::voided},
    ItemRow{ItemState::agreed, "reopen", ItemState::in_review},
    ItemRow{ItemState::agreed, "open", ItemState::in_review},
    ItemRow{ItemState::agreed, "take_back", ItemState::in_review},
    ItemRow{ItemState::agreed_with_conditions, "reopen", ItemState::in_review},
    ItemRow{ItemState::agreed_with_conditions, "open", ItemState::in_review},
    ItemRow{ItemState::agreed_with_conditions, "take_back", ItemState::in_review},
    ItemRow{ItemState::disagreed, "reopen", ItemState::in_review},
    ItemRow{ItemState::disagreed, "open", ItemState::in_review},
    ItemRow{ItemState::disagreed, "take_back", ItemState::in_review},
};

template <class State, std::size_t N>
const Name<State>& name_of(const std::array<Name<State>, N>& names, State state) {
    return *std::ranges::find(names, state, &Name<State>::state);
}

template <class State, std::size_t N>
std::optional<State> parse(const std::array<Name<State>, N>& names, std::string_view text) {
    const auto found = std::ranges::find(names, text, &Name<State>::code);
    return found == names.end() ? std::nullopt : std::optional(found->state);
}

Error not_possible(std::string_view state_name) {
    return error(Errc::conflict, "approval.event_not_possible",
                 fmt::format("当前状态是“{}”，不能进行这一步。请刷新页面查看最新进展。", state_name));
}

}  // namespace

std::string_view to_string(ApplicationState state) {
    return name_of(kApplicationNames, state).code;
}

std::optional<ApplicationState> parse_application_state(std::string_view text) {
    return parse(kApplicationNames, text);
}

std::string_view to_string(ItemState state) {
    return name_of(kItemNames, state).code;
}

std::optional<ItemState> parse_item_state(std::string_view text) {
    return parse(kItemNames, text);
}

bool has_ended(ApplicationState state) {
    return state != submitted && state != accepted && state != awaiting_decision;
}

std::string_view display_name(ApplicationState state, bool correction_open) {
    return correction_open ? "待您补正" : name_of(kApplicationNames, state).zh;
}

std::string_view display_name(ItemState state) {
    return name_of(kItemNames, state).zh;
}

Result<ApplicationStep> next_state(ApplicationState state, bool correction_open, std::string_view event) {
    for (const auto& row : kApplicationRows) {
        if (row.from == state && row.correction_open == correction_open && row.event == event) {
            return ApplicationStep{row.to, row.clock};
        }
    }
    return not_possible(display_name(state, correction_open));
}

Result<ItemState> next_state(ItemState state, std::string_view event) {
    for (const auto& row : kItemRows) {
        if (row.from == state && row.event == event) return row.to;
    }
    return not_possible(display_name(state));
}

bool is_application_event(std::string_view event) {
    return std::ranges::any_of(kApplicationRows, [&](const auto& row) { return row.event == event; });
}

bool is_item_event(std::string_view event) {
    return std::ranges::any_of(kItemRows, [&](const auto& row) { return row.event == event; });
}

}  // namespace kaigong::approval
