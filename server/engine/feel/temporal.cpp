#include "engine/feel/temporal.hpp"

#include <array>

namespace kaigong::feel {

namespace {

constexpr std::int64_t kDaysPerEra = 146'097;

std::int64_t floor_div(std::int64_t value, std::int64_t by) {
    const std::int64_t quotient = value / by;
    return value % by < 0 ? quotient - 1 : quotient;
}

std::int64_t local_seconds(const DateTime& value) {
    return days_of(value.date) * kSecondsPerDay + value.nanos_of_day / kNanosPerSecond;
}

}  // namespace

bool is_leap_year(std::int64_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_in_month(std::int64_t year, int month) {
    static constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap_year(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

bool is_valid(const Date& date) {
    return date.year >= -kYearMax && date.year <= kYearMax && date.month >= 1 && date.month <= 12 && date.day >= 1 &&
           date.day <= days_in_month(date.year, date.month);
}

// Days are counted in eras of 400 years that begin on 1 March, so that the leap day is the last of a year.
std::int64_t days_of(const Date& date) {
    const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    const std::int64_t era = floor_div(year, 400);
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t month_from_march = (date.month + 9) % 12;
    const std::int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + (153 * month_from_march + 2) / 5 + date.day - 1;
    return era * kDaysPerEra + day_of_era - 719'468;
}

Date date_of_days(std::int64_t days) {
    const std::int64_t shifted = days + 719'468;
    const std::int64_t era = floor_div(shifted, kDaysPerEra);
    const std::int64_t day_of_era = shifted - era * kDaysPerEra;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year_from_march = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month_from_march = (5 * day_of_year_from_march + 2) / 153;
    const std::int64_t month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), static_cast<std::uint8_t>(month),
            static_cast<std::uint8_t>(day_of_year_from_march - (153 * month_from_march + 2) / 5 + 1)};
}

int weekday_of(const Date& date) {
    const std::int64_t days = days_of(date);
    return static_cast<int>(days + 3 - floor_div(days + 3, 7) * 7) + 1;
}

int day_of_year(const Date& date) {
    return static_cast<int>(days_of(date) - days_of({date.year, 1, 1})) + 1;
}

int week_of_year(const Date& date) {
    // ISO 8601: the week belongs to the year that holds its Thursday.
    const Date thursday = date_of_days(days_of(date) + 4 - weekday_of(date));
    return (day_of_year(thursday) - 1) / 7 + 1;
}

std::optional<Date> add_months(const Date& date, std::int64_t months) {
    if (months > kYearMax * 24 || months < -kYearMax * 24) return std::nullopt;
    const std::int64_t total = date.year * 12 + (date.month - 1) + months;
    const std::int64_t year = floor_div(total, 12);
    if (year < -kYearMax || year > kYearMax) return std::nullopt;
    const int month = static_cast<int>(total - year * 12) + 1;
    const int day = std::min<int>(date.day, days_in_month(year, month));
    return Date{year, static_cast<std::uint8_t>(month), static_cast<std::uint8_t>(day)};
}

bool same_zone(const TimeZone& left, const TimeZone& right) {
    if (left.kind != right.kind) return false;
    if (left.kind == TimeZone::Kind::offset) return left.offset_seconds == right.offset_seconds;
    return left.kind == TimeZone::Kind::local || left.zone->name() == right.zone->name();
}

std::optional<std::int32_t> offset_of(const DateTime& value) {
    switch (value.zone.kind) {
        case TimeZone::Kind::local: return std::nullopt;
        case TimeZone::Kind::offset: return value.zone.offset_seconds;
        case TimeZone::Kind::zone: return value.zone.zone->offset_at_local(local_seconds(value));
    }
    return std::nullopt;
}

std::optional<std::int32_t> offset_of(const Time& value) {
    switch (value.zone.kind) {
        case TimeZone::Kind::local: return std::nullopt;
        case TimeZone::Kind::offset: return value.zone.offset_seconds;
        case TimeZone::Kind::zone: return value.zone.zone->standard_offset();
    }
    return std::nullopt;
}

DaysTime instant_of(const DateTime& value) {
    return {local_seconds(value) - offset_of(value).value_or(0),
            static_cast<std::int32_t>(value.nanos_of_day % kNanosPerSecond)};
}

std::optional<DateTime> date_time_of(const DaysTime& instant, const TimeZone& zone) {
    // Beyond this the offset could overflow the day count; it is far outside the years we know.
    constexpr std::int64_t kSecondsMax = 400 * (kYearMax + 2) * kSecondsPerDay;
    if (instant.seconds > kSecondsMax || instant.seconds < -kSecondsMax) return std::nullopt;
    std::int64_t local = instant.seconds;
    if (zone.kind == TimeZone::Kind::offset) local += zone.offset_seconds;
    if (zone.kind == TimeZone::Kind::zone) local += zone.zone->offset_at(instant.seconds);
    const std::int64_t days = floor_div(local, kSecondsPerDay);
    DateTime result{date_of_days(days), (local - days * kSecondsPerDay) * kNanosPerSecond + instant.nanos, zone};
    if (!is_valid(result.date)) return std::nullopt;
    return result;
}

std::optional<DaysTime> add(const DaysTime& left, const DaysTime& right) {
    DaysTime result;
    result.seconds = left.seconds + right.seconds;
    result.nanos = left.nanos + right.nanos;
    if (result.nanos >= kNanosPerSecond) {
        result.nanos -= static_cast<std::int32_t>(kNanosPerSecond);
        ++result.seconds;
    }
    if (result.seconds > kDurationSecondsMax || result.seconds < -kDurationSecondsMax) return std::nullopt;
    return result;
}

DaysTime negate(const DaysTime& value) {
    if (value.nanos == 0) return {-value.seconds, 0};
    return {-value.seconds - 1, static_cast<std::int32_t>(kNanosPerSecond - value.nanos)};
}

std::optional<DateTime> add(const DateTime& value, const DaysTime& duration) {
    const auto instant = add(instant_of(value), duration);
    if (!instant) return std::nullopt;
    return date_time_of(*instant, value.zone);
}

}  // namespace kaigong::feel
