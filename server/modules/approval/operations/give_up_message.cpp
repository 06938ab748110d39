#include "modules/approval/operations/operations.hpp"
#include "modules/approval/store_messages.hpp"

namespace kaigong::approval::operations {

Result<void> give_up_message(db::Session& session, const Surroundings& surroundings, const store::MessageRow& message,
                             std::int64_t now_ms) {
    if (!store::delete_message(session, message.message_id)) return {};
    const auto title = "消息“" + message.name + "”三十天没有人接收，已停止投递";
    if (!message.sender_id) {
        const auto system = system_performer();
        surroundings.audit.write(session, {"message", message.message_id, 1, "approval.give_up_message",
                                           system.account_id, system.name, title, now_ms});
        return {};
    }
    KAIGONG_TRY(work, open_case(session, surroundings, *message.sender_id, system_performer(), now_ms));
    work.note("message_given_up", title,
              message.correlation_key.empty() ? "" : "收件人的关联键：" + message.correlation_key, false);
    work.audit("approval.give_up_message", title);
    return work.save();
}

}  // namespace kaigong::approval::operations
