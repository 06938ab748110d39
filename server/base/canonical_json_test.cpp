#include "base/canonical_json.hpp"

#include <doctest/doctest.h>
#include <boost/json.hpp>

using namespace kaigong;

TEST_CASE("canonical JSON sorts members and has no white space (RFC 8785)") {
    const auto value = boost::json::parse(R"({ "b": [1, true, null], "a": {"z": "许可", "A": -2} })");
    CHECK(canonical_json(value) == R"({"a":{"A":-2,"z":"许可"},"b":[1,true,null]})");
    CHECK(canonical_json(boost::json::parse("[]")) == "[]");
    CHECK(canonical_json(boost::json::parse("{}")) == "{}");
}

TEST_CASE("canonical JSON escapes what RFC 8785 escapes, the short way, and nothing else") {
    const auto value = boost::json::parse(R"(["€$\u000F\nA'\u0042\u0022\u005C\\\"\/\u007f\b\t\f\r"])");
    CHECK(canonical_json(value) == "[\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\x7f\\b\\t\\f\\r\"]");
}

TEST_CASE("canonical JSON orders names by UTF-16 units (the example of RFC 8785 §3.2.3)") {
    const auto value = boost::json::parse(
        R"({"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",)"
        R"("\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"})");
    CHECK(canonical_json(value) ==
          "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\","
          "\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\",\"😀\":\"Emoji: Grinning Face\","
          "\"\xEF\xAC\xB3\":\"Hebrew Letter Dalet With Dagesh\"}");
    CHECK(canonical_json(boost::json::parse(R"({"ab":1,"a":2,"":3})")) == R"({"":3,"a":2,"ab":1})");
}

TEST_CASE("canonical JSON refuses fractions and numbers that a reader would round") {
    CHECK_THROWS(canonical_json(boost::json::parse("[0.5]")));
    CHECK_THROWS(canonical_json(boost::json::parse("[1e3]")));
    CHECK(canonical_json(boost::json::parse("[9007199254740991,-9007199254740991]")) ==
          "[9007199254740991,-9007199254740991]");
    CHECK_THROWS(canonical_json(boost::json::parse("[9007199254740992]")));
    CHECK_THROWS(canonical_json(boost::json::value(std::uint64_t{1} << 60U)));
}
