#include "modules/approval/operations/operations.hpp"
#include "modules/approval/store_messages.hpp"
#include "modules/approval/waiting_events.hpp"

namespace kaigong::approval::operations {

Result<void> take_signal(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                         const std::string& name, std::int64_t thrown_at_ms, std::int64_t now_ms) {
    const auto address = address_of(kSignal, name);
    if (!store::lock_procedure_that_waits(session, application_id, address, thrown_at_ms)) return {};
    KAIGONG_TRY(work, open_locked_case(session, surroundings, application_id, system_performer(), now_ms));
    KAIGONG_CHECK(work.run(bpmn::BroadcastSignal{name, {}}));
    work.note("signal_received", "收到信号“" + name + "”，流程继续", "", false);
    work.audit("approval.take_signal", "收到信号：" + name);
    return work.save();
}

}  // namespace kaigong::approval::operations
