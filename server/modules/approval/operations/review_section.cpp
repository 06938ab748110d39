#include <algorithm>

#include "modules/approval/operations/sections.hpp"
#include "modules/approval/section_review.hpp"

namespace kaigong::approval::operations {
namespace {

Result<void> must_have_sections(const TaskWork& loaded) {
    if (has_sections(loaded.work.process(), loaded.task.element_id)) {
        return must_be_of_the_process(loaded.task, loaded.signers);
    }
    return error(Errc::conflict, "approval.no_sections", "这一步不分节审签，请直接办理。");
}

Result<Section> find_section(const std::vector<Section>& sections, const std::string& name) {
    const auto found = std::ranges::find(sections, name, &Section::section);
    if (found == sections.end()) {
        return error(Errc::not_found, "approval.section_unknown", "这件申请没有这一部分，请刷新页面后再审签。");
    }
    return *found;
}

Result<void> check_verdict(const Section& section, const SectionVerdict& said) {
    if (section.content.empty()) {
        return error(Errc::conflict, "approval.section_not_concluded",
                     "“" + section.name + "”还在部门办理，等有了结论再审签。");
    }
    if (said.verdict == kSectionEdited && said.wording.empty()) {
        return invalid_field("wording", "approval.wording_missing", "修改必须写出改后的意见，请填写后再保存。");
    }
    if (said.verdict != kSectionReturned) return {};
    if (!section.is_item() || section.task_id.empty()) {
        return error(Errc::conflict, "approval.section_not_returnable",
                     "受理结果已经告知申请人，不能退回窗口。需要更正的，请修改这一部分的意见。");
    }
    if (said.reason.empty()) {
        return invalid_field("reason", "approval.reason_missing", "退回必须写明理由，请填写后再提交。");
    }
    return {};
}

std::string_view in_words(std::string_view verdict) {
    if (verdict == kSectionReturned) return "退回";
    return verdict == kSectionEdited ? "修改" : "同意";
}

store::SectionReviewRow row_of(const Section& section, std::string_view verdict, const Officer& officer,
                               const store::TaskRow& task, const OnTask& on) {
    store::SectionReviewRow row;
    row.application_id = on.application_id;
    row.element_id = task.element_id;
    row.task_id = task.task_id;
    row.task_version = on.version;
    row.section = section.section;
    row.content = section.content;
    row.verdict = verdict;
    row.original = section.opinion;
    row.actor_id = officer.actor.account_id.text;
    row.actor_name = officer.name;
    row.at_ms = on.now_ms;
    return row;
}

}  // namespace

Result<void> review_section(db::Session& session, const Surroundings& surroundings,
                            const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                            const SectionVerdict& said) {
    KAIGONG_TRY(loaded, load_held_task(session, surroundings, permissions, officer, on));
    KAIGONG_CHECK(must_be_seen(session, loaded.task, on));
    KAIGONG_CHECK(must_have_sections(loaded));
    KAIGONG_CHECK(must_be_undecided(loaded.task));
    const auto sections = sections_of(loaded.work.items(), store::tasks_of(session, on.application_id));
    KAIGONG_TRY(section, find_section(sections, said.section));
    const auto reviews = store::section_reviews_of(session, on.application_id);
    if (said.version != SectionReviews(reviews, loaded.task.element_id).version_of(section)) {
        return error(Errc::precondition_failed, "approval.section_changed",
                     "“" + section.name + "”在您打开之后有了变化。请刷新页面，看过最新内容后再审签。");
    }
    KAIGONG_CHECK(check_verdict(section, said));
    auto row = row_of(section, said.verdict, officer, loaded.task, on);
    if (said.verdict == kSectionEdited) row.wording = said.wording;
    if (said.verdict == kSectionReturned) row.reason = said.reason;
    store::append_section_reviews(session, {std::move(row)});
    loaded.work.audit("approval.review_section", section.name + "：" + std::string(in_words(said.verdict)));
    return loaded.work.save();
}

Result<void> settle_sections(db::Session& session, const TaskWork& loaded, const Outcome& outcome,
                             const Officer& officer, const OnTask& on) {
    if (outcome.said == Said::none || !has_sections(loaded.work.process(), loaded.task.element_id)) return {};
    const auto sections = sections_of(loaded.work.items(), store::tasks_of(session, on.application_id));
    const auto rows = store::section_reviews_of(session, on.application_id);
    const SectionReviews reviews(rows, loaded.task.element_id);
    KAIGONG_CHECK(reviews.must_be_complete(sections));
    if (reviews.were_begun()) return {};
    std::vector<store::SectionReviewRow> read;
    read.reserve(sections.size());
    for (const auto& section : sections) read.push_back(row_of(section, kSectionRead, officer, loaded.task, on));
    store::append_section_reviews(session, std::move(read));
    return {};
}

}  // namespace kaigong::approval::operations
