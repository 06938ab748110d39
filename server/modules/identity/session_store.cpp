#include "modules/identity/session_store.hpp"

#include <algorithm>

namespace kaigong::identity::store {
namespace {

/// Greater than every UUID.
constexpr const char* kAfterAll = "g";

constexpr std::size_t kCountyDigits = 6;

std::string following(std::string text) {
    text.back() = static_cast<char>(text.back() + 1);
    return text;
}

const std::string& or_all(const std::string& before_id) {
    static const std::string after_all = kAfterAll;
    return before_id.empty() ? after_all : before_id;
}

}  // namespace

std::optional<SessionRow> find_session(db::Session& session, const std::string& session_hash) {
    return session.optional_row<SessionRow>("SELECT * FROM account_sessions WHERE session_hash = ?", session_hash);
}

std::vector<SessionRow> sessions_of(db::Session& session, const std::string& account_id, int limit) {
    return session.rows<SessionRow>(
        "SELECT * FROM account_sessions WHERE account_id = ? ORDER BY created_at_ms DESC LIMIT ?", account_id, limit);
}

void insert_session(db::Session& session, const SessionRow& r) {
    session.execute(
        "INSERT INTO account_sessions (session_hash, session_id, account_id, organisation_id, stage, method, address, "
        "user_agent, authenticated_at_ms, created_at_ms, last_seen_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.session_hash, r.session_id, r.account_id, r.organisation_id, r.stage, r.method, r.address, r.user_agent,
        r.authenticated_at_ms, r.created_at_ms, r.last_seen_at_ms);
}

void touch_session(db::Session& session, const std::string& session_hash, std::int64_t at_ms) {
    session.execute("UPDATE account_sessions SET last_seen_at_ms = ? WHERE session_hash = ?", at_ms, session_hash);
}

void move_session(db::Session& session, const std::string& session_hash, const SessionRow& r) {
    session.execute(
        "UPDATE account_sessions SET session_hash = ?, stage = ?, method = ?, authenticated_at_ms = ?, last_seen_at_ms "
        "= ? WHERE session_hash = ?",
        r.session_hash, r.stage, r.method, r.authenticated_at_ms, r.last_seen_at_ms, session_hash);
}

void set_session_organisation(db::Session& session, const std::string& session_hash,
                              const std::string& organisation_id) {
    session.execute("UPDATE account_sessions SET organisation_id = ? WHERE session_hash = ?", organisation_id,
                    session_hash);
}

void set_authenticated(db::Session& session, const std::string& session_hash, const std::string& method,
                       std::int64_t at_ms) {
    session.execute("UPDATE account_sessions SET authenticated_at_ms = ?, method = ? WHERE session_hash = ?", at_ms,
                    method, session_hash);
}

void set_session_method(db::Session& session, const std::string& session_hash, const std::string& method) {
    session.execute("UPDATE account_sessions SET method = ? WHERE session_hash = ?", method, session_hash);
}

void remove_session(db::Session& session, const std::string& session_hash) {
    session.execute("DELETE FROM account_sessions WHERE session_hash = ?", session_hash);
}

std::optional<SessionRow> find_session_by_id(db::Session& session, const std::string& account_id,
                                             const std::string& session_id) {
    return session.optional_row<SessionRow>("SELECT * FROM account_sessions WHERE session_id = ? AND account_id = ?",
                                            session_id, account_id);
}

std::int64_t remove_sessions_of(db::Session& session, const std::string& account_id, const std::string& but_hash) {
    return session.execute("DELETE FROM account_sessions WHERE account_id = ? AND session_hash <> ?", account_id,
                           but_hash);
}

std::int64_t remove_sessions_for(db::Session& session, const std::string& account_id,
                                 const std::string& organisation_id) {
    return session.execute("DELETE FROM account_sessions WHERE account_id = ? AND organisation_id = ?", account_id,
                           organisation_id);
}

void remove_sessions_before(db::Session& session, std::int64_t last_seen_at_ms, std::int64_t created_at_ms) {
    session.execute("DELETE FROM account_sessions WHERE last_seen_at_ms < ? OR created_at_ms < ?", last_seen_at_ms,
                    created_at_ms);
}

void count_failure(db::Session& session, const Failure& f) {
    const auto one_more = [&] {
        return session.execute(
                   "UPDATE sign_in_failures SET failures = failures + 1, account_id = ? WHERE failure_key = ?",
                   f.account_id, f.failure_key) == 1;
    };
    session.execute(
        "UPDATE sign_in_failures SET failures = 0, first_at_ms = ?, locked_until_ms = 0 WHERE failure_key = ? AND "
        "first_at_ms < ? AND locked_until_ms < ?",
        f.at_ms, f.failure_key, f.window_from_ms, f.at_ms);
    // UPDATE before INSERT: on MariaDB an INSERT that finds the row leaves a shared lock, and two of those block each
    // other.
    if (!one_more() && !session.insert_new("INSERT INTO sign_in_failures (failure_key, failures, first_at_ms, "
                                           "locked_until_ms, account_id) VALUES (?, 1, ?, 0, ?)",
                                           f.failure_key, f.at_ms, f.account_id)) {
        one_more();
    }
    session.execute(
        "UPDATE sign_in_failures SET locked_until_ms = ? WHERE failure_key = ? AND failures >= ? AND locked_until_ms "
        "<= ?",
        f.locked_until_ms, f.failure_key, f.failures_max, f.at_ms);
}

std::int64_t failures_locked_until_ms(db::Session& session, const std::vector<std::string>& failure_keys) {
    std::int64_t latest_ms = 0;
    for (const auto& key : failure_keys) {
        const auto until_ms = session.optional_row<std::int64_t>(
            "SELECT locked_until_ms FROM sign_in_failures WHERE failure_key = ?", key);
        latest_ms = std::max(latest_ms, until_ms.value_or(0));
    }
    return latest_ms;
}

std::int64_t failures_locked_until_ms_of(db::Session& session, const std::string& account_id) {
    return session
        .row<std::optional<std::int64_t>>("SELECT max(locked_until_ms) FROM sign_in_failures WHERE account_id = ?",
                                          account_id)
        .value_or(0);
}

void forget_failures(db::Session& session, const std::string& account_id, const std::vector<std::string>& failure_keys,
                     std::int64_t locked_until_ms) {
    session.execute("DELETE FROM sign_in_failures WHERE account_id = ? AND locked_until_ms <= ?", account_id,
                    locked_until_ms);
    for (const auto& key : failure_keys) {
        session.execute("DELETE FROM sign_in_failures WHERE failure_key = ? AND locked_until_ms <= ?", key,
                        locked_until_ms);
    }
}

void forget_failures_before(db::Session& session, std::int64_t first_at_ms, std::int64_t now_ms) {
    session.execute("DELETE FROM sign_in_failures WHERE first_at_ms < ? AND locked_until_ms < ?", first_at_ms, now_ms);
}

void insert_sign_in(db::Session& session, const SignInRow& r) {
    session.execute(
        "INSERT INTO sign_ins (entry_id, account_id, region_code, outcome, method, address, user_agent, at_ms) VALUES "
        "(?, ?, ?, ?, ?, ?, ?, ?)",
        r.entry_id, r.account_id, r.region_code, r.outcome, r.method, r.address, r.user_agent, r.at_ms);
}

std::vector<SignInRow> sign_ins(db::Session& session, const SignInQuery& q) {
    const auto& before = or_all(q.before_id);
    const std::string area_end = q.area.empty() ? ":" : following(q.area);  // ':' comes after '9'
    // One statement for each index that gives the order; what else is asked for is looked at row by row.
    if (!q.account_id.empty()) {
        return session.rows<SignInRow>(
            "SELECT * FROM sign_ins WHERE account_id = ? AND entry_id < ? AND (? = '' OR outcome = ?) AND region_code "
            ">= ? AND region_code < ? ORDER BY entry_id DESC LIMIT ?",
            q.account_id, before, q.outcome, q.outcome, q.area, area_end, q.limit);
    }
    if (q.area.size() == kCountyDigits) {
        return session.rows<SignInRow>(
            "SELECT * FROM sign_ins WHERE region_code = ? AND entry_id < ? AND (? = '' OR outcome = ?) ORDER BY "
            "entry_id DESC LIMIT ?",
            q.area, before, q.outcome, q.outcome, q.limit);
    }
    if (!q.outcome.empty()) {
        return session.rows<SignInRow>(
            "SELECT * FROM sign_ins WHERE outcome = ? AND entry_id < ? AND region_code >= ? AND region_code < ? ORDER "
            "BY entry_id DESC LIMIT ?",
            q.outcome, before, q.area, area_end, q.limit);
    }
    if (q.area.empty()) {
        return session.rows<SignInRow>("SELECT * FROM sign_ins WHERE entry_id < ? ORDER BY entry_id DESC LIMIT ?",
                                       before, q.limit);
    }
    return session.rows<SignInRow>(
        "SELECT * FROM sign_ins WHERE entry_id < ? AND region_code >= ? AND region_code < ? ORDER BY entry_id DESC "
        "LIMIT ?",
        before, q.area, area_end, q.limit);
}

void remove_sign_ins_before(db::Session& session, const std::string& entry_id, int limit) {
    const auto old = session.rows<std::string>(
        "SELECT entry_id FROM sign_ins WHERE entry_id < ? ORDER BY entry_id LIMIT ?", entry_id, limit);
    if (old.empty()) return;
    session.execute("DELETE FROM sign_ins WHERE entry_id <= ?", old.back());
}

}  // namespace kaigong::identity::store
