// The people of the demo bureau. Only `serve --demo` makes them, and production refuses to open a demo's database.
#pragma once

#include "modules/identity/identity.hpp"

namespace kaigong::app {

/// Published, so nobody but a demo may use it.
inline constexpr const char* kDemoPassword = "kaigong-demo-2026";

/// Makes the accounts that are missing.
Result<void> make_demo_accounts(identity::Identity& identity, std::int64_t now_ms);

}  // namespace kaigong::app
