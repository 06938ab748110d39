#include "engine/feel/feel.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using namespace kaigong::feel;

Value value_of(const std::string& text, const Context& variables = {}, const Environment& environment = {}) {
    const auto expression = parse(text);
    if (!expression) FAIL(text << ": " << expression.error().message);
    return evaluate(*expression, variables, environment);
}

std::string text_of(const std::string& text, const Context& variables = {}) {
    return value_of(text, variables).to_text();
}

}  // namespace

TEST_CASE("numbers_are_decimals_of_34_digits") {
    CHECK(text_of("0.1 + 0.2") == "0.3");
    CHECK(text_of("1 / 3") == "0.3333333333333333333333333333333333");
    CHECK(text_of("2 / 3 * 3") == "2");
    CHECK(text_of("10 ** 20") == "100000000000000000000");
    CHECK(text_of("1.50") == "1.5");
    CHECK(text_of("-2 ** 2") == "4");
    CHECK(value_of("1 / 0").null_code() == "feel.division_by_zero");
    CHECK(value_of("10 ** 7000").null_code() == "feel.number_out_of_range");
}

TEST_CASE("names_may_hold_spaces_and_signs_when_the_scope_knows_them") {
    Context variables;
    variables.put("Years of Service", Value(3));
    variables.put("a-b", Value(10));
    variables.put("a", Value(5));
    variables.put("b", Value(2));
    const Scope scope{.names = {"Years of Service", "a-b", "a", "b"}};
    const auto expression = parse("Years of Service + a-b", scope);
    REQUIRE(expression);
    CHECK(evaluate(*expression, variables).to_text() == "13");
    const auto difference = parse("a - b");
    REQUIRE(difference);
    CHECK(evaluate(*difference, variables).to_text() == "3");
}

TEST_CASE("an_unknown_name_is_refused_where_free_variables_are_not_allowed") {
    const auto expression = parse("1 + amuont", {.names = {"amount"}, .free_variables = false});
    REQUIRE(!expression);
    CHECK(expression.error().reason == "feel.unknown_name");
    CHECK(expression.error().message.contains("第 1 行第 5 列"));
    CHECK(expression.error().message.contains("amount"));
}

TEST_CASE("a_free_variable_that_nobody_gives_is_null_with_a_reason") {
    CHECK(value_of("nobody").null_code() == "feel.unknown_variable");
    CHECK(text_of("nobody = null") == "true");
}

TEST_CASE("three_valued_logic") {
    CHECK(text_of("false and null") == "false");
    CHECK(value_of("true and null").is_null());
    CHECK(text_of("null or true") == "true");
    CHECK(value_of("1 = \"1\"").null_code() == "feel.not_comparable");
    CHECK(text_of("some x in [1, null] satisfies x = 1") == "true");
}

TEST_CASE("ranges_lists_contexts_and_filters") {
    CHECK(text_of("[1..3]") == "[1..3]");
    CHECK(text_of("5 in ]1..5[") == "false");
    CHECK(text_of("[1, 2, 3][item > 1]") == "[2, 3]");
    CHECK(text_of("[1, 2, 3][-1]") == "3");
    CHECK(text_of("[{a: 1, b: 2}, {a: 3, b: 4}][a > 1].b") == "[4]");
    CHECK(text_of("{a: 1, b: a + 1}.b") == "2");
    CHECK(text_of("for i in 1..3, j in [10, 20] return i * j") == "[10, 20, 20, 40, 30, 60]");
    CHECK(text_of("for i in 1..4 return if i = 1 then 1 else partial[-1] * i") == "[1, 2, 6, 24]");
}

TEST_CASE("a_range_may_end_with_an_opening_bracket_and_its_end_may_be_filtered") {
    CHECK(text_of("[1..10[") == "[1..10)");
    CHECK(text_of("[1..[5, 6][2]]") == "[1..6]");
    CHECK(text_of("5 in [1..5[ or 4 in [1..5[") == "true");
}

TEST_CASE("functions_close_over_what_they_name_and_may_call_themselves") {
    CHECK(text_of("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(5)}.r") == "120");
    CHECK(text_of("{k: 3, f: function(x) x * k, r: f(x: 4)}.r") == "12");
    CHECK(value_of("{f: function(n) f(n + 1), r: f(1)}.r").null_code().starts_with("feel.limit_"));
}

TEST_CASE("dates_know_years_beyond_four_digits_and_before_christ") {
    CHECK(text_of("date(\"2024-02-29\") + duration(\"P1Y\")") == "2025-02-28");
    CHECK(text_of("date(-44, 3, 15).year") == "-44");
    CHECK(text_of("date(\"999999999-12-31\")") == "999999999-12-31");
    CHECK(value_of("date(\"999999999-12-31\") + duration(\"P1D\")").null_code() == "feel.date_out_of_range");
    CHECK(text_of("date(\"2026-12-02\") - date(\"2026-11-23\")") == "P9D");
    CHECK(text_of("@\"2026-11-23\".weekday") == "1");
}

