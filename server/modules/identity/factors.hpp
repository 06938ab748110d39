// Second factors of accounts: authenticator apps (TOTP), security keys (WebAuthn) and recovery codes. Knows no
// sessions: sign-in and step-up ask here whether a proof is good, and decide themselves what that is worth
// (docs/adr/0029).
//
// All calls besides those that take a db::Session make transactions of their own; never call them inside a body.
// Reasons that every call which judges a proof can fail with: identity.factor_paused (rate_limited, five wrong proofs
// of whatever kind within one account; 15 minutes) and what the database fails with.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "authz/actor.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/key_ring.hpp"
#include "db/database.hpp"
#include "http/router.hpp"
#include "modules/audit/audit.hpp"

namespace kaigong::identity {

enum class FactorKind { totp, webauthn };

/// `totp`, `webauthn`, as in JSON and SQL.
std::string_view to_string(FactorKind kind);

/// One that works: confirmed, not removed.
struct Factor {
    std::string factor_id;
    FactorKind kind = FactorKind::totp;
    /// As the person calls it: 「我的手机」.
    std::string name;
    std::int64_t created_at_ms = 0;
    std::optional<std::int64_t> last_used_at_ms;
};

struct FactorList {
    std::vector<Factor> factors;  ///< in the order in which they were added
    int recovery_codes_left = 0;
};

/// What the person should be told by another way (message, letter), because it may not have been him.
enum class FactorEvent {
    added,
    removed,
    /// All of them, by an administrator.
    reset,
    recovery_codes_made,
    recovery_code_used,
    /// Five wrong proofs.
    paused,
    /// A security key counted backwards: there may be two of it.
    clone_suspected,
    /// With it and the password the first factor is bound.
    enrolment_code_given,
};

/// What factors ask of the accounts they belong to. Called inside bodies: SQL only.
class FactorAccounts {
  public:
    FactorAccounts() = default;
    FactorAccounts(const FactorAccounts&) = delete;
    FactorAccounts& operator=(const FactorAccounts&) = delete;
    virtual ~FactorAccounts() = default;

    /// What is typed at sign-in; empty when there is no such account.
    virtual std::string account_name(db::Session& session, const authz::AccountId& account_id) = 0;
    /// Whether the account may not be without a factor.
    virtual bool is_factor_forced(db::Session& session, const authz::AccountId& account_id) = 0;
    /// Whether this session, which has to bind the first factor, has shown all that this asks for.
    virtual bool may_enrol(db::Session& session, const std::string& session_id) = 0;
    /// The first factor was bound by this session, which had to.
    virtual void enrolled(db::Session& session, const std::string& session_id) = 0;
    /// In the transaction of the event. An audit entry is written already.
    virtual void told(db::Session& session, const authz::AccountId& account_id, FactorEvent event) = 0;
};

/// The site as browsers name it to a security key.
struct FactorSite {
    /// `https://permits.example.gov.cn`, with the port where it is not the usual one.
    std::string origin;
    /// The host of the origin or a domain above it; empty where the site has an IP address for a name: security keys
    /// don't work there, authenticator apps do.
    std::string rp_id;
};

/// Of `public_url`; `rp_id_wanted` (setting `identity.webauthn_rp_id`) may be empty.
/// Fails with identity.webauthn_rp_id_invalid when that is neither the host nor a domain above it.
Result<FactorSite> factor_site(std::string_view public_url, std::string_view rp_id_wanted);

/// A TOTP secret that waits for its first code.
struct TotpEnrolment {
    std::string factor_id;
    std::string secret;       ///< base32 without padding, to be typed
    std::string otpauth_uri;  ///< for the QR code
    std::int64_t expires_at_ms = 0;
};

/// What the browser's navigator.credentials.create() gave, decoded.
struct WebauthnRegistration {
    std::string name;
    std::string client_data_json;
    std::string authenticator_data;
};

/// What navigator.credentials.get() gave, decoded.
struct WebauthnAssertion {
    std::string credential_id;
    std::string client_data_json;
    std::string authenticator_data;
    std::string signature;
};

/// Reads `{credential_id, client_data_json, authenticator_data, signature}`, all base64url without padding.
WebauthnAssertion read_webauthn_assertion(JsonReader& reader);

class Factors {
  public:
    Factors() = default;
    Factors(const Factors&) = delete;
    Factors& operator=(const Factors&) = delete;
    virtual ~Factors() = default;

    // — What sign-in and step-up need.

    /// Without repetition, totp first. Recovery codes are no kind: they are of use only beside a factor.
    virtual std::vector<FactorKind> kinds_of(db::Session& session, const authz::AccountId& account_id) = 0;
    virtual bool has_any(db::Session& session, const authz::AccountId& account_id) = 0;
    virtual int recovery_codes_left(db::Session& session, const authz::AccountId& account_id) = 0;

