#include "engine/calendar/calendar.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <stdexcept>

#include "engine/calendar/published_years_test.hpp"

using namespace kaigong;
using namespace kaigong::calendar;

namespace {

CivilDate date(const char* text) {
    return parse_date(text).value();
}

/// `reason@field` of every fault.
std::vector<std::string> faults_of(std::string_view text) {
    const auto table = year_table_from_text(text);
    std::vector<std::string> faults;
    if (table) return faults;
    for (const FieldProblem& problem : table.error().fields) faults.push_back(problem.reason + "@" + problem.field);
    if (faults.empty()) faults.push_back(table.error().reason);
    return faults;
}

bool has(const std::vector<std::string>& faults, std::string_view wanted) {
    return std::find(faults.begin(), faults.end(), wanted) != faults.end();
}

std::string table_text(std::string_view holidays, std::string_view working_on) {
    return fmt::format(R"({{"year":2026,"source":{{"title":"t","document":"d"}},"holidays":{},"working_on":{}}})",
                       holidays, working_on);
}

}  // namespace

TEST_CASE("the start day is not counted and make-up days are (行政许可法 82; the vectors of the domain facts)") {
    struct Vector {
        const char* start;
        int n;
        const char* due;
    };
    const Calendar calendar = published_years();
    for (const Vector& v : {Vector{"2024-09-27", 7, "2024-10-12"}, Vector{"2024-02-06", 5, "2024-02-19"},
                            Vector{"2025-01-24", 7, "2025-02-10"}, Vector{"2025-09-26", 7, "2025-10-13"},
                            Vector{"2025-04-30", 5, "2025-05-12"}, Vector{"2026-02-11", 7, "2026-02-27"},
                            Vector{"2026-02-13", 5, "2026-02-27"}, Vector{"2026-09-30", 5, "2026-10-13"},
                            Vector{"2026-11-23", 7, "2026-12-02"}}) {
        CAPTURE(v.start);
        const auto due = calendar.add_working_days(date(v.start), v.n);
        CHECK(to_string(due.value) == v.due);
        CHECK_FALSE(due.provisional);
    }
}

TEST_CASE("published years have 251, 248 and 248 working days") {
    const Calendar calendar = published_years();
    CHECK(calendar.working_days_between({2023, 12, 31}, {2024, 12, 31}) == Answer<int>{251, false});
    CHECK(calendar.working_days_between({2024, 12, 31}, {2025, 12, 31}) == Answer<int>{248, false});
    CHECK(calendar.working_days_between({2025, 12, 31}, {2026, 12, 31}) == Answer<int>{248, false});
}

TEST_CASE("a day is judged by the notice before the weekday") {
    const Calendar calendar = published_years();
    CHECK(calendar.is_working_day({2026, 1, 4}) == Answer<bool>{true, false});     // make-up Sunday
    CHECK(calendar.is_working_day({2026, 1, 2}) == Answer<bool>{false, false});    // Friday inside the holiday
    CHECK(calendar.is_working_day({2024, 2, 9}) == Answer<bool>{true, false});     // the eve was no holiday in 2024
    CHECK(calendar.is_working_day({2026, 11, 22}) == Answer<bool>{false, false});  // plain Sunday
    CHECK(calendar.day_name({2026, 2, 17}) == "春节");
    CHECK(calendar.day_name({2026, 2, 14}) == "调休上班");
    CHECK(calendar.day_name({2026, 11, 22}) == "周末");
    CHECK(calendar.day_name({2026, 11, 23}).empty());
}

TEST_CASE("a year that is not published is answered from weekends and statutory days, and says so") {
    const Calendar calendar = published_years();
    CHECK_FALSE(calendar.is_published(2027));
    for (const char* off :
         {"2027-01-01", "2027-02-05", "2027-02-08", "2027-04-05", "2027-06-09", "2027-09-15", "2027-10-01"}) {
        CAPTURE(off);
        CHECK(calendar.is_working_day(date(off)) == Answer<bool>{false, true});
    }
    CHECK(calendar.is_working_day({2027, 2, 9}) == Answer<bool>{true, true});
    CHECK(calendar.is_working_day({2027, 1, 2}) == Answer<bool>{false, true});  // Saturday
    CHECK(calendar.day_name({2027, 2, 5}) == "春节");
    CHECK(calendar.add_working_days({2026, 12, 30}, 1) == Answer<CivilDate>{{2026, 12, 31}, false});
    CHECK(calendar.add_working_days({2026, 12, 30}, 2) == Answer<CivilDate>{{2027, 1, 4}, true});
    CHECK(calendar.working_days_between({2026, 12, 30}, {2027, 1, 4}) == Answer<int>{2, true});
}

TEST_CASE("publishing the year takes the provisional mark away and moves the day") {
    YearTable table{2027, "t", "d", "u", {{"元旦", {2027, 1, 1}, {2027, 1, 3}}}, {}};
    table.holidays.push_back({"补休", {2027, 1, 4}, {2027, 1, 4}});
    auto tables = published_tables();
    tables.push_back(table);
    const Calendar calendar = Calendar::of(tables).value();
    CHECK(calendar.add_working_days({2026, 12, 30}, 2) == Answer<CivilDate>{{2027, 1, 5}, false});
}

TEST_CASE("a period in months ends on the corresponding day and moves from a day off (民法典 202, 203)") {
    const Calendar calendar = published_years();
    CHECK(calendar.add_months({2026, 1, 19}, 3).value == CivilDate{2026, 4, 20});   // 04-19 is a Sunday
    CHECK(calendar.add_months({2025, 11, 30}, 3).value == CivilDate{2026, 2, 28});  // make-up Saturday: stays
    CHECK(calendar.add_months({2026, 7, 1}, 3) == Answer<CivilDate>{{2026, 10, 8}, false});
    CHECK(calendar.add_months({2026, 10, 1}, 3) == Answer<CivilDate>{{2027, 1, 4}, true});
    CHECK(calendar.add_calendar_days({2026, 9, 25}, 10).value == CivilDate{2026, 10, 8});
}

