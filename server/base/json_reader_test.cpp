#include "base/json_reader.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace kaigong;

namespace {

struct PermitIdTag;
using PermitId = Id<PermitIdTag>;

enum class Colour { green, red };
constexpr std::array kColours{JsonName<Colour>{"green", Colour::green}, JsonName<Colour>{"red", Colour::red}};

boost::json::value parsed(std::string_view text) {
    auto value = parse_json(text);
    REQUIRE(value);
    return *value;
}

std::vector<std::string> problems(JsonReader& reader) {
    std::vector<std::string> result;
    if (auto finished = reader.finish(); !finished) {
        CHECK(finished.error().code == Errc::invalid_input);
        CHECK(finished.error().reason == "json.fields_invalid");
        for (const auto& field : finished.error().fields) result.push_back(field.field + " " + field.reason);
    }
    return result;
}

std::string reason_of(std::string_view text, const JsonLimits& limits = {}) {
    const auto value = parse_json(text, limits);
    return value ? "" : value.error().reason;
}

}  // namespace

TEST_CASE("every member of the right shape is read") {
    const auto value = parsed(R"({"name":"西湖小学","area":1200000,"open":true,"on":"2026-11-23","colour":"red",
        "permit_id":"0190a000-0000-7000-8000-000000000000","tags":["甲","乙"],"note":null,
        "people":[{"name":"孙"},{"name":"李"}],"place":{"region":"330106"},"form":{"x":{"y":1}}})");
    JsonReader reader(value);
    CHECK(reader.text("name") == "西湖小学");
    CHECK(reader.integer("area", {0, 2'000'000}) == 1'200'000);
    CHECK(reader.boolean("open"));
    CHECK(reader.date("on") == CivilDate{2026, 11, 23});
    CHECK(reader.one_of<Colour>("colour", kColours) == Colour::red);
    CHECK(reader.id<PermitId>("permit_id").text == "0190a000-0000-7000-8000-000000000000");
    CHECK(reader.texts("tags") == std::vector<std::string>{"甲", "乙"});
    CHECK_FALSE(reader.optional_text("note"));
    CHECK_FALSE(reader.optional_integer("absent"));
    const auto people =
        reader.list<std::string>("people", {.count_max = 2}, [](JsonReader& item) { return item.text("name"); });
    CHECK(people == std::vector<std::string>{"孙", "李"});
    CHECK(reader.object<std::string>("place", [](JsonReader& inner) { return inner.text("region"); }) == "330106");
    CHECK(reader.raw_object("form").contains("x"));
    CHECK(reader.finish());
}

TEST_CASE("all problems come back together, each with its path") {
    const auto value = parsed(R"({"name":7,"area":3.0,"on":"2026-02-30","colour":"blue","permit_id":"X","extra":1,
        "participants":[{"credit_code":"a"},{"credit_code":"","who":1},3],"tags":["a",5]})");
    JsonReader reader(value);
    reader.text("name");
    reader.integer("area");
    reader.date("on");
    reader.one_of<Colour>("colour", kColours);
    reader.id<PermitId>("permit_id");
    reader.text("missing");
    reader.list<std::string>("participants", {}, [](JsonReader& item) { return item.text("credit_code"); });
    reader.texts("tags");
    CHECK(problems(reader) == std::vector<std::string>{
                                  "name json.not_text",
                                  "area json.not_an_integer",
                                  "on json.not_a_date",
                                  "colour json.not_one_of",
                                  "permit_id json.not_an_id",
                                  "missing json.missing",
                                  "participants[1].credit_code json.text_too_short",
                                  "participants[1].who json.unknown_member",
                                  "participants[2] json.not_an_object",
                                  "tags[1] json.not_text",
                                  "extra json.unknown_member",
                              });
}

