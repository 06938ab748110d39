#include "modules/catalog/calendar_store.hpp"

namespace kaigong::catalog::store {

std::vector<CalendarYearRow> calendar_years(db::Session& session) {
    return session.rows<CalendarYearRow>(
        "SELECT number, year, year_table, published_by, published_at_ms, region_code FROM calendar_years "
        "ORDER BY number LIMIT 10000");
}

std::int64_t last_calendar_number(db::Session& session) {
    return session.row<std::optional<std::int64_t>>("SELECT max(number) FROM calendar_years").value_or(0);
}

bool insert(db::Session& session, const CalendarYearRow& row) {
    return session.insert_new(
        "INSERT INTO calendar_years (number, year, year_table, published_by, published_at_ms, region_code) VALUES (?, "
        "?, "
        "?, ?, ?, ?)",
        row.number, row.year, row.year_table, row.published_by, row.published_at_ms, row.region_code);
}

}  // namespace kaigong::catalog::store
