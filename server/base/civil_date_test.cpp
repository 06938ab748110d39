#include "base/civil_date.hpp"

#include <doctest/doctest.h>

using namespace kaigong;

TEST_CASE("days and dates are each other's inverse over a thousand years") {
    for (std::int64_t days = -200'000; days < 200'000; days += 13) {
        CHECK(days_of(date_of_days(days)) == days);
    }
    CHECK(days_of({1970, 1, 1}) == 0);
    CHECK(days_of({2000, 3, 1}) == 11'017);
}

TEST_CASE("a month without the corresponding day ends on its last day (民法典 202)") {
    CHECK(to_string(add_months({2026, 11, 30}, 3)) == "2027-02-28");
    CHECK(to_string(add_months({2023, 11, 30}, 3)) == "2024-02-29");
    CHECK(to_string(add_months({2026, 1, 31}, -1)) == "2025-12-31");
}

TEST_CASE("the office's day begins eight hours before that of UTC") {
    CHECK(to_string(office_date(office_midnight_ms({2026, 11, 23}))) == "2026-11-23");
    CHECK(to_string(office_date(office_midnight_ms({2026, 11, 23}) - 1)) == "2026-11-22");
    CHECK(weekday_of({2026, 11, 23}) == 1);
}

TEST_CASE("only real days in the one spelling are read") {
    for (const char* bad :
         {"2026-2-03", "2026-02-30", "2026/02/03", "0000-01-01", "2026-13-01", "2026-02-03 ", "+026-02-03"}) {
        CHECK_FALSE(parse_date(bad));
    }
    CHECK(parse_date("2024-02-29") == CivilDate{2024, 2, 29});
}
