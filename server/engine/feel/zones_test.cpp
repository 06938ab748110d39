#include "engine/feel/zones.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

namespace {

using kaigong::feel::Zone;

std::string number(std::uint32_t value) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFFU);
    return bytes;
}

/// One block of a TZif file without transitions: one type of local time, so many seconds east.
std::string block(std::int32_t offset) {
    std::string bytes = "TZif2" + std::string(15, '\0');
    for (const std::uint32_t count : {0U, 0U, 0U, 0U, 1U, 1U}) bytes += number(count);
    return bytes + number(static_cast<std::uint32_t>(offset)) + std::string(3, '\0');
}

std::optional<Zone> zone_with_footer(const std::string& footer) {
    return Zone::parse("Test/Zone", block(0) + block(0) + "\n" + footer + "\n");
}

}  // namespace

TEST_CASE("a zone's footer tells the offsets of the years after its table") {
    const auto zone = zone_with_footer("CET-1CEST,M3.5.0,M10.5.0/3");
    REQUIRE(zone);
    CHECK(zone->standard_offset() == 3'600);
    CHECK(zone_with_footer("<-03>3")->standard_offset() == -10'800);
    CHECK(zone_with_footer("IST-5:30")->standard_offset() == 19'800);
}

TEST_CASE("a footer whose hours no clock shows is left out, whatever its digits") {
    for (const char* footer : {"AAA666666", "AAA-168", "AAA1:60", "AAA1:00:60", "AAA1BBB999999,M3.5.0,M10.5.0"}) {
        CAPTURE(footer);
        const auto zone = zone_with_footer(footer);
        REQUIRE(zone);
        CHECK(zone->standard_offset() == 0);
    }
    CHECK(zone_with_footer("AAA-167:59:59")->standard_offset() == 604'799);
}
