// A civil date in the proleptic Gregorian calendar, and the office's time zone (Asia/Shanghai, UTC+8, no summer time).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kaigong {

/// `YYYY-MM-DD`. Always a real day when it came out of `parse_date` or `date_of_days`.
struct CivilDate {
    int year = 1970;
    int month = 1;
    int day = 1;

    auto operator<=>(const CivilDate&) const = default;
};

/// Days since 1970-01-01; negative before.
std::int64_t days_of(CivilDate date);
CivilDate date_of_days(std::int64_t days);
/// 0 = Sunday … 6 = Saturday.
int weekday_of(CivilDate date);
CivilDate add_days(CivilDate date, std::int64_t days);
/// The corresponding day, else the month's last day (民法典 202).
CivilDate add_months(CivilDate date, int months);
int days_in_month(int year, int month);

/// Exactly `YYYY-MM-DD` with years 0001–9999; nothing for anything else.
std::optional<CivilDate> parse_date(std::string_view text);
std::string to_string(CivilDate date);

/// The office's civil date at an instant. `at_ms` is UTC milliseconds since 1970.
CivilDate office_date(std::int64_t at_ms);
/// The instant at which that day begins in the office.
std::int64_t office_midnight_ms(CivilDate date);

}  // namespace kaigong