TEST_CASE("lengths count characters and not bytes") {
    const auto value = parsed(R"({"four":"建设单位","lines":"一\n二","tab":"a\tb"})");
    JsonReader reader(value);
    reader.text("four", {.length_max = 3});
    CHECK(reader.text("lines", {.lines = true}) == "一\n二");
    reader.text("tab");
    CHECK(problems(reader) ==
          std::vector<std::string>{"four json.text_too_long", "tab json.text_has_control_characters"});
    JsonReader again(value);
    CHECK(again.text("four", {.length_max = 4}) == "建设单位");
}

TEST_CASE("numbers and lists keep their bounds") {
    const auto value = parsed(R"({"big":18446744073709551615,"low":-1,"text":"1","many":[1,2,3],"few":[]})");
    JsonReader reader(value);
    reader.integer("big");
    reader.integer("low", {.min = 0});
    reader.integer("text");
    reader.list<int>("many", {.count_max = 2}, [](JsonReader&) { return 0; });
    reader.texts("few", {.count_min = 1});
    CHECK(problems(reader) == std::vector<std::string>{
                                  "big json.integer_out_of_range",
                                  "low json.integer_out_of_range",
                                  "text json.not_an_integer",
                                  "many json.list_too_long",
                                  "few json.list_too_short",
                              });
}

TEST_CASE("a message never repeats what was sent as a value") {
    const auto value = parsed(R"({"phone":"13800000000","on":"13800000000"})");
    JsonReader reader(value);
    reader.integer("phone");
    reader.date("on");
    const auto finished = reader.finish();
    REQUIRE_FALSE(finished);
    for (const auto& field : finished.error().fields) CHECK(field.message.find("1380") == std::string::npos);
}

TEST_CASE("a hostile list of wrong members gives a bounded answer") {
    std::string text = "{";
    for (int i = 0; i < 5'000; ++i) text += (i == 0 ? "\"k" : ",\"k") + std::to_string(i) + "\":1";
    const auto value = parsed(text + "}");
    JsonReader reader(value);
    CHECK(problems(reader).size() == JsonReader::kProblemsMax);
}

TEST_CASE("only one whole, unambiguous JSON text in UTF-8 is read") {
    CHECK(reason_of("") == "json.malformed");
    CHECK(reason_of("{\"a\":1") == "json.malformed");
    CHECK(reason_of("{} {}") == "json.malformed");
    CHECK(reason_of("{\"a\":1,}") == "json.malformed");
    CHECK(reason_of("// c\n{}") == "json.malformed");
    CHECK(reason_of("{\"a\":NaN}") == "json.malformed");
    CHECK(reason_of("{\"a\":\"\xFF\"}") == "json.malformed");
    CHECK(reason_of("{\"a\":\"\\ud800\"}") == "json.malformed");
    CHECK(reason_of("{\"a\":{\"b\":1,\"b\":2}}") == "json.repeated_member");
    CHECK(reason_of("{\"a\":{\"b\":1},\"c\":{\"b\":2}}").empty());
    CHECK(reason_of(" [1, 2.5, null, \"x\"]\n").empty());
}

TEST_CASE("size, depth and number of values are bounded") {
    CHECK(reason_of("[[[[1]]]]", {.depth_max = 3}) == "json.too_deep");
    CHECK(reason_of("[[[1]]]", {.depth_max = 3}).empty());
    CHECK(reason_of("[1,2,3]", {.values_max = 3}) == "json.too_many_values");
    CHECK(reason_of("[1,2,3]", {.values_max = 4}).empty());
    CHECK(reason_of("[1,2,3]", {.bytes_max = 6}) == "json.too_large");
    CHECK(reason_of(std::string(1U << 20U, '[')) == "json.too_deep");
}

TEST_CASE("text of strangers is counted and shown without harm") {
    CHECK(count_code_points("a建𠀀") == 3);
    CHECK_FALSE(count_code_points("\xC0\x80"));
    CHECK_FALSE(count_code_points("\xED\xA0\x80"));
    CHECK_FALSE(count_code_points("\xE5\xBB"));
    CHECK(printable("a\n\x80建") == "a??建");
    CHECK(*count_code_points(printable(std::string(500, 'x'))) == 65);
}
