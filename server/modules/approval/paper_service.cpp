// 补录 and 由前一环节选定, as officers ask for them.
#include <algorithm>

#include "modules/approval/candidates.hpp"
#include "modules/approval/choice.hpp"
#include "modules/approval/person_rules.hpp"
#include "modules/approval/service.hpp"

namespace kaigong::approval {
namespace {

Error task_not_found() {
    return error(Errc::not_found, "approval.not_found", "没有找到这个任务，请从待办列表重新进入。");
}

}  // namespace

Result<void> ApprovalService::may_enter_paper(const authz::Actor& actor, const std::string& task_id) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kEnterPaperAct));
    if (const auto seen = application_of(actor, task_id); !seen) return seen.error();
    KAIGONG_TRY(task, parts_.database.read([&](db::Session& session) { return store::find_task(session, task_id); }));
    if (!task) return task_not_found();
    if (may_enter_paper_act(parts_.permissions, actor, *task, {})) return {};
    return may_work_on(parts_.permissions, actor, *task);
}

Result<boost::json::object> ApprovalService::enter_paper_act(const authz::Actor& actor, const TaskRequest& request,
                                                             operations::PaperAct act, const std::string& done_by,
                                                             const std::string& chosen) {
    KAIGONG_CHECK(may_enter_paper(actor, request.task_id));
    KAIGONG_TRY(application_id, application_of(actor, request.task_id));
    KAIGONG_TRY(who_decided, person(done_by, "done_by"));
    act.done_by = std::move(who_decided);
    if (!chosen.empty()) {
        KAIGONG_TRY(who, person(chosen, "chosen"));
        act.completion.chosen = std::move(who);
    }
    const auto who = officer(actor);
    const operations::OnTask on{application_id, request.task_id, request.version, parts_.clock.now_ms()};
    KAIGONG_CHECK(command_once(actor, request.retryable.value(), on.now_ms, [&](db::Session& session) {
        return operations::enter_paper_act(session, surroundings_, parts_.permissions, who, on, act);
    }));
    return task(actor, request.task_id);
}

Result<boost::json::object> ApprovalService::paper_candidates(const authz::Actor& actor, const std::string& task_id,
                                                              const std::string& text) {
    KAIGONG_CHECK(may_enter_paper(actor, task_id));
    KAIGONG_TRY(application_id, application_of(actor, task_id));
    KAIGONG_TRY(snapshot, snapshot_for(actor, application_id));
    const auto found = std::ranges::find(snapshot.tasks, task_id, &store::TaskRow::task_id);
    if (found == snapshot.tasks.end()) return task_not_found();
    KAIGONG_TRY(people, parts_.identity.find_officers({.region_code = found->region_code,
                                                       .department = department_of(*found),
                                                       .text = text,
                                                       .limit = kCandidatesMax}));
    const Signers signers(snapshot.signers, snapshot.tasks);
    const TaskOfCase one{*found, snapshot.tasks, signers, snapshot.acts, snapshot.applicant};
    return candidates_json(people, kCandidatesMax, [&](const operations::Officer& who) -> Result<void> {
        KAIGONG_CHECK(may_enter_paper_act(parts_.permissions, actor, *found, who.actor.account_id));
        return may_do(parts_.permissions, who, one);
    });
}

Result<boost::json::object> ApprovalService::choice_candidates(const authz::Actor& actor, const std::string& task_id,
                                                               const std::string& outcome, const std::string& text) {
    const auto may_work = may_act_on(actor, task_id, kWork);
    if (!may_work && !may_enter_paper(actor, task_id)) return may_work.error();
    KAIGONG_TRY(application_id, application_of(actor, task_id));
    KAIGONG_TRY(snapshot, snapshot_for(actor, application_id));
    KAIGONG_TRY(matter, matter_of(snapshot.procedure));
    const auto found = std::ranges::find(snapshot.tasks, task_id, &store::TaskRow::task_id);
    const auto* element = found == snapshot.tasks.end() ? nullptr : matter->process().find(found->element_id);
    if (element == nullptr) return task_not_found();
    KAIGONG_TRY(model, read_task_model(*element));
    const auto* ends = model.find_outcome(outcome);
    if (ends == nullptr || ends->chooses.empty()) {
        return invalid_field("outcome", "approval.chosen_not_allowed", "这种结果不选定下一步的人，请刷新页面后再试。");
    }
    const auto state = bpmn::state_from_json(boost::json::parse(snapshot.procedure.instance)).value();
    KAIGONG_TRY(choice, choice_of(matter->process(), state.variables, *found, *ends, actor.account_id, snapshot.tasks));
    KAIGONG_TRY(people, parts_.identity.find_officers({.region_code = found->region_code,
                                                       .department = department_of(choice.task),
                                                       .text = text,
                                                       .limit = kCandidatesMax}));
    const Signers signers({}, choice.tasks);
    const TaskOfCase one{choice.task, choice.tasks, signers, snapshot.acts, snapshot.applicant};
    return candidates_json(people, kCandidatesMax,
                           [&](const operations::Officer& who) { return may_do(parts_.permissions, who, one); });
}

}  // namespace kaigong::approval
