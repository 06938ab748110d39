// 补录 and 由前一环节选定, as officers ask for them.
#include <algorithm>

#include "modules/approval/candidates.hpp"
#include "modules/approval/choice.hpp"
#include "modules/approval/operations/paper_proposals.hpp"
#include "modules/approval/paper_view.hpp"
#include "modules/approval/person_rules.hpp"
#include "modules/approval/service.hpp"
#include "modules/approval/store_paper_acts.hpp"

namespace kaigong::approval {
namespace {

Error task_not_found() {
    return error(Errc::not_found, "approval.not_found", "没有找到这个任务，请从待办列表重新进入。");
}

/// More than anybody has let lie for a week.
constexpr int kWaitingMax = 100;

/// Of somebody whose account is blocked nobody can ask whether he did decide so.
Result<void> must_be_active(identity::Identity& identity, const std::string& account_id) {
    const auto account = identity.find_account({account_id});
    if (account && account->state == "active") return {};
    return invalid_field("done_by", "approval.person_not_active",
                         "此人的账号已停用，不能以其名义补录。请由现任的人重新作出并办理；纸面情况写在意见里。");
}

Error proposal_not_found() {
    return error(Errc::not_found, "authz.proposal_not_found", "没有找到这项待确认的操作，请从列表重新进入。");
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
    KAIGONG_CHECK(must_be_active(parts_.identity, done_by));
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

Result<boost::json::object> ApprovalService::confirm_paper_act(const authz::Actor& actor, const TaskRequest& request,
                                                               const std::string& proposal_id) {
    KAIGONG_CHECK(may_enter_paper(actor, request.task_id));
    KAIGONG_TRY(application_id, application_of(actor, request.task_id));
    KAIGONG_TRY(proposal, parts_.database.read(
                              [&](db::Session& session) { return authz::two_person::find(session, proposal_id); }));
    if (!proposal || proposal->act != kEnterPaperAct || proposal->subject_id != request.task_id) {
        return proposal_not_found();
    }
    const auto who = officer(actor);
    auto proposed = operations::read_proposed(*proposal);
    operations::Confirmation confirmation{
        proposal_id, {who, proposed.happened_at_ms, proposed.reference, std::move(proposed.completion)}};
    if (!proposed.chosen_id.empty()) {
        KAIGONG_TRY(chosen, person(proposed.chosen_id, "chosen"));
        confirmation.act.completion.chosen = std::move(chosen);
    }
    const operations::OnTask on{application_id, request.task_id, request.version, parts_.clock.now_ms()};
    KAIGONG_CHECK(command_once(actor, request.retryable.value(), on.now_ms, [&](db::Session& session) {
        return operations::confirm_paper_act(session, surroundings_, parts_.permissions, who, on, confirmation);
    }));
    return task(actor, request.task_id);
}

Result<boost::json::object> ApprovalService::deny_paper_act(const authz::Actor& actor, const TaskRequest& request,
                                                            const std::string& proposal_id, const std::string& reason) {
    return end_paper_act(actor, request, [&](db::Session& session, const auto& who, const auto& on) {
        return operations::deny_paper_act(session, surroundings_, who, on, {proposal_id, reason});
    });
}

Result<boost::json::object> ApprovalService::withdraw_paper_act(const authz::Actor& actor, const TaskRequest& request,
                                                                const std::string& proposal_id) {
    return end_paper_act(actor, request, [&](db::Session& session, const auto& who, const auto& on) {
        return operations::withdraw_paper_act(session, surroundings_, who, on, proposal_id);
    });
}

Result<boost::json::object> ApprovalService::end_paper_act(const authz::Actor& actor, const TaskRequest& request,
                                                           const TaskAct& act) {
    KAIGONG_CHECK(may_enter_paper(actor, request.task_id));
    KAIGONG_TRY(application_id, application_of(actor, request.task_id));
    const auto who = officer(actor);
    const operations::OnTask on{application_id, request.task_id, request.version, parts_.clock.now_ms()};
    KAIGONG_CHECK(command_once(actor, request.retryable.value(), on.now_ms,
                               [&](db::Session& session) { return act(session, who, on); }));
    return task(actor, request.task_id);
}

Result<boost::json::object> ApprovalService::paper_acts(const authz::Actor& actor) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kEnterPaperAct));
    const auto now_ms = parts_.clock.now_ms();
    return parts_.database.read([&](db::Session& session) {
        boost::json::array list;
        for (const auto& row : store::paper_act_proposals_for(session, actor.account_id.text, now_ms, kWaitingMax)) {
            const auto proposal = authz::two_person::find(session, row.proposal_id);
            const auto task = store::find_task(session, row.task_id);
            const bool waits = proposal && proposal->is_open(now_ms) && task && task->state == "open";
            if (!waits || !may_work_on(parts_.permissions, actor, *task)) continue;
            list.push_back(paper_act_row_json(*proposal, *task));
        }
        return boost::json::object{{"paper_acts", std::move(list)}};
    });
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
