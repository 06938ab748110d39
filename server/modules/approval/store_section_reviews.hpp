// The table of section reviews: SQL and nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::approval::store {

struct SectionReviewRow {
    std::string application_id;
    std::int64_t review_no = 0;
    std::string element_id;
    std::string task_id;
    std::int64_t task_version = 0;
    std::string section;
    std::string content;
    std::string verdict;  ///< accepted, edited, returned, read (with the decision, none of them opened)
    std::string original;
    std::string wording;
    std::string reason;
    std::string actor_id;
    std::string actor_name;
    std::int64_t at_ms = 0;
};

/// In their order.
std::vector<SectionReviewRow> section_reviews_of(db::Session& session, const std::string& application_id);
/// Numbers them; all of one case, which is locked.
void append_section_reviews(db::Session& session, std::vector<SectionReviewRow> rows);

}  // namespace kaigong::approval::store
