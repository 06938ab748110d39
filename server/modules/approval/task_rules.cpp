#include "modules/approval/task_rules.hpp"

#include <algorithm>

namespace kaigong::approval {

Result<void> must_be_open(const store::TaskRow& task) {
    if (task.state == "open") return {};
    return error(Errc::conflict, "approval.task_not_open",
                 "这个任务已经办结或取消，请刷新待办列表；您填写的意见还在页面上，可以复制。");
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

Result<void> must_not_be_excluded(const authz::Actor& actor, const store::TaskRow& task,
                                  const std::vector<store::TaskRow>& tasks_of_case,
                                  const std::string& owner_credit_code) {
    const auto duty = authz::parse_duty(task.kind);
    if (!duty) return {};
    std::vector<authz::PastDuty> past;
    for (const auto& done : tasks_of_case) {
        const auto past_duty = authz::parse_duty(done.kind);
        if (done.state == "completed" && done.actor_id && past_duty) {
            past.push_back({{*done.actor_id}, *past_duty});
        }
    }
    return authz::check_exclusion(actor, *duty, past, owner_credit_code);
}

std::optional<std::string> why_blocked(const Outcome& outcome, const boost::json::object& variables,
                                       const std::vector<store::ItemRow>& items,
                                       const std::vector<store::PointRow>& points) {
    if (!outcome.when) return std::nullopt;
    auto seen = variables;
    auto& list = seen["items"].emplace_array();
    for (const auto& item : items) list.push_back({{"item", item.item}, {"state", item.state}});
    seen["points_recorded"] = std::ranges::count(points, std::string("recorded"), &store::PointRow::state);
    if (feel::evaluate(*outcome.when, feel::context_from_json(seen)).is_true()) return std::nullopt;
    return outcome.blocked_text.empty() ? "当前还不满足这一步的条件。" : outcome.blocked_text;
}

}  // namespace kaigong::approval
