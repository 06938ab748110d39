#include "base/chinese_format.hpp"
#include "base/text.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/operations/paper_acts.hpp"
#include "modules/approval/operations/paper_proposals.hpp"
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

/// Whoever writes another's act down has a hand in it: who accepted enters no decision.
Result<void> must_be_free_to_enter(db::Session& session, const Officer& officer, const TaskWork& loaded) {
    const auto& procedure = loaded.work.procedure();
    const PastOfCase past{store::tasks_of(session, procedure.application_id),
                          store::acts_of(session, procedure.application_id), loaded.work.applicant()};
    return must_not_be_excluded(officer, loaded.task, past);
}

Result<void> must_fit_case(db::Session& session, const PaperAct& act, const TaskWork& loaded) {
    const auto& id = loaded.task.application_id;
    KAIGONG_CHECK(must_not_cross_timer(act.happened_at_ms, store::last_timer_of(session, id)));
    const auto tasks = store::tasks_of(session, id);
    const auto acts = store::acts_of(session, id);
    const auto timeline = store::timeline_of(session, id);
    return must_fit_record(act.happened_at_ms, loaded.task, {tasks, acts, timeline});
}

}  // namespace

OnTask at_that_time(const OnTask& on, const PaperAct& act) {
    return {on.application_id, on.task_id, on.version, act.happened_at_ms};
}

std::string sentence_of(const store::TaskRow& task, const PaperAct& act, const std::string& outcome_label) {
    return "补录：" + task.name + "（" + outcome_label + "），" + act.done_by.name + "于" +
           instant_text(act.happened_at_ms) + "在纸面办理";
}

Result<TaskWork> load_done_on_paper(db::Session& session, const Surroundings& surroundings,
                                    const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                                    const PaperAct& act) {
    // From here on the case is what it would be if it had been done then.
    const auto then = at_that_time(on, act);
    KAIGONG_TRY(loaded, load_task_to_enter(session, surroundings, permissions, officer, act.done_by, then));
    KAIGONG_CHECK(must_be_his_to_do(session, permissions, act.done_by, loaded));
    KAIGONG_CHECK(must_fit_case(session, act, loaded));
    return std::move(loaded);
}

Result<void> put_down(db::Session& session, const authz::Permissions& permissions, TaskWork& loaded, const OnTask& on,
                      const PaperAct& act, const std::string& how) {
    const auto then = at_that_time(on, act);
    KAIGONG_CHECK(finish_task(session, permissions, loaded, act.done_by, then, act.completion));
    const auto text = sentence_of(loaded.task, act, loaded.task.outcome_label.value_or(""));
    loaded.work.note("paper_act_entered", beginning_of(text, kNoteTitleMax), how + "；纸质文件：" + act.reference,
                     false);
    return {};
}

Result<void> enter_paper_act(db::Session& session, const Surroundings& surroundings,
                             const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                             const PaperAct& act) {
    if (act.reference.empty()) {
        return invalid_field("paper_reference", "approval.paper_reference_missing",
                             "请写明纸质文件的文号或存放位置，便于日后核对。");
    }
    KAIGONG_CHECK(must_have_happened(act.happened_at_ms, on.now_ms));
    KAIGONG_TRY(loaded, load_done_on_paper(session, surroundings, permissions, officer, on, act));
    KAIGONG_CHECK(must_be_free_to_enter(session, officer, loaded));
    if (needs_his_word(officer, act.done_by, loaded.task)) {
        return propose_paper_act(session, surroundings, permissions, officer, on, act, loaded);
    }
    KAIGONG_CHECK(must_sign_recently(officer.actor, loaded.task));
    KAIGONG_CHECK(
        put_down(session, permissions, loaded, on, act, "由" + officer.name + "于" + instant_text(on.now_ms) + "录入"));
    record_act(session, loaded.task, officer, on,
               {.act = kEnterPaper, .reason = act.reference, .from = performer_of(act.done_by)});
    surroundings.audit.write(
        session, {"application", on.application_id, loaded.work.procedure().version, "approval.enter_paper_act",
                  officer.actor.account_id.text, officer.name,
                  sentence_of(loaded.task, act, loaded.task.outcome_label.value_or("")), on.now_ms});
    return loaded.work.save();
}

}  // namespace kaigong::approval::operations
