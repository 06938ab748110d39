#include "modules/approval/operations/paper_marks.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "authz/exclusion.hpp"
#include "base/id.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/episodes.hpp"
#include "modules/approval/operations/task_access.hpp"
#include "modules/approval/paper_mark_access.hpp"

namespace kaigong::approval::operations {
namespace {

Error not_found() {
    return error(Errc::not_found, "approval.not_found", "没有找到这条批注，请从办件页面重新进入。");
}

Result<void> must_run(const store::ProcedureRow& procedure) {
    if (!has_ended(parse_application_state(procedure.state).value())) return {};
    return error(Errc::conflict, "approval.ended", "办件已经结束，批注只能查看。");
}

std::string_view did(std::string_view act) {
    if (act == kAcceptAct) return "认可";
    return act == kReopenAct ? "重新打开" : "回复";
}

/// Nothing that was typed is lost: the page keeps it and shows the mark as it is now.
Result<void> must_be_seen(const Mark& mark, const OnMark& on, bool names_officers) {
    if (mark.version() == on.version) return {};
    std::string what = "已经有变化";
    if (!mark.acts.empty()) {
        const auto& last = mark.acts.back();
        const bool by_applicant = last.act == kAnswerAct;
        const auto who = by_applicant ? "申请人" : names_officers ? last.actor_name : mark.row.department_name;
        what = fmt::format("刚刚由{}{}", who, did(last.act));
    }
    return error(Errc::conflict, "approval.mark_changed",
                 fmt::format("这条批注{}。您写的内容还在，请核对最新情况后再操作一次。", what));
}

std::string where(const CaseWork& work, const store::MarkRow& mark) {
    const auto name = mark.material_code.empty() ? "其他材料" : material_name(work.matter(), mark.material_code);
    return fmt::format("“{}”第 {} 页", name, mark.page);
}

Result<void> append(db::Session& session, CaseWork& work, const Mark& mark, std::string_view act, const OnMark& on,
                    const Performer& performer, const PapersOf& papers_of, std::int64_t now_ms) {
    KAIGONG_CHECK(may_follow(mark, act, on.words));
    const auto place = places_of(mark, papers_of(session, on.application_id)).back();
    store::append_mark_act(session, {mark.row.mark_id, mark.version(), mark.row.application_id, std::string(act),
                                     performer.account_id, performer.name, on.words, place.document_id, now_ms});
    work.audit(fmt::format("approval.{}_mark", act),
               fmt::format("{}批注 {}：{}", did(act), mark.row.mark_no, where(work, mark.row)));
    return work.save();
}

/// Under the lock of its case.
struct MarkWork {
    CaseWork work;
    Mark mark;
};

Result<MarkWork> load_mark(db::Session& session, const Surroundings& surroundings, const OnMark& on,
                           const Performer& performer, std::int64_t now_ms) {
    KAIGONG_TRY(work, open_case(session, surroundings, on.application_id, performer, now_ms));
    const auto row = store::find_mark(session, on.mark_id);
    if (!row || row->application_id != on.application_id) return not_found();
    return MarkWork{std::move(work), {*row, store::mark_acts_of(session, on.mark_id)}};
}

}  // namespace

Result<void> may_mark(const authz::Permissions& permissions, const authz::Actor& actor,
                      const store::ProcedureRow& procedure, const std::vector<store::ItemRow>& items,
                      const authz::Applicant& applicant) {
    KAIGONG_CHECK(permissions.authorise(actor, kMarkPapers, resource_of(procedure, items)));
    KAIGONG_CHECK(authz::check_exclusion(actor, authz::Duty::check, {}, applicant));
    return must_run(procedure);
}

Result<void> may_judge(const authz::Permissions& permissions, const authz::Actor& actor, const store::MarkRow& mark,
                       const store::ProcedureRow& procedure, const std::vector<store::ItemRow>& items,
                       const authz::Applicant& applicant) {
    KAIGONG_CHECK(may_mark(permissions, actor, procedure, items, applicant));
    if (mark.department == actor.department) return {};
    return error(Errc::forbidden, "approval.mark_not_yours",
                 fmt::format("这条批注是{}作的，由该部门认可或者重新打开。", mark.department_name));
}

Result<void> may_answer(const authz::Permissions& permissions, const authz::Actor& actor,
                        const store::ProcedureRow& procedure, const std::vector<store::ItemRow>& items) {
    KAIGONG_CHECK(permissions.authorise(actor, kAnswerMarks, resource_of(procedure, items)));
    if (procedure.correction_opened_at_ms) return {};
    return error(Errc::conflict, "approval.mark_not_your_turn",
                 "现在由审批部门办理，不能回复批注。收到补正通知后可以回复。");
}

Result<std::string> mark_paper(db::Session& session, const Surroundings& surroundings,
                               const authz::Permissions& permissions, const Marker& marker, store::MarkRow mark,
                               const PapersOf& papers_of, std::int64_t now_ms) {
    const auto performer = performer_of(marker.officer);
    KAIGONG_TRY(work, open_case(session, surroundings, mark.application_id, performer, now_ms));
    KAIGONG_CHECK(may_mark(permissions, marker.officer.actor, work.procedure(), work.items(), work.applicant()));
    const auto papers = papers_of(session, mark.application_id);
    KAIGONG_CHECK(may_be_marked(mark, papers));
    if (mark.words.empty()) return invalid_field("words", "approval.mark_words_missing", "请写明内容。");
    if (store::count_marks(session, mark.application_id) >= kMarksMax) {
        return error(Errc::conflict, "approval.too_many_marks",
                     fmt::format("一件最多作 {} 条批注，其他问题请写在意见或补正要求中。", kMarksMax));
    }
    const auto paper =
        std::ranges::find_if(papers, [&](const auto& one) { return one.document_id.text == mark.document_id; });
    mark.mark_id = new_uuid(now_ms);
    mark.material_code = paper->material_code;
    mark.round = paper->round;
    mark.author_id = performer.account_id;
    mark.author_name = performer.name;
    mark.department = marker.officer.actor.department;
    mark.department_name = marker.department_name;
    mark.marked_at_ms = now_ms;
    mark.mark_no = store::insert_mark(session, mark);
    work.audit("approval.mark_paper", fmt::format("作批注 {}：{}", mark.mark_no, where(work, mark)));
    KAIGONG_CHECK(work.save());
    return mark.mark_id;
}

Result<void> judge_mark(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                        const Officer& officer, std::string_view act, const OnMark& on, const PapersOf& papers_of,
                        std::int64_t now_ms) {
    const auto performer = performer_of(officer);
    KAIGONG_TRY(loaded, load_mark(session, surroundings, on, performer, now_ms));
    auto& [work, mark] = loaded;
    KAIGONG_CHECK(may_judge(permissions, officer.actor, mark.row, work.procedure(), work.items(), work.applicant()));
    KAIGONG_CHECK(must_be_seen(mark, on, true));
    return append(session, work, mark, act, on, performer, papers_of, now_ms);
}

Result<void> answer_mark(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                         const authz::Actor& actor, const OnMark& on, const PapersOf& papers_of, std::int64_t now_ms) {
    const Performer performer{actor.account_id.text, "申请人"};
    KAIGONG_TRY(loaded, load_mark(session, surroundings, on, performer, now_ms));
    auto& [work, mark] = loaded;
    KAIGONG_CHECK(permissions.authorise(actor, kAnswerMarks, resource_of(work.procedure(), work.items())));
    if (!as_told(mark, store::corrections_asked_at(session, mark.row.application_id))) return not_found();
    KAIGONG_CHECK(may_answer(permissions, actor, work.procedure(), work.items()));
    KAIGONG_CHECK(must_be_seen(mark, on, false));
    return append(session, work, mark, kAnswerAct, on, performer, papers_of, now_ms);
}

}  // namespace kaigong::approval::operations
