#include "modules/approval/store_self_checks.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kaigong::approval::store {

bool insert_check(db::Session& session, const CheckRow& r) {
    return session.insert_new(
        "INSERT INTO self_checks (check_id, night, started_by, started_at_ms, state, page_no, after_id, case_count, "
        "looked_at, found) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.check_id, r.night, r.started_by, r.started_at_ms, r.state, r.page_no, r.after_id, r.case_count, r.looked_at,
        r.found);
}

bool has_check_of_night(db::Session& session, const std::string& night) {
    return session.row<std::int64_t>("SELECT count(*) FROM self_checks WHERE night = ?", night) > 0;
}

std::optional<CheckRow> running_check(db::Session& session) {
    return session.optional_row<CheckRow>(
        "SELECT * FROM self_checks WHERE state = 'running' ORDER BY started_at_ms, check_id LIMIT 1");
}

std::optional<CheckRow> find_check(db::Session& session, const std::string& check_id) {
    return session.optional_row<CheckRow>("SELECT * FROM self_checks WHERE check_id = ?", check_id);
}

std::vector<CheckRow> checks_before(db::Session& session, std::int64_t before_ms, int limit) {
    return session.rows<CheckRow>(
        "SELECT * FROM self_checks WHERE started_at_ms < ? ORDER BY started_at_ms DESC, check_id DESC LIMIT ?",
        before_ms, limit);
}

std::int64_t count_living(db::Session& session, std::int64_t count_max) {
    return session.row<std::int64_t>("SELECT count(*) FROM (SELECT 1 FROM case_calendars LIMIT ?) AS counted",
                                     count_max);
}

std::vector<std::string> living_cases(db::Session& session, const std::string& after, int limit) {
    auto ids = session.rows<std::string>(
        "SELECT application_id FROM case_calendars WHERE application_id > ? ORDER BY application_id LIMIT ?", after,
        limit);
    // A process that has ended although its application has not has no row there.
    for (const char* state : {"submitted", "accepted", "awaiting_decision"}) {
        auto stuck = session.rows<std::string>(
            "SELECT application_id FROM procedures WHERE waits = 0 AND state = ? AND application_id > ? ORDER BY "
            "application_id LIMIT ?",
            state, after, limit);
        std::ranges::move(stuck, std::back_inserter(ids));
    }
    // What was promised is checked after the end of the process.
    auto promised = session.rows<std::string>(
        "SELECT DISTINCT application_id FROM case_episodes WHERE kind = 'commitment' AND state = 'open' AND "
        "application_id > ? ORDER BY application_id LIMIT ?",
        after, limit);
    std::ranges::move(promised, std::back_inserter(ids));
    std::ranges::sort(ids);
    ids.erase(std::ranges::unique(ids).begin(), ids.end());
    if (ids.size() > static_cast<std::size_t>(limit)) ids.resize(static_cast<std::size_t>(limit));
    return ids;
}

bool write_page(db::Session& session, const CheckRow& before, const CheckRow& after) {
    return session.execute(
               "UPDATE self_checks SET state = ?, page_no = ?, after_id = ?, looked_at = ?, found = ?, ended_at_ms = "
               "? WHERE check_id = ? AND page_no = ? AND state = 'running'",
               after.state, after.page_no, after.after_id, after.looked_at, after.found, after.ended_at_ms,
               before.check_id, before.page_no) == 1;
}

std::int64_t count_findings(db::Session& session, const authz::BoundScope& scope, const std::string& check_id) {
    return authz::scoped_row<std::int64_t>(
        session, fmt::format("SELECT count(*) FROM self_check_findings WHERE {} AND check_id = ?", scope.sql()), scope,
        check_id);
}

void insert_finding(db::Session& session, const FindingRow& r) {
    session.execute(
        "INSERT INTO self_check_findings (check_id, finding_id, application_id, application_number, works_name, "
        "region_code, kind, task_id, task_name, department, role, holder_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
        "?, ?)",
        r.check_id, r.finding_id, r.application_id, r.application_number, r.works_name, r.region_code, r.kind,
        r.task_id, r.task_name, r.department, r.role, r.holder_name);
}

std::vector<FindingRow> findings_after(db::Session& session, const authz::BoundScope& scope,
                                       const std::string& check_id, const std::string& after, int limit) {
    return authz::scoped_rows<FindingRow>(
        session,
        fmt::format(
            "SELECT * FROM self_check_findings WHERE {} AND check_id = ? AND finding_id > ? ORDER BY finding_id "
            "LIMIT ?",
            scope.sql()),
        scope, check_id, after, limit);
}

}  // namespace kaigong::approval::store
