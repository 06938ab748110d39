#include "modules/approval/round_effects.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace kaigong::approval {
namespace {

using enum RoundEffect;

/// More than this is read in the list on the page.
constexpr std::size_t kNamedMax = 5;

struct Name {
    RoundEffect effect;
    std::string_view code;
    std::string_view zh;
};

constexpr std::array kNames{
    Name{reopened, "reopened", "重新审查：补正改动了与它有关的内容"},
    Name{not_reopened, "not_reopened", "应当重新审查，但流程不能自动退回，请部门负责人处理"},
    Name{conclusion_kept, "conclusion_kept", "结论不变：没有改动与它有关的内容"},
    Name{review_resumed, "review_resumed", "补正已收到，继续审查"},
    Name{answered_in_words, "answered_in_words", "继续审查：没有改动与它有关的内容，请看申请人的说明"},
    Name{review_sees_changes, "review_sees_changes", "审查中：补正改动了与它有关的内容，请一并审查"},
    Name{review_goes_on, "review_goes_on", "审查照常：没有改动与它有关的内容"},
    Name{changed_before_review, "changed_before_review", "核对以后有改动，受理后一并审查"},
    Name{unchanged_before_review, "unchanged_before_review", "核对以后没有改动，不用再核对"},
    Name{opened, "opened", "补正后需要审查"},
    Name{not_opened, "not_opened", "补正后需要审查，等有部门先有结论再增加；没有审查不能准予许可"},
    Name{no_longer_needed, "no_longer_needed", "补正后不涉及"},
};

const Name& name_of(RoundEffect effect) {
    return *std::ranges::find(kNames, effect, &Name::effect);
}

bool is_concluded(ItemState state) {
    return state == ItemState::agreed || state == ItemState::agreed_with_conditions || state == ItemState::disagreed;
}

}  // namespace

std::string_view to_string(RoundEffect effect) {
    return name_of(effect).code;
}

std::string_view words_of(RoundEffect effect) {
    return name_of(effect).zh;
}

std::optional<RoundEffect> effect_on(const ItemStanding& standing) {
    const auto either = [&](RoundEffect when_changed, RoundEffect otherwise) {
        return standing.is_changed ? when_changed : otherwise;
    };
    if (standing.state == ItemState::voided) return std::nullopt;
    if (standing.state == ItemState::not_applicable) {
        return standing.is_needed_now ? std::optional(opened) : std::nullopt;
    }
    if (standing.state == ItemState::not_started && standing.is_needed_no_more) return no_longer_needed;
    if (is_concluded(standing.state)) return either(reopened, conclusion_kept);
    if (standing.state == ItemState::not_started || !standing.is_accepted) {
        return either(changed_before_review, unchanged_before_review);
    }
    if (standing.state == ItemState::needs_correction) return either(review_resumed, answered_in_words);
    return either(review_sees_changes, review_goes_on);
}

std::vector<store::RoundEffectRow> not_opened_of(const std::vector<store::ItemRow>& items,
                                                 const std::vector<store::RoundEffectRow>& effects) {
    std::vector<store::RoundEffectRow> waiting;
    for (const auto& item : items) {
        if (item.state != to_string(ItemState::not_started)) continue;
        const auto found = std::ranges::find_if(
            effects, [&](const auto& one) { return one.item == item.item && one.effect == to_string(not_opened); });
        if (found != effects.end()) waiting.push_back(*found);
    }
    return waiting;
}

std::string changes_in_words(const std::vector<catalog::ChangedInput>& inputs) {
    std::vector<std::string> labels;
    labels.reserve(inputs.size());
    for (const auto& input : inputs) labels.push_back(input.label);
    const auto count = labels.size();
    if (count > kNamedMax) labels.resize(kNamedMax);
    return fmt::format("{}{}", fmt::join(labels, "、"), count > kNamedMax ? fmt::format(" 等 {} 项", count) : "");
}

}  // namespace kaigong::approval
