// 延长审批期限: states.md A16, 行政许可法 42.
#include <fmt/format.h>

#include <algorithm>

#include "modules/approval/access.hpp"
#include "modules/approval/clock_projection.hpp"
#include "modules/approval/operations/episode_access.hpp"

namespace kaigong::approval::operations {
namespace {

Result<void> may_extend(const CaseWork& work, const std::vector<store::ClockRow>& ledger, const Extension& extension,
                        std::int64_t now_ms) {
    const auto settings = episode_settings(work.matter());
    if (settings.extension_working_days_max == 0) {
        return error(Errc::conflict, "approval.extension_not_allowed",
                     fmt::format("本事项的审批期限不能延长：{}。", settings.no_extension_because));
    }
    if (work.application_state() != ApplicationState::accepted &&
        work.application_state() != ApplicationState::awaiting_decision) {
        return error(Errc::conflict, "approval.event_not_possible", "受理之后、作出决定之前才能延长审批期限。");
    }
    if (std::ranges::find(ledger, kExtendEntry, &store::ClockRow::kind) != ledger.end()) {
        return error(Errc::conflict, "approval.extended_before", "审批期限只能延长一次，本件已经延长过。");
    }
    if (read_clocks(work.matter(), ledger, work.calendar(), now_ms).statutory.overdue) {
        return error(Errc::conflict, "approval.extension_too_late", "法定期限已经届满，不能再延长。请尽快作出决定。");
    }
    if (extension.working_days < 1 || extension.working_days > settings.extension_working_days_max) {
        return invalid_field(
            "working_days", "approval.extension_too_long",
            fmt::format("可以延长 1 到 {} 个工作日（行政许可法 42）。", settings.extension_working_days_max));
    }
    return {};
}

}  // namespace

Result<void> extend_decision(db::Session& session, const Surroundings& surroundings,
                             const authz::Permissions& permissions, const Officer& officer, const OnCase& on,
                             const Extension& extension) {
    KAIGONG_TRY(work, load_running_case(session, surroundings, permissions, officer, on, kExtend));
    KAIGONG_CHECK(must_say_why(extension.reason, "延长审批期限"));
    const auto ledger = store::clock_of(session, on.application_id);
    KAIGONG_CHECK(may_extend(work, ledger, extension, on.now_ms));
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
