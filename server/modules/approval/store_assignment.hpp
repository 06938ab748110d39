// What the giving of tasks counts: open tasks of a person, and whose turn was when. SQL and nothing else.
#pragma once

#include <cstdint>
#include <string>

#include "db/session.hpp"

namespace kaigong::approval::store {

/// No count goes beyond this.
inline constexpr std::int64_t kOpenTasksMax = 1'000;

std::int64_t open_tasks_of(db::Session& session, const std::string& account_id);

/// When the process gave this person a task for being the least loaded; 0 when never.
std::int64_t last_turn_of(db::Session& session, const std::string& account_id);
void take_turn(db::Session& session, const std::string& account_id, std::int64_t now_ms);

}  // namespace kaigong::approval::store
