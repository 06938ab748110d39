// Tables of what is sent outside the pages and of codes that were sent: SQL and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::identity::store {

struct MessageRow {
    std::string message_id;
    std::string channel;
    std::string purpose;
    std::string recipient;  ///< sealed
    std::string words;      ///< sealed; empty once a secret was sent
    std::string state;
    std::int64_t attempts = 0;
    std::int64_t due_at_ms = 0;
    std::int64_t created_at_ms = 0;
    std::string problem;
};

void insert_message(db::Session& session, const MessageRow& row);
/// Waiting or left in the middle, due before `now_ms`, the oldest first.
std::vector<MessageRow> due_messages(db::Session& session, std::int64_t now_ms, int limit);
/// Takes a message for sending until `until_ms`. False when somebody else has it.
bool claim_message(db::Session& session, const MessageRow& seen, std::int64_t until_ms);
/// Sent: the words go. `due_at_ms` of what is sent or given up says since when it is.
void finish_message(db::Session& session, const std::string& message_id, std::int64_t at_ms);
void postpone_message(db::Session& session, const std::string& message_id, const std::string& state,
                      const std::string& problem, std::int64_t due_at_ms);
/// Sent, given up, or never to be sent since before then; at most `limit`, the oldest first.
void remove_messages_before(db::Session& session, std::int64_t at_ms, int limit);
/// Newest first.
std::vector<MessageRow> newest_messages(db::Session& session, const std::string& state, int limit);

struct CodeRow {
    std::string challenge_id;
    std::string purpose;
    std::string channel;
    std::string contact;  ///< sealed
    std::string contact_index;
    std::string account_id;
    std::string code_hash;
    std::int64_t tries = 0;
    std::int64_t expires_at_ms = 0;
};

void insert_code(db::Session& session, const CodeRow& row);
std::optional<CodeRow> find_code(db::Session& session, const std::string& challenge_id);
/// Counts the try in the statement that looks whether one is left.
bool try_code(db::Session& session, const std::string& challenge_id, int tries_max);
/// False when somebody was faster.
bool remove_code(db::Session& session, const std::string& challenge_id);
std::int64_t codes_for(db::Session& session, const std::string& contact_index, std::int64_t expires_after_ms);
void remove_codes_before(db::Session& session, std::int64_t expires_at_ms);

}  // namespace kaigong::identity::store
