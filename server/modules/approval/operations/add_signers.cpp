// 加签 and 委派: others are asked beside the holder. states.md I11.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/id.hpp"
#include "base/text.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/operations/task_access.hpp"
#include "modules/approval/person_rules.hpp"
#include "modules/approval/task_rules.hpp"

namespace kaigong::approval::operations {
namespace {

constexpr std::size_t kNameMax = 100;

std::string_view word_of(std::string_view relation) {
    return relation == kBefore ? "前加签" : relation == kAfter ? "后加签" : "委派";
}

store::TaskRow task_of_signer(const store::TaskRow& parent, const Officer& person, std::string_view relation,
                              std::int64_t now_ms) {
    auto task = parent;
    task.task_id = new_uuid(now_ms);
    task.version = 1;
    task.name = beginning_of(fmt::format("{}：{}", word_of(relation), parent.name), kNameMax);
    if (relation == kDelegate) task.kind = "consult";
    task.candidate_group = groups_of(person.actor).front();
    task.state = relation == kAfter ? "planned" : "open";
    task.assignee_id = person.actor.account_id.text;
    task.assignee_name = person.name;
    task.opinion.reset();
    task.checked = "[]";
    task.created_at_ms = now_ms;
    return task;
}

/// A deputy does not ask himself.
Result<void> must_be_another(const Officer& person, const Officer& officer) {
    if (!officer.instead_of || person.actor.account_id != officer.actor.account_id) return {};
    return invalid_field("to", "approval.person_not_suitable",
                         "您正在代理办理这个任务，不能再征求自己的意见，请另选他人。");
}

/// The tasks of those who are asked; the holder's is saved in its next version.
Result<void> ask(db::Session& session, const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                 TaskWork& loaded, const NewSigners& added) {
    auto& task = loaded.task;
    KAIGONG_CHECK(must_be_of_the_process(task, loaded.signers));
    KAIGONG_CHECK(must_be_undecided(task));
    if (added.question.empty()) {
        return invalid_field("question", "approval.reason_missing", "请写明要对方看什么、答什么，再提交。");
    }
    if (added.people.empty()) return invalid_field("to", "approval.nobody_asked", "请至少选择一个人。");
    if (loaded.signers.pending_of(task.task_id).size() + added.people.size() > kSignersMax) {
        return invalid_field("to", "approval.too_many_signers",
                             fmt::format("一个任务同时最多征求 {} 个人的意见，请减少人数。", kSignersMax));
    }
    const auto tasks = store::tasks_of(session, on.application_id);
    const auto acts = store::acts_of(session, on.application_id);
    std::vector<std::string> names;
    for (const auto& person : added.people) {
        KAIGONG_CHECK(must_be_another(person, officer));
        KAIGONG_CHECK(may_be_asked(
            permissions, person,
            {task, tasks, signers_of_case(session, on.application_id), acts, loaded.work.applicant()}, added.relation));
        const auto signer = task_of_signer(task, person, added.relation, on.now_ms);
        store::insert_task(session, signer);
        store::insert_signer(session, {signer.task_id, on.application_id, 0, task.task_id, added.relation,
                                       officer.actor.account_id.text, officer.name, added.question, on.now_ms});
        record_act(session, task, officer, on,
                   {.act = added.relation == kDelegate ? "delegate" : "add_signer_" + added.relation,
                    .reason = added.question,
                    .to = performer_of(person)});
        names.push_back(person.name);
    }
    KAIGONG_CHECK(save_seen(session, task, on));
    const auto title =
        beginning_of(fmt::format("{}{}：{}", task.name, word_of(added.relation), fmt::join(names, "、")), 190);
    loaded.work.note("signers_added", title, added.question, false);
    return {};
}

}  // namespace

Result<void> add_signers(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                         const Officer& officer, const OnTask& on, const NewSigners& added) {
    KAIGONG_TRY(loaded, load_held_task(session, surroundings, permissions, officer, on));
    KAIGONG_TRY(model, loaded.model());
    if (added.relation == kAfter) KAIGONG_CHECK(must_be_rejectable(model));
    KAIGONG_CHECK(ask(session, permissions, officer, on, loaded, added));
    loaded.work.audit("approval.add_signers", fmt::format("{}{}", loaded.task.name, word_of(added.relation)));
    return loaded.work.save();
}

Result<void> delegate_task(db::Session& session, const Surroundings& surroundings,
                           const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                           const Handover& handover) {
    KAIGONG_TRY(loaded, load_held_task(session, surroundings, permissions, officer, on));
    KAIGONG_CHECK(must_not_wait_for_signers(loaded.task, loaded.signers));
    KAIGONG_CHECK(
        ask(session, permissions, officer, on, loaded, {std::string(kDelegate), {handover.to}, handover.reason}));
    loaded.work.audit("approval.delegate_task", loaded.task.name + "委派：" + handover.to.name);
    return loaded.work.save();
}

}  // namespace kaigong::approval::operations
