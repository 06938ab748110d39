// FEEL's dates, times and durations with 64-bit civil arithmetic: years run from -999 999 999 to 999 999 999.
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/feel/zones.hpp"

namespace kaigong::feel {

inline constexpr std::int64_t kYearMax = 999'999'999;
inline constexpr std::int64_t kNanosPerSecond = 1'000'000'000;
inline constexpr std::int64_t kSecondsPerDay = 86'400;
/// Longer durations do not exist: nothing that happens to them may overflow.
inline constexpr std::int64_t kDurationSecondsMax = 1'000'000'000'000'000'000;
inline constexpr std::int64_t kDurationMonthsMax = 1'000'000'000'000;
/// Offsets are accepted up to fourteen hours either side, as XML Schema has it; `time(h, m, s, offset)` goes to
/// eighteen.
inline constexpr std::int32_t kOffsetMaxSeconds = 18 * 3'600;

struct Date {
    std::int64_t year = 1970;
    std::uint8_t month = 1;
    std::uint8_t day = 1;

    auto operator<=>(const Date&) const = default;
};

bool is_valid(const Date& date);
bool is_leap_year(std::int64_t year);
int days_in_month(std::int64_t year, int month);
/// Days since 1970-01-01.
std::int64_t days_of(const Date& date);
Date date_of_days(std::int64_t days);
/// 1 = Monday … 7 = Sunday (ISO 8601).
int weekday_of(const Date& date);
int day_of_year(const Date& date);
int week_of_year(const Date& date);
/// The corresponding day, else the month's last day; nothing outside the range of years.
std::optional<Date> add_months(const Date& date, std::int64_t months);

/// Where a time of day counts from: nowhere in particular, a fixed offset, or a named zone.
struct TimeZone {
    enum class Kind : std::uint8_t { local, offset, zone };
    Kind kind = Kind::local;
    std::int32_t offset_seconds = 0;
    std::shared_ptr<const Zone> zone;
};
bool same_zone(const TimeZone& left, const TimeZone& right);

struct Time {
    std::int64_t nanos_of_day = 0;
    TimeZone zone;
};

struct DateTime {
    Date date;
    std::int64_t nanos_of_day = 0;
    TimeZone zone;
};

/// Years and months, counted in months.
struct YearsMonths {
    std::int64_t months = 0;
    auto operator<=>(const YearsMonths&) const = default;
};

/// Days and time, counted in seconds; `nanos` is 0 … 999 999 999 also when the whole is negative.
struct DaysTime {
    std::int64_t seconds = 0;
    std::int32_t nanos = 0;
    auto operator<=>(const DaysTime&) const = default;
};

/// Seconds (and nanoseconds) since 1970 in UTC; a local date-time counts as if it were UTC.
DaysTime instant_of(const DateTime& value);
/// The offset in force at that local time; nothing for a local one. Within a gap or overlap the earlier offset.
std::optional<std::int32_t> offset_of(const DateTime& value);
/// A named zone without a day is read by its standard offset.
std::optional<std::int32_t> offset_of(const Time& value);
/// Adds real time; a value with a named zone keeps its zone. Nothing outside the range of years.
std::optional<DateTime> add(const DateTime& value, const DaysTime& duration);
std::optional<DateTime> date_time_of(const DaysTime& instant, const TimeZone& zone);

std::optional<DaysTime> add(const DaysTime& left, const DaysTime& right);
DaysTime negate(const DaysTime& value);

/// `YYYY-MM-DD`; years beyond four digits without leading zeros, negative with a sign.
std::optional<Date> parse_date(std::string_view text);
/// `hh:mm:ss[.fraction][Z|±hh:mm[:ss]|@Zone/Name]`. `zones` may be null: then named zones give nothing.
std::optional<Time> parse_time(std::string_view text, const ZoneSource* zones);
/// `<date>T<time>`; a date alone means midnight.
std::optional<DateTime> parse_date_time(std::string_view text, const ZoneSource* zones);
std::optional<YearsMonths> parse_years_months(std::string_view text);
std::optional<DaysTime> parse_days_time(std::string_view text);

std::string to_string(const Date& value);
std::string to_string(const Time& value);
std::string to_string(const DateTime& value);
std::string to_string(const YearsMonths& value);
std::string to_string(const DaysTime& value);

}  // namespace kaigong::feel
