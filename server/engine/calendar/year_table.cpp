// The reader of `catalog/shared/holidays/<year>.json`.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "base/json_reader.hpp"
#include "engine/calendar/calendar.hpp"

namespace kaigong::calendar {
namespace {

constexpr JsonLimits kTextLimits{.bytes_max = 64UL * 1024UL, .depth_max = 8, .values_max = 2'000};
constexpr ListRule kHolidaysRule{.count_min = 1, .count_max = 40};
constexpr ListRule kWorkingDaysRule{.count_min = 0, .count_max = 40};
constexpr IntegerRule kYearRule{.min = 1950, .max = 2200};
constexpr int kHolidayDaysMax = 16;

struct Source {
    std::string title;
    std::string document;
    std::string url;
};

/// What one holiday's own members can be judged by.
void check_holiday(JsonReader& reader, const Holiday& holiday, int year) {
    if (holiday.from_on < CivilDate{year - 1, 12, 1} || holiday.through_on > CivilDate{year + 1, 1, 31}) {
        reader.refuse("from_on", "calendar.date_of_another_year", "日期不属于本年度的放假安排,请核对年份。");
    }
    if (holiday.through_on < holiday.from_on ||
        days_of(holiday.through_on) - days_of(holiday.from_on) >= kHolidayDaysMax) {
        reader.refuse("through_on", "calendar.holiday_length",
                      fmt::format("假期应从开始日到结束日,最长{}天,请核对两个日期。", kHolidayDaysMax));
    }
}

bool overlap(const Holiday& left, const Holiday& right) {
    return left.from_on <= right.through_on && right.from_on <= left.through_on;
}

void check_overlaps(JsonReader& reader, const YearTable& table) {
    for (std::size_t i = 0; i < table.holidays.size(); ++i) {
        for (std::size_t j = i + 1; j < table.holidays.size(); ++j) {
            if (!overlap(table.holidays[i], table.holidays[j])) continue;
            reader.refuse("holidays", "calendar.holidays_overlap",
                          fmt::format("第{}个和第{}个假期重叠,请核对日期。", i + 1, j + 1));
        }
    }
}

void check_working_day(JsonReader& reader, const YearTable& table, CivilDate day) {
    const Holiday that_day{"", day, day};
    if (const int weekday = weekday_of(day); weekday != 0 && weekday != 6) {
        reader.refuse("working_on", "calendar.makeup_day_not_weekend",
                      fmt::format("调休上班日应为周六或周日,请核对{}。", to_string(day)));
    }
    if (day < CivilDate{table.year - 1, 12, 1} || day > CivilDate{table.year + 1, 1, 31}) {
        reader.refuse("working_on", "calendar.date_of_another_year",
                      fmt::format("{}不属于{}年度的放假安排,请核对年份。", to_string(day), table.year));
    }
    const bool holiday = std::any_of(table.holidays.begin(), table.holidays.end(),
                                     [&](const Holiday& other) { return overlap(other, that_day); });
    if (holiday) {
        reader.refuse("working_on", "calendar.makeup_day_in_holiday",
                      fmt::format("{}不能既放假又上班,请核对日期。", to_string(day)));
    }
}

void read_working_days(JsonReader& reader, YearTable& table) {
    for (const std::string& text : reader.texts("working_on", kWorkingDaysRule)) {
        const auto day = parse_date(text);
        if (!day) {
            reader.refuse("working_on", "calendar.not_a_date", "调休上班日应为真实日期,格式为 2026-01-04。");
            continue;
        }
        check_working_day(reader, table, *day);
        if (std::find(table.working_on.begin(), table.working_on.end(), *day) != table.working_on.end()) {
            reader.refuse("working_on", "calendar.makeup_day_twice",
                          fmt::format("{}写了两次,请删除一个。", to_string(*day)));
        }
        table.working_on.push_back(*day);
    }
}

}  // namespace

Result<YearTable> year_table_from_json(const boost::json::value& value) {
    JsonReader reader(value);
    YearTable table;
    table.year = static_cast<int>(reader.integer("year", kYearRule));
    const auto source = reader.object<Source>("source", [](JsonReader& item) {
        return Source{item.text("title"), item.text("document"), item.optional_text("url").value_or("")};
    });
    table.source_title = source.title;
    table.source_document = source.document;
    table.source_url = source.url;
    table.holidays = reader.list<Holiday>("holidays", kHolidaysRule, [&table](JsonReader& item) {
        const Holiday holiday{item.text("name"), item.date("from_on"), item.date("through_on")};
        check_holiday(item, holiday, table.year);
        return holiday;
    });
    check_overlaps(reader, table);
    read_working_days(reader, table);
    KAIGONG_CHECK(reader.finish());
    return table;
}

boost::json::object to_json(const YearTable& table) {
    boost::json::array holidays;
    for (const Holiday& holiday : table.holidays) {
        holidays.push_back({{"name", holiday.name},
                            {"from_on", to_string(holiday.from_on)},
                            {"through_on", to_string(holiday.through_on)}});
    }
    boost::json::array working_on;
    for (const CivilDate day : table.working_on) working_on.emplace_back(to_string(day));
    boost::json::object source{{"title", table.source_title}, {"document", table.source_document}};
    if (!table.source_url.empty()) source["url"] = table.source_url;
    return {{"year", table.year},
            {"source", std::move(source)},
            {"holidays", std::move(holidays)},
            {"working_on", std::move(working_on)}};
}

Result<YearTable> year_table_from_text(std::string_view text) {
    KAIGONG_TRY(value, parse_json(text, kTextLimits));
    return year_table_from_json(value);
}

}  // namespace kaigong::calendar
