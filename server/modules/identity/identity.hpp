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
#include "crypto/resealing.hpp"
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

/// The same person as services see him.
authz::Actor actor_of(const Account& account);

/// Colleagues to hand work to or to ask.
struct OfficerQuery {
    /// Officers of this region and of those above it.
    std::string region_code = {};
    /// Empty: of every department.
    std::string department = {};
    /// Part of the name or of the department's name; empty: everybody.
    std::string text = {};
    std::size_t limit = 20;
};

struct NewAccount {
    Account account;
    std::string password;
};

inline constexpr int kOfficersMax = 2'000;

class Identity : public http::Authenticator {
  public:
    virtual std::optional<Account> find_account(const authz::AccountId& account_id) = 0;
    /// As records and colleagues see him: 「李窗口（住房和城乡建设局）」; the id where the account is gone.
    virtual std::string name_of(const authz::AccountId& account_id) = 0;
    /// In the order of department and account name. Looks at no more than kOfficersMax of a region: names are sealed
    /// and can't be searched by the database.
    virtual Result<std::vector<Account>> find_officers(const OfficerQuery& query) = 0;
    /// Fails with identity.account_name_taken, identity.password_weak.
    virtual Result<Account> create(const NewAccount& account, std::int64_t now_ms) = 0;
    virtual std::vector<http::Endpoint> routes() = 0;
    /// The same inside the caller's transaction.
    virtual std::vector<Account> find_officers(db::Session& session, const OfficerQuery& query) = 0;
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

/// Where the module keeps sealed values. A column that is sealed and not named here stays under its old key for ever.
std::vector<crypto::SealedColumn> sealed_columns(db::Database& database, const crypto::KeyRing& key_ring);

}  // namespace kaigong::identity
