// Tables of consultations outside: SQL and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::approval::store {

/// Columns in the order of the table.
struct ConsultationRow {
    std::string consultation_id;
    std::string application_id;
    std::int64_t consultation_no = 0;
    std::int64_t version = 1;
    std::string item;
    std::string department_name;
    std::string state;         ///< open, answered, taken, recalled, ended, locked
    std::string organisation;  ///< empty for who answers for himself
    std::string name;          ///< sealed
    std::string phone;         ///< sealed; empty where there is none
    std::string email;         ///< the same
    std::string question;
    std::int64_t round = 0;
    std::string sections = "[]";  ///< `works/1`: step and place of what he may see of the form
    std::string papers = "[]";    ///< ids
    std::string asked_by_id;
    std::string asked_by;
    std::int64_t asked_at_ms = 0;
    std::string until_on;
    std::int64_t until_at_ms = 0;  ///< the first instant at which the link is over
    std::optional<std::int64_t> opened_at_ms;
    std::string outcome;  ///< empty before an answer
    std::string words;
    std::int64_t answers = 0;  ///< how often he gave or changed it
    std::optional<std::int64_t> answered_at_ms;
    std::int64_t wrong_codes = 0;
    std::int64_t reminders = 0;
    std::optional<std::int64_t> reminded_at_ms;
    std::optional<std::int64_t> closed_at_ms;
    std::string closed_because;
};

/// In the order in which they were asked.
std::vector<ConsultationRow> consultations_of(db::Session& session, const std::string& application_id);
std::optional<ConsultationRow> find_consultation(db::Session& session, const std::string& consultation_id);
std::optional<ConsultationRow> find_consultation_by_link(db::Session& session, const std::string& token_hash);
/// Gives the number that it gets. The caller holds the case.
std::int64_t insert_consultation(db::Session& session, ConsultationRow row);
/// That somebody looked hinders no act of the office: the version stays. The caller holds the case.
void note_opened(db::Session& session, const std::string& consultation_id, std::int64_t now_ms);
/// What acts change: state, opening, answer, reminders, end. The row is in its next version then. The caller holds the
/// case; false when the row is not in this version.
bool save_consultation(db::Session& session, ConsultationRow& row);
/// Counts a wrong code without the case; true when it was the last that is allowed, which closes the links.
bool count_wrong_code(db::Session& session, const std::string& consultation_id, std::int64_t wrong_codes_max,
                      std::int64_t now_ms);
/// Those of items that are concluded or fell away.
void end_consultations_of_ended_items(db::Session& session, const std::string& application_id, std::int64_t now_ms);

void insert_link(db::Session& session, const std::string& token_hash, const std::string& consultation_id,
                 std::int64_t sent_at_ms);
/// Forgets those that are over.
void insert_pass(db::Session& session, const std::string& pass_hash, const std::string& consultation_id,
                 std::int64_t expires_at_ms, std::int64_t now_ms);
bool has_pass(db::Session& session, const std::string& pass_hash, const std::string& consultation_id,
              std::int64_t now_ms);

}  // namespace kaigong::approval::store
