// Rows of a list of tasks as people see them. Due day, light and what is left are read by the one clock, from the
// case's ledger, so that a list says what the case's page says; the stored instant only orders the list.
#pragma once

#include <boost/json/array.hpp>
#include <functional>
#include <vector>

#include "modules/approval/case_work.hpp"
#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval {

/// The reader as he acts on a task: deputy_rules.hpp.
using ReaderOf = std::function<operations::Officer(const store::TaskRow& row)>;

Result<boost::json::array> inbox_rows_json(const Surroundings& surroundings, const std::vector<store::TaskRow>& rows,
                                           const ReaderOf& reader_of, std::int64_t now_ms);

}  // namespace kaigong::approval
