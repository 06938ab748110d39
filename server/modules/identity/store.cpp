#include "modules/identity/store.hpp"

namespace kaigong::identity::store {

std::optional<AccountRow> find_account(db::Session& session, const std::string& account_id) {
    return session.optional_row<AccountRow>("SELECT * FROM accounts WHERE account_id = ?", account_id);
}

std::optional<AccountRow> find_account_by_name(db::Session& session, const std::string& account_name) {
    return session.optional_row<AccountRow>("SELECT * FROM accounts WHERE account_name = ?", account_name);
}

std::vector<AccountRow> officers_of(db::Session& session, const std::string& county, const std::string& city,
                                    const std::string& province, int limit) {
    return session.rows<AccountRow>(
        "SELECT * FROM accounts WHERE kind = 'officer' AND region_code IN (?, ?, ?) ORDER BY department, account_name "
        "LIMIT ?",
        county, city, province, limit);
}

bool insert_account(db::Session& session, const AccountRow& r) {
    return session.insert_new(
        "INSERT INTO accounts (account_id, account_name, password_hash, display_name, kind, organisation_name, "
        "credit_code, department, department_name, region_code, roles, created_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?)",
        r.account_id, r.account_name, r.password_hash, r.display_name, r.kind, r.organisation_name, r.credit_code,
        r.department, r.department_name, r.region_code, r.roles, r.created_at_ms);
}

void set_password_hash(db::Session& session, const std::string& account_id, const std::string& hash) {
    session.execute("UPDATE accounts SET password_hash = ? WHERE account_id = ?", hash, account_id);
}

std::optional<SessionRow> find_session(db::Session& session, const std::string& session_hash) {
    return session.optional_row<SessionRow>("SELECT * FROM sessions WHERE session_hash = ?", session_hash);
}

void insert_session(db::Session& session, const SessionRow& r) {
    session.execute(
        "INSERT INTO sessions (session_hash, account_id, created_at_ms, last_seen_at_ms) VALUES (?, ?, ?, ?)",
        r.session_hash, r.account_id, r.created_at_ms, r.last_seen_at_ms);
}

void touch_session(db::Session& session, const std::string& session_hash, std::int64_t at_ms) {
    session.execute("UPDATE sessions SET last_seen_at_ms = ? WHERE session_hash = ?", at_ms, session_hash);
}

void remove_session(db::Session& session, const std::string& session_hash) {
    session.execute("DELETE FROM sessions WHERE session_hash = ?", session_hash);
}

void remove_sessions_before(db::Session& session, std::int64_t at_ms) {
    session.execute("DELETE FROM sessions WHERE last_seen_at_ms < ?", at_ms);
}

std::vector<DisplayNameRow> display_names(db::Session& session, const std::string& after, int limit) {
    return session.rows<DisplayNameRow>(
        "SELECT account_id, display_name FROM accounts WHERE account_id > ? ORDER BY account_id LIMIT ?", after, limit);
}

bool exchange_display_name(db::Session& session, const std::string& account_id, const std::string& before,
                           const std::string& now) {
    return session.execute("UPDATE accounts SET display_name = ? WHERE account_id = ? AND display_name = ?", now,
                           account_id, before) == 1;
}

}  // namespace kaigong::identity::store
