#include "modules/approval/case_calendar.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/store_timers_fired.hpp"

namespace kaigong::approval::operations {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;
constexpr std::int64_t kLookAgainMs = 24 * kHourMs;
constexpr std::int64_t kTryAgainMs = kHourMs;
/// A timer that repeats may have fallen due very often while nothing ran; the rest stays due for the next sweep.
constexpr int kTimersOfOneCase = 20;
constexpr std::string_view kFailedNote = "timer_failed";

/// One note for a calendar or a failure that stays the same from look to look.
void tell_once(db::Session& session, CaseWork& work, std::string_view kind, const std::string& title,
               const std::string& detail) {
    const auto told = store::timeline_of(session, work.procedure().application_id);
    if (!told.empty() && told.front().kind == kind && told.front().detail == detail) return;
    work.note(std::string(kind), title, detail, false);
    work.audit("approval.put_timers_off", title);
}

}  // namespace

Result<int> fire_timers(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                        std::int64_t now_ms) {
    if (!store::lock_procedure_with_timer_due(session, application_id, now_ms)) return 0;
    KAIGONG_TRY(work, open_locked_case(session, surroundings, application_id, system_performer(), now_ms));
    int fired = 0;
    while (fired < kTimersOfOneCase) {
        const auto timers = bpmn::waiting_for(work.state()).timers;
        if (timers.empty() || timers.front().due_at_ms > now_ms) break;
        if (hangs_on_unpublished_year(work.process(), work.calendar(), timers.front())) {
            tell_once(session, work, "calendar_missing", "放假安排未公布，期限届满的自动效力暂缓",
                      "公布并导入放假安排后重新计算；在此之前请工作人员办理。");
            KAIGONG_CHECK(work.save());
            store::postpone_timer(session, application_id, now_ms + kLookAgainMs);
            return fired;
        }
        KAIGONG_CHECK(work.run(bpmn::FireTimer{timers.front().timer}));
        ++fired;
    }
    if (fired > 0) {
        store::timer_fired(session, application_id, now_ms);
        work.audit("approval.fire_timers", "期限届满");
    }
    KAIGONG_CHECK(work.save());
    return fired;
}

Result<void> put_timers_off(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                            const Error& failure, std::int64_t now_ms) {
    if (!store::lock_procedure_with_timer_due(session, application_id, now_ms)) return {};
    // Also where the case can't be loaded: it must not stand before the others for ever.
    auto work = open_locked_case(session, surroundings, application_id, system_performer(), now_ms);
    if (work) {
        tell_once(session, *work, kFailedNote, "期限已到，但流程走不下去，请工作人员办理或联系系统管理员",
                  failure.message);
        KAIGONG_CHECK(work->save());
    }
    store::postpone_timer(session, application_id, now_ms + kTryAgainMs);
    return {};
}

}  // namespace kaigong::approval::operations
