#include "modules/certificates/saved_page.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>

using namespace kaigong;

namespace {

constexpr const char* kBuilt =
    "<head><meta content=\"script-src 'sha256-x'\"></head><body>"
    "<script type=\"application/json\" id=\"trust\">null</script><script type=\"module\">f()</script></body>";

}  // namespace

TEST_CASE("the saved page carries the list, and nothing else of it changes") {
    const boost::json::object trust{{"v", 1}, {"name", "示例局"}};
    const auto page = certificates::page_with_trust(kBuilt, trust);
    REQUIRE(page);
    std::string wanted = kBuilt;
    wanted.replace(wanted.find("null"), 4, boost::json::serialize(trust));
    CHECK(*page == wanted);
}

TEST_CASE("a name on the list cannot end the element that holds it") {
    const boost::json::object trust{{"name", "</script><script>alert(1)</script>"}};
    const auto page = certificates::page_with_trust(kBuilt, trust).value();
    CHECK(page.find("alert(1)</script>") == std::string::npos);
    const auto begins = page.find("id=\"trust\">") + 11;
    const auto carried = page.substr(begins, page.find("</script>", begins) - begins);
    CHECK(boost::json::parse(carried).as_object() == trust);
}

TEST_CASE("without a built page, or without its place for the list, nothing is given out") {
    for (const std::string_view built : {"", "<html></html>", "<script id=\"trust\">null"}) {
        CHECK(certificates::page_with_trust(built, {}).error().reason == "certificates.page_not_built");
    }
}
