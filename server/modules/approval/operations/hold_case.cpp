// 挂起, 恢复: states.md A23.
#include <fmt/format.h>

#include "modules/approval/access.hpp"
#include "modules/approval/operations/episode_access.hpp"

namespace kaigong::approval::operations {
Result<void> hold_case(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                       const Officer& officer, const OnCase& on, const Hold& hold) {
    KAIGONG_TRY(work, load_running_case(session, surroundings, permissions, officer, on, kHoldCase));
    const auto* ground = find_hold_ground(hold.ground);
    if (ground == nullptr) {
        return invalid_field("ground", "approval.ground_unknown", "请从列表中选择暂停办理的法定事由。");
    }
    KAIGONG_CHECK(must_say_why(hold.reason, "暂停办理"));
    KAIGONG_CHECK(must_be_holdable(work.procedure(), work.state(), work.episodes()));
    store::EpisodeRow episode;
    episode.kind = kHold;
    episode.procedure_kind = ground->code;
    episode.reason = hold.reason;
    work.begin_episode(std::move(episode));
    KAIGONG_CHECK(work.run(bpmn::Suspend{std::string(kHold)}, Writer::office));
    record_on_case(session, work, officer, {.act = "hold", .reason = hold.reason}, on.now_ms);
    work.note("held", fmt::format("暂停办理：{}", ground->zh),
              fmt::format("{} 暂停期间不计入审批时限，恢复后继续办理。", hold.reason), true);
    work.audit("approval.hold", fmt::format("暂停办理：{}", ground->zh));
    return work.save();
}

Result<void> resume_case(db::Session& session, const Surroundings& surroundings, const authz::Permissions& permissions,
                         const Officer& officer, const OnCase& on, const std::string& reason) {
    KAIGONG_TRY(work, load_running_case(session, surroundings, permissions, officer, on, kHoldCase));
    KAIGONG_CHECK(must_say_why(reason, "恢复办理"));
    const auto episodes = work.episodes();
    const auto* hold = find_open(episodes, kHold);
    if (hold == nullptr) {
        return error(Errc::conflict, "approval.not_on_hold", "本件没有暂停办理，请刷新页面查看。");
    }
    work.end_episode(*hold, reason);
    KAIGONG_CHECK(work.run(bpmn::Resume{}, Writer::office));
    record_on_case(session, work, officer, {.act = "resume", .reason = reason}, on.now_ms);
    work.note("resumed", "恢复办理", reason, true);
    work.audit("approval.resume", "恢复办理");
    return work.save();
}

}  // namespace kaigong::approval::operations
