// Files that came from outside with an answer: SQL and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::approval::store {

/// Columns in the order of the table.
struct ConsultationFileRow {
    std::string file_id;
    std::string consultation_id;
    std::string file_name;
    std::string media_type;
    std::int64_t size_bytes = 0;
    std::optional<std::int64_t> pages;
    std::string sha256;
    std::int64_t answer_no = 0;  ///< the last answer that it came with; 0: not sent
    std::int64_t uploaded_at_ms = 0;
};

/// In the order in which they came.
std::vector<ConsultationFileRow> files_of_consultation(db::Session& session, const std::string& consultation_id);
/// Of all consultations of a case.
std::vector<ConsultationFileRow> consultation_files_of(db::Session& session, const std::string& application_id);
void insert_consultation_file(db::Session& session, const ConsultationFileRow& row);
/// True when it was there and had not been sent.
bool remove_unsent_file(db::Session& session, const std::string& consultation_id, const std::string& file_id);
void set_sent(db::Session& session, const std::string& file_id, std::int64_t answer_no);
bool is_content_of_consultations(db::Session& session, const std::string& sha256);

}  // namespace kaigong::approval::store
