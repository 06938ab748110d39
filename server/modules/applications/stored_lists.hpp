// Lists of codes as they stand in a column, and the rows that sealed values are bound to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kaigong::applications {

std::string text_of_list(const std::vector<std::string>& list);
std::vector<std::string> list_of_text(const std::string& json);

/// A draft's values and those of each frozen round are sealed for their own place.
std::string draft_row(const std::string& application_id);
std::string round_row(const std::string& application_id, std::int64_t round);

}  // namespace kaigong::applications
