#include "modules/catalog/item_inputs.hpp"

#include <doctest/doctest.h>

#include <set>

namespace kaigong::catalog {
namespace {

using boost::json::array;
using boost::json::object;

const object kSchema = boost::json::parse(R"({"type":"object","properties":{
    "works":{"title":"工程","type":"object","properties":{
        "area":{"title":"面积","type":"integer"},
        "kind":{"title":"类别","type":"string"},
        "name":{"title":"名称","type":"string"}}},
    "parties":{"title":"参建单位","type":"array","items":{"type":"object","properties":{
        "firm":{"title":"单位名称","type":"string"},
        "lead":{"title":"负责人","type":"object","properties":{
            "name":{"title":"姓名","type":"string","x-personal":"name"}}}}}},
    "contact":{"title":"联系","type":"object","properties":{"phone":{"title":"电话","type":"string"}}}}})")
                           .as_object();

const array kMaterials = boost::json::parse(R"([
    {"material_code":"M-1","name":"图纸","proves":["works.area"]},
    {"material_code":"M-2","name":"任命书","proves":["parties[].lead.name"]},
    {"material_code":"M-3","name":"照片","proves":[]}])")
                             .as_array();

/// Fire judges the area with its paper, reads the kind by its condition; safety judges people.
const char* const kSettings = R"({"items":[
    {"item":"fire","required_when":"works.kind = \"works.name\"","inputs":{"fields":["works.area"],"materials":["M-3"]}},
    {"item":"safety","required_when":"true","inputs":{"fields":["parties[].lead"],"reads":["parties[].firm"]}}],
    "judged_by_nobody":{"fields":["contact","works.name"]}})";

object settings() {
    return boost::json::parse(kSettings).as_object();
}

Result<std::vector<ItemInputs>> read(const object& of) {
    return read_item_inputs(of, kSchema, kMaterials);
}

const std::vector<std::string> kPersonal{"parties[].lead.name"};

/// Which items the changes concern.
std::set<std::string> concerned(const object& of, const InputChanges& changes) {
    std::set<std::string> items;
    for (const auto& one : changes_of_items(read(of).value(), {kSchema, kMaterials, kPersonal}, changes)) {
        if (!one.inputs.empty()) items.insert(one.item);
    }
    return items;
}

}  // namespace

TEST_CASE("a change concerns the items that judge the field, something in it, or what it is in") {
    using Items = std::set<std::string>;
    const std::vector<std::pair<std::string, Items>> table{
        {"works.area", {"fire"}},
        {"works.kind", {"fire"}},
        {"works.name", {}},
        {"works", {"fire"}},
        {"parties[0].firm", {"safety"}},
        {"parties[12].lead.name", {"safety"}},
        {"parties[1].lead", {"safety"}},
        {"parties[3]", {"safety"}},
        {"parties", {"safety"}},
        {"contact.phone", {}},
        {"works.areas", {}},
    };
    for (const auto& [path, items] : table) {
        CAPTURE(path);
        CHECK(concerned(settings(), {{path}, {}}) == items);
    }
    CHECK(concerned(settings(), {{}, {"M-1"}}) == Items{"fire"});
    CHECK(concerned(settings(), {{}, {"M-2"}}) == Items{"safety"});
    CHECK(concerned(settings(), {{}, {"M-3"}}) == Items{"fire"});
    CHECK(concerned(settings(), {}).empty());
}

TEST_CASE("a paper belongs to whoever judges what it proves, not to whoever only reads the value") {
    auto of = settings();
    auto& fire = of["items"].as_array()[0].as_object()["inputs"].as_object();
    fire["reads"] = array{"parties[].lead.name"};
    CHECK(concerned(of, {{}, {"M-2"}}) == std::set<std::string>{"safety"});
    CHECK(concerned(of, {{"parties[0].lead.name"}, {}}) == std::set<std::string>{"fire", "safety"});
}

TEST_CASE("an item without inputs judges everything") {
    auto of = settings();
    of["items"].as_array()[1].as_object().erase("inputs");
    CHECK(concerned(of, {{"contact.phone"}, {}}) == std::set<std::string>{"safety"});
    CHECK(concerned(of, {{}, {"M-1"}}) == std::set<std::string>{"fire", "safety"});
}

TEST_CASE("a changed input is called as the form calls it, with its row, and says whether it is personal") {
    const auto found = changes_of_items(read(settings()).value(), {kSchema, kMaterials, kPersonal},
                                        {{"parties[1].lead.name", "parties[0]", "parties[0].firm"}, {"M-2"}});
    const auto& inputs = found.at(1).inputs;
    REQUIRE(inputs.size() == 4);
    CHECK(inputs[0].label == "参建单位第 2 行 · 负责人 · 姓名");
    CHECK(inputs[0].is_personal);
    CHECK(inputs[1].label == "参建单位第 1 行");
    CHECK(inputs[2].label == "参建单位第 1 行 · 单位名称");
    CHECK_FALSE(inputs[2].is_personal);
    CHECK(inputs[3].label == "任命书");
    CHECK(inputs[3].is_material);
}

TEST_CASE("inputs that the matter lacks, and fields or papers that nobody judges, are refused by name") {
    const auto refused = [](const object& of) {
        const auto found = read(of);
        return found ? std::string() : found.error().message;
    };
    CHECK(refused(settings()).empty());
    const auto names = [&](const char* list, const char* what) {
        auto of = settings();
        of["items"].as_array()[0].as_object()["inputs"].as_object()[list] = array{"works.area", what};
        return refused(of);
    };
    CHECK(names("fields", "works.colour").find("works.colour") != std::string::npos);
    CHECK(names("reads", "works.colour").find("works.colour") != std::string::npos);
    CHECK(names("materials", "M-9").find("works.area") != std::string::npos);
    auto without_nobody = settings();
    without_nobody.erase("judged_by_nobody");
    CHECK(refused(without_nobody).find("works.name") != std::string::npos);
    auto without_paper = settings();
    without_paper["items"].as_array()[0].as_object()["inputs"].as_object().erase("materials");
    CHECK(refused(without_paper).find("M-3") != std::string::npos);
    auto not_a_list = settings();
    not_a_list["items"].as_array()[0].as_object()["inputs"].as_object()["fields"] = "works.area";
    CHECK_FALSE(refused(not_a_list).empty());
    CHECK(refused({{"items", array{}}}).empty());
}

TEST_CASE("row numbers do not count where a point and a change are compared") {
    const InputChanges changes{{"parties[2].lead.name"}, {"M-1"}};
    CHECK(changes.touch_field("parties[0].lead.name"));
    CHECK(changes.touch_field("parties[].lead"));
    CHECK_FALSE(changes.touch_field("parties[2].firm"));
    CHECK(changes.touch_material("M-1"));
    CHECK_FALSE(changes.touch_material("M-2"));
}

}  // namespace kaigong::catalog
