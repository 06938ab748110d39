#include "modules/approval/operations/task_access.hpp"

#include <algorithm>
#include <array>
#include <ranges>
#include <string_view>

#include "modules/approval/access.hpp"
#include "modules/approval/asides.hpp"
#include "modules/approval/deputy_rules.hpp"
#include "modules/approval/episodes.hpp"
#include "modules/approval/oversight_access.hpp"
#include "modules/approval/task_rules.hpp"

namespace kaigong::approval::operations {

Result<TaskModel> TaskWork::model() const {
    KAIGONG_TRY(model, work.model_of(task.element_id));
    const auto* question = signers.question_of(task.task_id);
    return question == nullptr ? std::move(model) : signer_model(std::move(model), question->relation);
}

Result<void> must_still_stand_in(db::Session& session, const Officer& officer, std::int64_t now_ms) {
    if (!officer.instead_of) return {};
    const auto deputyship = store::find_deputyship(session, officer.instead_of->deputyship_id);
    if (deputyship && is_in_force(*deputyship, now_ms)) return {};
    return deputyship_over();
}

namespace {

struct ActWords {
    std::string_view act;
    std::string_view words;
};
constexpr std::array kActWords{
    ActWords{"claim", "领取了"},
    ActWords{"release", "放回了"},
    ActWords{"complete", "办结了"},
    ActWords{"return", "退回了"},
    ActWords{"transfer", "转办了"},
    ActWords{"assign", "指派了"},
    ActWords{"delegate", "委派了"},
    ActWords{"take_back", "撤回了"},
    ActWords{"add_signer_before", "前加签了"},
    ActWords{"add_signer_after", "后加签了"},
    ActWords{"remove_signer", "减签了"},
    ActWords{"enter_paper_act", "补录了"},
    ActWords{"confirm_paper_act", "确认补录了"},
};

/// `：王某领取了这个任务`; empty where only the program changed it.
std::string what_came_since(db::Session& session, const OnTask& on) {
    for (const auto& act : store::acts_of(session, on.application_id) | std::views::reverse) {
        if (act.task_id != on.task_id || act.task_version < on.version) continue;
        const auto found = std::ranges::find(kActWords, act.act, &ActWords::act);
        if (found == kActWords.end()) continue;
        const auto to = act.to_name && act.to_id != act.actor_id ? "，交给" + *act.to_name : std::string();
        return "：" + act.actor_name + std::string(found->words) + "这个任务" + to;
    }
    return "";
}

Result<TaskWork> load_task(db::Session& session, const Surroundings& surroundings, const Officer& officer,
                           const OnTask& on) {
    KAIGONG_TRY(work, open_case(session, surroundings, on.application_id, performer_of(officer), on.now_ms));
    KAIGONG_CHECK(must_still_stand_in(session, officer, on.now_ms));
    const auto task = store::find_task(session, on.task_id);
    if (!task) return error(Errc::not_found, "approval.not_found", "没有找到这个任务，请从待办列表重新进入。");
    return TaskWork{std::move(work), *task, signers_of_case(session, on.application_id)};
}

}  // namespace

Error deputyship_over() {
    return error(Errc::conflict, "approval.deputyship_over",
                 "这次代理已经结束，请刷新页面；需要继续的，请重新设置代理。");
}

Signers signers_of_case(db::Session& session, const std::string& application_id) {
    return {store::signers_of(session, application_id), store::tasks_of(session, application_id)};
}

Result<TaskWork> load_task_for(db::Session& session, const Surroundings& surroundings,
                               const authz::Permissions& permissions, const Officer& officer, const OnTask& on) {
    KAIGONG_TRY(loaded, load_task(session, surroundings, officer, on));
    KAIGONG_CHECK(may_work_on(permissions, officer.holder(), loaded.task));
    return std::move(loaded);
}

Result<TaskWork> load_task_to_assign(db::Session& session, const Surroundings& surroundings,
                                     const authz::Permissions& permissions, const Officer& officer, const OnTask& on) {
    KAIGONG_TRY(loaded, load_task(session, surroundings, officer, on));
    KAIGONG_CHECK(may_assign(permissions, officer.actor, loaded.task));
    KAIGONG_CHECK(must_not_be_own_case(officer, loaded.work.applicant()));
    KAIGONG_CHECK(must_be_open(loaded.task));
    return std::move(loaded);
}

Result<TaskWork> load_task_to_urge(db::Session& session, const Surroundings& surroundings,
                                   const authz::Permissions& permissions, const Officer& officer, const OnTask& on) {
    KAIGONG_TRY(loaded, load_task(session, surroundings, officer, on));
    KAIGONG_CHECK(may_urge(permissions, officer.actor, loaded.task));
    return std::move(loaded);
}

Result<TaskWork> load_task_to_expedite(db::Session& session, const Surroundings& surroundings,
                                       const authz::Permissions& permissions, const Officer& officer,
                                       const OnTask& on) {
    KAIGONG_TRY(loaded, load_task(session, surroundings, officer, on));
    KAIGONG_CHECK(permissions.authorise(officer.actor, kExpedite, resource_of(loaded.task)));
    KAIGONG_CHECK(must_not_be_own_case(officer, loaded.work.applicant()));
    return std::move(loaded);
}

Result<TaskWork> load_task_to_enter(db::Session& session, const Surroundings& surroundings,
                                    const authz::Permissions& permissions, const Officer& officer,
                                    const Officer& done_by, const OnTask& then) {
    KAIGONG_TRY(loaded, load_task(session, surroundings, done_by, then));
    KAIGONG_CHECK(may_enter_paper_act(permissions, officer.actor, loaded.task, done_by.actor.account_id));
    KAIGONG_CHECK(must_be_open(loaded.task));
    if (!is_aside(loaded.task.element_id)) KAIGONG_CHECK(must_not_be_on_hold(loaded.work.episodes()));
    KAIGONG_CHECK(must_be_free_or_held_by(loaded.task, done_by.actor.account_id.text));
    return std::move(loaded);
}

Result<TaskWork> load_task_to_do(db::Session& session, const Surroundings& surroundings,
                                 const authz::Permissions& permissions, const Officer& officer, const OnTask& on) {
    KAIGONG_TRY(loaded, load_task_for(session, surroundings, permissions, officer, on));
    KAIGONG_CHECK(must_be_open(loaded.task));
    if (!is_aside(loaded.task.element_id)) KAIGONG_CHECK(must_not_be_on_hold(loaded.work.episodes()));
    KAIGONG_CHECK(must_be_free_or_held_by(loaded.task, officer.holder().account_id.text));
    const PastOfCase past{store::tasks_of(session, on.application_id), store::acts_of(session, on.application_id),
                          loaded.work.applicant()};
    KAIGONG_CHECK(must_not_be_excluded(officer, loaded.task, past));
    return std::move(loaded);
}

Result<TaskWork> load_held_task(db::Session& session, const Surroundings& surroundings,
                                const authz::Permissions& permissions, const Officer& officer, const OnTask& on) {
    KAIGONG_TRY(loaded, load_task_to_do(session, surroundings, permissions, officer, on));
    KAIGONG_CHECK(must_be_held_by(loaded.task, officer.holder().account_id.text));
    return std::move(loaded);
}

Performer performer_of(const Officer& officer) {
    return {officer.actor.account_id.text, officer.name};
}

authz::two_person::Person second_person(const Surroundings& surroundings, const Officer& officer) {
    const auto me = officer.actor.account_id;
    return {me, officer.name, [&identity = surroundings.identity, me](db::Session& session, const auto& other) {
                return identity.same_person(session, me, other);
            }};
}

Performer holder_of(const Officer& officer) {
    return {officer.holder().account_id.text, officer.holder_name()};
}

void end_task(store::TaskRow& task, const Performer& performer, std::string outcome, std::string outcome_label,
              std::string opinion, std::int64_t now_ms) {
    task.state = "completed";
    task.actor_id = performer.account_id;
    task.actor_name = performer.name;
    if (!task.assignee_id) {
        task.assignee_id = performer.account_id;
        task.assignee_name = performer.name;
    }
    task.outcome = std::move(outcome);
    task.outcome_label = std::move(outcome_label);
    task.opinion = std::move(opinion);
    task.completed_at_ms = now_ms;
}

Result<void> save_seen(db::Session& session, store::TaskRow& task, const OnTask& on) {
    KAIGONG_CHECK(must_be_seen(session, task, on));
    return store::save_task(session, task);
}

Result<void> must_be_seen(db::Session& session, const store::TaskRow& task, const OnTask& on) {
    if (task.version == on.version) return {};
    return error(Errc::precondition_failed, "db.version_is_stale",
                 "您看到的内容已经被改过" + what_came_since(session, on) +
                     "。请刷新页面，核对最新内容后再操作一次；您填写的内容还在页面上。");
}

void record_act(db::Session& session, const store::TaskRow& task, const Officer& officer, const OnTask& on,
                const Act& act) {
    store::ActRow row{task.application_id, 0,  task.task_id, on.version, act.act, officer.actor.account_id.text,
                      officer.name,        {}, {},           {},         {},      act.reason,
                      on.now_ms,           {}, {},           {}};
    if (act.from) {
        row.from_id = act.from->account_id;
        row.from_name = act.from->name;
    }
    if (officer.instead_of) {
        row.deputyship_id = officer.instead_of->deputyship_id;
        row.absent_id = officer.instead_of->actor.account_id.text;
        row.absent_name = officer.instead_of->called;
    }
    if (act.to) {
        row.to_id = act.to->account_id;
        row.to_name = act.to->name;
    }
    store::append_act(session, std::move(row));
}

}  // namespace kaigong::approval::operations
