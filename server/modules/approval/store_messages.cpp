#include "modules/approval/store_messages.hpp"

namespace kaigong::approval::store {

void insert_waiting_event(db::Session& session, const WaitingEventRow& r) {
    session.execute(
        "INSERT INTO waiting_events (application_id, subscription, address, kind, name, correlation_key, opened_at_ms) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        r.application_id, r.subscription, r.address, r.kind, r.name, r.correlation_key, r.opened_at_ms);
}

void delete_waiting_event(db::Session& session, const std::string& application_id, std::int64_t subscription) {
    session.execute("DELETE FROM waiting_events WHERE application_id = ? AND subscription = ?", application_id,
                    subscription);
}

std::optional<std::string> longest_waiting(db::Session& session, const std::string& address) {
    return session.optional_row<std::string>(
        "SELECT application_id FROM waiting_events WHERE address = ? ORDER BY opened_at_ms, application_id LIMIT 1",
        address);
}

std::vector<std::string> waiting_cases(db::Session& session, const std::string& address, std::int64_t since_ms,
                                       const std::string& after, int limit) {
    return session.rows<std::string>(
        "SELECT DISTINCT application_id FROM waiting_events WHERE address = ? AND application_id > ? AND "
        "opened_at_ms <= ? ORDER BY application_id LIMIT ?",
        address, after, since_ms, limit);
}

bool lock_procedure_that_waits(db::Session& session, const std::string& application_id, const std::string& address,
                               std::int64_t since_ms) {
    return session.execute(
               "UPDATE procedures SET version = version + 1 WHERE application_id = ? AND EXISTS (SELECT 1 FROM "
               "waiting_events w WHERE w.application_id = procedures.application_id AND w.address = ? AND "
               "w.opened_at_ms <= ?)",
               application_id, address, since_ms) == 1;
}

bool lock_procedure_for_message(db::Session& session, const std::string& application_id,
                                const std::string& message_id) {
    return session.execute(
               "UPDATE procedures SET version = version + 1 WHERE application_id = ? AND EXISTS (SELECT 1 FROM "
               "waiting_events w JOIN messages m ON m.address = w.address WHERE w.application_id = "
               "procedures.application_id AND m.message_id = ?)",
               application_id, message_id) == 1;
}

void insert_message(db::Session& session, const MessageRow& r) {
    session.execute(
        "INSERT INTO messages (message_id, address, name, correlation_key, variables, sender_id, sent_at_ms, "
        "give_up_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        r.message_id, r.address, r.name, r.correlation_key, r.variables, r.sender_id, r.sent_at_ms, r.give_up_at_ms);
}

std::optional<MessageRow> find_message(db::Session& session, const std::string& message_id) {
    return session.optional_row<MessageRow>("SELECT * FROM messages WHERE message_id = ?", message_id);
}

std::optional<std::string> oldest_message(db::Session& session, const std::string& address) {
    return session.optional_row<std::string>(
        "SELECT message_id FROM messages WHERE address = ? ORDER BY sent_at_ms, message_id LIMIT 1", address);
}

bool delete_message(db::Session& session, const std::string& message_id) {
    return session.execute("DELETE FROM messages WHERE message_id = ?", message_id) == 1;
}

std::vector<MessageRow> messages_to_give_up(db::Session& session, std::int64_t now_ms, int limit) {
    return session.rows<MessageRow>("SELECT * FROM messages WHERE give_up_at_ms <= ? ORDER BY give_up_at_ms LIMIT ?",
                                    now_ms, limit);
}

std::optional<std::int64_t> next_give_up(db::Session& session) {
    return session.row<std::optional<std::int64_t>>("SELECT min(give_up_at_ms) FROM messages");
}

}  // namespace kaigong::approval::store
