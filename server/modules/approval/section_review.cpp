#include "modules/approval/section_review.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ranges>
#include <set>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "modules/approval/states.hpp"

namespace kaigong::approval {
namespace {

constexpr std::size_t kDigestCharacters = 32;

/// Tasks that end while another is done in the same instant are still others: all ids count, not the last alone.
std::string digest_of(const std::vector<std::string>& said, const std::set<std::string>& task_ids) {
    crypto::Hasher hasher(crypto::DigestKind::sha256);
    for (const auto& text : said) {
        hasher.update(crypto::view(std::to_string(text.size()) + ":"));
        hasher.update(crypto::view(text));
    }
    for (const auto& id : task_ids) hasher.update(crypto::view(id));
    return crypto::to_hex(hasher.finish()).substr(0, kDigestCharacters);
}

struct Concluded {
    std::set<std::string> task_ids;
    const store::TaskRow* last = nullptr;
};

Concluded concluded_by(const std::vector<store::TaskRow>& tasks, std::string_view kind, const std::string& item) {
    Concluded concluded;
    for (const auto& task : tasks) {
        if (task.kind != kind || task.item != item || task.state != "completed") continue;
        concluded.task_ids.insert(task.task_id);
        const bool is_later = concluded.last == nullptr || task.completed_at_ms >= concluded.last->completed_at_ms;
        if (is_later) concluded.last = &task;
    }
    return concluded;
}

bool has_part(const store::ItemRow& item) {
    return item.state != to_string(ItemState::not_applicable) && item.state != to_string(ItemState::voided);
}

bool is_concluded(const store::ItemRow& item) {
    return next_state(parse_item_state(item.state).value(), "reopen").has_value();
}

Section section_of(const store::ItemRow& item, const std::vector<store::TaskRow>& tasks) {
    const auto concluded = concluded_by(tasks, "review", item.item);
    Section section{item.item, item.name, concluded.last == nullptr ? "" : concluded.last->task_id, "",
                    item.opinion.value_or("")};
    if (is_concluded(item)) {
        section.content = digest_of({item.state, item.outcome.value_or(""), section.opinion}, concluded.task_ids);
    }
    return section;
}

Section section_of_window(const std::vector<store::TaskRow>& tasks) {
    const auto concluded = concluded_by(tasks, "accept", "");
    const auto opinion = concluded.last == nullptr ? std::string() : concluded.last->opinion.value_or("");
    return {std::string(kWindowSection), "综合窗口", concluded.last == nullptr ? "" : concluded.last->task_id,
            digest_of({opinion}, concluded.task_ids), opinion};
}

std::string names_of(const std::vector<Section>& sections) {
    const auto names = sections | std::views::transform([](const auto& one) { return one.name; });
    return fmt::format("{}", fmt::join(names, "、"));
}

}  // namespace

bool has_sections(const bpmn::Definition& process, const std::string& element_id) {
    const auto* element = process.find(element_id);
    const auto* task = element == nullptr ? nullptr : element->kaigong("task");
    if (task == nullptr || element->repetition || element->kaigong("countersign") != nullptr) return false;
    return task->attribute("kind") == "decide" || task->attribute("sections") == "items";
}

std::vector<Section> sections_of(const std::vector<store::ItemRow>& items, const std::vector<store::TaskRow>& tasks) {
    std::vector<Section> sections;
    for (const auto& item : items) {
        if (has_part(item)) sections.push_back(section_of(item, tasks));
    }
    sections.push_back(section_of_window(tasks));
    return sections;
}

const store::SectionReviewRow* SectionReviews::last(const std::string& section) const {
    const auto found = std::ranges::find_if(std::views::reverse(reviews_), [&](const auto& one) {
        return one.element_id == element_id_ && one.section == section;
    });
    return found == reviews_.rend() ? nullptr : &*found;
}

const store::SectionReviewRow* SectionReviews::standing(const Section& section) const {
    const auto* review = last(section.section);
    return review != nullptr && review->content == section.content ? review : nullptr;
}

bool SectionReviews::were_begun() const {
    return std::ranges::any_of(
        reviews_, [&](const auto& one) { return one.element_id == element_id_ && one.verdict != kSectionRead; });
}

std::string SectionReviews::version_of(const Section& section) const {
    const auto* review = last(section.section);
    return fmt::format("{}-{}", section.content, review == nullptr ? 0 : review->review_no);
}

std::vector<Section> SectionReviews::returned(const std::vector<Section>& sections) const {
    std::vector<Section> list;
    std::ranges::copy_if(sections, std::back_inserter(list), [&](const Section& section) {
        const auto* review = standing(section);
        return review != nullptr && review->verdict == kSectionReturned;
    });
    return list;
}

Result<void> SectionReviews::must_be_complete(const std::vector<Section>& sections) const {
    if (!were_begun()) return {};
    if (const auto back = returned(sections); !back.empty()) {
        return error(Errc::conflict, "approval.section_returned",
                     fmt::format("“{}”已选择退回，还没有重新办好。请先退回给部门，或者改为同意、修改后再决定。",
                                 names_of(back)));
    }
    std::vector<Section> missing;
    std::ranges::copy_if(sections, std::back_inserter(missing),
                         [&](const Section& section) { return standing(section) == nullptr; });
    if (missing.empty()) return {};
    return error(Errc::conflict, "approval.sections_unreviewed",
                 fmt::format("还有 {} 个部分没有审签，或者审签后内容有变化：{}。请逐一看过后再决定。", missing.size(),
                             names_of(missing)));
}

const store::SectionReviewRow* edit_of(const std::vector<store::SectionReviewRow>& reviews, const Section& section) {
    std::set<std::string> seen;
    for (const auto& review : std::views::reverse(reviews)) {
        if (review.section != section.section || !seen.insert(review.element_id).second) continue;
        if (review.verdict == kSectionEdited && review.content == section.content) return &review;
    }
    return nullptr;
}

}  // namespace kaigong::approval