TEST_CASE("time_zones_come_from_the_environment") {
    const ZoneFolder zones("/usr/share/zoneinfo");
    Environment environment;
    environment.zones = &zones;
    const auto at = [&](const std::string& text) { return value_of(text, {}, environment).to_text(); };
    CHECK(at("@\"2018-10-08T00:00:00@Europe/Paris\" = @\"2018-10-08T00:00:00+02:00\"") == "true");
    CHECK(at("@\"2090-07-01T00:00:00@Europe/Paris\".time offset") == "PT2H");
    CHECK(at("@\"2090-01-01T00:00:00@Australia/Sydney\".time offset") == "PT11H");
    CHECK(at("@\"2026-03-29T01:59:59@Europe/Paris\" + duration(\"PT1S\")") == "2026-03-29T03:00:00@Europe/Paris");
    CHECK(value_of("@\"2018-10-08T00:00:00@Nowhere/City\"", {}, environment).is_null());
    CHECK(value_of("time(\"00:00:00@Europe/Paris\")").null_code() == "feel.invalid_temporal");
}

TEST_CASE("now_and_today_are_what_the_environment_says") {
    Environment environment;
    CHECK(value_of("now()", {}, environment).null_code() == "feel.no_clock");
    environment.now_at_ms = 1'795'406'400'000;  // 2026-11-23T04:00:00Z
    CHECK(value_of("today()", {}, environment).to_text() == "2026-11-23");
    CHECK(value_of("now()", {}, environment).to_text() == "2026-11-23T12:00:00+08:00");
}

TEST_CASE("unary_tests_ask_about_one_value") {
    const auto holds = [](const std::string& text, const Value& input) {
        const auto tests = parse_unary_tests(text);
        if (!tests) FAIL(text << ": " << tests.error().message);
        return evaluate(*tests, input, {}).to_text();
    };
    CHECK(holds("-", Value(1)) == "true");
    CHECK(holds("< 5, [10..20]", Value(15)) == "true");
    CHECK(holds("not(1, 2)", Value(2)) == "false");
    CHECK(holds("\"a\", \"b\"", Value("b")) == "true");
    CHECK(holds("-5", Value(-5)) == "true");
    CHECK(holds("? > 3 and ? < 5", Value(4)) == "true");
    CHECK(holds("string length(?) = 2", Value("ab")) == "true");
    CHECK(holds("null", Value()) == "true");
    CHECK(holds("< 5", Value("a")) == "null");
}

TEST_CASE("syntax_errors_say_where_and_what") {
    for (const char* text : {"", "1 +", "(1", "[1, 2", "{a 1}", "\"open", "if 1 then 2", "for x in [1]", "a.b.", "1 2",
                             "f(a: 1, 2)", "@5", "/* open"}) {
        const auto expression = parse(text);
        INFO(text);
        REQUIRE(!expression);
        CHECK(expression.error().reason == "feel.syntax");
    }
    CHECK(parse("1 +\n  )").error().message.contains("第 2 行第 3 列"));
}

