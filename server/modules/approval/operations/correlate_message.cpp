#include <boost/json.hpp>

#include "modules/approval/operations/operations.hpp"
#include "modules/approval/store_messages.hpp"

namespace kaigong::approval::operations {

Result<bool> correlate_message(db::Session& session, const Surroundings& surroundings,
                               const std::string& application_id, const std::string& message_id, std::int64_t now_ms) {
    if (!store::lock_procedure_for_message(session, application_id, message_id)) return false;
    KAIGONG_TRY(work, open_locked_case(session, surroundings, application_id, system_performer(), now_ms));
    const auto message = store::find_message(session, message_id);
    if (!message || !store::delete_message(session, message_id)) {
        return error(Errc::conflict, "approval.message_taken", "这条消息刚被另一件申请收下，系统会自动再看一次。");
    }
    KAIGONG_CHECK(work.run(bpmn::CorrelateMessage{message->name, message->correlation_key,
                                                  boost::json::parse(message->variables).as_object()}));
    work.note("message_received", "收到消息“" + message->name + "”，流程继续", "", false);
    work.audit("approval.correlate_message", "收到消息：" + message->name);
    KAIGONG_CHECK(work.save());
    return true;
}

}  // namespace kaigong::approval::operations