TEST_CASE("counting forward, back and between agree for any start and length") {
    const Calendar calendar = published_years();
    std::mt19937 random(20'261'123);
    for (int round = 0; round < 3'000; ++round) {
        const CivilDate start = add_days({2024, 1, 1}, static_cast<std::int64_t>(random() % 1'400));
        const int n = static_cast<int>(random() % 60) + 1;
        CAPTURE(to_string(start));
        CAPTURE(n);
        const CivilDate due = calendar.add_working_days(start, n).value;
        CHECK(due > start);
        CHECK(calendar.is_working_day(due).value);
        CHECK(calendar.working_days_between(start, due).value == n);
        CHECK(calendar.working_days_between(due, start).value == -n);
        CHECK(calendar.add_working_days(start, n + 1).value > due);
        const CivilDate split = calendar.add_working_days(start, n / 2).value;
        CHECK(calendar.add_working_days(split, n - n / 2).value == due);
        const CivilDate back = calendar.add_working_days(due, -n).value;
        CHECK(calendar.working_days_between(back, due).value == n);
        const auto rolled = calendar.roll_to_working_day(start);
        CHECK(rolled.value >= start);
        CHECK(calendar.working_days_between(add_days(start, -1), rolled.value).value == 1);
    }
}

TEST_CASE("nothing to count leaves the day as it is, and an absurd period is a bug") {
    const Calendar calendar = published_years();
    CHECK(calendar.add_working_days({2026, 10, 1}, 0) == Answer<CivilDate>{{2026, 10, 1}, false});
    CHECK_THROWS_AS((void)calendar.add_working_days({2026, 1, 1}, kPeriodDaysMax + 1), std::out_of_range);
    CHECK_THROWS_AS((void)calendar.working_days_between({1900, 1, 1}, {2026, 1, 1}), std::out_of_range);
}

TEST_CASE("a calendar without tables still answers, provisionally") {
    const Calendar calendar;
    CHECK(calendar.add_working_days({2031, 9, 30}, 1) == Answer<CivilDate>{{2031, 10, 6}, true});
}

TEST_CASE("two tables of one year are refused") {
    auto tables = published_tables();
    tables.push_back(tables.front());
    const auto calendar = Calendar::of(tables);
    REQUIRE_FALSE(calendar);
    CHECK(calendar.error().reason == "calendar.year_twice");
}

TEST_CASE("a faulty table names the field") {
    const std::string_view good = R"([{"name":"元旦","from_on":"2026-01-01","through_on":"2026-01-03"}])";
    CHECK(faults_of(table_text(good, R"(["2026-01-04"])")).empty());
    const auto working = [&](std::string_view days) { return faults_of(table_text(good, days)); };
    CHECK(has(working(R"(["2026-01-05"])"), "calendar.makeup_day_not_weekend@working_on"));
    CHECK(has(working(R"(["2026-01-03"])"), "calendar.makeup_day_in_holiday@working_on"));
    CHECK(has(working(R"(["2026-01-04","2026-01-04"])"), "calendar.makeup_day_twice@working_on"));
    CHECK(has(working(R"(["2025-01-04"])"), "calendar.date_of_another_year@working_on"));
    CHECK(has(working(R"(["2026-02-30"])"), "calendar.not_a_date@working_on"));
    const auto holidays = [](std::string_view list) { return faults_of(table_text(list, "[]")); };
    CHECK(has(holidays(R"([{"name":"元旦","from_on":"2026-01-03","through_on":"2026-01-01"}])"),
              "calendar.holiday_length@holidays[0].through_on"));
    CHECK(has(holidays(R"([{"name":"元旦","from_on":"2024-01-01","through_on":"2024-01-01"}])"),
              "calendar.date_of_another_year@holidays[0].from_on"));
    CHECK(has(holidays(R"([{"name":"a","from_on":"2026-01-01","through_on":"2026-01-03"},
                           {"name":"b","from_on":"2026-01-03","through_on":"2026-01-04"}])"),
              "calendar.holidays_overlap@holidays"));
    CHECK_FALSE(holidays("[]").empty());
    CHECK_FALSE(faults_of("{").empty());
    CHECK_FALSE(faults_of("[]").empty());
    CHECK_FALSE(faults_of(std::string(70'000, ' ')).empty());
}

TEST_CASE("all faults come at once") {
    CHECK(faults_of(R"({"year":"2026","holidays":[],"working_on":7,"extra":1})").size() >= 4);
}

TEST_CASE("the catalogue's tables are the published years") {
    const std::filesystem::path folder = std::filesystem::path(KAIGONG_SOURCE_DIR) / "catalog/shared/holidays";
    std::vector<YearTable> tables;
    for (const int year : {2024, 2025, 2026}) {
        std::ifstream file(folder / fmt::format("{}.json", year));
        REQUIRE(file.good());
        const std::string text{std::istreambuf_iterator<char>(file), {}};
        tables.push_back(year_table_from_text(text).value());
        CHECK(tables.back().year == year);
    }
    const Calendar from_files = Calendar::of(tables).value();
    const Calendar by_hand = published_years();
    for (CivilDate day{2024, 1, 1}; day.year < 2027; day = add_days(day, 1)) {
        CAPTURE(to_string(day));
        CHECK(from_files.is_working_day(day) == by_hand.is_working_day(day));
    }
}
