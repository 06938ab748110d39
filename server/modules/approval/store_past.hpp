// Cases of the past as other versions of their process are tried on them: SQL and nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "db/session.hpp"

namespace kaigong::approval::store {

struct PastRow {
    std::string application_id;
    std::string application_number;
    std::string works_name;
    std::string owner_name;
    std::int64_t received_at_ms = 0;
    std::string instance;
};

struct PastStepRow {
    std::string element_id;
    std::string outcome;
};

std::int64_t count_past(db::Session& session, const std::string& matter_code, std::int64_t since_ms);
/// In the order of their ids.
std::vector<PastRow> past_page(db::Session& session, const std::string& matter_code, std::int64_t since_ms,
                               const std::string& after, int limit);
/// Ids of the cases that are not known to everybody.
std::vector<std::string> restricted_of(db::Session& session, const std::string& matter_code);
/// Tasks that somebody finished, in the order of their ends.
std::vector<PastStepRow> past_steps(db::Session& session, const std::string& application_id);

}  // namespace kaigong::approval::store
