// 代理: its end before its last day.
#include "modules/approval/deputy_rules.hpp"
#include "modules/approval/operations/deputy_access.hpp"
#include "modules/approval/operations/task_access.hpp"
#include "modules/approval/store_inbox_changes.hpp"

namespace kaigong::approval::operations {

Result<void> end_deputyship(db::Session& session, const Surroundings& surroundings,
                            const authz::Permissions& permissions, const Officer& officer, const DeputyshipEnd& end,
                            std::int64_t now_ms) {
    KAIGONG_CHECK(may_change_deputies(permissions, officer, end.absent));
    if (end.reason.empty()) {
        return invalid_field("reason", "approval.reason_missing", "请写明为什么提前结束，再提交。");
    }
    store::lock_deputies_of(session, end.absent.account_id.text);
    auto row = store::find_deputyship(session, end.deputyship_id);
    if (!row || row->absent_id != end.absent.account_id.text) {
        return error(Errc::not_found, "approval.not_found", "没有找到这次代理，请刷新列表。");
    }
    if (row->ended_at_ms || now_ms >= row->until_at_ms) return deputyship_over();
    row->version = end.version;
    row->ended_at_ms = now_ms;
    row->ended_by = officer.name;
    row->end_reason = end.reason;
    KAIGONG_CHECK(store::end_deputyship(session, *row));
    store::record_inbox_change_for(session, row->deputy_id);
    surroundings.audit.write(session, {"deputyship", row->deputyship_id, end.version, "approval.end_deputyship",
                                       officer.actor.account_id.text, officer.name, "提前结束代理", now_ms});
    return {};
}

}  // namespace kaigong::approval::operations
