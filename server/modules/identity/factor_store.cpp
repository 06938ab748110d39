#include "modules/identity/factor_store.hpp"

namespace kaigong::identity::factor_store {
namespace {

/// UPDATE before INSERT: on MariaDB an INSERT that finds the row leaves a shared lock, and two of those block each
/// other.
void make_tries(db::Session& session, const std::string& account_id) {
    if (session.execute("UPDATE factor_tries SET failed_count = failed_count WHERE account_id = ?", account_id) > 0) {
        return;
    }
    (void)session.insert_new("INSERT INTO factor_tries (account_id, failed_count, paused_until_ms) VALUES (?, 0, 0)",
                             account_id);
}

}  // namespace

void hold_account(db::Session& session, const std::string& account_id) {
    make_tries(session, account_id);
}

std::vector<FactorRow> active_factors(db::Session& session, const std::string& account_id) {
    return session.rows<FactorRow>(
        "SELECT * FROM second_factors WHERE account_id = ? AND state = 'active' ORDER BY created_at_ms, factor_id "
        "LIMIT 100",
        account_id);
}

std::optional<FactorRow> find_factor(db::Session& session, const std::string& account_id,
                                     const std::string& factor_id) {
    return session.optional_row<FactorRow>("SELECT * FROM second_factors WHERE factor_id = ? AND account_id = ?",
                                           factor_id, account_id);
}

std::optional<FactorRow> find_credential(db::Session& session, const std::string& account_id,
                                         const std::string& credential_hash) {
    return session.optional_row<FactorRow>(
        "SELECT * FROM second_factors WHERE credential_hash = ? AND account_id = ? AND state = 'active'",
        credential_hash, account_id);
}

std::int64_t count_factors(db::Session& session, const std::string& account_id) {
    return session.row<std::int64_t>("SELECT count(*) FROM second_factors WHERE account_id = ?", account_id);
}

bool insert_factor(db::Session& session, const FactorRow& r) {
    return session.insert_new(
        "INSERT INTO second_factors (factor_id, account_id, kind, state, name, secret, credential_hash, credential_id, "
        "algorithm, public_key, sign_count, last_step, created_at_ms, last_used_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?)",
        r.factor_id, r.account_id, r.kind, r.state, r.name, r.secret, r.credential_hash, r.credential_id, r.algorithm,
        r.public_key, r.sign_count, r.last_step, r.created_at_ms, r.last_used_at_ms);
}

bool activate_factor(db::Session& session, const std::string& factor_id, std::int64_t step) {
    return session.execute(
               "UPDATE second_factors SET state = 'active', last_step = ? WHERE factor_id = ? AND state = 'pending'",
               step, factor_id) == 1;
}

bool use_step(db::Session& session, const std::string& factor_id, std::int64_t step, std::int64_t at_ms) {
    return session.execute(
               "UPDATE second_factors SET last_step = ?, last_used_at_ms = ? WHERE factor_id = ? AND state = 'active' "
               "AND last_step < ?",
               step, at_ms, factor_id, step) == 1;
}

bool use_count(db::Session& session, const std::string& factor_id, std::int64_t count, std::int64_t at_ms) {
    return session.execute(
               "UPDATE second_factors SET sign_count = ?, last_used_at_ms = ? WHERE factor_id = ? AND state = "
               "'active' AND (sign_count < ? OR (sign_count = 0 AND 0 = ?))",
               count, at_ms, factor_id, count, count) == 1;
}

void set_factor_name(db::Session& session, const std::string& factor_id, const std::string& name) {
    session.execute("UPDATE second_factors SET name = ? WHERE factor_id = ?", name, factor_id);
}

void remove_factor(db::Session& session, const std::string& factor_id) {
    session.execute("DELETE FROM second_factors WHERE factor_id = ?", factor_id);
}

void remove_pending_before(db::Session& session, const std::string& account_id, std::int64_t at_ms) {
    session.execute("DELETE FROM second_factors WHERE account_id = ? AND state = 'pending' AND created_at_ms < ?",
                    account_id, at_ms);
}

std::vector<std::string> unused_recovery_codes(db::Session& session, const std::string& account_id) {
    return session.rows<std::string>(
        "SELECT code_index FROM recovery_codes WHERE account_id = ? AND used_at_ms IS NULL LIMIT 100", account_id);
}

void insert_recovery_code(db::Session& session, const std::string& account_id, const std::string& code_index,
                          std::int64_t at_ms) {
    session.execute("INSERT INTO recovery_codes (account_id, code_index, made_at_ms) VALUES (?, ?, ?)", account_id,
                    code_index, at_ms);
}

bool use_recovery_code(db::Session& session, const std::string& account_id, const std::string& code_index,
                       std::int64_t at_ms) {
    return session.execute(
               "UPDATE recovery_codes SET used_at_ms = ? WHERE account_id = ? AND code_index = ? AND used_at_ms IS "
               "NULL",
               at_ms, account_id, code_index) == 1;
}

void remove_recovery_codes(db::Session& session, const std::string& account_id) {
    session.execute("DELETE FROM recovery_codes WHERE account_id = ?", account_id);
}

std::optional<EnrolmentCodeRow> find_enrolment_code(db::Session& session, const std::string& account_id) {
    return session.optional_row<EnrolmentCodeRow>("SELECT * FROM enrolment_codes WHERE account_id = ?", account_id);
}

void save_enrolment_code(db::Session& session, const EnrolmentCodeRow& r) {
    remove_enrolment_code(session, r.account_id);
    session.execute("INSERT INTO enrolment_codes (account_id, code_index, expires_at_ms) VALUES (?, ?, ?)",
                    r.account_id, r.code_index, r.expires_at_ms);
}

void remove_enrolment_code(db::Session& session, const std::string& account_id) {
    session.execute("DELETE FROM enrolment_codes WHERE account_id = ?", account_id);
}

std::int64_t count_challenges(db::Session& session, const std::string& account_id, const std::string& purpose) {
    return session.row<std::int64_t>("SELECT count(*) FROM factor_challenges WHERE account_id = ? AND purpose = ?",
                                     account_id, purpose);
}

void insert_challenge(db::Session& session, const std::string& challenge_hash, const std::string& account_id,
                      const std::string& purpose, std::int64_t expires_at_ms) {
    session.execute(
        "INSERT INTO factor_challenges (challenge_hash, account_id, purpose, expires_at_ms) VALUES (?, ?, ?, ?)",
        challenge_hash, account_id, purpose, expires_at_ms);
}

bool take_challenge(db::Session& session, const std::string& challenge_hash, const std::string& account_id,
                    const std::string& purpose, std::int64_t now_ms) {
    return session.execute(
               "DELETE FROM factor_challenges WHERE challenge_hash = ? AND account_id = ? AND purpose = ? AND "
               "expires_at_ms > ?",
               challenge_hash, account_id, purpose, now_ms) == 1;
}

void remove_challenges_before(db::Session& session, std::int64_t at_ms) {
    session.execute("DELETE FROM factor_challenges WHERE expires_at_ms <= ?", at_ms);
}

void remove_challenges(db::Session& session, const std::string& account_id, const std::string& purpose) {
    session.execute("DELETE FROM factor_challenges WHERE account_id = ? AND purpose = ?", account_id, purpose);
}

bool count_try(db::Session& session, const std::string& account_id, std::int64_t now_ms) {
    make_tries(session, account_id);
    return session.execute(
               "UPDATE factor_tries SET failed_count = failed_count + 1 WHERE account_id = ? AND paused_until_ms <= ?",
               account_id, now_ms) == 1;
}

std::int64_t failed_tries(db::Session& session, const std::string& account_id) {
    return session.row<std::int64_t>("SELECT failed_count FROM factor_tries WHERE account_id = ?", account_id);
}

void forget_tries(db::Session& session, const std::string& account_id) {
    session.execute("UPDATE factor_tries SET failed_count = 0, paused_until_ms = 0 WHERE account_id = ?", account_id);
}

void pause_until(db::Session& session, const std::string& account_id, std::int64_t at_ms) {
    session.execute("UPDATE factor_tries SET failed_count = 0, paused_until_ms = ? WHERE account_id = ?", at_ms,
                    account_id);
}

void remove_all(db::Session& session, const std::string& account_id) {
    session.execute("DELETE FROM second_factors WHERE account_id = ?", account_id);
    session.execute("DELETE FROM recovery_codes WHERE account_id = ?", account_id);
    session.execute("DELETE FROM factor_challenges WHERE account_id = ?", account_id);
    forget_tries(session, account_id);
}

}  // namespace kaigong::identity::factor_store
