// The people of the demo bureau. Only `serve --demo` makes them, and production refuses to open a demo's database.
#pragma once

#include <map>
#include <string>

#include "modules/identity/identity.hpp"

namespace kaigong::app {

/// Published, so nobody but a demo may use it.
inline constexpr const char* kDemoPassword = "kaigong-demo-2026";

/// Of the demo's signing keys, whose certificates say that they are worth nothing.
inline constexpr const char* kDemoSigningPassphrase = "kaigong-demo-signing";

/// Code → name.
using Departments = std::map<std::string, std::string>;

/// Makes the accounts that are missing, so that every department of the catalogue has people.
Result<void> make_demo_accounts(identity::Identity& identity, const Departments& departments, std::int64_t now_ms);

/// Production serves nobody while an account of the demo's list still has the demo's password.
/// Fails with app.demo_accounts (conflict), which names them.
Result<void> refuse_demo_accounts(identity::IdentityOffice& identity);

}  // namespace kaigong::app
