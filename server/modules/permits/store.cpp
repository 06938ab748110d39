#include "modules/permits/store.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "db/versions.hpp"

namespace kaigong::permits::store {
namespace {

std::string pattern_of(const std::string& text) {
    std::string pattern = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '!') pattern += '!';
        pattern += c;
    }
    return text.empty() ? "%" : pattern + "%";
}

}  // namespace

std::optional<PermitRow> find(db::Session& session, const std::string& permit_number) {
    return session.optional_row<PermitRow>("SELECT * FROM permits WHERE permit_number = ?", permit_number);
}

std::optional<PermitRow> find_by_application(db::Session& session, const std::string& application_id) {
    return session.optional_row<PermitRow>("SELECT * FROM permits WHERE application_id = ?", application_id);
}

void insert(db::Session& session, const PermitRow& r) {
    session.execute(
        "INSERT INTO permits (permit_number, version, application_id, region_code, credit_code, works_category, "
        "state, matter_code, catalog_version, issuing_authority, works_name, owner_name, issued_on, start_due_on, "
        "start_due_provisional, record, numbered_at_ms, published_at_ms, filed_at_ms, account_id, confidentiality) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.permit_number, r.version, r.application_id, r.region_code, r.credit_code, r.works_category, r.state,
        r.matter_code, r.catalog_version, r.issuing_authority, r.works_name, r.owner_name, r.issued_on, r.start_due_on,
        r.start_due_provisional, r.record, r.numbered_at_ms, r.published_at_ms, r.filed_at_ms, r.account_id,
        r.confidentiality);
}

Result<void> save(db::Session& session, PermitRow& r) {
    KAIGONG_CHECK(db::bump_version(session, "permits", "permit_number", r.permit_number, r.version));
    r.version += 1;
    session.execute("UPDATE permits SET state = ?, record = ?, published_at_ms = ? WHERE permit_number = ?", r.state,
                    r.record, r.published_at_ms, r.permit_number);
    return {};
}

Span span_of(const std::string& region_digits, const std::string& cursor) {
    if (region_digits.empty()) return {cursor};
    return {std::max(region_digits, cursor), region_digits + "~"};
}

std::vector<PermitRow> listed(db::Session& session, const authz::BoundScope& scope, const Span& span, int limit) {
    return authz::scoped_rows<PermitRow>(
        session,
        fmt::format("SELECT * FROM permits WHERE {} AND permit_number > ? AND permit_number < ? AND published_at_ms IS "
                    "NOT NULL ORDER BY permit_number LIMIT ?",
                    scope.sql()),
        scope, span.after, span.before, limit);
}

void save_confidentiality(db::Session& session, const std::string& application_id, const std::string& confidentiality) {
    session.execute("UPDATE permits SET confidentiality = ?, version = version + 1 WHERE application_id = ?",
                    confidentiality, application_id);
}

std::vector<PermitRow> published(db::Session& session, const PublicQuery& query) {
    const auto pattern = pattern_of(query.text);
    if (query.region_code.empty()) {
        return session.rows<PermitRow>(
            "SELECT * FROM permits WHERE confidentiality = 'normal' AND published_at_ms <= ? AND (published_at_ms < ? "
            "OR permit_number < ?) AND "
            "(works_name LIKE ? ESCAPE '!' OR owner_name LIKE ? ESCAPE '!' OR permit_number LIKE ? ESCAPE '!') ORDER "
            "BY published_at_ms DESC, permit_number DESC LIMIT ?",
            query.before_ms, query.before_ms, query.before_number, pattern, pattern, pattern, query.limit);
    }
    return session.rows<PermitRow>(
        "SELECT * FROM permits WHERE confidentiality = 'normal' AND region_code = ? AND published_at_ms <= ? AND "
        "(published_at_ms < ? OR "
        "permit_number < ?) AND (works_name LIKE ? ESCAPE '!' OR owner_name LIKE ? ESCAPE '!' OR permit_number LIKE ? "
        "ESCAPE '!') ORDER BY published_at_ms DESC, permit_number DESC LIMIT ?",
        query.region_code, query.before_ms, query.before_ms, query.before_number, pattern, pattern, pattern,
        query.limit);
}

std::int64_t take_serial(db::Session& session, const std::string& region_code, const std::string& numbered_on,
                         const std::string& works_category) {
    // The UPDATE comes first: on MariaDB it takes the row's lock, so that the SELECT after it reads the newest count.
    constexpr const char* kCount =
        "UPDATE permit_counters SET last_serial = last_serial + 1, version = version + 1 WHERE region_code = ? AND "
        "numbered_on = ? AND works_category = ?";
    if (session.execute(kCount, region_code, numbered_on, works_category) == 0) {
        const bool inserted = session.insert_new(
            "INSERT INTO permit_counters (region_code, numbered_on, works_category, last_serial, version) VALUES (?, "
            "?, ?, 1, 1)",
            region_code, numbered_on, works_category);
        if (inserted) return 1;
        session.execute(kCount, region_code, numbered_on, works_category);
    }
    return session.row<std::int64_t>(
        "SELECT last_serial FROM permit_counters WHERE region_code = ? AND numbered_on = ? AND works_category = ?",
        region_code, numbered_on, works_category);
}

std::vector<RecordRow> records(db::Session& session, const std::string& after, int limit) {
    return session.rows<RecordRow>(
        "SELECT permit_number, record FROM permits WHERE permit_number > ? AND record <> '' ORDER BY permit_number "
        "LIMIT ?",
        after, limit);
}

bool exchange_record(db::Session& session, const std::string& permit_number, const std::string& before,
                     const std::string& now) {
    return session.execute("UPDATE permits SET record = ? WHERE permit_number = ? AND record = ?", now, permit_number,
                           before) == 1;
}

}  // namespace kaigong::permits::store
