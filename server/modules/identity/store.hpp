// Tables of accounts and sessions: SQL and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::identity::store {

struct AccountRow {
    std::string account_id;
    std::string account_name;
    std::string password_hash;
    std::string display_name;
    std::string kind;
    std::string organisation_name;
    std::string credit_code;
    std::string department;
    std::string department_name;
    std::string region_code;
    std::string roles;
    std::int64_t created_at_ms = 0;
};

struct SessionRow {
    std::string session_hash;
    std::string account_id;
    std::int64_t created_at_ms = 0;
    std::int64_t last_seen_at_ms = 0;
};

std::optional<AccountRow> find_account(db::Session& session, const std::string& account_id);
std::optional<AccountRow> find_account_by_name(db::Session& session, const std::string& account_name);
/// Of a county, of its city and its province, at most `limit`, in the order of department and account name.
std::vector<AccountRow> officers_of(db::Session& session, const std::string& county, const std::string& city,
                                    const std::string& province, int limit);
/// False when the name is taken.
bool insert_account(db::Session& session, const AccountRow& row);
void set_password_hash(db::Session& session, const std::string& account_id, const std::string& hash);

std::optional<SessionRow> find_session(db::Session& session, const std::string& session_hash);
void insert_session(db::Session& session, const SessionRow& row);
void touch_session(db::Session& session, const std::string& session_hash, std::int64_t at_ms);
void remove_session(db::Session& session, const std::string& session_hash);
void remove_sessions_before(db::Session& session, std::int64_t at_ms);

struct DisplayNameRow {
    std::string account_id;
    std::string display_name;
};
std::vector<DisplayNameRow> display_names(db::Session& session, const std::string& after, int limit);
/// False when it is no longer what it was.
bool exchange_display_name(db::Session& session, const std::string& account_id, const std::string& before,
                           const std::string& now);

}  // namespace kaigong::identity::store
