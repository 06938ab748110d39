#include <boost/json.hpp>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "db/idempotency.hpp"
#include "modules/approval/events.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/store_messages.hpp"
#include "modules/approval/waiting_events.hpp"

namespace kaigong::approval::operations {
namespace {

void keep(db::Session& session, const Surroundings& surroundings, const Message& message, const std::string& address,
          std::int64_t now_ms) {
    const auto id = new_uuid(now_ms);
    store::insert_message(
        session, {id, address, message.name, message.correlation_key, boost::json::serialize(message.variables),
                  std::nullopt, now_ms, now_ms + kMessageKeptMs});
    surroundings.outbox.append(session, {.event_id = new_uuid(now_ms),
                                         .event_type = kMessageSent,
                                         .aggregate_kind = "message",
                                         .aggregate_id = id,
                                         .payload = boost::json::serialize(boost::json::object{{"address", address}}),
                                         .occurred_at_ms = now_ms});
}

}  // namespace

Result<void> send_message(db::Session& session, const Surroundings& surroundings, const Message& message,
                          std::int64_t now_ms) {
    KAIGONG_CHECK(check_command(bpmn::CorrelateMessage{message.name, message.correlation_key, message.variables},
                                Writer::outside));
    const auto address = address_of(kMessage, message.name, message.correlation_key);
    const auto content = address + boost::json::serialize(message.variables);
    const db::IdempotentRequest request{message.sender, "approval.send_message", message.message_id,
                                        crypto::to_hex(crypto::sha256(crypto::view(content))), now_ms};
    const auto done = db::once(session, request, [&]() -> Result<std::string> {
        keep(session, surroundings, message, address, now_ms);
        return std::string("{}");
    });
    if (!done) return done.error();
    return {};
}

}  // namespace kaigong::approval::operations
