// The rule that no update is lost: a command reads its aggregate's root row, decides, and bumps the row's `version`.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "db/session.hpp"

namespace kaigong::db {

/// Counts `version` of the root row up, if it still is `expected_version`. Call it before the other writes of the
/// command: on MariaDB it takes the row's lock. `table` and `id_column` are constants of the store.
/// Fails with db.version_is_stale (precondition_failed) when somebody was faster or the row is gone.
Result<void> bump_version(Session& session, std::string_view table, std::string_view id_column, std::string_view id,
                          std::int64_t expected_version);

}  // namespace kaigong::db