    /// Six digits of any of the account's authenticator apps; each code of each app is good once, also when two come at
    /// the same time. Gives the factor's id.
    /// Fails with identity.factor_code_wrong, identity.factor_code_used (both invalid_input, field `code`).
    virtual Result<std::string> verify_totp(const authz::AccountId& account_id, std::string_view code) = 0;
    /// Letter case, spaces and hyphens don't matter. Gives the number that is left.
    /// Fails with identity.factor_recovery_code_wrong (invalid_input, field `recovery_code`).
    virtual Result<int> use_recovery_code(const authz::AccountId& account_id, std::string_view code) = 0;
    /// The options for navigator.credentials.get() in the form of PublicKeyCredential.parseRequestOptionsFromJSON();
    /// good for 5 minutes and once.
    /// Fails with identity.factor_not_found (no security key), identity.factor_webauthn_unavailable (IP address).
    virtual Result<boost::json::object> begin_assertion(const authz::AccountId& account_id) = 0;
    /// Gives the factor's id. Fails with identity.factor_challenge_expired, identity.factor_not_found (a key that is
    /// not the account's), identity.factor_clone_suspected, crypto.webauthn_… (all of webauthn.hpp).
    virtual Result<std::string> finish_assertion(const authz::AccountId& account_id,
                                                 const WebauthnAssertion& assertion) = 0;

    // — What the person does with them. `by` is the person.

    virtual Result<FactorList> list(const authz::AccountId& account_id) = 0;
    /// Good for 10 minutes. Fails with identity.factor_too_many.
    virtual Result<TotpEnrolment> begin_totp(const authz::AccountId& account_id, std::string_view name) = 0;
    /// Fails with identity.factor_not_found, identity.factor_expired, identity.factor_code_wrong.
    virtual Result<Factor> confirm_totp(const authz::AccountId& account_id, std::string_view factor_id,
                                        std::string_view code) = 0;
    /// The options for navigator.credentials.create(), for parseCreationOptionsFromJSON(); good for 5 minutes and once.
    /// Fails with identity.factor_too_many, identity.factor_webauthn_unavailable.
    virtual Result<boost::json::object> begin_registration(const authz::AccountId& account_id) = 0;
    /// Fails with identity.factor_challenge_expired, identity.factor_registered_already, identity.factor_too_many,
    /// crypto.webauthn_… .
    virtual Result<Factor> finish_registration(const authz::AccountId& account_id,
                                               const WebauthnRegistration& registration) = 0;
    /// Ten new ones, shown this once; the old ones are void. Fails with identity.factor_none (nothing to recover from).
    virtual Result<std::vector<std::string>> make_recovery_codes(const authz::AccountId& account_id) = 0;
    /// Fails with identity.factor_not_found.
    virtual Result<Factor> rename(const authz::AccountId& account_id, std::string_view factor_id,
                                  std::string_view name) = 0;
    /// With the last one the recovery codes go too.
    /// Fails with identity.factor_not_found, identity.factor_last (the account may not be without).
    virtual Result<void> remove(const authz::AccountId& account_id, std::string_view factor_id) = 0;

    /// By an administrator, for who lost everything: all factors, recovery codes, open challenges and the pause. From
    /// here on an enrolment code is owed. The caller has asked authz, and ends the account's sessions in the same
    /// transaction.
    virtual void reset_all(db::Session& session, const authz::AccountId& account_id, const authz::AccountId& by) = 0;

    // — Beside the password for who binds the first one (docs/adr/0040); nobody asks for it where none is forced.

    /// Factors were reset and none was bound since, or a code was given.
    virtual bool is_enrolment_code_owed(db::Session& session, const authz::AccountId& account_id) = 0;
    /// Nothing where no code that was given is good any more.
    virtual std::optional<std::int64_t> enrolment_code_until_ms(db::Session& session,
                                                                const authz::AccountId& account_id) = 0;
    /// Shown this once; good until then, or until a factor is bound. The one before is void. The caller has asked
    /// authz. Fails with identity.factor_bound_already.
    virtual Result<std::string> give_enrolment_code(db::Session& session, const authz::AccountId& account_id,
                                                    std::int64_t until_ms) = 0;
    /// Letter case, spaces and hyphens don't matter.
    /// Fails with identity.enrolment_code_wrong (invalid_input, field `enrolment_code`).
    virtual Result<void> prove_enrolment_code(const authz::AccountId& account_id, std::string_view code) = 0;

    /// `/api/v1/account/factors…`, `/api/v1/account/recovery-codes`.
    virtual std::vector<http::Endpoint> routes() = 0;
};

/// All must live longer.
struct FactorParts {
    db::Database& database;
    /// The machine's: codes and challenges are about real time, also where a demo's clock jumps.
    const Clock& machine_clock;
    /// The office's, for audit entries.
    const Clock& office_clock;
    const crypto::KeyRing& key_ring;
    audit::Audit& audit;
    FactorAccounts& accounts;
    FactorSite site;
};
std::unique_ptr<Factors> make_factors(FactorParts parts);

}  // namespace kaigong::identity
