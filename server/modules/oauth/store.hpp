// Tables of clients, requests, grants and tokens: SQL and nothing else. Whatever is a secret of somebody comes here as
// its SHA-256 in hexadecimal digits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "db/session.hpp"

namespace kaigong::oauth::store {

struct ClientRow {
    std::string client_id;
    std::int64_t version = 1;
    std::string client_name;
    std::string state;
    std::string registration;
    std::int64_t created_at_ms = 0;
    std::int64_t changed_at_ms = 0;
};

struct ProposalRow {
    std::string proposal_id;
    std::int64_t version = 1;
    std::string client_id;
    std::int64_t client_version = 0;  ///< of the client that is to be changed; 0 for a new one
    std::string state;
    std::string registration;
    std::string reason;
    std::string proposed_by;
    std::int64_t proposed_at_ms = 0;
    std::string decided_by;
    std::int64_t decided_at_ms = 0;
};

struct SecretRow {
    std::string secret_id;
    std::string client_id;
    std::string secret_hash;
    std::int64_t created_at_ms = 0;
    std::int64_t expires_at_ms = 0;
};

struct RequestRow {
    std::string request_hash;
    std::string kind;   ///< pushed · code · device
    std::string state;  ///< waiting · agreed · refused · used
    std::string client_id;
    std::string parameters;
    std::string user_code_hash;
    std::string grant_id;
    std::int64_t poll_interval_ms = 0;
    std::int64_t polled_at_ms = 0;
    std::int64_t created_at_ms = 0;
    std::int64_t expires_at_ms = 0;
    std::string entered_by = {};  ///< the session that entered a device's code
    std::string asked_from = {};  ///< a device's address, sealed
};

struct ConsentRow {
    std::string consent_id;
    std::string account_id;
    std::string client_id;
    std::string scopes;
    std::string credit_code;
    std::int64_t given_at_ms = 0;
    std::int64_t used_at_ms = 0;
};

struct GrantRow {
    std::string grant_id;
    std::string client_id;
    std::string account_id;
    std::string scopes;
    std::string account_stamp;
    std::string session_hash;
    std::int64_t authenticated_at_ms = 0;
    std::string nonce;
    std::int64_t created_at_ms = 0;
    std::int64_t expires_at_ms = 0;
    std::int64_t revoked_at_ms = 0;
    std::string organisation_id;
};

struct CodeRow {
    std::string code_hash;
    std::string grant_id;
    std::string redirect_uri;
    std::string code_challenge;
    std::int64_t expires_at_ms = 0;
    std::int64_t used_at_ms = 0;
};

struct TokenRow {
    std::string token_hash;
    std::string grant_id;
    std::string kind;  ///< access · refresh
    std::string scopes;
    std::int64_t issued_at_ms = 0;
    std::int64_t expires_at_ms = 0;
    std::int64_t used_at_ms = 0;  ///< of a refresh token: when the next one was given for it
};

struct KeyRow {
    std::string key_id;
    std::string algorithm;
    std::string sealed_key;
    std::string public_key_info;
    std::int64_t created_at_ms = 0;
    std::int64_t signs_from_ms = 0;
    std::int64_t withdrawn_at_ms = 0;
};

struct LinkRow {
    std::string link_id;
    std::string subject_hash;
    std::string account_id;
    std::int64_t linked_at_ms = 0;
};

struct VisitRow {
    std::string state_hash;
    std::string browser_hash;
    std::string account_id;  ///< of who links himself; empty for a sign-in
    std::string next_path;
    std::int64_t expires_at_ms = 0;
    std::string session_id = {};  ///< of who links himself
    bool proves_again = false;    ///< the provider looks at the person anew
};

std::optional<ClientRow> find_client(db::Session& session, const std::string& client_id);
/// Newest first, those before an id (empty: from the newest).
std::vector<ClientRow> clients_before(db::Session& session, const std::string& before_id, int limit);
void insert_client(db::Session& session, const ClientRow& row);
/// With the next version. Fails with db.version_is_stale.
Result<void> save_client(db::Session& session, const ClientRow& row);
void set_origins(db::Session& session, const std::string& client_id, const std::vector<std::string>& origins);
/// Of a client that is not suspended.
std::vector<std::string> origins_of_active_clients(db::Session& session, int limit);

std::optional<ProposalRow> find_proposal(db::Session& session, const std::string& proposal_id);
std::vector<ProposalRow> proposals_before(db::Session& session, const std::string& state, const std::string& before_id,
                                          int limit);
void insert_proposal(db::Session& session, const ProposalRow& row);
/// State and who decided, with the next version. Fails with db.version_is_stale.
Result<void> decide_proposal(db::Session& session, const ProposalRow& row);

std::vector<SecretRow> living_secrets(db::Session& session, const std::string& client_id, std::int64_t now_ms);
void insert_secret(db::Session& session, const SecretRow& row);
void end_secret(db::Session& session, const std::string& secret_id, std::int64_t at_ms);
/// False when that assertion was seen before.
bool insert_assertion(db::Session& session, const std::string& assertion_hash, std::int64_t expires_at_ms);

std::optional<RequestRow> find_request(db::Session& session, const std::string& request_hash);
std::optional<RequestRow> find_request_by_user_code(db::Session& session, const std::string& user_code_hash);
void insert_request(db::Session& session, const RequestRow& row);
/// A pushed request becomes one that a person is asked about, under another address. False when somebody was faster.
bool take_pushed(db::Session& session, const std::string& pushed_hash, const std::string& request_hash,
                 std::int64_t expires_at_ms);
/// False when it no longer is `from`.
bool move_request(db::Session& session, const std::string& request_hash, const std::string& from, const std::string& to,
                  const std::string& grant_id);
/// A device's code now belongs to this session. False when it belongs to another one.
bool enter_request(db::Session& session, const std::string& request_hash, const std::string& session_id);
void note_poll(db::Session& session, const RequestRow& row);

std::optional<ConsentRow> find_consent(db::Session& session, const std::string& account_id,
                                       const std::string& client_id);
std::optional<ConsentRow> find_consent_by_id(db::Session& session, const std::string& consent_id);
std::vector<ConsentRow> consents_of(db::Session& session, const std::string& account_id, const std::string& after_id,
                                    int limit);
/// Takes the place of what the account had agreed to for the client before.
void save_consent(db::Session& session, const ConsentRow& row);
void remove_consent(db::Session& session, const std::string& consent_id);

std::optional<GrantRow> find_grant(db::Session& session, const std::string& grant_id);
void insert_grant(db::Session& session, const GrantRow& row);
void revoke_grant(db::Session& session, const std::string& grant_id, std::int64_t at_ms);
/// Those of one sign-in, or (empty) of all but one.
void revoke_grants_of_sessions(db::Session& session, const std::string& account_id, const std::string& session_hash,
                               const std::string& but_hash, std::int64_t at_ms);
void revoke_grants_of_consent(db::Session& session, const std::string& account_id, const std::string& client_id,
                              std::int64_t at_ms);

std::optional<CodeRow> find_code(db::Session& session, const std::string& code_hash);
void insert_code(db::Session& session, const CodeRow& row);
/// False when it was used before.
bool use_code(db::Session& session, const std::string& code_hash, std::int64_t at_ms);

std::optional<TokenRow> find_token(db::Session& session, const std::string& token_hash);
void insert_token(db::Session& session, const TokenRow& row);
/// False when the next one was given for it already.
bool use_token(db::Session& session, const std::string& token_hash, std::int64_t at_ms);
void remove_access_tokens_before(db::Session& session, const std::string& grant_id, std::int64_t before_ms);
void end_token(db::Session& session, const std::string& token_hash, std::int64_t at_ms);

std::vector<KeyRow> signing_keys(db::Session& session);
void insert_key(db::Session& session, const KeyRow& row);
void withdraw_key(db::Session& session, const std::string& key_id, std::int64_t at_ms);

std::optional<LinkRow> find_link(db::Session& session, const std::string& subject_hash);
std::optional<LinkRow> find_link_of(db::Session& session, const std::string& account_id);
/// False when the subject or the account is linked already.
bool insert_link(db::Session& session, const LinkRow& row);
void remove_link(db::Session& session, const std::string& account_id);
void insert_visit(db::Session& session, const VisitRow& row);
/// The visit, which is gone from then on.
std::optional<VisitRow> take_visit(db::Session& session, const std::string& state_hash);

/// What nobody can use any more: at most some hundreds of each kind at once.
/// Some of each; whether there is more.
bool sweep(db::Session& session, std::int64_t before_ms);

}  // namespace kaigong::oauth::store
