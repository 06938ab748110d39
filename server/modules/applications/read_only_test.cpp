#include "modules/applications/read_only.hpp"

#include <doctest/doctest.h>

using namespace kaigong::applications;
using boost::json::object;
using boost::json::parse;

namespace {

object of(const char* text) {
    return parse(text).as_object();
}

}  // namespace

TEST_CASE("what only the system says is taken out at any depth, and nothing else is touched") {
    const auto schema = of(R"({"properties": {"score": {"x-read-only": true}, "works": {"properties": {"name": {},
        "checked": {"x-read-only": true}}}, "firms": {"items": {"properties": {"code": {},
        "confirmed": {"x-read-only": true}}}}}})");
    auto form = of(R"({"score": 1, "works": {"name": "校舍", "checked": true, "other": 2},
        "firms": [{"code": "A", "confirmed": 5}, null, "B", {"confirmed": {"deep": 1}}], "more": [1]})");
    drop_read_only(schema, form);
    CHECK(form ==
          of(R"({"works": {"name": "校舍", "other": 2}, "firms": [{"code": "A"}, null, "B", {}], "more": [1]})"));
    // What does not fit is refused by its name afterwards: it is left for that.
    auto odd = of(R"({"works": [{"checked": 1}], "firms": {"confirmed": 5}})");
    drop_read_only(schema, odd);
    CHECK(odd == of(R"({"works": [{"checked": 1}], "firms": {"confirmed": 5}})"));
}
