// Expressions made to exhaust: each ends with a named reason after a bounded amount of work. How long that takes is
// measured on the release build (`bench/README.md`); here the bound is generous, for the sanitizers' sake.
#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "engine/feel/feel.hpp"

namespace {

using namespace kaigong::feel;

constexpr std::chrono::milliseconds kGenerous{5'000};

std::string repeated(const std::string& text, std::size_t times) {
    std::string result;
    for (std::size_t at = 0; at < times; ++at) result += text;
    return result;
}

/// The reason with which it ends: of the parse, else of the value; `value` when there is one.
std::string end_of(const std::string& text) {
    const auto from = std::chrono::steady_clock::now();
    std::string reason = "value";
    const auto expression = parse(text);
    if (!expression) {
        reason = expression.error().reason;
    } else if (const Value value = evaluate(*expression, {}); value.is_null()) {
        reason = value.null_code();
    }
    CHECK(std::chrono::steady_clock::now() - from < kGenerous);
    return reason;
}

/// Eight lists of ten, each of the one before: small in memory, a hundred million numbers to walk.
std::string laughs(const std::string& question) {
    return "{a: [1,1,1,1,1,1,1,1,1,1], b: [a,a,a,a,a,a,a,a,a,a], c: [b,b,b,b,b,b,b,b,b,b], d: [c,c,c,c,c,c,c,c,c,c], "
           "e: [d,d,d,d,d,d,d,d,d,d], f: [e,e,e,e,e,e,e,e,e,e], g: [f,f,f,f,f,f,f,f,f,f], h: [g,g,g,g,g,g,g,g,g,g], "
           "r: " +
           question + "}.r";
}

std::string over_a_list(const std::string& body) {
    return "{l: for i in 1..20000 return i, r: for i in 1..20000 return " + body + "}.r";
}

}  // namespace

TEST_CASE("loops_end") {
    CHECK(end_of("for a in 1..1000000000 return a") == "feel.limit_steps");
    CHECK(end_of("for a in [1..1000000000] return a") == "feel.limit_steps");
    CHECK(end_of("for a in 1..1000, b in 1..1000, c in 1..1000 return a * b * c") == "feel.limit_steps");
    CHECK(end_of("some a in 1..1000000000 satisfies a < 0") == "feel.limit_steps");
    CHECK(end_of("every a in 1..100000, b in 1..100000 satisfies a > 0") == "feel.limit_steps");
    CHECK(end_of("for a in 1..100000 return count(partial)") == "feel.limit_steps");
    CHECK(end_of("{f: function(n) f(n + 1), r: f(1)}.r") == "feel.limit_depth");
    CHECK(end_of("{f: function(n) if n < 2 then n else f(n - 1) + f(n - 2), r: f(40)}.r") == "feel.limit_steps");
}

TEST_CASE("a_limit_that_is_met_is_the_result_whatever_else_there_is") {
    CHECK(end_of("if (some a in 1..1000000000 satisfies a < 0) then 1 else 2") == "feel.limit_steps");
    CHECK(end_of("if count(for a in 1..1000000000 return a) > 3 then 1 else 2") == "feel.limit_steps");
    CHECK(end_of("[1, {f: function(n) f(n + 1), r: f(1)}.r = null]") == "feel.limit_depth");
}

TEST_CASE("nesting_and_chains_end") {
    CHECK(end_of(repeated("(", 10'000) + "1" + repeated(")", 10'000)) == "feel.limit_depth");
    CHECK(end_of(repeated("[", 10'000) + "1" + repeated("]", 10'000)) == "feel.limit_depth");
    CHECK(end_of(repeated("not(", 10'000) + "true" + repeated(")", 10'000)) == "feel.limit_depth");
    CHECK(end_of(repeated("-", 50'000) + "1") == "feel.limit_depth");
    CHECK(end_of(repeated("1+", 20'000) + "1") == "feel.limit_depth");
    CHECK(end_of(repeated("true and ", 5'000) + "true") == "feel.limit_depth");
    CHECK(end_of("a" + repeated(".b", 20'000)) == "feel.limit_depth");
    CHECK(end_of("[1]" + repeated("[1]", 20'000)) == "feel.limit_depth");
    CHECK(end_of("1 instance of " + repeated("list<", 5'000) + "number") == "feel.limit_depth");
    CHECK(end_of(repeated("1 in (", 5'000) + "1") == "feel.limit_depth");
    CHECK(end_of(repeated("a", 70'000)) == "feel.limit_size");
    CHECK(parse_unary_tests(repeated("not(", 10'000) + "1").error().reason == "feel.limit_depth");
}

TEST_CASE("a_parse_that_turned_back_has_not_used_up_the_depth") {
    // Each `in (1..5]` is tried as a list of tests first.
    std::string text = "x in (1..5]";
    for (int at = 0; at < 400; ++at) text += " or x in (1..5]";
    CHECK(parse(text).has_value());
}

TEST_CASE("numbers_without_end_end") {
    CHECK(end_of("2 ** 1000000000") == "feel.number_out_of_range");
    CHECK(end_of("exp(1000000000)") == "feel.number_out_of_range");
    CHECK(end_of("decimal(1 / 3, 1000000000)") == "feel.wrong_scale");
    CHECK(end_of("for a in 1..100000 return 1.0000001 ** 511.5") == "feel.limit_steps");
    CHECK(end_of("for a in 1..100000 return exp(a / 7)") == "feel.limit_steps");
    CHECK(end_of("for a in 1..100000 return log(a)") == "feel.limit_steps");
}

TEST_CASE("texts_do_not_grow_without_bound") {
    CHECK(end_of("{f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: f(\"abcdefgh\", 100)}.r") ==
          "feel.limit_string");
    CHECK(end_of("string join(for a in 1..50000 return \"aaaaaaaaaaaaaaaaaaaaaaaa\")") == "feel.limit_string");
    CHECK(
        end_of(
            "{s: \"aaaaaaaaaaaaaaaaaaaa\", t: replace(s, \"a\", s), u: replace(t, \"a\", t), v: replace(u, \"a\", u), "
            "w: replace(v, \"a\", v)}.w")
            .starts_with("feel.limit_"));
    const std::string long_text = "string join(for j in 1..50000 return \"好\")";
    CHECK(end_of("{s: " + long_text + ", r: for i in 1..50000 return substring(s, i, 1)}.r") == "feel.limit_steps");
    CHECK(end_of("{s: " + long_text + ", r: for i in 1..50000 return string length(s)}.r") == "feel.limit_steps");
    CHECK(end_of("{s: " + long_text + ", r: for i in 1..50000 return upper case(s)}.r") == "feel.limit_steps");
    CHECK(end_of("{s: " + long_text + ", t: s + \"\", r: for i in 1..50000 return s = t}.r") == "feel.limit_steps");
}

TEST_CASE("dear_list_functions_end") {
    CHECK(end_of("distinct values(for a in 1..50000 return a)") == "feel.limit_steps");
    CHECK(end_of("union(for a in 1..50000 return a, for a in 1..50000 return -a)") == "feel.limit_steps");
    CHECK(end_of("sort(for a in 1..50000 return -a, function(x, y) x < y)") == "feel.limit_steps");
    for (const std::string body : {"list contains(l, -1)", "index of(l, -1)", "-1 in l", "l = l", "append(l, i)",
                                   "reverse(l)", "max(l)", "count(l)", "sum(l)", "l[item > 0]", "concatenate(l, l)"}) {
        INFO(body);
        CHECK(end_of(over_a_list(body)) == "feel.limit_steps");
    }
}

TEST_CASE("a_small_value_that_is_endless_to_walk_is_not_made") {
    for (const std::string question : {"h = h", "flatten(h)", "string(h)", "h instance of list<list<number>>", "h.x"}) {
        INFO(question);
        CHECK(end_of(laughs(question)).starts_with("feel.limit_"));
    }
}

TEST_CASE("catastrophic_regular_expressions_end") {
    const std::string text = "\"" + repeated("a", 40) + "!\"";
    CHECK(end_of("matches(" + text + ", \"^(a+)+$\")") == "feel.limit_pattern");
    CHECK(end_of("matches(" + text + ", \"^(a|aa)+$\")") == "feel.limit_pattern");
    CHECK(end_of("for i in 1..1000 return matches(" + text + " + string(i), \"^(a+)+$\")") == "feel.limit_steps");
    CHECK(end_of("for i in 1..10000 return matches(\"a\", \"(a{1,200}){1,200}\" + string(i))") == "feel.limit_steps");
}
