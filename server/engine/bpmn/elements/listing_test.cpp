#include "engine/bpmn/elements/listing.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/bpmn/elements/table.hpp"

using namespace kaigong::bpmn;

namespace {

const std::filesystem::path kRoot(KAIGONG_SOURCE_DIR);

}  // namespace

TEST_CASE("the page of elements is what the table of handlers says") {
    std::ifstream file(kRoot / "docs/bpmn-elements.md");
    const std::string page{std::istreambuf_iterator<char>(file), {}};
    REQUIRE_FALSE(page.empty());
    const std::string listing = element_listing();
    CHECK_MESSAGE(page.find(listing) != std::string::npos, "put this into docs/bpmn-elements.md:\n" << listing);
}

TEST_CASE("every element has a file, and a test of the same name") {
    for (const Handler& handler : handlers()) {
        const std::string name = file_name_of(to_string(handler.kind));
        CAPTURE(name);
        CHECK(std::filesystem::exists(kRoot / "server/engine/bpmn/elements" / (name + ".cpp")));
        CHECK(std::filesystem::exists(kRoot / "server/engine/bpmn/elements" / (name + "_test.cpp")));
    }
}
