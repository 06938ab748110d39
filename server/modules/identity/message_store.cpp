#include "modules/identity/message_store.hpp"

namespace kaigong::identity::store {

void insert_message(db::Session& session, const MessageRow& r) {
    session.execute(
        "INSERT INTO messages_out (message_id, channel, purpose, recipient, words, state, attempts, due_at_ms, "
        "created_at_ms, problem) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.message_id, r.channel, r.purpose, r.recipient, r.words, r.state, r.attempts, r.due_at_ms, r.created_at_ms,
        r.problem);
}

std::vector<MessageRow> due_messages(db::Session& session, std::int64_t now_ms, int limit) {
    return session.rows<MessageRow>(
        "SELECT * FROM messages_out WHERE state IN ('waiting', 'sending') AND due_at_ms <= ? ORDER BY due_at_ms LIMIT "
        "?",
        now_ms, limit);
}

bool claim_message(db::Session& session, const MessageRow& seen, std::int64_t until_ms) {
    return session.execute(
               "UPDATE messages_out SET state = 'sending', attempts = attempts + 1, due_at_ms = ? WHERE message_id = ? "
               "AND state = ? AND due_at_ms = ?",
               until_ms, seen.message_id, seen.state, seen.due_at_ms) == 1;
}

void finish_message(db::Session& session, const std::string& message_id, std::int64_t at_ms) {
    session.execute(
        "UPDATE messages_out SET state = 'sent', words = '', problem = '', due_at_ms = ? WHERE message_id = ?", at_ms,
        message_id);
}

void remove_messages_before(db::Session& session, std::int64_t at_ms, int limit) {
    // Each state is a range of the index.
    for (const char* state : {"sent", "failed", "shown", "unsent"}) {
        const auto old = session.rows<std::string>(
            "SELECT message_id FROM messages_out WHERE state = ? AND due_at_ms < ? ORDER BY due_at_ms LIMIT ?", state,
            at_ms, limit);
        for (const auto& id : old) session.execute("DELETE FROM messages_out WHERE message_id = ?", id);
    }
}

void postpone_message(db::Session& session, const std::string& message_id, const std::string& state,
                      const std::string& problem, std::int64_t due_at_ms) {
    session.execute("UPDATE messages_out SET state = ?, problem = ?, due_at_ms = ? WHERE message_id = ?", state,
                    problem, due_at_ms, message_id);
}

std::vector<MessageRow> newest_messages(db::Session& session, const std::string& state, int limit) {
    return session.rows<MessageRow>(
        "SELECT * FROM messages_out WHERE state = ? ORDER BY due_at_ms DESC, message_id DESC LIMIT ?", state, limit);
}

void insert_code(db::Session& session, const CodeRow& r) {
    session.execute(
        "INSERT INTO verification_codes (challenge_id, purpose, channel, contact, contact_index, account_id, "
        "code_hash, tries, expires_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.challenge_id, r.purpose, r.channel, r.contact, r.contact_index, r.account_id, r.code_hash, r.tries,
        r.expires_at_ms);
}

std::optional<CodeRow> find_code(db::Session& session, const std::string& challenge_id) {
    return session.optional_row<CodeRow>("SELECT * FROM verification_codes WHERE challenge_id = ?", challenge_id);
}

bool try_code(db::Session& session, const std::string& challenge_id, int tries_max) {
    return session.execute("UPDATE verification_codes SET tries = tries + 1 WHERE challenge_id = ? AND tries < ?",
                           challenge_id, tries_max) == 1;
}

bool remove_code(db::Session& session, const std::string& challenge_id) {
    return session.execute("DELETE FROM verification_codes WHERE challenge_id = ?", challenge_id) == 1;
}

std::int64_t codes_for(db::Session& session, const std::string& contact_index, std::int64_t expires_after_ms) {
    return session.row<std::int64_t>(
        "SELECT count(*) FROM verification_codes WHERE contact_index = ? AND expires_at_ms > ?", contact_index,
        expires_after_ms);
}

void remove_codes_before(db::Session& session, std::int64_t expires_at_ms) {
    session.execute("DELETE FROM verification_codes WHERE expires_at_ms < ?", expires_at_ms);
}

}  // namespace kaigong::identity::store
