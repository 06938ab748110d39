// When a timer of a case last had its effect: SQL and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "db/session.hpp"

namespace kaigong::approval::store {

/// Nothing where none ever fired.
std::optional<std::int64_t> last_timer_of(db::Session& session, const std::string& application_id);
void timer_fired(db::Session& session, const std::string& application_id, std::int64_t now_ms);

}  // namespace kaigong::approval::store
