// Tables of what cases wait for and of messages on their way: SQL and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::approval::store {

struct WaitingEventRow {
    std::string application_id;
    std::int64_t subscription = 0;
    std::string address;
    std::string kind;  ///< message, signal
    std::string name;
    std::string correlation_key;
    std::int64_t opened_at_ms = 0;
};

struct MessageRow {
    std::string message_id;
    std::string address;
    std::string name;
    std::string correlation_key;
    std::string variables;
    std::optional<std::string> sender_id;  ///< the case that sent it; nothing when it came from outside
    std::int64_t sent_at_ms = 0;
    std::int64_t give_up_at_ms = 0;
};

void insert_waiting_event(db::Session& session, const WaitingEventRow& row);
void delete_waiting_event(db::Session& session, const std::string& application_id, std::int64_t subscription);
/// The case that has waited longest at an address.
std::optional<std::string> longest_waiting(db::Session& session, const std::string& address);
/// Cases behind `after` that have waited since `since_ms` or longer, each once.
std::vector<std::string> waiting_cases(db::Session& session, const std::string& address, std::int64_t since_ms,
                                       const std::string& after, int limit);
/// Counts the version up and so holds the case until the transaction ends, while it has waited since `since_ms` or
/// longer; false, and nothing is held, when it waits no more.
bool lock_procedure_that_waits(db::Session& session, const std::string& application_id, const std::string& address,
                               std::int64_t since_ms);
/// The same while the message is there and the case waits for it.
bool lock_procedure_for_message(db::Session& session, const std::string& application_id, const std::string& message_id);

void insert_message(db::Session& session, const MessageRow& row);
std::optional<MessageRow> find_message(db::Session& session, const std::string& message_id);
/// The oldest that nobody has taken.
std::optional<std::string> oldest_message(db::Session& session, const std::string& address);
/// False when somebody took it.
bool delete_message(db::Session& session, const std::string& message_id);
std::vector<MessageRow> messages_to_give_up(db::Session& session, std::int64_t now_ms, int limit);
std::optional<std::int64_t> next_give_up(db::Session& session);

}  // namespace kaigong::approval::store
