// What people read instead of paths and codes.
#include "modules/catalog/input_labels.hpp"

#include <doctest/doctest.h>

namespace kaigong::catalog {
namespace {

const auto kForm = boost::json::parse(R"({"type": "object", "properties": {
    "works": {"type": "object", "title": "工程", "properties": {"works_name": {"type": "string", "title": "工程名称"}}},
    "parties": {"type": "array", "title": "参建单位", "items": {"type": "object", "properties": {
        "lead": {"type": "object", "title": "负责人", "properties": {"name": {"type": "string", "title": "姓名"}}}}}}}})")
                       .as_object();

}  // namespace

TEST_CASE("a field is called as the form calls it, with the number of its row from one") {
    CHECK(field_label(kForm, "works.works_name") == "工程 · 工程名称");
    CHECK(field_label(kForm, "parties[1].lead.name") == "参建单位第 2 行 · 负责人 · 姓名");
    CHECK(field_label(kForm, "parties[0]") == "参建单位第 1 行");
    CHECK(field_label(kForm, "works") == "工程");
}

TEST_CASE("what is no field of the form has no label, whatever somebody wrote") {
    for (const auto* path : {"", "works.height", "works.works_name.first", "parties[x].lead", "parties[", "parties[-1]",
                             "parties[99999999999999999999]", "[0]", "works[0]", "第三页", "..", "parties[1"}) {
        CAPTURE(path);
        CHECK(field_label(kForm, path).empty());
    }
}

TEST_CASE("a material is called by its name, an unknown one by its code") {
    const auto materials = boost::json::parse(R"([{"material_code": "M-21", "name": "施工合同"}])").as_array();
    CHECK(material_label(materials, "M-21") == "施工合同");
    CHECK(material_label(materials, "M-99") == "M-99");
}

}  // namespace kaigong::catalog