TEST_CASE("bombs_end_with_a_named_limit") {
    CHECK(value_of("count(for i in 1..100000, j in 1..100000 return 1)").null_code().starts_with("feel.limit_"));
    CHECK(value_of("some i in 1..1000000000 satisfies false").null_code() == "feel.limit_steps");
    CHECK(value_of("for i in 1..100000 return [partial[-1]]").null_code().starts_with("feel.limit_"));
    CHECK(
        value_of("{d: function(s, n) if n = 0 then s else d(s + s, n - 1), r: d(\"0123456789\", 40)}.r").null_code() ==
        "feel.limit_string");
    CHECK(value_of("matches(\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\", \"(a+)+b\")").is_true() == false);
    std::string parentheses(5'000, '(');
    parentheses += "1";
    parentheses.append(5'000, ')');
    const auto deep = parse(parentheses);
    REQUIRE(!deep);
    CHECK(deep.error().reason == "feel.limit_depth");
    std::string minuses(100'000, '-');
    minuses += "1";
    CHECK(!parse(minuses));
    std::string brackets;
    for (int at = 0; at < 60; ++at) brackets += "[1..1[";
    CHECK(!parse(brackets));
}

TEST_CASE("json_numbers_keep_their_digits") {
    const auto value = from_json_text(R"({"price": 0.10000000000000000000000001, "n": 12, "l": [1, null, "x"]})");
    REQUIRE(value);
    CHECK(to_json_text(*value) == R"({"price":0.10000000000000000000000001,"n":12,"l":[1,null,"x"]})");
    CHECK(from_json_text("{\"a\": 1,}").error().reason == "feel.json_invalid");
    CHECK(from_json_text("1 2").error().reason == "feel.json_invalid");
    CHECK(from_json_text(std::string(1'000, '[')).error().reason == "feel.json_invalid");
}

TEST_CASE("json_members_named_on_become_dates_when_asked") {
    const std::string text = R"({"submitted_on": "2026-11-23", "name_on": "x", "at_ms": 5, "today": "2026-11-23"})";
    const auto typed = context_from_json_text(text, {.typed_by_suffix = true});
    REQUIRE(typed);
    CHECK(typed->find("submitted_on")->is(Kind::date));
    CHECK(typed->find("today")->is(Kind::date));
    CHECK(typed->find("name_on")->is(Kind::string));
    CHECK(typed->find("at_ms")->is(Kind::number));
    CHECK(context_from_json_text(text)->find("submitted_on")->is(Kind::string));
}

TEST_CASE("text_is_counted_by_code_point") {
    CHECK(text_of("string length(\"😀国\")") == "2");
    CHECK(text_of("substring(\"a😀国b\", 2, 2)") == "\"😀国\"");
    CHECK(text_of("substring(\"0123456789工程0123456789\", 10, 4)") == "\"9工程0\"");
    CHECK(text_of("substring(\"0123456789工程0123456789\", -11, 2)") == "\"程0\"");
    CHECK(text_of("string length(\"0123456工程012345678😀\")") == "19");
    CHECK(text_of("for i in [1, 18, 19] return substring(\"91330106MA0DEM0133\", i, 1)") == "[\"9\", \"3\", \"\"]");
    CHECK(text_of("upper case(\"äé国\")") == "\"ÄÉ国\"");
    CHECK(text_of("replace(\"a（1） 号\", \"[（）()\\s　]\", \"\")") == "\"a1号\"");
    CHECK(text_of("split(\"a;b;;c\", \";\")") == "[\"a\", \"b\", \"\", \"c\"]");
}

TEST_CASE("a_parse_failure_stands_in_parts") {
    ParseFailure failure;
    CHECK(!parse("if a then\n  (1 + 2", {.names = {"a"}}, &failure));
    CHECK(failure.line == 2);
    CHECK(failure.column == 9);
    CHECK(failure.expected == "“)”");
    CHECK(failure.found.empty());
    CHECK(!parse("面积 > \"三百", {}, &failure));
    CHECK(failure.line == 1);
    CHECK(failure.column == 6);
    CHECK(failure.expected == "\"");
}

TEST_CASE("an_unknown_name_function_or_type_comes_with_the_nearest_known_one") {
    const Scope scope{.names = {"建筑面积", "工程造价", "Years of Service", "amount"}, .free_variables = false};
    const auto nearest = [&](const std::string& text) {
        ParseFailure failure;
        const auto parsed = parse(text, scope, &failure);
        REQUIRE(!parsed);
        if (!failure.nearest.empty()) CHECK(parsed.error().message.contains(failure.nearest));
        return failure.nearest;
    };
    CHECK(nearest("建筑面职 > 300") == "建筑面积");
    CHECK(nearest("造价 > 300").empty());
    CHECK(nearest("1 + amuont") == "amount");
    CHECK(nearest("Years of Servcie + 1") == "Years of Service");
    CHECK(nearest("sbustring(\"a\", 1)") == "substring");
    CHECK(nearest("string lenght(\"a\")") == "string length");
    CHECK(nearest("1 instance of nubmer") == "number");
    CHECK(nearest("amount + zzzzzz").empty());
}

TEST_CASE("a_slip_in_a_name_of_several_words_is_found_also_where_variables_are_free") {
    ParseFailure failure;
    CHECK(!parse("Years of Servce + 1", {.names = {"Years of Service"}}, &failure));
    CHECK(failure.nearest == "Years of Service");
}

TEST_CASE("the_end_of_a_day_may_be_written_as_24_hours") {
    CHECK(text_of("date and time(\"2025-12-31T24:00:00\")") == "2026-01-01T00:00:00");
    CHECK(text_of("time(\"24:00:00\")") == "00:00:00");
    CHECK(value_of("date and time(\"2025-12-31T24:00:01\")").is_null());
}

TEST_CASE("constants_are_made_while_parsing_and_change_no_result") {
    CHECK(text_of("[1, [2, 3]][2][1]") == "2");
    CHECK(text_of("date(\"2026-02-01\") - date(\"2026-01-31\")") == "P1D");
    CHECK(value_of("date(\"2026-02-30\")").null_code() == "feel.invalid_temporal");
    CHECK(value_of("{a: 1, a: 2}").null_code() == "feel.duplicate_key");
    const auto own = parse("{date: function(x) 7, r: date(\"2026-01-01\")}.r");
    CHECK(evaluate(*own, {}).to_text() == "7");
}

TEST_CASE("a_context_finds_its_entries_however_many_there_are") {
    Context context;
    for (int at = 0; at < 200; ++at) context.put("key" + std::to_string(at), Value(at));
    context.put("key7", Value(-7));
    context.remove("key0");
    CHECK(context.size() == 199);
    CHECK(context.find("key0") == nullptr);
    CHECK(context.find("key7")->to_text() == "-7");
    CHECK(context.find("key199")->to_text() == "199");
    CHECK(context.entries().front().first.text() == "key1");
}
