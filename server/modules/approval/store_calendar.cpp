#include "modules/approval/store_calendar.hpp"

#include <fmt/format.h>

namespace kaigong::approval::store {

std::optional<std::int64_t> calendar_number_of(db::Session& session, const std::string& application_id) {
    return session.optional_row<std::int64_t>("SELECT calendar_number FROM case_calendars WHERE application_id = ?",
                                              application_id);
}

void save_case_calendar(db::Session& session, const std::string& application_id, std::int64_t number,
                        bool provisional) {
    const auto changed =
        session.execute("UPDATE case_calendars SET calendar_number = ?, provisional = ? WHERE application_id = ?",
                        number, provisional, application_id);
    if (changed == 1) return;
    session.execute("INSERT INTO case_calendars (application_id, calendar_number, provisional) VALUES (?, ?, ?)",
                    application_id, number, provisional);
}

void delete_case_calendar(db::Session& session, const std::string& application_id) {
    session.execute("DELETE FROM case_calendars WHERE application_id = ?", application_id);
}

bool lock_outdated_procedure(db::Session& session, const std::string& application_id, std::int64_t number) {
    return session.execute(
               "UPDATE procedures SET version = version + 1 WHERE application_id = ? AND EXISTS (SELECT 1 FROM "
               "case_calendars c WHERE c.application_id = procedures.application_id AND c.calendar_number < ?)",
               application_id, number) == 1;
}

std::vector<std::string> outdated_cases(db::Session& session, std::int64_t number, const std::string& after,
                                        int limit) {
    return session.rows<std::string>(
        "SELECT application_id FROM case_calendars WHERE calendar_number < ? AND application_id > ? ORDER BY "
        "application_id LIMIT ?",
        number, after, limit);
}

std::vector<std::string> running_cases(db::Session& session, const authz::BoundScope& scope, const std::string& after,
                                       int limit) {
    return authz::scoped_rows<std::string>(
        session,
        fmt::format(
            "SELECT application_id FROM case_calendars WHERE {} AND application_id > ? ORDER BY application_id LIMIT ?",
            scope.sql()),
        scope, after, limit);
}

std::vector<std::string> provisional_cases(db::Session& session, const authz::BoundScope& scope,
                                           const std::string& after, int limit) {
    return authz::scoped_rows<std::string>(
        session,
        fmt::format("SELECT application_id FROM case_calendars WHERE {} AND provisional = 1 AND application_id > ? "
                    "ORDER BY application_id LIMIT ?",
                    scope.sql()),
        scope, after, limit);
}

std::int64_t count_outdated(db::Session& session, const authz::BoundScope& scope, std::int64_t number,
                            std::int64_t count_max) {
    return authz::scoped_row<std::int64_t>(
        session,
        fmt::format("SELECT count(*) FROM (SELECT 1 FROM case_calendars WHERE {} AND calendar_number < ? LIMIT ?) AS "
                    "counted",
                    scope.sql()),
        scope, number, count_max);
}

std::int64_t count_running(db::Session& session, const authz::BoundScope& scope, std::int64_t count_max) {
    return authz::scoped_row<std::int64_t>(
        session,
        fmt::format("SELECT count(*) FROM (SELECT 1 FROM case_calendars WHERE {} LIMIT ?) AS counted", scope.sql()),
        scope, count_max);
}

std::int64_t count_provisional(db::Session& session, const authz::BoundScope& scope, std::int64_t count_max) {
    return authz::scoped_row<std::int64_t>(
        session,
        fmt::format("SELECT count(*) FROM (SELECT 1 FROM case_calendars WHERE {} AND provisional = 1 LIMIT ?) AS "
                    "counted",
                    scope.sql()),
        scope, count_max);
}

}  // namespace kaigong::approval::store
