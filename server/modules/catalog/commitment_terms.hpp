// 告知承诺: which materials may be promised instead of proved, and what has to be told for each (优化营商环境条例 40).
#pragma once

#include <boost/json.hpp>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::catalog {

/// `commitment` {supplement_working_days, not_in_regions} of matter.json may be left out: then nothing may be promised.
/// Where it is there, each material that may be promised has its terms, all of them. Fails with
/// catalog.matter_malformed.
Result<void> check_commitments(const boost::json::object& settings, const std::vector<Item>& items,
                               const boost::json::array& materials);

/// Whether materials of this matter may be promised to the authority of this region.
bool commitments_allowed(const boost::json::object& settings, std::string_view region_code);

}  // namespace kaigong::catalog
