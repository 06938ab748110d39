// Tables of marks on papers: SQL and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::approval::store {

/// Columns in the order of the table.
struct MarkRow {
    std::string mark_id;
    std::string application_id;
    std::int64_t mark_no = 0;
    std::string document_id;
    std::string material_code;  ///< empty: the paper belongs to no material
    std::int64_t round = 0;
    std::int64_t page = 1;
    std::string kind;  ///< point, rectangle, text
    std::int64_t left_ppm = 0;
    std::int64_t top_ppm = 0;
    std::int64_t width_ppm = 0;
    std::int64_t height_ppm = 0;
    std::string words;
    std::string author_id;
    std::string author_name;
    std::string department;
    std::string department_name;
    std::int64_t marked_at_ms = 0;
};

struct MarkActRow {
    std::string mark_id;
    std::int64_t act_no = 0;
    std::string application_id;
    std::string act;  ///< answer (the applicant's), accept, reopen
    std::string actor_id;
    std::string actor_name;
    std::string words;
    std::string document_id;  ///< the paper that the mark stood on then
    std::int64_t at_ms = 0;
};

/// In the order in which they were made.
std::vector<MarkRow> marks_of(db::Session& session, const std::string& application_id);
std::optional<MarkRow> find_mark(db::Session& session, const std::string& mark_id);
std::int64_t count_marks(db::Session& session, const std::string& application_id);
/// Gives the number that it gets. The caller holds the case.
std::int64_t insert_mark(db::Session& session, MarkRow row);

/// Of all marks of a case, by mark and in their order.
std::vector<MarkActRow> mark_acts_of_case(db::Session& session, const std::string& application_id);
std::vector<MarkActRow> mark_acts_of(db::Session& session, const std::string& mark_id);
void append_mark_act(db::Session& session, const MarkActRow& row);

/// When letters told the applicant what to correct.
std::vector<std::int64_t> corrections_asked_at(db::Session& session, const std::string& application_id);

}  // namespace kaigong::approval::store
