// What a published matter.json must hold together, beyond the shape of each member.
#pragma once

#include <boost/json.hpp>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::catalog {

/// catalog.matter_malformed: which file, and what is wrong with it.
Error malformed(std::string_view file, std::string_view what);

/// Whether the member is a whole number from 1 to `most`.
bool is_between(const boost::json::object& of, std::string_view name, std::int64_t most);

/// Prerequisites (前置事项) name other items and never go round in a circle, else those would wait for ever.
Result<void> check_prerequisites(const std::vector<Item>& items);

/// `tolerated_omission` {materials, working_days_max} and `decision_extension` {working_days_max} or
/// {not_allowed_because}; both may be left out. 行政许可法 42: at most ten working days.
Result<void> check_episode_settings(const boost::json::object& settings, const boost::json::array& materials);

}  // namespace kaigong::catalog
