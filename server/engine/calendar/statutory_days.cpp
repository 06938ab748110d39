#include "engine/calendar/statutory_days.hpp"

#include <array>

namespace kaigong::calendar {
namespace {

/// First day of the first month, dragon boat and mid-autumn day, and 清明 (4 or 5 April by the sun's longitude).
struct MovableDays {
    CivilDate new_year;
    CivilDate dragon_boat;
    CivilDate mid_autumn;
    CivilDate tomb_sweeping;
};

constexpr std::array kMovableDays{
    MovableDays{{2027, 2, 6}, {2027, 6, 9}, {2027, 9, 15}, {2027, 4, 5}},
    MovableDays{{2028, 1, 26}, {2028, 5, 28}, {2028, 10, 3}, {2028, 4, 4}},
    MovableDays{{2029, 2, 13}, {2029, 6, 16}, {2029, 9, 22}, {2029, 4, 4}},
    MovableDays{{2030, 2, 3}, {2030, 6, 5}, {2030, 9, 12}, {2030, 4, 5}},
};

// 2025 added the eve of the spring festival and 2 May.
constexpr int kThirteenDaysFromYear = 2025;

std::string_view movable_day_name(CivilDate date) {
    for (const MovableDays& days : kMovableDays) {
        if (days.new_year.year != date.year) continue;
        const std::int64_t from_new_year = days_of(date) - days_of(days.new_year);
        if (from_new_year >= -1 && from_new_year <= 2) return "春节";
        if (date == days.dragon_boat) return "端午节";
        if (date == days.mid_autumn) return "中秋节";
        if (date == days.tomb_sweeping) return "清明节";
    }
    return {};
}

}  // namespace

std::string_view statutory_day_name(CivilDate date) {
    if (date.month == 1 && date.day == 1) return "元旦";
    if (date.month == 5 && date.day == 1) return "劳动节";
    if (date.month == 5 && date.day == 2 && date.year >= kThirteenDaysFromYear) return "劳动节";
    if (date.month == 10 && date.day <= 3) return "国庆节";
    return movable_day_name(date);
}

}  // namespace kaigong::calendar
