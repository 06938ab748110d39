// States.md I13, A21: only what the leader sends back is done again.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.hpp"
#include "modules/approval/operations/reopening.hpp"
#include "modules/approval/operations/sections.hpp"
#include "modules/approval/section_review.hpp"

namespace kaigong::approval::operations {
namespace {

/// Department by department, each with its reason.
struct Returned {
    std::vector<std::string> names;
    std::vector<std::string> reasons;
};

Returned in_words(const SectionReviews& reviews, const std::vector<Section>& sections) {
    Returned said;
    for (const auto& section : sections) {
        said.names.push_back(section.name);
        said.reasons.push_back(section.name + "：" + reviews.last(section.section)->reason);
    }
    return said;
}

}  // namespace

Result<void> return_sections(db::Session& session, const Surroundings& surroundings,
                             const authz::Permissions& permissions, const Officer& officer, const OnTask& on) {
    KAIGONG_TRY(loaded, load_held_task(session, surroundings, permissions, officer, on));
    auto& [work, task, signers] = loaded;
    KAIGONG_CHECK(must_be_of_the_process(task, signers));
    KAIGONG_CHECK(must_be_undecided(task));
    const auto rows = store::section_reviews_of(session, on.application_id);
    const SectionReviews reviews(rows, task.element_id);
    const auto back = reviews.returned(sections_of(work.items(), store::tasks_of(session, on.application_id)));
    if (back.empty()) {
        return error(Errc::conflict, "approval.no_section_returned", "没有选择要退回的部分，请先选择并写明理由。");
    }
    const auto said = in_words(reviews, back);
    const auto names = fmt::format("{}", fmt::join(said.names, "、"));
    const auto reasons = fmt::format("{}", fmt::join(said.reasons, "\n"));
    end_task(task, performer_of(officer), kReturnedOutcome, fmt::format("退回 {} 个部门", back.size()), reasons,
             on.now_ms);
    KAIGONG_CHECK(save_seen(session, task, on));
    record_act(session, task, officer, on, {.act = "return", .reason = reasons});
    for (const auto& section : back) {
        const OnItem item{on.application_id, section.section, on.now_ms};
        const auto concluded = concluding_task(session, item);
        if (!concluded) return reopen_impossible();
        KAIGONG_TRY(plan, plan_reopening(work, *concluded));
        KAIGONG_CHECK(open_again(work, item, plan));
        mark_reopened(session, *concluded,
                      {task.task_id, task.name, officer.name, reviews.last(section.section)->reason}, on.now_ms);
    }
    const auto title = beginning_of(task.name + "退回：" + names, kNoteTitleMax);
    work.note("sections_returned", title, reasons, false);
    work.audit("approval.return_sections", title);
    return work.save();
}

}  // namespace kaigong::approval::operations
