// The table of papers: SQL and nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::documents::store {

struct DocumentRow {
    std::string document_id;
    std::string application_id;
    std::string material_code;
    std::string file_name;
    std::string media_type;
    std::int64_t size_bytes = 0;
    std::optional<std::int64_t> pages;
    std::string sha256;
    std::int64_t round = 0;
    bool superseded = false;
    std::string uploaded_by;
    std::int64_t uploaded_at_ms = 0;
};

std::optional<DocumentRow> find(db::Session& session, const std::string& document_id);
/// Those in force first, then the superseded ones, each in the order of upload; at most 2,000.
std::vector<DocumentRow> of_application(db::Session& session, const std::string& application_id);
std::int64_t count_of_application(db::Session& session, const std::string& application_id);
void insert(db::Session& session, const DocumentRow& row);
/// True when it was there and belonged to no submission.
bool remove_unfiled(db::Session& session, const std::string& document_id);
void set_filed(db::Session& session, const std::string& application_id, int round);
/// An earlier round's papers of a material that this round has new papers for.
void supersede_earlier(db::Session& session, const std::string& application_id, const std::string& material_code,
                       int round);
bool is_referenced(db::Session& session, const std::string& sha256);

}  // namespace kaigong::documents::store
