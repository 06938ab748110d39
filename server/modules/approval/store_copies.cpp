#include "modules/approval/store_copies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace kaigong::approval::store {
namespace {

/// Of what was given to him, what he may know now.
constexpr std::string_view kKnown =
    "(? = 'restricted' OR (SELECT p.confidentiality FROM procedures p WHERE p.application_id = "
    "case_copies.application_id) = 'normal')";

}  // namespace

std::vector<CopyRow> copies_of_case(db::Session& session, const std::string& application_id) {
    return session.rows<CopyRow>(
        "SELECT * FROM case_copies WHERE application_id = ? ORDER BY copied_at_ms, copy_id LIMIT 1000", application_id);
}

std::optional<CopyRow> find_copy(db::Session& session, const std::string& copy_id) {
    return session.optional_row<CopyRow>("SELECT * FROM case_copies WHERE copy_id = ?", copy_id);
}

bool has_copy(db::Session& session, const std::string& application_id, const std::string& account_id) {
    return session.row<std::int64_t>("SELECT count(*) FROM case_copies WHERE application_id = ? AND to_id = ?",
                                     application_id, account_id) > 0;
}

void insert_copy(db::Session& session, const CopyRow& r) {
    session.execute(
        "INSERT INTO case_copies (copy_id, application_id, to_id, to_name, copied_by_id, copied_by, note, "
        "copied_at_ms, application_number, works_name, owner_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        r.copy_id, r.application_id, r.to_id, r.to_name, r.copied_by_id, r.copied_by, r.note, r.copied_at_ms,
        r.application_number, r.works_name, r.owner_name);
}

void mark_read(db::Session& session, const std::string& copy_id, std::int64_t at_ms) {
    session.execute("UPDATE case_copies SET read_at_ms = ? WHERE copy_id = ? AND read_at_ms IS NULL", at_ms, copy_id);
}

std::vector<CopyRow> copies_for(db::Session& session, const CopyReader& reader, std::int64_t before_ms,
                                const std::string& before_id, int limit) {
    const auto which = fmt::format("SELECT * FROM case_copies WHERE {} AND {}", reader.scope.sql(), kKnown);
    auto rows = authz::scoped_rows<CopyRow>(
        session, which + " AND copied_at_ms = ? AND copy_id < ? ORDER BY copy_id DESC LIMIT ?", reader.scope,
        reader.clearance, before_ms, before_id, limit);
    const int rest = limit - static_cast<int>(rows.size());
    if (rest == 0) return rows;
    auto more = authz::scoped_rows<CopyRow>(
        session, which + " AND copied_at_ms < ? ORDER BY copied_at_ms DESC, copy_id DESC LIMIT ?", reader.scope,
        reader.clearance, before_ms, rest);
    std::ranges::move(more, std::back_inserter(rows));
    return rows;
}

std::int64_t unread_copies(db::Session& session, const CopyReader& reader, std::int64_t count_max) {
    const auto sql = fmt::format(
        "SELECT count(*) FROM (SELECT 1 FROM case_copies WHERE {} AND {} AND read_at_ms IS NULL LIMIT ?) AS counted",
        reader.scope.sql(), kKnown);
    return authz::scoped_row<std::int64_t>(session, sql, reader.scope, reader.clearance, count_max);
}

}  // namespace kaigong::approval::store
