// The table of copies: SQL and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "authz/bound_scope.hpp"

namespace kaigong::approval::store {

struct CopyRow {
    std::string copy_id;
    std::string application_id;
    std::string to_id;
    std::string to_name;
    std::string copied_by_id;
    std::string copied_by;
    std::string note;
    std::int64_t copied_at_ms = 0;
    std::optional<std::int64_t> read_at_ms;
    std::string application_number;
    std::string works_name;
    std::string owner_name;
};

/// Whose list it is, and what he may know of it.
struct CopyReader {
    authz::BoundScope scope;
    std::string clearance;  ///< authz::Confidentiality
};

/// In the order in which they were given.
std::vector<CopyRow> copies_of_case(db::Session& session, const std::string& application_id);
std::optional<CopyRow> find_copy(db::Session& session, const std::string& copy_id);
bool has_copy(db::Session& session, const std::string& application_id, const std::string& account_id);
void insert_copy(db::Session& session, const CopyRow& row);
/// The first time counts.
void mark_read(db::Session& session, const std::string& copy_id, std::int64_t at_ms);

/// The newest first, those before an instant and id.
std::vector<CopyRow> copies_for(db::Session& session, const CopyReader& reader, std::int64_t before_ms,
                                const std::string& before_id, int limit);
/// At most `count_max`.
std::int64_t unread_copies(db::Session& session, const CopyReader& reader, std::int64_t count_max);

}  // namespace kaigong::approval::store
