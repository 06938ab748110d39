// What officers ask for on a task: who they are, whom they name, and once for each request.
#include <boost/json.hpp>

#include <algorithm>
#include <array>

#include "db/idempotency.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/candidates.hpp"
#include "modules/approval/deputy_rules.hpp"
#include "modules/approval/person_rules.hpp"
#include "modules/approval/section_view.hpp"
#include "modules/approval/service.hpp"

namespace kaigong::approval {
namespace {

constexpr std::array kActs{"transfer", "assign", "delegate", "before", "after"};

Error task_not_found() {
    return error(Errc::not_found, "approval.not_found", "没有找到这个任务，请从待办列表重新进入。");
}

std::string shown_name(const identity::Account& account) {
    return account.department_name.empty() ? account.display_name
                                           : account.display_name + "（" + account.department_name + "）";
}

Result<void> may_be_chosen(const authz::Permissions& permissions, const std::string& act,
                           const operations::Officer& person, const TaskOfCase& one) {
    if (act == "transfer" || act == "assign") return may_take_over(permissions, person, one);
    return may_be_asked(permissions, person, one, act);
}

/// The request itself may have taken the task out of his reach: its retry is answered all the same.
Result<bool> was_done(db::Database& database, const authz::Actor& actor, const std::optional<Retryable>& request) {
    if (!request) return false;
    const db::IdempotentRequest once{actor.account_id.text, request->route, request->key, request->body_hash, 0};
    return database.read([&](db::Session& session) { return db::is_known(session, once); });
}

}  // namespace

template <class Operation, class... Arguments>
ApprovalService::TaskAct ApprovalService::by(Operation operation, const Arguments&... arguments) {
    return [=, this](db::Session& session, const operations::Officer& who, const operations::OnTask& on) {
        return operation(session, surroundings_, parts_.permissions, who, on, arguments...);
    };
}

Result<boost::json::object> ApprovalService::act_on(const authz::Actor& actor, const TaskRequest& request,
                                                    const TaskAct& act) {
    KAIGONG_TRY(application_id, application_of(actor, request.task_id));
    KAIGONG_TRY(who, officer_on(actor, request.task_id));
    const operations::OnTask on{application_id, request.task_id, request.version, parts_.clock.now_ms()};
    const auto body = [&](db::Session& session) { return act(session, who, on); };
    KAIGONG_CHECK(request.retryable ? command_once(actor, *request.retryable, on.now_ms, body) : command(body));
    return task(actor, request.task_id);
}

Result<void> ApprovalService::may_act_on(const authz::Actor& actor, const std::string& task_id,
                                         std::string_view action) {
    KAIGONG_CHECK(parts_.permissions.require(actor, action));
    if (const auto seen = application_of(actor, task_id); !seen) return seen.error();
    KAIGONG_TRY(task, parts_.database.read([&](db::Session& session) { return store::find_task(session, task_id); }));
    if (!task) return task_not_found();
    if (action == kAssign) return may_assign(parts_.permissions, actor, *task);
    const auto who = acting_on(parts_.permissions, {actor, ""}, deputies_.absent_for(actor), *task);
    return may_work_on(parts_.permissions, who.holder(), *task);
}

Result<operations::Officer> ApprovalService::colleague(const authz::Actor& actor, const TaskRequest& request,
                                                       const std::string& account_id, std::string_view action) {
    KAIGONG_TRY(done, was_done(parts_.database, actor, request.retryable));
    if (!done) KAIGONG_CHECK(may_act_on(actor, request.task_id, action));
    return person(account_id, "to");
}

Result<operations::Officer> ApprovalService::person(const std::string& account_id, const char* field) {
    const auto account = parts_.identity.find_account({account_id});
    if (!account || account->kind != authz::AccountKind::officer || account->state != "active") {
        return invalid_field(field, "approval.person_unknown", "没有找到这个人，或者账号已停用，请从列表中选择。");
    }
    return operations::Officer{identity::actor_of(*account), shown_name(*account)};
}

Result<boost::json::object> ApprovalService::claim(const authz::Actor& actor, const TaskRequest& request) {
    return act_on(actor, request, by(operations::claim_task));
}

Result<boost::json::object> ApprovalService::release(const authz::Actor& actor, const TaskRequest& request) {
    return act_on(actor, request, by(operations::release_task));
}

Result<boost::json::object> ApprovalService::complete(const authz::Actor& actor, const TaskRequest& request,
                                                      operations::Completion completion, const std::string& chosen) {
    if (!chosen.empty()) {
        KAIGONG_TRY(done, was_done(parts_.database, actor, request.retryable));
        if (!done) KAIGONG_CHECK(may_act_on(actor, request.task_id, kWork));
        KAIGONG_TRY(who, person(chosen, "chosen"));
        completion.chosen = std::move(who);
    }
    return act_on(actor, request, by(operations::complete_task, completion));
}

Result<boost::json::object> ApprovalService::send_back(const authz::Actor& actor, const TaskRequest& request,
                                                       const operations::Return& sent_back) {
    return act_on(actor, request, by(operations::return_task, sent_back));
}

Result<boost::json::object> ApprovalService::transfer(const authz::Actor& actor, const TaskRequest& request,
                                                      const std::string& to, const std::string& reason) {
    KAIGONG_TRY(person, colleague(actor, request, to));
    return act_on(actor, request, by(operations::transfer_task, operations::Handover{person, reason}));
}

Result<boost::json::object> ApprovalService::assign(const authz::Actor& actor, const TaskRequest& request,
                                                    const std::string& to, const std::string& reason) {
    KAIGONG_TRY(person, colleague(actor, request, to, kAssign));
    return act_on(actor, request, by(operations::assign_task, operations::Handover{person, reason}));
}

Result<boost::json::object> ApprovalService::delegate(const authz::Actor& actor, const TaskRequest& request,
                                                      const std::string& to, const std::string& question) {
    KAIGONG_TRY(person, colleague(actor, request, to));
    return act_on(actor, request, by(operations::delegate_task, operations::Handover{person, question}));
}

Result<boost::json::object> ApprovalService::add_signers(const authz::Actor& actor, const TaskRequest& request,
                                                         const std::string& relation,
                                                         const std::vector<std::string>& to,
                                                         const std::string& question) {
    operations::NewSigners added{relation, {}, question};
    for (const auto& account_id : to) {
        KAIGONG_TRY(person, colleague(actor, request, account_id));
        added.people.push_back(std::move(person));
    }
    return act_on(actor, request, by(operations::add_signers, added));
}

Result<boost::json::object> ApprovalService::remove_signer(const authz::Actor& actor, const TaskRequest& request,
                                                           const std::string& signer_task_id,
                                                           const std::string& reason) {
    return act_on(actor, request, by(operations::remove_signer, signer_task_id, reason));
}

Result<boost::json::object> ApprovalService::take_back(const authz::Actor& actor, const TaskRequest& request,
                                                       const std::string& reason) {
    return act_on(actor, request, by(operations::take_back_task, reason));
}

Result<boost::json::object> ApprovalService::urge(const authz::Actor& actor, const TaskRequest& request,
                                                  const std::string& note) {
    return act_on(actor, request, by(operations::urge_task, note));
}

Result<boost::json::object> ApprovalService::sections(const authz::Actor& actor, const std::string& task_id) {
    KAIGONG_TRY(opened, open_task(actor, task_id));
    const auto reader = acting_on(parts_.permissions, {actor, ""}, deputies_.absent_for(actor), opened.task);
    return sections_json(*opened.matter, parts_.permissions, opened.task, opened.snapshot, reader);
}

Result<boost::json::object> ApprovalService::review_section(const authz::Actor& actor, const TaskRequest& request,
                                                            const operations::SectionVerdict& said) {
    KAIGONG_CHECK(act_on(actor, request, by(operations::review_section, said)));
    return sections(actor, request.task_id);
}

Result<boost::json::object> ApprovalService::return_sections(const authz::Actor& actor, const TaskRequest& request) {
    return act_on(actor, request, by(operations::return_sections));
}

Result<boost::json::object> ApprovalService::candidates(const authz::Actor& actor, const std::string& task_id,
                                                        const std::string& act, const std::string& text) {
    KAIGONG_CHECK(may_act_on(actor, task_id, act == "assign" ? kAssign : kWork));
    KAIGONG_TRY(application_id, application_of(actor, task_id));
    KAIGONG_TRY(snapshot, snapshot_for(actor, application_id));
    const auto found = std::ranges::find(snapshot.tasks, task_id, &store::TaskRow::task_id);
    if (found == snapshot.tasks.end()) return task_not_found();
    if (std::ranges::find(kActs, act) == kActs.end()) {
        return invalid_field("act", "approval.act_unknown", "操作只能是 transfer、assign、delegate、before 或 after。");
    }
    const Signers signers(snapshot.signers, snapshot.tasks);
    const TaskOfCase one{*found, snapshot.tasks, signers, snapshot.acts, snapshot.applicant};
    const bool hands_over = act == "transfer" || act == "assign";
    const bool in_department = hands_over && signers.question_of(task_id) == nullptr;
    KAIGONG_TRY(people, parts_.identity.find_officers({.region_code = found->region_code,
                                                       .department = in_department ? department_of(*found) : "",
                                                       .text = text,
                                                       .limit = kCandidatesMax}));
    return candidates_json(people, kCandidatesMax, [&](const operations::Officer& who) {
        return may_be_chosen(parts_.permissions, act, who, one);
    });
}

}  // namespace kaigong::approval
