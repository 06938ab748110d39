#include "base/id.hpp"

#include <doctest/doctest.h>

using namespace kaigong;

TEST_CASE("identifiers sort by the time they were made and say their version") {
    const auto early = new_uuid(1'000);
    const auto late = new_uuid(2'000'000);
    CHECK(is_uuid(early));
    CHECK(early < late);
    CHECK(early[14] == '7');
    CHECK(new_uuid(1'000) != early);
    CHECK_FALSE(is_uuid("0190A000-0000-7000-8000-000000000000"));
    CHECK_FALSE(is_uuid(early.substr(1)));
}
