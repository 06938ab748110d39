#include "base/chinese_format.hpp"
#include "base/text.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/operations/task_access.hpp"
#include "modules/approval/paper_rules.hpp"
#include "modules/approval/person_rules.hpp"
#include "modules/approval/store_timers_fired.hpp"
#include "modules/approval/task_rules.hpp"

namespace kaigong::approval::operations {
namespace {

/// As the one who decided: of the people of the task, and not excluded.
Result<void> must_be_his_to_do(db::Session& session, const authz::Permissions& permissions, const Officer& done_by,
                               const TaskWork& loaded) {
    const auto tasks = store::tasks_of(session, loaded.task.application_id);
    const auto acts = store::acts_of(session, loaded.task.application_id);
    const auto may = may_do(permissions, done_by, {loaded.task, tasks, loaded.signers, acts, loaded.work.applicant()});
    if (may) return {};
    return invalid_field("done_by", may.error().reason, may.error().message);
}

Result<void> must_fit_case(db::Session& session, const PaperAct& act, const TaskWork& loaded) {
    const auto& id = loaded.task.application_id;
    KAIGONG_CHECK(must_not_cross_timer(act.happened_at_ms, store::last_timer_of(session, id)));
    const auto tasks = store::tasks_of(session, id);
    const auto acts = store::acts_of(session, id);
    const auto timeline = store::timeline_of(session, id);
    return must_fit_record(act.happened_at_ms, loaded.task, {tasks, acts, timeline});
}

std::string sentence(const store::TaskRow& task, const PaperAct& act) {
    return "补录：" + task.name + "（" + task.outcome_label.value_or("") + "），" + act.done_by.name + "于" +
           instant_text(act.happened_at_ms) + "在纸面办理";
}

}  // namespace

Result<void> enter_paper_act(db::Session& session, const Surroundings& surroundings,
                             const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                             const PaperAct& act) {
    if (act.reference.empty()) {
        return invalid_field("paper_reference", "approval.paper_reference_missing",
                             "请写明纸质文件的文号或存放位置，便于日后核对。");
    }
    KAIGONG_CHECK(must_have_happened(act.happened_at_ms, on.now_ms));
    // From here on the case is what it would be if it had been done then.
    const OnTask then{on.application_id, on.task_id, on.version, act.happened_at_ms};
    KAIGONG_TRY(loaded, load_task_to_enter(session, surroundings, permissions, officer, act.done_by, then));
    KAIGONG_CHECK(must_sign_recently(officer.actor, loaded.task));
    KAIGONG_CHECK(must_be_his_to_do(session, permissions, act.done_by, loaded));
    KAIGONG_CHECK(must_fit_case(session, act, loaded));
    KAIGONG_CHECK(finish_task(session, permissions, loaded, act.done_by, then, act.completion));
    const auto text = sentence(loaded.task, act);
    record_act(session, loaded.task, officer, on,
               {.act = kEnterPaper, .reason = act.reference, .from = performer_of(act.done_by)});
    loaded.work.note("paper_act_entered", beginning_of(text, kNoteTitleMax),
                     "由" + officer.name + "于" + instant_text(on.now_ms) + "录入；纸质文件：" + act.reference, false);
    surroundings.audit.write(
        session, {"application", on.application_id, loaded.work.procedure().version, "approval.enter_paper_act",
                  officer.actor.account_id.text, officer.name, text, on.now_ms});
    return loaded.work.save();
}

}  // namespace kaigong::approval::operations
