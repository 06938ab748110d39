#include "modules/oauth/store.hpp"

#include "db/versions.hpp"

namespace kaigong::oauth::store {
namespace {

constexpr int kSweptAtOnce = 200;
/// Sorts after every UUID, so one statement serves the first page too.
constexpr const char* kAfterAll = "~";

}  // namespace

std::optional<ClientRow> find_client(db::Session& session, const std::string& client_id) {
    return session.optional_row<ClientRow>("SELECT * FROM oauth_clients WHERE client_id = ?", client_id);
}

std::vector<ClientRow> clients_before(db::Session& session, const std::string& before_id, int limit) {
    return session.rows<ClientRow>("SELECT * FROM oauth_clients WHERE client_id < ? ORDER BY client_id DESC LIMIT ?",
                                   before_id.empty() ? kAfterAll : before_id, limit);
}

void insert_client(db::Session& session, const ClientRow& r) {
    session.execute(
        "INSERT INTO oauth_clients (client_id, version, client_name, state, registration, created_at_ms, "
        "changed_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
        r.client_id, r.version, r.client_name, r.state, r.registration, r.created_at_ms, r.changed_at_ms);
}

Result<void> save_client(db::Session& session, const ClientRow& r) {
    KAIGONG_CHECK(db::bump_version(session, "oauth_clients", "client_id", r.client_id, r.version));
    session.execute(
        "UPDATE oauth_clients SET client_name = ?, state = ?, registration = ?, changed_at_ms = ? WHERE client_id = ?",
        r.client_name, r.state, r.registration, r.changed_at_ms, r.client_id);
    return {};
}

void set_origins(db::Session& session, const std::string& client_id, const std::vector<std::string>& origins) {
    session.execute("DELETE FROM oauth_client_origins WHERE client_id = ?", client_id);
    for (const auto& origin : origins) {
        session.execute("INSERT INTO oauth_client_origins (origin, client_id) VALUES (?, ?)", origin, client_id);
    }
}

std::vector<std::string> origins_of_active_clients(db::Session& session, int limit) {
    return session.rows<std::string>(
        "SELECT o.origin FROM oauth_client_origins o JOIN oauth_clients c ON c.client_id = o.client_id WHERE c.state = "
        "'active' LIMIT ?",
        limit);
}

std::optional<ProposalRow> find_proposal(db::Session& session, const std::string& proposal_id) {
    return session.optional_row<ProposalRow>("SELECT * FROM oauth_client_proposals WHERE proposal_id = ?", proposal_id);
}

std::vector<ProposalRow> proposals_before(db::Session& session, const std::string& state, const std::string& before_id,
                                          int limit) {
    return session.rows<ProposalRow>(
        "SELECT * FROM oauth_client_proposals WHERE state = ? AND proposal_id < ? ORDER BY proposal_id DESC LIMIT ?",
        state, before_id.empty() ? kAfterAll : before_id, limit);
}

void insert_proposal(db::Session& session, const ProposalRow& r) {
    session.execute(
        "INSERT INTO oauth_client_proposals (proposal_id, version, client_id, client_version, state, registration, "
        "reason, proposed_by, proposed_at_ms, decided_by, decided_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.proposal_id, r.version, r.client_id, r.client_version, r.state, r.registration, r.reason, r.proposed_by,
        r.proposed_at_ms, r.decided_by, r.decided_at_ms);
}

Result<void> decide_proposal(db::Session& session, const ProposalRow& r) {
    KAIGONG_CHECK(db::bump_version(session, "oauth_client_proposals", "proposal_id", r.proposal_id, r.version));
    session.execute(
        "UPDATE oauth_client_proposals SET state = ?, decided_by = ?, decided_at_ms = ? WHERE proposal_id = ?", r.state,
        r.decided_by, r.decided_at_ms, r.proposal_id);
    return {};
}

std::vector<SecretRow> living_secrets(db::Session& session, const std::string& client_id, std::int64_t now_ms) {
    return session.rows<SecretRow>(
        "SELECT * FROM oauth_client_secrets WHERE client_id = ? AND expires_at_ms > ? ORDER BY secret_id LIMIT 10",
        client_id, now_ms);
}

void insert_secret(db::Session& session, const SecretRow& r) {
    session.execute(
        "INSERT INTO oauth_client_secrets (secret_id, client_id, secret_hash, created_at_ms, expires_at_ms) VALUES "
        "(?, ?, ?, ?, ?)",
        r.secret_id, r.client_id, r.secret_hash, r.created_at_ms, r.expires_at_ms);
}

void end_secret(db::Session& session, const std::string& secret_id, std::int64_t at_ms) {
    session.execute("UPDATE oauth_client_secrets SET expires_at_ms = ? WHERE secret_id = ? AND expires_at_ms > ?",
                    at_ms, secret_id, at_ms);
}

bool insert_assertion(db::Session& session, const std::string& assertion_hash, std::int64_t expires_at_ms) {
    return session.insert_new("INSERT INTO oauth_client_assertions (assertion_hash, expires_at_ms) VALUES (?, ?)",
                              assertion_hash, expires_at_ms);
}

std::optional<RequestRow> find_request(db::Session& session, const std::string& request_hash) {
    return session.optional_row<RequestRow>("SELECT * FROM oauth_requests WHERE request_hash = ?", request_hash);
}

std::optional<RequestRow> find_request_by_user_code(db::Session& session, const std::string& user_code_hash) {
    const auto rows = session.rows<RequestRow>(
        "SELECT * FROM oauth_requests WHERE user_code_hash = ? ORDER BY created_at_ms DESC LIMIT 1", user_code_hash);
    return rows.empty() ? std::nullopt : std::optional(rows.front());
}

void insert_request(db::Session& session, const RequestRow& r) {
    session.execute(
        "INSERT INTO oauth_requests (request_hash, kind, state, client_id, parameters, user_code_hash, grant_id, "
        "poll_interval_ms, polled_at_ms, created_at_ms, expires_at_ms, entered_by, asked_from) VALUES (?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?)",
        r.request_hash, r.kind, r.state, r.client_id, r.parameters, r.user_code_hash, r.grant_id, r.poll_interval_ms,
        r.polled_at_ms, r.created_at_ms, r.expires_at_ms, r.entered_by, r.asked_from);
}

bool enter_request(db::Session& session, const std::string& request_hash, const std::string& session_id) {
    session.execute("UPDATE oauth_requests SET entered_by = ? WHERE request_hash = ? AND entered_by = ''", session_id,
                    request_hash);
    const auto row = find_request(session, request_hash);
    return row && row->entered_by == session_id;
}

bool take_pushed(db::Session& session, const std::string& pushed_hash, const std::string& request_hash,
                 std::int64_t expires_at_ms) {
    return session.execute(
               "UPDATE oauth_requests SET request_hash = ?, kind = 'code', expires_at_ms = ? WHERE request_hash = ? "
               "AND kind = 'pushed'",
               request_hash, expires_at_ms, pushed_hash) == 1;
}

bool move_request(db::Session& session, const std::string& request_hash, const std::string& from, const std::string& to,
                  const std::string& grant_id) {
    return session.execute("UPDATE oauth_requests SET state = ?, grant_id = ? WHERE request_hash = ? AND state = ?", to,
                           grant_id, request_hash, from) == 1;
}

void note_poll(db::Session& session, const RequestRow& r) {
    session.execute("UPDATE oauth_requests SET poll_interval_ms = ?, polled_at_ms = ? WHERE request_hash = ?",
                    r.poll_interval_ms, r.polled_at_ms, r.request_hash);
}

std::optional<ConsentRow> find_consent(db::Session& session, const std::string& account_id,
                                       const std::string& client_id) {
    return session.optional_row<ConsentRow>("SELECT * FROM oauth_consents WHERE account_id = ? AND client_id = ?",
                                            account_id, client_id);
}

std::optional<ConsentRow> find_consent_by_id(db::Session& session, const std::string& consent_id) {
    return session.optional_row<ConsentRow>("SELECT * FROM oauth_consents WHERE consent_id = ?", consent_id);
}

std::vector<ConsentRow> consents_of(db::Session& session, const std::string& account_id, const std::string& after_id,
                                    int limit) {
    return session.rows<ConsentRow>(
        "SELECT * FROM oauth_consents WHERE account_id = ? AND client_id > ? ORDER BY client_id LIMIT ?", account_id,
        after_id, limit);
}

void save_consent(db::Session& session, const ConsentRow& r) {
    const auto changed = session.execute(
        "UPDATE oauth_consents SET scopes = ?, credit_code = ?, used_at_ms = ? WHERE account_id = ? AND client_id = ?",
        r.scopes, r.credit_code, r.used_at_ms, r.account_id, r.client_id);
    if (changed != 0) return;
    session.execute(
        "INSERT INTO oauth_consents (consent_id, account_id, client_id, scopes, credit_code, given_at_ms, used_at_ms) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        r.consent_id, r.account_id, r.client_id, r.scopes, r.credit_code, r.given_at_ms, r.used_at_ms);
}

void remove_consent(db::Session& session, const std::string& consent_id) {
    session.execute("DELETE FROM oauth_consents WHERE consent_id = ?", consent_id);
}

std::optional<GrantRow> find_grant(db::Session& session, const std::string& grant_id) {
    return session.optional_row<GrantRow>("SELECT * FROM oauth_grants WHERE grant_id = ?", grant_id);
}

void insert_grant(db::Session& session, const GrantRow& r) {
    session.execute(
        "INSERT INTO oauth_grants (grant_id, client_id, account_id, scopes, account_stamp, session_hash, "
        "authenticated_at_ms, nonce, created_at_ms, expires_at_ms, revoked_at_ms, organisation_id) VALUES (?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?)",
        r.grant_id, r.client_id, r.account_id, r.scopes, r.account_stamp, r.session_hash, r.authenticated_at_ms,
        r.nonce, r.created_at_ms, r.expires_at_ms, r.revoked_at_ms, r.organisation_id);
}

void revoke_grant(db::Session& session, const std::string& grant_id, std::int64_t at_ms) {
    session.execute("UPDATE oauth_grants SET revoked_at_ms = ? WHERE grant_id = ? AND revoked_at_ms = 0", at_ms,
                    grant_id);
}

void revoke_grants_of_sessions(db::Session& session, const std::string& account_id, const std::string& session_hash,
                               const std::string& but_hash, std::int64_t at_ms) {
    session.execute(
        "UPDATE oauth_grants SET revoked_at_ms = ? WHERE account_id = ? AND (? = '' OR session_hash = ?) AND "
        "session_hash <> ? AND revoked_at_ms = 0",
        at_ms, account_id, session_hash, session_hash, but_hash);
}

void revoke_grants_of_consent(db::Session& session, const std::string& account_id, const std::string& client_id,
                              std::int64_t at_ms) {
    session.execute(
        "UPDATE oauth_grants SET revoked_at_ms = ? WHERE account_id = ? AND client_id = ? AND revoked_at_ms = 0", at_ms,
        account_id, client_id);
}

std::optional<CodeRow> find_code(db::Session& session, const std::string& code_hash) {
    return session.optional_row<CodeRow>("SELECT * FROM oauth_codes WHERE code_hash = ?", code_hash);
}

void insert_code(db::Session& session, const CodeRow& r) {
    session.execute(
        "INSERT INTO oauth_codes (code_hash, grant_id, redirect_uri, code_challenge, expires_at_ms, used_at_ms) VALUES "
        "(?, ?, ?, ?, ?, ?)",
        r.code_hash, r.grant_id, r.redirect_uri, r.code_challenge, r.expires_at_ms, r.used_at_ms);
}

bool use_code(db::Session& session, const std::string& code_hash, std::int64_t at_ms) {
    return session.execute("UPDATE oauth_codes SET used_at_ms = ? WHERE code_hash = ? AND used_at_ms = 0", at_ms,
                           code_hash) == 1;
}

std::optional<TokenRow> find_token(db::Session& session, const std::string& token_hash) {
    return session.optional_row<TokenRow>("SELECT * FROM oauth_tokens WHERE token_hash = ?", token_hash);
}

void insert_token(db::Session& session, const TokenRow& r) {
    session.execute(
        "INSERT INTO oauth_tokens (token_hash, grant_id, kind, scopes, issued_at_ms, expires_at_ms, used_at_ms) VALUES "
        "(?, ?, ?, ?, ?, ?, ?)",
        r.token_hash, r.grant_id, r.kind, r.scopes, r.issued_at_ms, r.expires_at_ms, r.used_at_ms);
}

bool use_token(db::Session& session, const std::string& token_hash, std::int64_t at_ms) {
    return session.execute("UPDATE oauth_tokens SET used_at_ms = ? WHERE token_hash = ? AND used_at_ms = 0", at_ms,
                           token_hash) == 1;
}

void remove_access_tokens_before(db::Session& session, const std::string& grant_id, std::int64_t before_ms) {
    session.execute("DELETE FROM oauth_tokens WHERE grant_id = ? AND kind = 'access' AND expires_at_ms < ?", grant_id,
                    before_ms);
}

void end_token(db::Session& session, const std::string& token_hash, std::int64_t at_ms) {
    session.execute("UPDATE oauth_tokens SET expires_at_ms = ? WHERE token_hash = ? AND expires_at_ms > ?", at_ms,
                    token_hash, at_ms);
}

std::vector<KeyRow> signing_keys(db::Session& session) {
    return session.rows<KeyRow>("SELECT * FROM oauth_signing_keys ORDER BY algorithm, signs_from_ms, key_id LIMIT 200");
}

void insert_key(db::Session& session, const KeyRow& r) {
    session.execute(
        "INSERT INTO oauth_signing_keys (key_id, algorithm, sealed_key, public_key_info, created_at_ms, "
        "signs_from_ms, withdrawn_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
        r.key_id, r.algorithm, r.sealed_key, r.public_key_info, r.created_at_ms, r.signs_from_ms, r.withdrawn_at_ms);
}

void withdraw_key(db::Session& session, const std::string& key_id, std::int64_t at_ms) {
    session.execute("UPDATE oauth_signing_keys SET withdrawn_at_ms = ? WHERE key_id = ? AND withdrawn_at_ms = 0", at_ms,
                    key_id);
}

std::optional<LinkRow> find_link(db::Session& session, const std::string& subject_hash) {
    return session.optional_row<LinkRow>("SELECT * FROM oauth_provider_links WHERE subject_hash = ?", subject_hash);
}

std::optional<LinkRow> find_link_of(db::Session& session, const std::string& account_id) {
    return session.optional_row<LinkRow>("SELECT * FROM oauth_provider_links WHERE account_id = ?", account_id);
}

bool insert_link(db::Session& session, const LinkRow& r) {
    return session.insert_new(
        "INSERT INTO oauth_provider_links (link_id, subject_hash, account_id, linked_at_ms) VALUES (?, ?, ?, ?)",
        r.link_id, r.subject_hash, r.account_id, r.linked_at_ms);
}

void remove_link(db::Session& session, const std::string& account_id) {
    session.execute("DELETE FROM oauth_provider_links WHERE account_id = ?", account_id);
}

void insert_visit(db::Session& session, const VisitRow& r) {
    session.execute(
        "INSERT INTO oauth_provider_visits (state_hash, browser_hash, account_id, next_path, expires_at_ms, "
        "session_id, proves_again) VALUES (?, ?, ?, ?, ?, ?, ?)",
        r.state_hash, r.browser_hash, r.account_id, r.next_path, r.expires_at_ms, r.session_id, r.proves_again);
}

std::optional<VisitRow> take_visit(db::Session& session, const std::string& state_hash) {
    auto row = session.optional_row<VisitRow>("SELECT * FROM oauth_provider_visits WHERE state_hash = ?", state_hash);
    const bool taken =
        row && session.execute("DELETE FROM oauth_provider_visits WHERE state_hash = ?", state_hash) == 1;
    return taken ? std::move(row) : std::nullopt;
}

bool sweep(db::Session& session, std::int64_t before_ms) {
    // Keys first, then rows: both databases walk an index, and neither deletes with a LIMIT in the same words.
    const auto requests = session.rows<std::string>(
        "SELECT request_hash FROM oauth_requests WHERE expires_at_ms < ? LIMIT ?", before_ms, kSweptAtOnce);
    for (const auto& hash : requests) {
        session.execute("DELETE FROM oauth_requests WHERE request_hash = ?", hash);
    }
    const auto grants = session.rows<std::string>("SELECT grant_id FROM oauth_grants WHERE expires_at_ms < ? LIMIT ?",
                                                  before_ms, kSweptAtOnce);
    for (const auto& grant_id : grants) {
        session.execute("DELETE FROM oauth_tokens WHERE grant_id = ?", grant_id);
        session.execute("DELETE FROM oauth_codes WHERE grant_id = ?", grant_id);
        session.execute("DELETE FROM oauth_grants WHERE grant_id = ?", grant_id);
    }
    session.execute("DELETE FROM oauth_provider_visits WHERE expires_at_ms < ?", before_ms);
    session.execute("DELETE FROM oauth_client_assertions WHERE expires_at_ms < ?", before_ms);
    return std::max(requests.size(), grants.size()) == static_cast<std::size_t>(kSweptAtOnce);
}

}  // namespace kaigong::oauth::store
