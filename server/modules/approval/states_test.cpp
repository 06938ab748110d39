#include "modules/approval/states.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace kaigong::approval;

TEST_CASE("an application cannot be granted before every item is concluded") {
    for (const auto state : {ApplicationState::submitted, ApplicationState::accepted}) {
        const auto step = next_state(state, false, "decide_grant");
        REQUIRE_FALSE(step);
        CHECK(step.error().reason == "approval.event_not_possible");
    }
    CHECK(next_state(ApplicationState::awaiting_decision, false, "decide_grant")->next == ApplicationState::granted);
}

TEST_CASE("an ended application takes no event at all") {
    constexpr std::array kEvents{"accept", "decide_grant", "request_correction", "withdraw_application", "resubmit"};
    for (const char* event : kEvents) {
        for (const auto state : {ApplicationState::granted, ApplicationState::refused, ApplicationState::withdrawn,
                                 ApplicationState::not_accepted, ApplicationState::no_permit_needed}) {
            CHECK(has_ended(state));
            CHECK_FALSE(next_state(state, false, event));
        }
    }
}

TEST_CASE("nobody accepts while the applicant corrects, and only his answer ends that (行政许可法 32)") {
    CHECK_FALSE(next_state(ApplicationState::submitted, true, "accept"));
    CHECK_FALSE(next_state(ApplicationState::submitted, true, "request_correction"));
    CHECK(next_state(ApplicationState::submitted, false, "request_correction")->next == ApplicationState::submitted);
    CHECK(next_state(ApplicationState::submitted, true, "resubmit")->next == ApplicationState::submitted);
    CHECK(next_state(ApplicationState::accepted, true, "resubmit")->next == ApplicationState::accepted);
    CHECK_FALSE(next_state(ApplicationState::accepted, true, "all_items_concluded"));
}

TEST_CASE("a department says nothing while a special procedure runs, or while it waits for another") {
    for (const auto state : {ItemState::special_procedure, ItemState::waiting_prerequisite}) {
        for (const char* event : {"conclude_agree", "agree_with_conditions", "conclude_disagree"}) {
            CHECK_FALSE(next_state(state, event));
        }
        CHECK(*next_state(state, "void") == ItemState::voided);
    }
    CHECK(*next_state(ItemState::special_procedure, "end_special_procedure") == ItemState::in_review);
    CHECK(*next_state(ItemState::waiting_prerequisite, "prerequisite_done") == ItemState::in_review);
}

TEST_CASE("names are each other's inverse") {
    for (const char* code : {"submitted", "accepted", "awaiting_decision", "granted", "refused", "withdrawn"}) {
        CHECK(to_string(*parse_application_state(code)) == code);
    }
    for (const char* code :
         {"not_started", "waiting_prerequisite", "in_review", "special_procedure", "agreed", "disagreed", "voided"}) {
        CHECK(to_string(*parse_item_state(code)) == code);
    }
    CHECK_FALSE(parse_application_state("draft"));
}

TEST_CASE("a concluded item is judged again only when it is reopened") {
    CHECK_FALSE(next_state(ItemState::agreed, "conclude_disagree"));
    CHECK(*next_state(ItemState::agreed, "open") == ItemState::in_review);
}
