// Tables of letters: SQL and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::letters::store {

struct LetterRow {
    std::string letter_id;
    std::string application_id;
    std::string letter_kind;
    std::int64_t round = 0;
    std::string letter_number;
    std::string title;
    std::string sha256;
    std::int64_t issued_at_ms = 0;
};

std::optional<LetterRow> find(db::Session& session, const std::string& letter_id);
std::optional<LetterRow> find_by_cause(db::Session& session, const std::string& application_id,
                                       const std::string& letter_kind, int round);
/// Only those that are rendered; newest first, at most 500.
std::vector<LetterRow> of_application(db::Session& session, const std::string& application_id);
bool insert(db::Session& session, const LetterRow& row);
void set_content(db::Session& session, const std::string& letter_id, const std::string& sha256);
/// The next serial of an authority, kind and year, from 1, under the lock of its row.
std::int64_t take_serial(db::Session& session, const std::string& region_code, const std::string& letter_kind,
                         int year);
bool is_referenced(db::Session& session, const std::string& sha256);

}  // namespace kaigong::letters::store
