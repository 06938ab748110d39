#include "modules/applications/part_store.hpp"

#include <fmt/format.h>

namespace kaigong::applications::store {

void insert_part(db::Session& session, const PartRow& r) {
    session.execute(
        "INSERT INTO application_parts (part_id, version, application_id, part, credit_code, role, kind, state, "
        "organisation_name, invited_by, invited_at_ms, expires_at_ms, filled_at_ms, confirmed_version, "
        "confirmed_at_ms, confirmed_by, authority_duty, authority_reference, values_digest) VALUES (?, ?, ?, ?, ?, ?, "
        "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.part_id, r.version, r.application_id, r.part, r.credit_code, r.role, r.kind, r.state, r.organisation_name,
        r.invited_by, r.invited_at_ms, r.expires_at_ms, r.filled_at_ms, r.confirmed_version, r.confirmed_at_ms,
        r.confirmed_by, r.authority_duty, r.authority_reference, r.values_digest);
}

std::optional<PartRow> find_part(db::Session& session, const std::string& part_id) {
    return session.optional_row<PartRow>("SELECT * FROM application_parts WHERE part_id = ?", part_id);
}

std::vector<PartRow> parts_of(db::Session& session, const std::string& application_id, int limit) {
    return session.rows<PartRow>("SELECT * FROM application_parts WHERE application_id = ? ORDER BY part_id LIMIT ?",
                                 application_id, limit);
}

std::vector<PartListRow> parts_of_firm(db::Session& session, const authz::BoundScope& scope, std::int64_t from_ms,
                                       const std::string& after_id, int limit) {
    return authz::scoped_rows<PartListRow>(
        session,
        fmt::format("SELECT p.part_id, p.application_id, p.version, p.part, p.credit_code, p.role, p.kind, "
                    "p.organisation_name, "
                    "p.invited_at_ms, p.expires_at_ms, p.filled_at_ms, p.confirmed_version, a.matter_code, "
                    "a.catalog_version, a.works_name, a.owner_name FROM application_parts p JOIN applications a ON "
                    "a.application_id = p.application_id WHERE {} AND p.state = 'open' AND p.expires_at_ms >= ? AND "
                    "(p.expires_at_ms > ? OR p.part_id > ?) ORDER BY p.expires_at_ms, p.part_id LIMIT ?",
                    scope.sql()),
        scope, from_ms, from_ms, after_id, limit);
}

bool change_part(db::Session& session, PartRow& r) {
    const auto done = session.execute(
        "UPDATE application_parts SET version = version + 1, state = ?, organisation_name = ?, filled_at_ms = ?, "
        "confirmed_version = ?, "
        "confirmed_at_ms = ?, confirmed_by = ?, authority_duty = ?, authority_reference = ?, values_digest = ? WHERE "
        "part_id = ? AND version = ? AND state IN ('open', 'unlisted')",
        r.state, r.organisation_name, r.filled_at_ms, r.confirmed_version, r.confirmed_at_ms, r.confirmed_by,
        r.authority_duty, r.authority_reference, r.values_digest, r.part_id, r.version);
    if (done == 1) r.version += 1;
    return done == 1;
}

void count_part_up(db::Session& session, const std::string& part_id) {
    session.execute("UPDATE application_parts SET version = version + 1 WHERE part_id = ?", part_id);
}

void set_part_state(db::Session& session, const std::string& part_id, const std::string& state) {
    session.execute("UPDATE application_parts SET version = version + 1, state = ? WHERE part_id = ?", state, part_id);
}

void end_parts(db::Session& session, const std::string& application_id) {
    session.execute(
        "UPDATE application_parts SET state = 'ended' WHERE application_id = ? AND state IN ('open', 'unlisted')",
        application_id);
}

void remove_parts(db::Session& session, const std::string& application_id) {
    session.execute("DELETE FROM application_parts WHERE application_id = ?", application_id);
}

void insert_filed_part(db::Session& session, const FiledPartRow& r) {
    session.execute(
        "INSERT INTO submission_parts (entry_id, application_id, round, part_id, part, credit_code, role, kind, "
        "standing, organisation_name, confirmed_at_ms, confirmed_by, authority_duty, authority_reference, "
        "values_digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.entry_id, r.application_id, r.round, r.part_id, r.part, r.credit_code, r.role, r.kind, r.standing,
        r.organisation_name, r.confirmed_at_ms, r.confirmed_by, r.authority_duty, r.authority_reference,
        r.values_digest);
}

std::vector<FiledPartRow> filed_parts(db::Session& session, const std::string& application_id, std::int64_t round,
                                      int limit) {
    return session.rows<FiledPartRow>(
        "SELECT * FROM submission_parts WHERE application_id = ? AND round = ? ORDER BY entry_id LIMIT ?",
        application_id, round, limit);
}

}  // namespace kaigong::applications::store
