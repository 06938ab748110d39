#include "modules/approval/operations/operations.hpp"
#include "modules/approval/store_calendar.hpp"

namespace kaigong::approval::operations {

Result<void> follow_calendar(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                             std::int64_t number, std::int64_t now_ms) {
    if (!store::lock_outdated_procedure(session, application_id, number)) return {};
    KAIGONG_TRY(work, open_locked_case(session, surroundings, application_id, system_performer(), now_ms));
    return work.save();
}

}  // namespace kaigong::approval::operations
