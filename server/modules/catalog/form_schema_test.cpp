#include "modules/catalog/form_schema.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace kaigong;
using namespace kaigong::catalog;
using boost::json::object;

namespace {

object schema() {
    return boost::json::parse(R"({"type":"object","properties":{
        "kind":{"type":"string","title":"种类","maxLength":40,"x-code-table":"kind"},
        "stages":{"type":"array","maxItems":9,"uniqueItems":true,"x-code-table":"stage","items":{"type":"integer","minimum":1,"maximum":9}},
        "code":{"type":"string","title":"代码","maxLength":18,"pattern":"^[0-9]{3}$","x-pattern-message":"应为 3 位数字。"},
        "name":{"type":"string","title":"名称","minLength":4,"maxLength":10},
        "on":{"type":"string","format":"date"},
        "fen":{"type":"integer","minimum":1,"maximum":100},
        "parties":{"type":"array","maxItems":2,"items":{"type":"object","properties":{"kind":{"type":"string","x-code-table":"kind"}}}}}})")
        .as_object();
}

bool known(std::string_view table, std::string_view code) {
    return (table == "kind" && (code == "a" || code == "b")) || (table == "stage" && (code == "1" || code == "2"));
}

/// `path reason` of each fault.
std::vector<std::string> faults(const char* form, Strictness strictness) {
    const auto checked = check_form(schema(), boost::json::parse(form).as_object(), strictness, known);
    std::vector<std::string> list;
    if (checked) return list;
    CHECK(checked.error().code == Errc::invalid_input);
    for (const auto& field : checked.error().fields) list.push_back(field.field + " " + field.reason);
    std::ranges::sort(list);
    return list;
}

using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("a code that its table does not have is refused in a draft too, with its path") {
    for (const auto strictness : {Strictness::draft, Strictness::filing}) {
        CHECK(faults(R"({"kind":"c","stages":[1,3],"parties":[{"kind":"a"},{"kind":"A"}]})", strictness) ==
              Faults{"kind catalog.form_not_in_list", "parties[1].kind catalog.form_not_in_list",
                     "stages[1] catalog.form_not_in_list"});
        CHECK(faults(R"({"kind":"b","stages":[1,2],"parties":[{"kind":"a"}]})", strictness).empty());
        CHECK(faults(R"({"kind":"","stages":[],"parties":[{"kind":null}]})", strictness).empty());
    }
}

TEST_CASE("half-typed values are kept in a draft and refused when they are filed") {
    const char* half = R"({"code":"12","name":"甲","on":"2026-13-01","fen":0,"stages":[1,1]})";
    CHECK(faults(half, Strictness::draft).empty());
    CHECK(faults(half, Strictness::filing) == Faults{"code catalog.form_pattern", "fen catalog.form_too_small",
                                                     "name catalog.form_too_short", "on catalog.form_date",
                                                     "stages catalog.form_twice"});
    CHECK(faults(R"({"code":"123","name":"甲乙丙丁","on":"2026-12-01","fen":1})", Strictness::filing).empty());
    CHECK(faults("{}", Strictness::filing).empty());
}

TEST_CASE("a format's message says how it should look") {
    const auto checked =
        check_form(schema(), boost::json::parse(R"({"code":"x"})").as_object(), Strictness::filing, known);
    REQUIRE_FALSE(checked);
    CHECK(checked.error().fields.front().message.find("应为 3 位数字") != std::string::npos);
}

TEST_CASE("wrong types and sizes are refused at once, whatever is being done") {
    for (const auto strictness : {Strictness::draft, Strictness::filing}) {
        CHECK(faults(R"({"kind":7,"name":"一二三四五六七八九十甲","fen":"1","parties":[{},{},{}],"other":1})",
                     strictness) == Faults{"fen catalog.form_type", "kind catalog.form_not_in_list",
                                           "kind catalog.form_type", "name catalog.form_too_long",
                                           "other catalog.form_unknown", "parties catalog.form_too_many"});
        CHECK(faults(R"({"parties":[{},null]})", strictness) == Faults{"parties[1] catalog.form_type"});
    }
}

TEST_CASE("every code table that a form speaks of is listed, also those inside lists") {
    CHECK(code_tables_of(schema()) == std::set<std::string>{"kind", "stage"});
}
