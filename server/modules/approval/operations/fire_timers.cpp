#include "modules/approval/clock_projection.hpp"
#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval::operations {
namespace {

constexpr std::int64_t kLookAgainMs = 24LL * 3'600'000;

}  // namespace

Result<int> fire_timers(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                        std::int64_t now_ms) {
    KAIGONG_TRY(work, open_case(session, surroundings, application_id, system_performer(), now_ms));
    KAIGONG_TRY(matter,
                surroundings.catalog.load_matter(work.procedure().matter_code, work.procedure().catalog_version));
    const auto intake = intake_due(*matter, surroundings.catalog.calendar(), work.procedure().received_at_ms);
    int fired = 0;
    while (true) {
        const auto timers = bpmn::waiting_for(work.state()).timers;
        if (timers.empty() || timers.front().due_at_ms > now_ms) break;
        if (intake.provisional) {
            work.note("calendar_missing", "放假安排未公布，期限届满的自动效力暂缓",
                      "公布并导入放假安排后重新计算；在此之前请工作人员办理。", false);
            KAIGONG_CHECK(work.save());
            store::postpone_timer(session, application_id, now_ms + kLookAgainMs);
            return 0;
        }
        KAIGONG_CHECK(work.run(bpmn::FireTimer{timers.front().timer}));
        ++fired;
    }
    work.audit("approval.fire_timers", "期限届满");
    KAIGONG_CHECK(work.save());
    return fired;
}

}  // namespace kaigong::approval::operations
