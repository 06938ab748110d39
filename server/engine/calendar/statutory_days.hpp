// The statutory holidays that are known before a year's notice is published (全国年节及纪念日放假办法, as amended from
// 2025-01-01 by 国务院令第795号). Only for years without a table: a notice also moves weekends, which nobody can
// foresee.
#pragma once

#include <string_view>

#include "base/civil_date.hpp"

namespace kaigong::calendar {

/// The holiday's name, or empty. Days of the moon calendar are known through 2030, later years have the solar ones
/// only.
std::string_view statutory_day_name(CivilDate date);

}  // namespace kaigong::calendar
