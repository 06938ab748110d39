// 分节审签: the commands of who decides section by section (section_review.hpp). As in operations.hpp each runs in the
// caller's transaction and leaves a record.
#pragma once

#include "modules/approval/operations/task_access.hpp"

namespace kaigong::approval::operations {

struct SectionVerdict {
    std::string section;
    /// kSectionAccepted, kSectionEdited, kSectionReturned.
    std::string verdict;
    /// As the page saw it: SectionReviews::version_of.
    std::string version;
    /// What counts instead of the department's opinion, where he edits.
    std::string wording;
    /// Why it goes back.
    std::string reason;
};

/// Says of one section that it stands, stands in other words, or is to go back. Nothing moves, and it may be said
/// differently until the decision; the task keeps its version, so that no other page of it grows stale. Fails as acts
/// on a held task do, with approval.no_sections, approval.section_unknown, approval.section_changed (stale),
/// approval.section_not_concluded, approval.section_not_returnable, approval.wording_missing, approval.reason_missing.
Result<void> review_section(db::Session& session, const Surroundings& surroundings,
                            const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                            const SectionVerdict& said);

/// Sends the sections that are to go back to their departments, all at once; only those are done again, and the
/// decision waits for them. Fails as acts on a held task do, with approval.no_section_returned, approval.return_….
Result<void> return_sections(db::Session& session, const Surroundings& surroundings,
                             const authz::Permissions& permissions, const Officer& officer, const OnTask& on);

/// Before a decision counts: every section stands, or none was opened, and then all were read with it. Fails with
/// approval.section_returned, approval.sections_unreviewed.
Result<void> settle_sections(db::Session& session, const TaskWork& loaded, const Outcome& outcome,
                             const Officer& officer, const OnTask& on);

}  // namespace kaigong::approval::operations
