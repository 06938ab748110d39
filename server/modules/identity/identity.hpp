// Accounts and sessions: who signs in, as whom, and for how long. Roles and departments stand on the account; what a
// role may do is authz. OAuth, second factors and administration come later through the same door.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "authz/actor.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/key_ring.hpp"
#include "crypto/password.hpp"
#include "db/database.hpp"
#include "http/authenticator.hpp"
#include "http/router.hpp"
#include "modules/audit/audit.hpp"

namespace kaigong::identity {

struct Account {
    authz::AccountId account_id;
    std::string account_name;  ///< what is typed at sign-in, lower case
    std::string display_name;  ///< 李窗口
    authz::AccountKind kind = authz::AccountKind::owner_agent;
    std::string organisation_name;
    std::string credit_code;
    std::string department;
    std::string department_name;
    std::string region_code;
    std::vector<authz::Role> roles;
};

struct NewAccount {
    Account account;
    std::string password;
};

class Identity : public http::Authenticator {
  public:
    virtual std::optional<Account> find_account(const authz::AccountId& account_id) = 0;
    /// As records and colleagues see him: 「李窗口（住房和城乡建设局）」; the id where the account is gone.
    virtual std::string name_of(const authz::AccountId& account_id) = 0;
    /// Fails with identity.account_name_taken, identity.password_weak.
    virtual Result<Account> create(const NewAccount& account, std::int64_t now_ms) = 0;
    virtual std::vector<http::Endpoint> routes() = 0;
};

/// What the module is made of; everything must live longer.
struct Parts {
    db::Database& database;
    /// The machine's clock: sessions are about real time, also where a demo's clock jumps.
    const Clock& machine_clock;
    /// The office's clock, shown to pages so that "today" is the same everywhere.
    const Clock& office_clock;
    const crypto::KeyRing& key_ring;
    audit::Audit& audit;
    crypto::Argon2Parameters password_cost = {};
    bool demo = false;
};
std::unique_ptr<Identity> make_identity(Parts parts);

}  // namespace kaigong::identity
