// The mark that keeps a demo database out of production: a demo runs on a virtual clock with published passwords.
#pragma once

#include "base/result.hpp"
#include "db/database.hpp"

namespace kaigong::db {

enum class Purpose { production, demo };

/// Marks a database that has no mark yet; call it after `migrate` and before serving. Fails with
/// db.is_a_demo_database when production opens a demo, db.is_a_production_database the other way round (forbidden).
Result<void> claim_for(Database& database, Purpose purpose);

}  // namespace kaigong::db
