#include "modules/approval/urge_rules.hpp"

#include <fmt/format.h>

#include "modules/approval/task_rules.hpp"

namespace kaigong::approval {

Result<void> may_urge_now(const std::string& account_id, const store::TaskRow& task,
                          const std::vector<store::ActRow>& acts, std::int64_t now_ms) {
    KAIGONG_CHECK(must_be_open(task));
    if (task.assignee_id == account_id) {
        return error(Errc::conflict, "approval.urge_oneself", "这个任务就在您名下，直接办理即可，不用催办。");
    }
    int urges = 0;
    bool by_him = false;
    for (const auto& act : acts) {
        if (act.task_id != task.task_id || act.act != "urge" || act.at_ms <= now_ms - kUrgeWindowMs) continue;
        ++urges;
        by_him = by_him || act.actor_id == account_id;
    }
    if (!by_him && urges < kUrgesMax) return {};
    return error(
        Errc::rate_limited, "approval.urged_enough",
        by_him ? "您在 24 小时内已经催办过这个任务，请明天再看；急需办理的，可以请科室负责人指派他人。"
               : fmt::format("这个任务 24 小时内已被催办 {} 次，请等办理人处理；急需办理的，可以请科室负责人指派他人。",
                             urges));
}

}  // namespace kaigong::approval
