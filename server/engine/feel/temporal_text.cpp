// Reading and writing the ISO 8601 forms that FEEL knows.
#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "engine/feel/temporal.hpp"

namespace kaigong::feel {

namespace {

/// Walks a text; every `take_…` moves on only when it found what it wants.
class Reader {
  public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }
    std::string_view rest() const { return rest_; }
    bool take(char wanted) {
        if (rest_.empty() || rest_.front() != wanted) return false;
        rest_.remove_prefix(1);
        return true;
    }
    std::string_view take_digits() {
        std::size_t size = 0;
        while (size < rest_.size() && rest_[size] >= '0' && rest_[size] <= '9') ++size;
        const std::string_view digits = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return digits;
    }
    std::optional<int> take_two_digits() {
        if (rest_.size() < 2 || rest_[0] < '0' || rest_[0] > '9' || rest_[1] < '0' || rest_[1] > '9') return {};
        const int value = (rest_[0] - '0') * 10 + (rest_[1] - '0');
        rest_.remove_prefix(2);
        return value;
    }

  private:
    std::string_view rest_;
};

constexpr std::int64_t kNanosPerDay = kSecondsPerDay * kNanosPerSecond;

std::optional<std::int64_t> number_of(std::string_view digits) {
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failure != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    return value;
}

/// `123` of `.123` as nanoseconds; more than nine digits are cut.
std::int64_t nanos_of(std::string_view digits) {
    std::int64_t nanos = 0;
    for (std::size_t at = 0; at < 9; ++at) nanos = nanos * 10 + (at < digits.size() ? digits[at] - '0' : 0);
    return nanos;
}

std::optional<TimeZone> read_offset(Reader& reader, bool negative) {
    const auto hours = reader.take_two_digits();
    if (!hours || !reader.take(':')) return std::nullopt;
    const auto minutes = reader.take_two_digits();
    if (!minutes || *minutes > 59) return std::nullopt;
    int seconds = 0;
    if (reader.take(':')) {
        const auto read = reader.take_two_digits();
        if (!read || *read > 59) return std::nullopt;
        seconds = *read;
    }
    const std::int32_t offset = *hours * 3'600 + *minutes * 60 + seconds;
    if (offset > kOffsetMaxSeconds) return std::nullopt;
    return TimeZone{TimeZone::Kind::offset, negative ? -offset : offset, nullptr};
}

std::optional<TimeZone> read_zone(Reader& reader, const ZoneSource* zones) {
    if (reader.at_end()) return TimeZone{};
    if (reader.take('Z') || reader.take('z')) return TimeZone{TimeZone::Kind::offset, 0, nullptr};
    if (reader.take('+')) return read_offset(reader, false);
    if (reader.take('-')) return read_offset(reader, true);
    if (!reader.take('@') || zones == nullptr) return std::nullopt;
    const auto zone = zones->find(reader.rest());
    if (!zone) return std::nullopt;
    reader = Reader("");
    return TimeZone{TimeZone::Kind::zone, 0, zone};
}

std::optional<Date> read_date(Reader& reader) {
    const bool negative = reader.take('-');
    const std::string_view digits = reader.take_digits();
    if (digits.size() < 4 || digits.size() > 9 || (digits.size() > 4 && digits.front() == '0')) return std::nullopt;
    const auto year = number_of(digits);
    if (!year || !reader.take('-')) return std::nullopt;
    const auto month = reader.take_two_digits();
    if (!month || !reader.take('-')) return std::nullopt;
    const auto day = reader.take_two_digits();
    if (!day) return std::nullopt;
    const Date date{negative ? -*year : *year, static_cast<std::uint8_t>(*month), static_cast<std::uint8_t>(*day)};
    if (!is_valid(date)) return std::nullopt;
    return date;
}

std::optional<Time> read_time(Reader& reader, const ZoneSource* zones) {
    const auto hour = reader.take_two_digits();
    if (!hour || !reader.take(':')) return std::nullopt;
    const auto minute = reader.take_two_digits();
    if (!minute || !reader.take(':')) return std::nullopt;
    const auto second = reader.take_two_digits();
    if (!second || *hour > 24 || *minute > 59 || *second > 59) return std::nullopt;
    std::int64_t nanos = 0;
    if (reader.take('.')) {
        const std::string_view digits = reader.take_digits();
        if (digits.empty()) return std::nullopt;
        nanos = nanos_of(digits);
    }
    // 24:00:00 is the end of a day (XML Schema); no moment lies behind it.
    if (*hour == 24 && (*minute != 0 || *second != 0 || nanos != 0)) return std::nullopt;
    const auto zone = read_zone(reader, zones);
    if (!zone || !reader.at_end()) return std::nullopt;
    return Time{(*hour * 3'600LL + *minute * 60LL + *second) * kNanosPerSecond + nanos, *zone};
}

std::string zone_text(const TimeZone& zone) {
    if (zone.kind == TimeZone::Kind::local) return "";
    if (zone.kind == TimeZone::Kind::zone) return "@" + zone.zone->name();
    if (zone.offset_seconds == 0) return "Z";
    const int seconds = zone.offset_seconds < 0 ? -zone.offset_seconds : zone.offset_seconds;
    std::string text =
        fmt::format("{}{:02}:{:02}", zone.offset_seconds < 0 ? '-' : '+', seconds / 3'600, seconds / 60 % 60);
    if (seconds % 60 != 0) text += fmt::format(":{:02}", seconds % 60);
    return text;
}

std::string fraction_text(std::int64_t nanos) {
    if (nanos == 0) return "";
    std::string text = fmt::format(".{:09}", nanos);
    text.erase(text.find_last_not_of('0') + 1);
    return text;
}

std::string clock_text(std::int64_t nanos_of_day) {
    const std::int64_t seconds = nanos_of_day / kNanosPerSecond;
    return fmt::format("{:02}:{:02}:{:02}{}", seconds / 3'600, seconds / 60 % 60, seconds % 60,
                       fraction_text(nanos_of_day % kNanosPerSecond));
}

/// One `<digits><letter>` of a duration in the order of `letters`; each letter at most once.
std::optional<std::int64_t> take_unit(Reader& reader, char letter, bool& found) {
    Reader ahead = reader;
    const std::string_view digits = ahead.take_digits();
    if (digits.empty() || !ahead.take(letter)) return 0;
    const auto value = number_of(digits);
    if (!value) return std::nullopt;
    reader = ahead;
    found = true;
    return value;
}

/// `<digits>[.[<digits>]]S`: a point without digits behind it is read too, as many writers leave it.
std::optional<DaysTime> take_seconds(Reader& reader, bool& found) {
    Reader ahead = reader;
    const std::string_view digits = ahead.take_digits();
    if (digits.empty()) return DaysTime{};
    std::string_view fraction;
    if (ahead.take('.')) fraction = ahead.take_digits();
    if (!ahead.take('S')) return std::nullopt;
    const auto value = number_of(digits);
    if (!value || *value > kDurationSecondsMax) return std::nullopt;
    reader = ahead;
    found = true;
    return DaysTime{*value, static_cast<std::int32_t>(nanos_of(fraction))};
}

bool add_scaled(DaysTime& sum, std::int64_t count, std::int64_t seconds_each) {
    std::int64_t seconds = 0;
    if (__builtin_mul_overflow(count, seconds_each, &seconds) || seconds > kDurationSecondsMax) return false;
    sum.seconds += seconds;
    return sum.seconds <= kDurationSecondsMax;
}

/// The part after `T`: hours, minutes, seconds, at least one of them.
bool read_clock_units(Reader& reader, DaysTime& sum) {
    bool found = false;
    const auto hours = take_unit(reader, 'H', found);
    if (!hours || !add_scaled(sum, *hours, 3'600)) return false;
    const auto minutes = take_unit(reader, 'M', found);
    if (!minutes || !add_scaled(sum, *minutes, 60)) return false;
    const auto seconds = take_seconds(reader, found);
    if (!seconds || !found) return false;
    const auto total = add(sum, *seconds);
    if (total) sum = *total;
    return total.has_value();
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
    Reader reader(text);
    const auto date = read_date(reader);
    return date && reader.at_end() ? date : std::nullopt;
}

std::optional<Time> parse_time(std::string_view text, const ZoneSource* zones) {
    Reader reader(text);
    auto time = read_time(reader, zones);
    if (time && time->nanos_of_day == kNanosPerDay) time->nanos_of_day = 0;
    return time;
}

std::optional<DateTime> parse_date_time(std::string_view text, const ZoneSource* zones) {
    Reader reader(text);
    const auto date = read_date(reader);
    if (!date) return std::nullopt;
    if (reader.at_end()) return DateTime{*date, 0, {}};
    if (!reader.take('T')) return std::nullopt;
    const auto time = read_time(reader, zones);
    if (!time) return std::nullopt;
    if (time->nanos_of_day < kNanosPerDay) return DateTime{*date, time->nanos_of_day, time->zone};
    const Date next_day = date_of_days(days_of(*date) + 1);
    if (!is_valid(next_day)) return std::nullopt;
    return DateTime{next_day, 0, time->zone};
}

std::optional<YearsMonths> parse_years_months(std::string_view text) {
    Reader reader(text);
    const bool negative = reader.take('-');
    if (!reader.take('P')) return std::nullopt;
    bool found = false;
    const auto years = take_unit(reader, 'Y', found);
    const auto months = take_unit(reader, 'M', found);
    std::int64_t total = 0;
    if (!years || !months || !found || !reader.at_end() || __builtin_mul_overflow(*years, 12, &total) ||
        __builtin_add_overflow(total, *months, &total) || total > kDurationMonthsMax) {
        return std::nullopt;
    }
    return YearsMonths{negative ? -total : total};
}

std::optional<DaysTime> parse_days_time(std::string_view text) {
    Reader reader(text);
    const bool negative = reader.take('-');
    if (!reader.take('P')) return std::nullopt;
    bool found = false;
    DaysTime sum;
    const auto days = take_unit(reader, 'D', found);
    if (!days || !add_scaled(sum, *days, kSecondsPerDay)) return std::nullopt;
    if (reader.take('T')) {
        if (!read_clock_units(reader, sum)) return std::nullopt;
        found = true;
    }
    if (!found || !reader.at_end()) return std::nullopt;
    return negative ? negate(sum) : sum;
}

std::string to_string(const Date& value) {
    const std::int64_t year = value.year < 0 ? -value.year : value.year;
    return fmt::format("{}{:04}-{:02}-{:02}", value.year < 0 ? "-" : "", year, value.month, value.day);
}

std::string to_string(const Time& value) {
    return clock_text(value.nanos_of_day) + zone_text(value.zone);
}

std::string to_string(const DateTime& value) {
    return to_string(value.date) + "T" + clock_text(value.nanos_of_day) + zone_text(value.zone);
}

std::string to_string(const YearsMonths& value) {
    const std::int64_t months = value.months < 0 ? -value.months : value.months;
    std::string text = value.months < 0 ? "-P" : "P";
    if (months / 12 != 0) text += fmt::format("{}Y", months / 12);
    if (months % 12 != 0 || months == 0) text += fmt::format("{}M", months % 12);
    return text;
}

std::string to_string(const DaysTime& value) {
    const bool negative = value.seconds < 0;
    const DaysTime size = negative ? negate(value) : value;
    std::string text = negative ? "-P" : "P";
    const std::int64_t days = size.seconds / kSecondsPerDay;
    const std::int64_t hours = size.seconds / 3'600 % 24;
    const std::int64_t minutes = size.seconds / 60 % 60;
    const std::int64_t seconds = size.seconds % 60;
    if (days != 0) text += fmt::format("{}D", days);
    std::string clock;
    if (hours != 0) clock += fmt::format("{}H", hours);
    if (minutes != 0) clock += fmt::format("{}M", minutes);
    if (seconds != 0 || size.nanos != 0) clock += fmt::format("{}{}S", seconds, fraction_text(size.nanos));
    if (clock.empty() && days == 0) clock = "0S";
    return clock.empty() ? text : text + "T" + clock;
}

}  // namespace kaigong::feel
