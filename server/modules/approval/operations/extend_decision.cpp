// 延长审批期限: states.md A16, 行政许可法 42.
#include <fmt/format.h>

#include "modules/approval/access.hpp"
#include "modules/approval/clock_projection.hpp"
#include "modules/approval/operations/episode_access.hpp"

namespace kaigong::approval::operations {
Result<void> extend_decision(db::Session& session, const Surroundings& surroundings,
                             const authz::Permissions& permissions, const Officer& officer, const OnCase& on,
                             const Extension& extension) {
    KAIGONG_TRY(work, load_running_case(session, surroundings, permissions, officer, on, kExtend));
    KAIGONG_CHECK(must_say_why(extension.reason, "延长审批期限"));
    const auto ledger = store::clock_of(session, on.application_id);
    KAIGONG_CHECK(must_be_extendable(work.procedure(), work.matter(), ledger, work.calendar(), on.now_ms));
    const auto days_max = episode_settings(work.matter()).extension_working_days_max;
    if (extension.working_days < 1 || extension.working_days > days_max) {
        return invalid_field("working_days", "approval.extension_too_long",
                             fmt::format("可以延长 1 到 {} 个工作日（行政许可法 42）。", days_max));
    }
    store::insert_clock(session, on.application_id,
                        {static_cast<std::int64_t>(ledger.size()) + 1, std::string(kExtendEntry),
                         std::to_string(extension.working_days), on.now_ms});
    store::EpisodeRow episode;
    episode.kind = kExtension;
    episode.reason = extension.reason;
    episode.legal_basis = "行政许可法 42";
    episode.working_days = extension.working_days;
    const auto number = work.begin_episode(std::move(episode));
    record_on_case(session, work, officer, {.act = "extend", .reason = extension.reason}, on.now_ms);
    work.tell_letter("decision_extension_notice", number);
    work.note("extended", fmt::format("审批期限延长 {} 个工作日", extension.working_days), extension.reason, true);
    work.audit("approval.extend", fmt::format("延长审批期限 {} 个工作日", extension.working_days));
    return work.save();
}

}  // namespace kaigong::approval::operations
