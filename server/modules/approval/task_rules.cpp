#include "modules/approval/task_rules.hpp"

#include <algorithm>

#include "authz/permissions.hpp"
#include "modules/approval/commitments.hpp"

namespace kaigong::approval {

Result<void> must_be_open(const store::TaskRow& task) {
    if (task.state == "open") return {};
    const bool is_done = task.state == "completed" && task.actor_name;
    const auto what = is_done ? "由" + *task.actor_name + "办结：" + task.outcome_label.value_or("") : "取消，不用再办";
    return error(Errc::conflict, "approval.task_not_open",
                 "这个任务已经" + what + "。请刷新待办列表；您填写的意见还在页面上，可以复制。");
}

Result<void> must_be_free_or_held_by(const store::TaskRow& task, const std::string& account_id) {
    if (!task.assignee_id || *task.assignee_id == account_id) return {};
    return error(Errc::conflict, "approval.task_held_by_other",
                 "这个任务已由" + task.assignee_name.value_or("其他人") + "领取。如需由您办理，请其先释放。");
}

Result<void> must_be_held_by(const store::TaskRow& task, const std::string& account_id) {
    if (task.assignee_id == account_id) return {};
    return error(Errc::conflict, "approval.task_not_held", "请先领取这个任务，再进行这一步操作。");
}

Result<void> must_be_rejectable(const TaskModel& model) {
    if (model.rejecting_outcome() != nullptr) return {};
    return error(Errc::conflict, "approval.no_rejecting_outcome",
                 "这一步没有唯一的“不同意”结果，不能后加签。请改用前加签，或委派征求意见。");
}

namespace {

std::vector<authz::PastDuty> past_duties(const PastOfCase& past) {
    std::vector<authz::PastDuty> duties;
    for (const auto& done : past.tasks) {
        const auto duty = authz::parse_duty(done.kind);
        if (done.state != "completed" || !done.actor_id || !duty) continue;
        duties.push_back({{*done.actor_id}, *duty});
        for (const auto& act : past.acts) {
            if (act.task_id == done.task_id && act.absent_id) duties.push_back({{*act.absent_id}, *duty});
        }
    }
    return duties;
}

/// Both who acts and in whose place.
Result<void> must_keep_out_of_nothing(const operations::Officer& officer, authz::Duty duty,
                                      const std::vector<authz::PastDuty>& done, const authz::Applicant& applicant) {
    KAIGONG_CHECK(authz::check_exclusion(officer.actor, duty, done, applicant));
    if (!officer.instead_of) return {};
    const auto absent = authz::check_exclusion(officer.instead_of->actor, duty, done, applicant);
    if (absent) return {};
    return error(absent.error().code, absent.error().reason,
                 officer.instead_of->called + "在本案中需要回避，代理人也不能办理，请由其他人员领取。");
}

}  // namespace

Result<void> must_not_be_excluded(const operations::Officer& officer, const store::TaskRow& task,
                                  const PastOfCase& past) {
    const auto duty = authz::parse_duty(task.kind);
    return duty ? must_keep_out_of_nothing(officer, *duty, past_duties(past), past.applicant) : Result<void>();
}

Result<void> must_not_be_own_case(const operations::Officer& officer, const authz::Applicant& applicant) {
    return must_keep_out_of_nothing(officer, authz::Duty::check, {}, applicant);
}

Result<void> must_sign_recently(const authz::Actor& actor, const store::TaskRow& task) {
    return task.kind == to_string(authz::Duty::decide) ? authz::Permissions::require_recent(actor) : Result<void>();
}

std::optional<std::string> why_blocked(const Outcome& outcome, const boost::json::object& variables,
                                       const std::vector<store::ItemRow>& items,
                                       const std::vector<store::PointRow>& points,
                                       const std::vector<store::EpisodeRow>& episodes) {
    if (!outcome.when) return std::nullopt;
    auto seen = variables;
    auto& list = seen["items"].emplace_array();
    for (const auto& item : items) list.push_back({{"item", item.item}, {"state", item.state}});
    seen["points_recorded"] = std::ranges::count(points, std::string("recorded"), &store::PointRow::state);
    seen["committed_items"] = boost::json::value_from(items_with_commitments(episodes));
    if (feel::evaluate(*outcome.when, feel::context_from_json(seen)).is_true()) return std::nullopt;
    return outcome.blocked_text.empty() ? "当前还不满足这一步的条件。" : outcome.blocked_text;
}

}  // namespace kaigong::approval
