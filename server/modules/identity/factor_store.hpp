// Tables of second factors: SQL and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::identity::factor_store {

struct FactorRow {
    std::string factor_id;
    std::string account_id;
    std::string kind;
    std::string state;
    std::string name;
    std::string secret;
    std::optional<std::string> credential_hash;
    std::string credential_id;
    std::int64_t algorithm = 0;
    std::string public_key;
    std::int64_t sign_count = 0;
    std::int64_t last_step = 0;
    std::int64_t created_at_ms = 0;
    std::optional<std::int64_t> last_used_at_ms;
};

/// Until the transaction ends, nobody else changes the account's factors. Call it before the first SELECT: what is read
/// after it is what the one before left.
void hold_account(db::Session& session, const std::string& account_id);

/// In the order in which they were added.
std::vector<FactorRow> active_factors(db::Session& session, const std::string& account_id);
std::optional<FactorRow> find_factor(db::Session& session, const std::string& account_id, const std::string& factor_id);
std::optional<FactorRow> find_credential(db::Session& session, const std::string& account_id,
                                         const std::string& credential_hash);
/// Pending ones count too.
std::int64_t count_factors(db::Session& session, const std::string& account_id);
/// False when the credential is registered already.
bool insert_factor(db::Session& session, const FactorRow& row);
/// Its first code was good. False when it is not pending any more.
bool activate_factor(db::Session& session, const std::string& factor_id, std::int64_t step);
/// False when a code of this step or a later one was used.
bool use_step(db::Session& session, const std::string& factor_id, std::int64_t step, std::int64_t at_ms);
/// False when the key counted as far already; 0 means a key that does not count.
bool use_count(db::Session& session, const std::string& factor_id, std::int64_t count, std::int64_t at_ms);
void set_factor_name(db::Session& session, const std::string& factor_id, const std::string& name);
void remove_factor(db::Session& session, const std::string& factor_id);
void remove_pending_before(db::Session& session, const std::string& account_id, std::int64_t at_ms);

std::vector<std::string> unused_recovery_codes(db::Session& session, const std::string& account_id);
void insert_recovery_code(db::Session& session, const std::string& account_id, const std::string& code_index,
                          std::int64_t at_ms);
/// False when there is no such code, or it was used.
bool use_recovery_code(db::Session& session, const std::string& account_id, const std::string& code_index,
                       std::int64_t at_ms);
void remove_recovery_codes(db::Session& session, const std::string& account_id);

struct EnrolmentCodeRow {
    std::string account_id;
    std::string code_index;  ///< empty: one is asked for, none was given yet
    std::int64_t expires_at_ms = 0;
};
std::optional<EnrolmentCodeRow> find_enrolment_code(db::Session& session, const std::string& account_id);
/// In the place of the one before. The account is held.
void save_enrolment_code(db::Session& session, const EnrolmentCodeRow& row);
void remove_enrolment_code(db::Session& session, const std::string& account_id);

std::int64_t count_challenges(db::Session& session, const std::string& account_id, const std::string& purpose);
void insert_challenge(db::Session& session, const std::string& challenge_hash, const std::string& account_id,
                      const std::string& purpose, std::int64_t expires_at_ms);
/// False when there is none of this account and purpose that is still good.
bool take_challenge(db::Session& session, const std::string& challenge_hash, const std::string& account_id,
                    const std::string& purpose, std::int64_t now_ms);
void remove_challenges_before(db::Session& session, std::int64_t at_ms);
void remove_challenges(db::Session& session, const std::string& account_id, const std::string& purpose);

/// Counts a proof as wrong until it is seen to be right, so that many at once are counted too. False during a pause.
bool count_try(db::Session& session, const std::string& account_id, std::int64_t now_ms);
std::int64_t failed_tries(db::Session& session, const std::string& account_id);
void forget_tries(db::Session& session, const std::string& account_id);
void pause_until(db::Session& session, const std::string& account_id, std::int64_t at_ms);

/// Everything of the account.
void remove_all(db::Session& session, const std::string& account_id);

}  // namespace kaigong::identity::factor_store
