// Tables of sessions, of failed and of all sign-ins: SQL and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::identity::store {

struct SessionRow {
    std::string session_hash;
    std::string session_id;
    std::string account_id;
    std::string organisation_id;
    std::string stage;
    std::string method;
    std::string address;  ///< sealed
    std::string user_agent;
    std::int64_t authenticated_at_ms = 0;
    std::int64_t created_at_ms = 0;
    std::int64_t last_seen_at_ms = 0;
};

std::optional<SessionRow> find_session(db::Session& session, const std::string& session_hash);
/// Newest first.
std::vector<SessionRow> sessions_of(db::Session& session, const std::string& account_id, int limit);
void insert_session(db::Session& session, const SessionRow& row);
void touch_session(db::Session& session, const std::string& session_hash, std::int64_t at_ms);
/// The same sign-in under a new cookie, one step further.
void move_session(db::Session& session, const std::string& session_hash, const SessionRow& row);
void set_session_organisation(db::Session& session, const std::string& session_hash,
                              const std::string& organisation_id);
void set_authenticated(db::Session& session, const std::string& session_hash, const std::string& method,
                       std::int64_t at_ms);
void set_session_method(db::Session& session, const std::string& session_hash, const std::string& method);
void remove_session(db::Session& session, const std::string& session_hash);
/// One of the account's, by the id that people see.
std::optional<SessionRow> find_session_by_id(db::Session& session, const std::string& account_id,
                                             const std::string& session_id);
/// All of an account but one (empty: all); how many.
std::int64_t remove_sessions_of(db::Session& session, const std::string& account_id, const std::string& but_hash);
/// Those in which the account acts for the organisation; how many.
std::int64_t remove_sessions_for(db::Session& session, const std::string& account_id,
                                 const std::string& organisation_id);
void remove_sessions_before(db::Session& session, std::int64_t last_seen_at_ms, std::int64_t created_at_ms);

/// One failed try of a password, as it is counted.
struct Failure {
    std::string failure_key;
    std::string account_id;  ///< empty where what was typed is nobody's
    std::int64_t at_ms = 0;
    std::int64_t window_from_ms = 0;  ///< older ones are forgotten
    int failures_max = 0;
    std::int64_t locked_until_ms = 0;  ///< when this one is the last that was free
};

/// In one statement: two tries at the same time count twice. What is locked is not locked for longer.
void count_failure(db::Session& session, const Failure& failure);
/// The last instant of the locks under these keys; 0 when nothing was locked.
std::int64_t failures_locked_until_ms(db::Session& session, const std::vector<std::string>& failure_keys);
std::int64_t failures_locked_until_ms_of(db::Session& session, const std::string& account_id);
/// Those of the account and those under the keys, but not what is locked for longer than `locked_until_ms`.
void forget_failures(db::Session& session, const std::string& account_id, const std::vector<std::string>& failure_keys,
                     std::int64_t locked_until_ms);
void forget_failures_before(db::Session& session, std::int64_t first_at_ms, std::int64_t now_ms);

struct SignInRow {
    std::string entry_id;
    std::string account_id;  ///< empty where the name is nobody's
    std::string region_code;
    std::string outcome;
    std::string method;
    std::string address;  ///< sealed
    std::string user_agent;
    std::int64_t at_ms = 0;
};

void insert_sign_in(db::Session& session, const SignInRow& row);
struct SignInQuery {
    /// Empty: of all accounts, and of names that are nobody's.
    std::string account_id = {};
    /// Empty: every outcome.
    std::string outcome = {};
    /// 2, 4 or 6 digits of the accounts' region; empty: everywhere.
    std::string area = {};
    /// Older than this when not empty.
    std::string before_id = {};
    int limit = 0;
};
/// Newest first.
std::vector<SignInRow> sign_ins(db::Session& session, const SignInQuery& query);
void remove_sign_ins_before(db::Session& session, const std::string& entry_id, int limit);

}  // namespace kaigong::identity::store
