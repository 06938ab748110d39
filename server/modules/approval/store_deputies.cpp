#include "modules/approval/store_deputies.hpp"

#include <fmt/format.h>

namespace kaigong::approval::store {

void lock_deputies_of(db::Session& session, const std::string& account_id) {
    if (session.insert_new("INSERT INTO deputised_people (account_id, changes) VALUES (?, 1)", account_id)) return;
    session.execute("UPDATE deputised_people SET changes = changes + 1 WHERE account_id = ?", account_id);
}

std::optional<DeputyshipRow> find_deputyship(db::Session& session, const std::string& deputyship_id) {
    return session.optional_row<DeputyshipRow>("SELECT * FROM deputyships WHERE deputyship_id = ?", deputyship_id);
}

void insert_deputyship(db::Session& session, const DeputyshipRow& r) {
    session.execute(
        "INSERT INTO deputyships (deputyship_id, version, absent_id, absent_name, deputy_id, deputy_name, department, "
        "region_code, from_at_ms, until_at_ms, reason, named_by_id, named_by, named_at_ms) VALUES (?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?)",
        r.deputyship_id, r.version, r.absent_id, r.absent_name, r.deputy_id, r.deputy_name, r.department, r.region_code,
        r.from_at_ms, r.until_at_ms, r.reason, r.named_by_id, r.named_by, r.named_at_ms);
}

Result<void> end_deputyship(db::Session& session, const DeputyshipRow& r) {
    const auto count = session.execute(
        "UPDATE deputyships SET version = version + 1, ended_at_ms = ?, ended_by = ?, end_reason = ? WHERE "
        "deputyship_id = ? AND version = ?",
        r.ended_at_ms, r.ended_by, r.end_reason, r.deputyship_id, r.version);
    if (count == 1) return {};
    return error(Errc::precondition_failed, "db.version_is_stale",
                 "您看到的内容已经被别人改过。请刷新页面，核对最新内容后再操作一次。");
}

std::vector<DeputyshipRow> in_force_for(db::Session& session, const std::string& deputy_id, std::int64_t at_ms) {
    return session.rows<DeputyshipRow>(
        "SELECT * FROM deputyships WHERE deputy_id = ? AND until_at_ms > ? AND from_at_ms <= ? AND (ended_at_ms IS "
        "NULL OR ended_at_ms > ?) ORDER BY from_at_ms, deputyship_id LIMIT 50",
        deputy_id, at_ms, at_ms, at_ms);
}

std::vector<DeputyshipRow> absences_within(db::Session& session, const std::string& absent_id, std::int64_t from_at_ms,
                                           std::int64_t until_at_ms) {
    return session.rows<DeputyshipRow>(
        "SELECT * FROM deputyships WHERE absent_id = ? AND until_at_ms > ? AND from_at_ms < ? AND ended_at_ms IS NULL "
        "ORDER BY from_at_ms LIMIT 50",
        absent_id, from_at_ms, until_at_ms);
}

std::vector<DeputyshipRow> deputyships_of(db::Session& session, const std::string& account_id, int limit) {
    return session.rows<DeputyshipRow>(
        "SELECT * FROM deputyships WHERE absent_id = ? OR deputy_id = ? ORDER BY until_at_ms DESC, deputyship_id DESC "
        "LIMIT ?",
        account_id, account_id, limit);
}

std::vector<DeputyshipRow> deputyships_in(db::Session& session, const authz::BoundScope& scope, int limit) {
    return authz::scoped_rows<DeputyshipRow>(
        session,
        fmt::format("SELECT * FROM deputyships WHERE {} ORDER BY until_at_ms DESC, deputyship_id DESC LIMIT ?",
                    scope.sql()),
        scope, limit);
}

}  // namespace kaigong::approval::store
