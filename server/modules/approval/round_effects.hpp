// What the changes of a round mean for each department's item (states.md I6, A9, A17): only what an item's department
// judges opens it once more, everything else keeps what it had. Pure. Not for carrying it out: operations.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "modules/approval/states.hpp"
#include "modules/approval/store.hpp"
#include "modules/approval/store_round_effects.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::approval {

enum class RoundEffect {
    reopened,                 ///< was concluded, its inputs changed
    not_reopened,             ///< the same, but the process can't go back to it: who leads the department is told
    conclusion_kept,          ///< was concluded, nothing of its inputs changed
    review_resumed,           ///< waited for the answer, which changed something of it
    answered_in_words,        ///< waited for the answer, which changed nothing of it
    review_sees_changes,      ///< is being judged, and its inputs changed meanwhile
    review_goes_on,           ///< is being judged, nothing of its inputs changed
    changed_before_review,    ///< before acceptance: its inputs changed since the department checked them
    unchanged_before_review,  ///< before acceptance: its department is not asked again
    opened,                   ///< was not needed, and is now
    not_opened,               ///< the same, but nobody waits for it yet: who leads the section is told
    no_longer_needed,         ///< had not begun, and is not needed now (I2)
};

/// As in the table and in JSON.
std::string_view to_string(RoundEffect effect);
/// As the timeline of the case tells it.
std::string_view words_of(RoundEffect effect);

/// How an item stands when a round comes in.
struct ItemStanding {
    ItemState state = ItemState::not_started;
    bool is_accepted = false;  ///< the application: departments judge it
    bool is_changed = false;   ///< something that its department judges
    bool is_needed_now = false;
    bool is_needed_no_more = false;
};

/// What should become of it; nothing for an item that the case does not have.
std::optional<RoundEffect> effect_on(const ItemStanding& standing);

/// Of these effects, latest first: of each item that is needed since an answer and has not begun, the one that says
/// that it could not be begun then.
std::vector<store::RoundEffectRow> not_opened_of(const std::vector<store::ItemRow>& items,
                                                 const std::vector<store::RoundEffectRow>& effects);

/// 总建筑面积、特殊建设工程消防设计审查意见书 等 7 项.
std::string changes_in_words(const std::vector<catalog::ChangedInput>& inputs);

}  // namespace kaigong::approval
