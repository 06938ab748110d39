// Access for other programs on behalf of people and of other systems: an authorization server (OAuth 2.1, OpenID
// Connect) over the accounts of identity. Clients are agreed to by two administrators; a person agrees to what a client
// may do for him; whatever a token reaches is decided anew at each use, from the account as it is then.
//
// Not for signing in to this program's own pages: those have the cookie session of identity.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "authz/permissions.hpp"
#include "base/clock.hpp"
#include "base/settings.hpp"
#include "crypto/key_ring.hpp"
#include "db/database.hpp"
#include "http/authenticator.hpp"
#include "http/router.hpp"
#include "modules/audit/audit.hpp"
#include "modules/identity/identity.hpp"

namespace kaigong::oauth {

/// One permission that a client may be given, with its words: the consent page, the documents and the actions of
/// authz all come from this table.
struct Scope {
    std::string_view name;
    std::string_view chinese;
    std::string_view english;
    /// People may give it to clients; systems may have it for themselves.
    bool for_people = false;
    bool for_systems = false;
    std::span<const std::string_view> actions = {};
};
std::span<const Scope> scopes();

/// Who may look after clients, and what other systems reach by themselves.
std::span<const authz::Grant> permissions();

/// Where the module keeps sealed values, for a change of keys.
std::vector<crypto::SealedColumn> sealed_columns(db::Database& database, const crypto::KeyRing& key_ring);

class OAuth : public http::Authenticator {
  public:
    /// Only `Credentials::bearer`. Fails with oauth.token_not_valid (unauthenticated): unknown, out of time, revoked,
    /// the account or client is no longer what it was when the token was given.
    Result<http::Session> authenticate(const http::Credentials& credentials) override = 0;
    virtual std::vector<http::Endpoint> routes() = 0;
    /// Whether pages of this origin (`https://a.example`) may call the endpoints that are marked `cross_origin`: it is
    /// the origin of an address of an active public client. Any thread.
    virtual bool origin_allowed(std::string_view origin) = 0;
    /// Every second or so where other processes change clients too, and once at the start.
    virtual Result<void> refresh() = 0;
    /// Once an hour: forgets what is out of time, makes the next signing key when its time has come.
    virtual Result<void> sweep() = 0;
};

/// Who may get an account by signing in through a provider for the first time. Nobody gets rights by it.
enum class Provision { nobody, public_accounts, officers };

/// Another server through which people may sign in (the province's). All of it comes from configuration.
struct ProviderSettings {
    std::string issuer;  ///< without a slash at the end
    std::string client_id;
    SecretText client_secret;
    /// `host[:port]` beside the issuer's own that its metadata may lead to.
    std::vector<std::string> hosts;
    Provision provision = Provision::nobody;
    /// Whose value tells officers from others (Provision::officers).
    std::string officer_claim;
    std::string officer_value;
    std::string name_claim = "name";
    /// Whose value is the person's ID number, seen by the provider; empty: it tells none that we may believe.
    std::string id_number_claim = {};
    /// On the button.
    std::string chinese;
    std::string english;
};
/// Fails with oauth.provider_settings_unfit.
Result<void> check_provider_settings(const ProviderSettings& settings);

/// Everything must live longer.
struct Parts {
    db::Database& database;
    /// Tokens run on the machine's clock as sessions do, also where a demo's clock jumps.
    const Clock& machine_clock;
    /// Of audit entries.
    const Clock& office_clock;
    const crypto::KeyRing& key_ring;
    const authz::Permissions& permissions;
    identity::Identity& identity;
    audit::Audit& audit;
    /// Where people reach this program, without a slash at the end: the issuer of all tokens.
    std::string public_url;
    std::optional<ProviderSettings> provider = {};
};
/// Fails with oauth.issuer_not_secure: `public_url` is neither https nor a loopback address.
Result<std::unique_ptr<OAuth>> make_oauth(Parts parts);

}  // namespace kaigong::oauth
