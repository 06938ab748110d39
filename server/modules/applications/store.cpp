#include "modules/applications/store.hpp"

#include <fmt/format.h>

#include "db/versions.hpp"

namespace kaigong::applications::store {

std::optional<ApplicationRow> find(db::Session& session, const std::string& application_id) {
    return session.optional_row<ApplicationRow>("SELECT * FROM applications WHERE application_id = ?", application_id);
}

void insert(db::Session& session, const ApplicationRow& r) {
    session.execute(
        "INSERT INTO applications (application_id, version, matter_code, catalog_version, account_id, credit_code, "
        "application_number, region_code, owner_name, works_name, works_category, round, form, committed, remarks, "
        "created_at_ms, updated_at_ms, received_at_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.application_id, r.version, r.matter_code, r.catalog_version, r.account_id, r.credit_code,
        r.application_number, r.region_code, r.owner_name, r.works_name, r.works_category, r.round, r.form, r.committed,
        r.remarks, r.created_at_ms, r.updated_at_ms, r.received_at_ms);
}

Result<void> save(db::Session& session, ApplicationRow& r) {
    KAIGONG_CHECK(db::bump_version(session, "applications", "application_id", r.application_id, r.version));
    r.version += 1;
    session.execute(
        "UPDATE applications SET application_number = ?, region_code = ?, owner_name = ?, works_name = ?, "
        "works_category = ?, "
        "round = ?, "
        "form = ?, committed = ?, remarks = ?, updated_at_ms = ?, received_at_ms = ? WHERE application_id = ?",
        r.application_number, r.region_code, r.owner_name, r.works_name, r.works_category, r.round, r.form, r.committed,
        r.remarks, r.updated_at_ms, r.received_at_ms, r.application_id);
    return {};
}

bool touch(db::Session& session, const std::string& application_id, std::int64_t at_ms) {
    return session.execute(
               "UPDATE applications SET updated_at_ms = CASE WHEN updated_at_ms < ? THEN ? ELSE updated_at_ms + 1 END "
               "WHERE application_id = ?",
               at_ms, at_ms, application_id) == 1;
}

Result<void> remove(db::Session& session, const ApplicationRow& r) {
    KAIGONG_CHECK(db::bump_version(session, "applications", "application_id", r.application_id, r.version));
    session.execute("DELETE FROM applications WHERE application_id = ?", r.application_id);
    return {};
}

std::vector<ApplicationRow> listed(db::Session& session, const authz::BoundScope& scope, std::int64_t before_ms,
                                   const std::string& before_id, int limit) {
    return authz::scoped_rows<ApplicationRow>(
        session,
        fmt::format("SELECT * FROM applications WHERE {} AND updated_at_ms <= ? AND (updated_at_ms < ? OR "
                    "application_id < ?) ORDER BY updated_at_ms DESC, application_id DESC LIMIT ?",
                    scope.sql()),
        scope, before_ms, before_ms, before_id, limit);
}

std::optional<SubmissionRow> find_submission(db::Session& session, const std::string& application_id,
                                             std::int64_t round) {
    return session.optional_row<SubmissionRow>("SELECT * FROM submissions WHERE application_id = ? AND round = ?",
                                               application_id, round);
}

std::vector<SubmissionRow> submissions_of(db::Session& session, const std::string& application_id) {
    return session.rows<SubmissionRow>("SELECT * FROM submissions WHERE application_id = ? ORDER BY round LIMIT 100",
                                       application_id);
}

void insert_submission(db::Session& session, const SubmissionRow& r) {
    session.execute(
        "INSERT INTO submissions (application_id, round, submitted_at_ms, account_id, form, findings, materials, "
        "remarks, answers, declarations, changed_fields, required_items, blocking_rules) VALUES (?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?)",
        r.application_id, r.round, r.submitted_at_ms, r.account_id, r.form, r.findings, r.materials, r.remarks,
        r.answers, r.declarations, r.changed_fields, r.required_items, r.blocking_rules);
}

std::int64_t count_filed(db::Session& session, const std::string& matter_code, std::int64_t since_ms) {
    return session.row<std::int64_t>(
        "SELECT COUNT(*) FROM applications a JOIN submissions s ON s.application_id = a.application_id AND s.round = "
        "a.round WHERE a.matter_code = ? AND s.submitted_at_ms >= ?",
        matter_code, since_ms);
}

std::vector<FiledRow> filed_page(db::Session& session, const std::string& matter_code, std::int64_t since_ms,
                                 const std::string& after, int limit) {
    return session.rows<FiledRow>(
        "SELECT a.application_id, a.application_number, a.matter_code, a.catalog_version, a.account_id, "
        "a.credit_code, a.region_code, a.works_name, a.owner_name, a.round, s.submitted_at_ms, s.form, s.materials, "
        "s.changed_fields "
        "FROM applications a JOIN submissions s ON s.application_id = a.application_id AND s.round = a.round WHERE "
        "a.matter_code = ? AND a.application_id > ? AND s.submitted_at_ms >= ? ORDER BY a.application_id LIMIT ?",
        matter_code, after, since_ms, limit);
}

std::int64_t take_serial(db::Session& session, const std::string& region_code, int year) {
    // The UPDATE comes first: on MariaDB it takes the row's lock, so that the SELECT after it reads the newest count.
    constexpr const char* kCount =
        "UPDATE application_counters SET last_serial = last_serial + 1, version = version + 1 WHERE region_code = ? "
        "AND year = ?";
    if (session.execute(kCount, region_code, year) == 0) {
        const bool inserted = session.insert_new(
            "INSERT INTO application_counters (region_code, year, last_serial, version) VALUES (?, ?, 1, 1)",
            region_code, year);
        if (inserted) return 1;
        session.execute(kCount, region_code, year);
    }
    return session.row<std::int64_t>("SELECT last_serial FROM application_counters WHERE region_code = ? AND year = ?",
                                     region_code, year);
}

std::vector<DraftFormRow> draft_forms(db::Session& session, const std::string& after, int limit) {
    return session.rows<DraftFormRow>(
        "SELECT application_id, matter_code, catalog_version, form FROM applications WHERE application_id > ? ORDER BY "
        "application_id LIMIT ?",
        after, limit);
}

bool exchange_draft_form(db::Session& session, const std::string& application_id, const std::string& before,
                         const std::string& now) {
    return session.execute("UPDATE applications SET form = ? WHERE application_id = ? AND form = ?", now,
                           application_id, before) == 1;
}

std::vector<RoundFormRow> round_forms(db::Session& session, const std::string& after_id, std::int64_t after_round,
                                      int limit) {
    return session.rows<RoundFormRow>(
        "SELECT s.application_id, s.round, a.matter_code, a.catalog_version, s.form, COALESCE(i.key_id, '') FROM "
        "submissions s JOIN applications a ON a.application_id = s.application_id LEFT JOIN application_rounds_indexed "
        "i ON i.application_id = s.application_id AND i.round = s.round WHERE s.application_id > ? OR "
        "(s.application_id = ? AND s.round > ?) ORDER BY s.application_id, s.round LIMIT ?",
        after_id, after_id, after_round, limit);
}

bool exchange_round_form(db::Session& session, const std::string& application_id, std::int64_t round,
                         const std::string& before, const std::string& now) {
    return session.execute("UPDATE submissions SET form = ? WHERE application_id = ? AND round = ? AND form = ?", now,
                           application_id, round, before) == 1;
}

void set_persons(db::Session& session, const std::string& application_id, std::int64_t round, const std::string& key_id,
                 const std::vector<std::string>& indexes) {
    session.execute("DELETE FROM application_persons WHERE application_id = ? AND round = ?", application_id, round);
    session.execute("DELETE FROM application_rounds_indexed WHERE application_id = ? AND round = ?", application_id,
                    round);
    session.execute("INSERT INTO application_rounds_indexed (application_id, round, key_id) VALUES (?, ?, ?)",
                    application_id, round, key_id);
    for (const auto& index : indexes) {
        session.execute("INSERT INTO application_persons (person_index, application_id, round) VALUES (?, ?, ?)", index,
                        application_id, round);
    }
}

std::vector<std::string> applications_of_person(db::Session& session, const std::string& person_index, int limit) {
    return session.rows<std::string>(
        "SELECT DISTINCT application_id FROM application_persons WHERE person_index = ? ORDER BY application_id DESC "
        "LIMIT ?",
        person_index, limit);
}

}  // namespace kaigong::applications::store
