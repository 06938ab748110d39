#include "modules/approval/round_effects.hpp"

#include <doctest/doctest.h>

#include <array>

namespace kaigong::approval {
namespace {

using enum RoundEffect;

struct Row {
    ItemState state;
    RoundEffect when_changed;
    RoundEffect otherwise;
};

}  // namespace

TEST_CASE("in the middle of the review an item's state and its inputs say what a round means for it") {
    constexpr std::array kRows{
        Row{ItemState::agreed, reopened, conclusion_kept},
        Row{ItemState::agreed_with_conditions, reopened, conclusion_kept},
        Row{ItemState::disagreed, reopened, conclusion_kept},
        Row{ItemState::needs_correction, review_resumed, answered_in_words},
        Row{ItemState::in_review, review_sees_changes, review_goes_on},
        Row{ItemState::special_procedure, review_sees_changes, review_goes_on},
        Row{ItemState::waiting_prerequisite, review_sees_changes, review_goes_on},
        Row{ItemState::not_started, changed_before_review, unchanged_before_review},
    };
    for (const auto& row : kRows) {
        CAPTURE(to_string(row.state));
        CHECK(effect_on({.state = row.state, .is_accepted = true, .is_changed = true}) == row.when_changed);
        CHECK(effect_on({.state = row.state, .is_accepted = true}) == row.otherwise);
        CHECK(effect_on({.state = row.state, .is_accepted = true, .is_needed_now = true}) == row.otherwise);
    }
    CHECK_FALSE(effect_on({.state = ItemState::voided, .is_accepted = true, .is_changed = true}));
}

TEST_CASE("before acceptance nothing is opened: a department reads what changed when it begins") {
    for (const auto state : {ItemState::not_started, ItemState::needs_correction}) {
        CHECK(effect_on({.state = state, .is_changed = true}) == changed_before_review);
        CHECK(effect_on({.state = state}) == unchanged_before_review);
    }
}

TEST_CASE("whether a department is needed may turn; one that has begun goes on") {
    CHECK_FALSE(effect_on({.state = ItemState::not_applicable, .is_accepted = true, .is_changed = true}));
    CHECK(effect_on({.state = ItemState::not_applicable, .is_accepted = true, .is_needed_now = true}) == opened);
    CHECK(effect_on({.state = ItemState::not_started, .is_changed = true, .is_needed_no_more = true}) ==
          no_longer_needed);
    for (const auto state : {ItemState::in_review, ItemState::needs_correction, ItemState::agreed}) {
        CHECK(effect_on({.state = state, .is_accepted = true, .is_needed_no_more = true}) != no_longer_needed);
    }
}

TEST_CASE("a reason names the first inputs and counts the rest") {
    std::vector<catalog::ChangedInput> inputs;
    for (const char* label : {"甲", "乙", "丙", "丁", "戊"}) inputs.push_back({false, label, label, false});
    CHECK(changes_in_words(inputs) == "甲、乙、丙、丁、戊");
    inputs.push_back({true, "M-01", "己", false});
    CHECK(changes_in_words(inputs) == "甲、乙、丙、丁、戊 等 6 项");
    CHECK(changes_in_words({}).empty());
}

TEST_CASE("what waits to be begun: an item that has not, by the latest answer that could not begin it") {
    const auto item = [](const char* code, const char* state) {
        store::ItemRow row;
        row.item = code;
        row.state = state;
        return row;
    };
    const std::vector<store::ItemRow> items{item("fire", "not_started"), item("civil", "in_review"),
                                            item("planning", "not_started")};
    const std::vector<store::RoundEffectRow> effects{{"", 3, "civil", "not_opened"},
                                                     {"", 3, "fire", "not_opened"},
                                                     {"", 2, "fire", "not_opened"},
                                                     {"", 2, "planning", "changed_before_review"}};
    const auto waiting = not_opened_of(items, effects);
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].item == "fire");
    CHECK(waiting[0].round == 3);
}

}  // namespace kaigong::approval
