// Facts of this module, as they stand in the outbox. Payloads carry ids and codes, never personal values.
#pragma once

namespace kaigong::catalog {

/// {year, number}: an administrator published the days off of a year; due days may have moved. Aggregate `calendar`.
inline constexpr const char* kCalendarChanged = "CalendarChanged";

}  // namespace kaigong::catalog
