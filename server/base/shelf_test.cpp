#include "base/shelf.hpp"

#include <doctest/doctest.h>

using namespace kaigong;

TEST_CASE("a shelf makes a thing once, and forgets the one that was not asked for the longest") {
    Shelf<std::string> shelf(2);
    int made = 0;
    const auto ask = [&](const std::string& source) {
        return *shelf.get(source, [&] {
            ++made;
            return source + "!";
        });
    };
    CHECK(ask("a") == "a!");
    CHECK(ask("b") == "b!");
    CHECK(ask("a") == "a!");
    CHECK(made == 2);
    CHECK(ask("c") == "c!");
    CHECK(ask("a") == "a!");
    CHECK(made == 3);
    CHECK(ask("b") == "b!");
    CHECK(made == 4);
}
