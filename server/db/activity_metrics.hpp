// The database's numbers for `/metrics`.
#pragma once

#include "base/metrics.hpp"
#include "db/database.hpp"

namespace kaigong::db {

/// The database must live as long as the registry is rendered.
void publish_activity(Metrics& metrics, const Database& database);

}  // namespace kaigong::db
