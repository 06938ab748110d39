#include "base/chinese_format.hpp"

#include <doctest/doctest.h>
#include <limits>

using namespace kaigong;

TEST_CASE("dates are written without leading zeros and with their weekday") {
    CHECK(date_text({2026, 12, 2}) == "2026年12月2日");
    CHECK(date_weekday_text({2026, 12, 2}) == "2026年12月2日（周三）");
    CHECK(date_weekday_text({2026, 11, 29}) == "2026年11月29日（周日）");
}

TEST_CASE("an instant is written in office time, also when the UTC day differs") {
    CHECK(instant_text(office_midnight_ms({2026, 11, 23}) + 300'000) == "2026年11月23日 00:05");
    CHECK(instant_text(office_midnight_ms({2026, 11, 24}) - 1) == "2026年11月23日 23:59");
}

TEST_CASE("money is in 万元 with at most four decimals and no zeros at the end") {
    CHECK(money_wan_text(8'260'000'000) == "8260\u00A0万元");
    CHECK(money_wan_number(8'260'500'000) == "8260.5");
    CHECK(money_wan_number(100) == "0.0001");
    CHECK(money_wan_number(0) == "0");
    CHECK(money_wan_number(-100'000'000) == "-100");
}

TEST_CASE("fen under a yuan are rounded half away from zero") {
    CHECK(money_wan_number(49) == "0");
    CHECK(money_wan_number(50) == "0.0001");
    CHECK(money_wan_number(-49) == "0");
    CHECK(money_wan_number(-50) == "-0.0001");
}

TEST_CASE("five digits and more are grouped by no-break spaces, four are not") {
    CHECK(money_wan_number(9'999'000'000) == "9999");
    CHECK(money_wan_number(12'345'678'901'200) == "12\u00A0345\u00A0678.9012");
    CHECK(area_text(1'234'567) == "12\u00A0345.67\u00A0平方米");
}

TEST_CASE("areas and lengths always show two decimals") {
    CHECK(area_text(30'000) == "300.00\u00A0平方米");
    CHECK(length_text(1'234'500) == "1234.50\u00A0米");
    CHECK(length_text(4) == "0.00\u00A0米");
    CHECK(length_text(5) == "0.01\u00A0米");
    CHECK(percent_text(1'250) == "12.5%");
}

TEST_CASE("the smallest number there is does not overflow") {
    CHECK(money_wan_number(std::numeric_limits<std::int64_t>::min()) == "-9\u00A0223\u00A0372\u00A0036\u00A0854.7758");
}
