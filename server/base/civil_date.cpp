#include "base/civil_date.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace kaigong {
namespace {

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kOfficeOffsetMs = 8LL * 3'600'000;

bool is_leap(int year) {
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) {
    return a / b - ((a % b != 0 && (a < 0) != (b < 0)) ? 1 : 0);
}

std::optional<int> digits(std::string_view text) {
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
    }
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

int days_in_month(int year, int month) {
    constexpr std::array<int, 12> kDays{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : kDays.at(static_cast<std::size_t>(month - 1));
}

// Eras of 400 years counted from 0000-03-01, so that the leap day is the last day of its year.
std::int64_t days_of(CivilDate date) {
    const std::int64_t year = date.month <= 2 ? date.year - 1 : date.year;
    const std::int64_t era = floor_div(year, 400);
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t month_from_march = (date.month + 9) % 12;
    const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + date.day - 1;
    const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146'097 + day_of_era - 719'468;
}

CivilDate date_of_days(std::int64_t days) {
    const std::int64_t shifted = days + 719'468;
    const std::int64_t era = floor_div(shifted, 146'097);
    const std::int64_t day_of_era = shifted - era * 146'097;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
    const auto day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    const auto month = static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    const auto year = static_cast<int>(year_of_era + era * 400 + (month <= 2 ? 1 : 0));
    return {year, month, day};
}

int weekday_of(CivilDate date) {
    const std::int64_t days = days_of(date) + 4;  // 1970-01-01 was a Thursday
    return static_cast<int>(days - floor_div(days, 7) * 7);
}

CivilDate add_days(CivilDate date, std::int64_t days) {
    return date_of_days(days_of(date) + days);
}

CivilDate add_months(CivilDate date, int months) {
    const int from_zero = date.year * 12 + (date.month - 1) + months;
    const auto year = static_cast<int>(floor_div(from_zero, 12));
    const int month = from_zero - year * 12 + 1;
    return {year, month, std::min(date.day, days_in_month(year, month))};
}

std::optional<CivilDate> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto year = digits(text.substr(0, 4));
    const auto month = digits(text.substr(5, 2));
    const auto day = digits(text.substr(8, 2));
    if (!year || !month || !day || *year < 1 || *month < 1 || *month > 12) return std::nullopt;
    if (*day < 1 || *day > days_in_month(*year, *month)) return std::nullopt;
    return CivilDate{*year, *month, *day};
}

std::string to_string(CivilDate date) {
    return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

CivilDate office_date(std::int64_t at_ms) {
    return date_of_days(floor_div(at_ms + kOfficeOffsetMs, kDayMs));
}

std::int64_t office_midnight_ms(CivilDate date) {
    return days_of(date) * kDayMs - kOfficeOffsetMs;
}

}  // namespace kaigong
