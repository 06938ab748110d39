#include "modules/catalog/rule_examples.hpp"

#include <array>

namespace kaigong::catalog {
namespace {

using boost::json::array;
using boost::json::object;

constexpr std::array kOutcomes{
    JsonName<std::string_view>{"pass", "pass"},
    JsonName<std::string_view>{"fail", "fail"},
    JsonName<std::string_view>{"unchecked", "unchecked"},
    JsonName<std::string_view>{"not_applicable", "not_applicable"},
};

constexpr JsonLimits kFileLimits{.bytes_max = 4U << 20U, .depth_max = 40, .values_max = 500'000};

}  // namespace

RuleExample read_example(JsonReader& item) {
    RuleExample example;
    example.rule = item.text("rule", {.length_max = 40});
    example.expect = std::string(item.one_of<std::string_view>("expect", kOutcomes));
    example.given = item.raw_object("given");
    example.why = item.optional_text("why", {.length_min = 0, .length_max = 500, .lines = true}).value_or("");
    return example;
}

std::vector<RuleExample> examples_of_text(const std::string& text) {
    const auto parsed = parse_json(text, kFileLimits);
    if (!parsed || !parsed->is_array()) return {};
    const boost::json::value whole(object{{"tests", *parsed}});
    JsonReader reader(whole);
    auto examples = reader.list<RuleExample>("tests", {.count_max = kExamplesMax}, read_example);
    return reader.finish() ? std::move(examples) : std::vector<RuleExample>{};
}

array examples_json(const std::vector<RuleExample>& examples) {
    array list;
    for (const auto& example : examples) {
        object one{{"rule", example.rule}, {"expect", example.expect}, {"given", example.given}};
        if (!example.why.empty()) one["why"] = example.why;
        list.push_back(std::move(one));
    }
    return list;
}

std::string examples_text(const std::vector<RuleExample>& examples) {
    std::string text = "[";
    for (const auto& example : examples_json(examples)) {
        text += text.size() == 1 ? "\n  " : ",\n  ";
        text += boost::json::serialize(example);
    }
    return text + "\n]\n";
}

}  // namespace kaigong::catalog
