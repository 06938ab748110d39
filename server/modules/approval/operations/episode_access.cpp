#include "modules/approval/operations/episode_access.hpp"

#include <algorithm>

#include "modules/approval/access.hpp"
#include "modules/approval/task_rules.hpp"

namespace kaigong::approval::operations {
namespace {

/// Locks first, says nothing to who may not see the case, and lets nobody act in his own.
Result<CaseWork> load_readable(db::Session& session, const Surroundings& surroundings,
                               const authz::Permissions& permissions, const Officer& officer, const OnCase& on) {
    KAIGONG_TRY(work, open_case(session, surroundings, on.application_id, performer_of(officer), on.now_ms));
    KAIGONG_CHECK(must_still_stand_in(session, officer, on.now_ms));
    KAIGONG_CHECK(may_read_case(permissions, officer.actor, work.procedure(), work.items()));
    KAIGONG_CHECK(must_not_be_own_case(officer, work.applicant()));
    return std::move(work);
}

Result<void> must_run(const CaseWork& work) {
    if (!has_ended(work.application_state())) return {};
    return error(Errc::conflict, "approval.ended", "办件已经结束，不能再进行这一步。请刷新页面查看结果。");
}

}  // namespace

std::optional<store::TaskRow> task_of_item(const std::vector<store::TaskRow>& tasks, const std::string& item,
                                           const std::string& account_id) {
    std::optional<store::TaskRow> first;
    for (const auto& task : tasks) {
        if (task.item != item || task.kind != "review" || task.state != "open") continue;
        if (task.assignee_id == account_id) return task;
        if (!first) first = task;
    }
    return first;
}

bool judges(const authz::Permissions& permissions, const authz::Actor& actor, const ItemOfCase& one) {
    const auto task = task_of_item(one.tasks, one.item.item, actor.account_id.text);
    return task && task->assignee_id == actor.account_id.text && may_work_on(permissions, actor, *task);
}

Result<void> may_lead(const authz::Permissions& permissions, const authz::Actor& actor, const ItemOfCase& one) {
    store::TaskRow of_department;
    of_department.candidate_group = one.item.department + ":";
    of_department.region_code = one.procedure.region_code;
    of_department.matter_code = one.procedure.matter_code;
    of_department.confidentiality = one.procedure.confidentiality;
    const auto task = task_of_item(one.tasks, one.item.item, actor.account_id.text);
    return may_assign(permissions, actor, task.value_or(of_department));
}

Result<ItemWork> load_item(db::Session& session, const Surroundings& surroundings,
                           const authz::Permissions& permissions, const Officer& officer, const OnItem& on) {
    KAIGONG_TRY(work, load_readable(session, surroundings, permissions, officer, {on.application_id, on.now_ms}));
    KAIGONG_CHECK(permissions.require(officer.actor, kWork));
    const auto found = std::ranges::find(work.items(), on.item, &store::ItemRow::item);
    if (found == work.items().end()) {
        return error(Errc::not_found, "approval.item_unknown", "本申请没有这个部门事项，请刷新页面后重新选择。");
    }
    auto tasks = store::tasks_of(session, on.application_id);
    auto task = task_of_item(tasks, on.item, officer.holder().account_id.text);
    auto item = *found;
    return ItemWork{std::move(work), std::move(item), std::move(tasks), std::move(task)};
}

Result<ItemWork> load_item_to_conduct(db::Session& session, const Surroundings& surroundings,
                                      const authz::Permissions& permissions, const Officer& officer, const OnItem& on) {
    KAIGONG_TRY(loaded, load_item(session, surroundings, permissions, officer, on));
    const bool is_judge = judges(permissions, officer.holder(), loaded.of_case());
    if (!is_judge && !may_lead(permissions, officer.actor, loaded.of_case())) {
        return error(Errc::forbidden, "approval.not_your_item",
                     "只有正在办理这个部门事项的人，或者该部门的负责人，可以进行这一步。请先领取审查任务。");
    }
    if (is_judge) {
        const auto acts = store::acts_of(session, on.application_id);
        KAIGONG_CHECK(must_not_be_excluded(officer, *loaded.task, {loaded.tasks, acts, loaded.work.applicant()}));
    }
    KAIGONG_CHECK(must_run(loaded.work));
    return std::move(loaded);
}

Result<ItemWork> load_item_to_lead(db::Session& session, const Surroundings& surroundings,
                                   const authz::Permissions& permissions, const Officer& officer, const OnItem& on) {
    KAIGONG_TRY(loaded, load_item(session, surroundings, permissions, officer, on));
    KAIGONG_CHECK(may_lead(permissions, officer.actor, loaded.of_case()));
    KAIGONG_CHECK(must_run(loaded.work));
    return std::move(loaded);
}

Result<CaseWork> load_case(db::Session& session, const Surroundings& surroundings,
                           const authz::Permissions& permissions, const Officer& officer, const OnCase& on,
                           std::string_view action) {
    KAIGONG_TRY(work, load_readable(session, surroundings, permissions, officer, on));
    KAIGONG_CHECK(permissions.authorise(officer.actor, action, resource_of(work.procedure(), work.items())));
    return std::move(work);
}

Result<CaseWork> load_running_case(db::Session& session, const Surroundings& surroundings,
                                   const authz::Permissions& permissions, const Officer& officer, const OnCase& on,
                                   std::string_view action) {
    KAIGONG_TRY(work, load_case(session, surroundings, permissions, officer, on, action));
    KAIGONG_CHECK(must_run(work));
    return std::move(work);
}

Result<void> must_say_why(const std::string& reason, std::string_view act) {
    if (!reason.empty()) return {};
    return invalid_field("reason", "approval.reason_missing", std::string(act) + "必须写明理由，请填写后再提交。");
}

void record_on_case(db::Session& session, const CaseWork& work, const Officer& officer, const Act& act,
                    std::int64_t now_ms) {
    store::TaskRow none;
    none.application_id = work.procedure().application_id;
    const OnTask on{none.application_id, "", work.procedure().version, now_ms};
    record_act(session, none, officer, on, act);
}

}  // namespace kaigong::approval::operations
