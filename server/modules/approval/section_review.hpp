// 分节审签: the report before a decision as sections, one for each department's item and one for the window, and what
// the leader said of each. Pure. Not for how it is written (operations/sections.hpp).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "engine/bpmn/bpmn.hpp"
#include "modules/approval/store.hpp"
#include "modules/approval/store_section_reviews.hpp"

namespace kaigong::approval {

/// The section of the window: what was said when the case was accepted.
inline constexpr std::string_view kWindowSection = "window";

inline constexpr std::string_view kSectionAccepted = "accepted";
inline constexpr std::string_view kSectionEdited = "edited";
inline constexpr std::string_view kSectionReturned = "returned";
/// By a decision for which no section was opened.
inline constexpr std::string_view kSectionRead = "read";

struct Section {
    std::string section;  ///< an item, or kWindowSection
    std::string name;
    /// By which it was concluded last; empty where nobody did.
    std::string task_id;
    /// A digest of what it says, another one after each conclusion. Empty while a department works on it.
    std::string content;
    std::string opinion;

    bool is_item() const { return section != kWindowSection; }
};

/// Whether a task is decided section by section: every decision, and what says `sections="items"`; never one of several
/// votes.
bool has_sections(const bpmn::Definition& process, const std::string& element_id);

/// Of the departments that have a part in the case, in the order of their items; the window comes last.
std::vector<Section> sections_of(const std::vector<store::ItemRow>& items, const std::vector<store::TaskRow>& tasks);

/// All that was said at one step of the process.
class SectionReviews {
  public:
    SectionReviews(const std::vector<store::SectionReviewRow>& reviews, std::string element_id)
        : reviews_(reviews), element_id_(std::move(element_id)) {}

    /// What was said last of a section; null where nothing was.
    const store::SectionReviewRow* last(const std::string& section) const;
    /// The same where it was said of what the section says now.
    const store::SectionReviewRow* standing(const Section& section) const;
    /// Somebody has looked at a section by itself.
    bool were_begun() const;
    /// What a page saw of a section: its content, and what had been said of it.
    std::string version_of(const Section& section) const;
    /// Those that are to go back.
    std::vector<Section> returned(const std::vector<Section>& sections) const;

    /// Where a section was looked at by itself, a decision waits until each was, in what it says now. Fails with
    /// approval.section_returned, approval.sections_unreviewed.
    Result<void> must_be_complete(const std::vector<Section>& sections) const;

  private:
    const std::vector<store::SectionReviewRow>& reviews_;
    std::string element_id_;
};

/// The leader's wording where it counts instead of the department's; null where nobody changed it.
const store::SectionReviewRow* edit_of(const std::vector<store::SectionReviewRow>& reviews, const Section& section);

}  // namespace kaigong::approval
