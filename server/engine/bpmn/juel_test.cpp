#include "engine/bpmn/juel.hpp"

#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "engine/bpmn/expression.hpp"

using namespace kaigong;
using namespace kaigong::bpmn;

namespace {

std::string feel_of(std::string_view text) {
    REQUIRE(is_juel(text));
    const auto translated = feel_of_juel(text);
    return translated ? *translated : translated.error().reason;
}

std::string value_of(std::string_view text, const boost::json::object& variables) {
    const auto compiled = Expression::compile(text);
    REQUIRE(compiled.has_value());
    return feel::to_json_text((*compiled)->evaluate(feel::context_from_json(variables), 0, nullptr));
}

}  // namespace

TEST_CASE("an expression of the older modellers means the same in FEEL") {
    CHECK(feel_of("${approved}") == "approved");
    CHECK(feel_of("${!approved}") == "not(approved)");
    CHECK(feel_of("#{clarified == 'yes'}") == "(clarified = \"yes\")");
    CHECK(feel_of("${a && b || c}") == "((a and b) or c)");
    CHECK(feel_of("${a || b && c}") == "(a or (b and c))");
    CHECK(feel_of("${amount gt 5 and owner.kind ne \"state\"}") == "((amount > 5) and (owner.kind != \"state\"))");
    CHECK(feel_of("${ (x + 1) * 2 >= 4.5 }") == "((((x + 1)) * 2) >= 4.5)");
    CHECK(feel_of("${order == 1 or android}") == "((order = 1) or android)");
    CHECK(value_of("${a - b - 1 == 2}", {{"a", 5}, {"b", 2}}) == "true");
    CHECK(value_of("${!(a > 3) || not b}", {{"a", 5}, {"b", false}}) == "true");
    CHECK(value_of("${empty name}", {{"name", ""}}) == "true");
    CHECK(value_of("${empty name}", {{"name", "x"}}) == "false");
    CHECK(value_of("${empty name}", {{"name", boost::json::array{}}}) == "true");
    CHECK(value_of("${empty name}", {}) == "true");
    CHECK(value_of("${金额 >= 300}", {{"金额", 300}}) == "true");
}

TEST_CASE("what FEEL does not have is refused by name") {
    for (const char* text : {"${execution.getVariable('x')}", "${list[0]}", "${a ? b : c}", "${a % 2}", "${}",
                             "${'it\\'s'}", "${(a}", "${a b}", "${a.}", "${'open}"}) {
        CAPTURE(text);
        CHECK(feel_of(text) == "bpmn.expression_language");
        const auto compiled = Expression::compile(text);
        REQUIRE_FALSE(compiled.has_value());
        CHECK(compiled.error().reason == "bpmn.expression_language");
    }
    CHECK(feel_of("${" + std::string(500, '(') + "}") == "bpmn.expression_language");
    CHECK(feel_of("${" + std::string(500, '!') + "a}") == "bpmn.expression_language");
    CHECK(feel_of("${" + std::string(5000, '-') + "a}") == "bpmn.expression_language");
    // Text around it is a template, not an expression.
    CHECK_FALSE(Expression::compile("no ${a}").has_value());
    CHECK_FALSE(Expression::compile("${a} and ${b}").has_value());
}
