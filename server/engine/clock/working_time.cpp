#include "engine/clock/working_time.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>

#include "base/json_reader.hpp"
#include "engine/clock/ledger.hpp"

namespace kaigong::clock {
namespace {

constexpr std::int64_t kMinuteMs = 60'000;
constexpr std::int64_t kDayMinutes = 24LL * 60;
constexpr int kSittingsMax = 6;
/// Who held something for longer than this is asked about otherwise; it bounds the walk over the days.
constexpr std::int64_t kDaysMax = 3'660;

Error malformed(const char* why) {
    return error(Errc::invalid_input, "clock.office_hours_malformed", why);
}

/// `08:30`; nothing for anything else. `24:00` is an end.
std::optional<int> minute_of(std::string_view text) {
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    int hour = 0;
    int minute = 0;
    const auto read = [&](std::size_t at, int& number) {
        const auto [end, fault] = std::from_chars(text.data() + at, text.data() + at + 2, number);
        return fault == std::errc{} && end == text.data() + at + 2;
    };
    if (!read(0, hour) || !read(3, minute) || minute > 59 || hour * 60 + minute > kDayMinutes) return std::nullopt;
    return hour * 60 + minute;
}

std::int64_t shared_ms(std::int64_t from_ms, std::int64_t through_ms, std::int64_t other_from_ms,
                       std::int64_t other_through_ms) {
    return std::max<std::int64_t>(0, std::min(through_ms, other_through_ms) - std::max(from_ms, other_from_ms));
}

std::int64_t outside_pauses_ms(const std::vector<Pause>& pauses, std::int64_t from_ms, std::int64_t through_ms) {
    auto left = std::max<std::int64_t>(0, through_ms - from_ms);
    for (const auto& pause : pauses) left -= shared_ms(from_ms, through_ms, pause.from_ms, pause.through_ms);
    return left;
}

}  // namespace

std::int64_t OfficeHours::day_ms() const {
    std::int64_t minutes = 0;
    for (const auto& sitting : sittings) minutes += sitting.through_minute - sitting.from_minute;
    return minutes * kMinuteMs;
}

Result<OfficeHours> office_hours_from_json(const boost::json::object& settings) {
    const auto* given = settings.if_contains("office_hours");
    if (given == nullptr) return OfficeHours{};
    if (!given->is_array() || given->get_array().empty() || given->get_array().size() > kSittingsMax) {
        return malformed("office_hours 应是一到六段办公时间");
    }
    OfficeHours hours;
    hours.sittings.clear();
    for (const auto& one : given->get_array()) {
        JsonReader reader(one);
        const auto from = minute_of(reader.text("from"));
        const auto through = minute_of(reader.text("through"));
        KAIGONG_CHECK(reader.finish());
        if (!from || !through) return malformed("office_hours 的 from、through 应写成 08:30 这样");
        const int earliest = hours.sittings.empty() ? 0 : hours.sittings.back().through_minute;
        if (*from < earliest || *through <= *from) return malformed("office_hours 应从早到晚，互不重叠");
        hours.sittings.push_back({*from, *through});
    }
    return hours;
}

Result<calendar::Answer<std::int64_t>> working_ms(std::span<const Entry> ledger, const OfficeHours& hours,
                                                  const calendar::Calendar& calendar, std::int64_t from_ms,
                                                  std::int64_t through_ms) {
    calendar::Answer<std::int64_t> total{0, false};
    if (through_ms <= from_ms) return total;
    KAIGONG_TRY(intervals, intervals_of(ledger, through_ms));
    const auto last = std::min(days_of(office_date(through_ms)), days_of(office_date(from_ms)) + kDaysMax);
    for (auto day = days_of(office_date(from_ms)); day <= last; ++day) {
        const auto works = calendar.is_working_day(date_of_days(day));
        total.provisional |= works.provisional;
        if (!works.value) continue;
        const auto midnight_ms = office_midnight_ms(date_of_days(day));
        for (const auto& sitting : hours.sittings) {
            const auto begin_ms = std::max(from_ms, midnight_ms + sitting.from_minute * kMinuteMs);
            const auto end_ms = std::min(through_ms, midnight_ms + sitting.through_minute * kMinuteMs);
            total.value += outside_pauses_ms(intervals.pauses, begin_ms, end_ms);
        }
    }
    return total;
}

}  // namespace kaigong::clock
