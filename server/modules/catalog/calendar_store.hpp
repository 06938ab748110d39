// The table of published calendar years and of what authorities publish for themselves: SQL and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::catalog::store {

struct CalendarYearRow {
    std::int64_t number = 0;
    std::int64_t year = 0;
    std::string year_table;
    std::optional<std::string> published_by;
    std::int64_t published_at_ms = 0;
    std::string region_code;  ///< of the authority whose settings it holds; empty for a year of the country
};

/// Every publication, the earliest first.
std::vector<CalendarYearRow> calendar_years(db::Session& session);
/// Of the latest publication; 0 when there is none.
std::int64_t last_calendar_number(db::Session& session);
/// False when another publication took the number first.
bool insert(db::Session& session, const CalendarYearRow& row);

}  // namespace kaigong::catalog::store
