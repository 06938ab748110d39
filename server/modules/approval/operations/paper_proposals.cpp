#include "modules/approval/operations/paper_proposals.hpp"

#include <boost/json.hpp>

#include "base/chinese_format.hpp"
#include "base/text.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/operations/paper_acts.hpp"
#include "modules/approval/paper_rules.hpp"
#include "modules/approval/store_paper_acts.hpp"
#include "modules/approval/task_rules.hpp"

namespace kaigong::approval::operations {
namespace {

using authz::two_person::Proposal;
using boost::json::array;
using boost::json::object;
using boost::json::value;

std::string member_of(const value& one, const char* name) {
    return std::string(one.at(name).as_string());
}

array content_of_points(const std::vector<NewPoint>& points) {
    array list;
    for (const auto& one : points) {
        list.push_back({{"field", one.field},
                        {"material_code", one.material_code},
                        {"what", one.what},
                        {"how_to_mend", one.how_to_mend},
                        {"legal_basis", one.legal_basis}});
    }
    return list;
}

array content_of_omissions(const std::vector<Omission>& omissions) {
    array list;
    for (const auto& one : omissions) {
        list.push_back(
            {{"material_code", one.material_code}, {"working_days", one.working_days}, {"reason", one.reason}});
    }
    return list;
}

std::string content_of(const PaperAct& act) {
    const auto& done = act.completion;
    return boost::json::serialize(object{{"done_by_id", act.done_by.actor.account_id.text},
                                         {"done_by_name", act.done_by.name},
                                         {"chosen_id", done.chosen ? done.chosen->actor.account_id.text : ""},
                                         {"chosen_name", done.chosen ? done.chosen->name : ""},
                                         {"happened_at_ms", act.happened_at_ms},
                                         {"reference", act.reference},
                                         {"outcome", done.outcome},
                                         {"opinion", done.opinion},
                                         {"checklist", boost::json::value_from(done.checked)},
                                         {"points", content_of_points(done.points)},
                                         {"omissions", content_of_omissions(done.omissions)}});
}

Completion read_completion(const value& content) {
    Completion done;
    done.outcome = member_of(content, "outcome");
    done.opinion = member_of(content, "opinion");
    done.checked = boost::json::value_to<std::vector<std::string>>(content.at("checklist"));
    for (const auto& one : content.at("points").as_array()) {
        done.points.push_back({member_of(one, "field"), member_of(one, "material_code"), member_of(one, "what"),
                               member_of(one, "how_to_mend"), member_of(one, "legal_basis")});
    }
    for (const auto& one : content.at("omissions").as_array()) {
        done.omissions.push_back({member_of(one, "material_code"),
                                  static_cast<int>(one.at("working_days").to_number<std::int64_t>()),
                                  member_of(one, "reason")});
    }
    return done;
}

Error proposal_not_found() {
    return error(Errc::not_found, "authz.proposal_not_found", "没有找到这项待确认的操作，请从列表重新进入。");
}

/// Of this task, and his to answer.
Result<ProposedPaperAct> must_name_him(const Proposal& proposal, const Officer& officer, const OnTask& on) {
    if (proposal.subject_kind != kTaskOfProposal || proposal.subject_id != on.task_id) return proposal_not_found();
    auto proposed = read_proposed(proposal);
    if (proposed.done_by_id == officer.actor.account_id.text) return proposed;
    return error(Errc::forbidden, "approval.paper_act_not_yours",
                 "这份补录写的是" + proposed.done_by_name + "的决定，只能由其本人确认或否认。");
}

/// The act itself can be done no more, whatever he says.
Error made_void(const Error& because) {
    if (because.code != Errc::conflict && because.code != Errc::invalid_input) return because;
    return error(
        Errc::conflict, "approval.paper_act_void",
        "补录提出以后情况有了变化：" + because.message + "这次补录不能再确认，请否认它；仍需要的，由录入人重新补录。");
}

/// What ends a proposal without its act.
struct Ending {
    const char* act;
    const char* note;
    std::string title;
    std::string detail;
};

Result<void> end_proposal(db::Session& session, CaseWork& work, const Officer& officer, const OnTask& on,
                          const Proposal& proposal, const Ending& ending) {
    const auto task = store::find_task(session, on.task_id);
    if (!task || proposal.subject_id != on.task_id) return proposal_not_found();
    const OnTask seen{on.application_id, on.task_id, task->version, on.now_ms};
    record_act(
        session, *task, officer, seen,
        {.act = ending.act, .reason = ending.detail, .from = Performer{proposal.proposed_by_id, proposal.proposed_by}});
    const auto title = beginning_of(ending.title + task->name, kNoteTitleMax);
    work.note(ending.note, title, ending.detail, false);
    work.audit("approval." + std::string(ending.act), title);
    return work.save();
}

/// Where the condition of the outcome can be judged before its points are recorded.
Result<void> outcome_must_be_open(db::Session& session, const TaskWork& loaded, const Outcome& outcome,
                                  const Completion& completion) {
    if (!completion.points.empty()) return {};
    const auto& work = loaded.work;
    const auto blocked = why_blocked(outcome, work.state().variables, work.items(),
                                     store::points_of(session, loaded.task.application_id), work.episodes());
    return blocked ? Result<void>(error(Errc::conflict, "approval.outcome_blocked", *blocked)) : Result<void>();
}

}  // namespace

ProposedPaperAct read_proposed(const Proposal& proposal) {
    const auto content = boost::json::parse(proposal.content);
    return {member_of(content, "done_by_id"),
            member_of(content, "done_by_name"),
            member_of(content, "chosen_id"),
            member_of(content, "chosen_name"),
            content.at("happened_at_ms").to_number<std::int64_t>(),
            member_of(content, "reference"),
            read_completion(content)};
}

bool needs_his_word(const Officer& officer, const Officer& done_by, const store::TaskRow& task) {
    const auto duty = authz::parse_duty(task.kind);
    const bool decides = duty == authz::Duty::decide || duty == authz::Duty::recheck;
    return decides && officer.actor.account_id != done_by.actor.account_id;
}

Result<void> propose_paper_act(db::Session& session, const Surroundings& surroundings,
                               const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                               const PaperAct& act, const TaskWork& loaded) {
    const auto then = at_that_time(on, act);
    KAIGONG_TRY(outcome, may_finish_task(session, permissions, loaded, act.done_by, then, act.completion));
    KAIGONG_CHECK(outcome_must_be_open(session, loaded, outcome, act.completion));
    KAIGONG_TRY(id,
                authz::two_person::propose(
                    session, {std::string(kEnterPaperAct), kTaskOfProposal, on.task_id, content_of(act), act.reference},
                    second_person(surroundings, officer), on.now_ms));
    const auto proposal = authz::two_person::find(session, id).value();
    store::insert_paper_act_proposal(
        session, {id, on.application_id, on.task_id, act.done_by.actor.account_id.text, proposal.expires_at_ms});
    record_act(session, loaded.task, officer, on,
               {.act = kProposePaper, .reason = act.reference, .from = performer_of(act.done_by)});
    const auto text = sentence_of(loaded.task, act, outcome.label) + "，等待其本人确认";
    // Nothing has happened yet: the case is written as it stands now, not as it would have stood then.
    KAIGONG_TRY(work, open_case(session, surroundings, on.application_id, performer_of(officer), on.now_ms));
    work.note("paper_act_proposed", beginning_of(text, kNoteTitleMax),
              "由" + officer.name + "录入；纸质文件：" + act.reference, false);
    work.audit("approval." + std::string(kProposePaper), text);
    return work.save();
}

Result<void> confirm_paper_act(db::Session& session, const Surroundings& surroundings,
                               const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                               const Confirmation& confirmation) {
    const auto& act = confirmation.act;
    // The case comes first, as for everything that is done with it.
    if (!store::lock_procedure(session, on.application_id)) return proposal_not_found();
    KAIGONG_TRY(proposal, authz::two_person::confirm(session, confirmation.proposal_id, kEnterPaperAct,
                                                     second_person(surroundings, officer), on.now_ms));
    KAIGONG_CHECK(must_name_him(proposal, officer, on));
    auto found = load_done_on_paper(session, surroundings, permissions, officer, on, act);
    if (!found) return made_void(found.error());
    auto& loaded = *found;
    KAIGONG_CHECK(must_sign_recently(officer.actor, loaded.task));
    const auto may = may_finish_task(session, permissions, loaded, officer, at_that_time(on, act), act.completion);
    if (!may) return made_void(may.error());
    const auto how = "由" + proposal.proposed_by + "于" + instant_text(proposal.proposed_at_ms) + "录入，" +
                     officer.name + "于" + instant_text(on.now_ms) + "确认";
    KAIGONG_CHECK(put_down(session, permissions, loaded, on, act, how));
    record_act(session, loaded.task, officer, on,
               {.act = kConfirmPaper,
                .reason = act.reference,
                .from = Performer{proposal.proposed_by_id, proposal.proposed_by}});
    surroundings.audit.write(
        session, {"application", on.application_id, loaded.work.procedure().version,
                  "approval." + std::string(kConfirmPaper), officer.actor.account_id.text, officer.name,
                  sentence_of(loaded.task, act, may->label) + "，由" + proposal.proposed_by + "录入", on.now_ms});
    return loaded.work.save();
}

Result<void> deny_paper_act(db::Session& session, const Surroundings& surroundings, const Officer& officer,
                            const OnTask& on, const Denial& denial) {
    KAIGONG_TRY(work, open_case(session, surroundings, on.application_id, performer_of(officer), on.now_ms));
    KAIGONG_TRY(proposal, authz::two_person::refuse(session, denial.proposal_id, kEnterPaperAct,
                                                    second_person(surroundings, officer), denial.reason, on.now_ms));
    KAIGONG_CHECK(must_name_him(proposal, officer, on));
    return end_proposal(
        session, work, officer, on, proposal,
        {kDenyPaper, "paper_act_denied", officer.name + "否认了" + proposal.proposed_by + "的补录：", denial.reason});
}

Result<void> withdraw_paper_act(db::Session& session, const Surroundings& surroundings, const Officer& officer,
                                const OnTask& on, const std::string& proposal_id) {
    KAIGONG_TRY(work, open_case(session, surroundings, on.application_id, performer_of(officer), on.now_ms));
    KAIGONG_TRY(proposal, authz::two_person::withdraw(session, proposal_id, kEnterPaperAct,
                                                      second_person(surroundings, officer), on.now_ms));
    return end_proposal(session, work, officer, on, proposal,
                        {kWithdrawPaper, "paper_act_withdrawn", officer.name + "撤回了补录：", ""});
}

}  // namespace kaigong::approval::operations
