// Small models for the tests of the checks.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "engine/dmn/check.hpp"

namespace kaigong::dmn::testing {

using Codes = std::multiset<std::string>;

inline Model model_with(const std::string& elements) {
    auto model = parse(fmt::format(
        R"(<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m" namespace="m">{}</definitions>)",
        elements));
    REQUIRE(model.has_value());
    return std::move(*model);
}

inline std::string inputs_named(const std::vector<std::pair<std::string, std::string>>& inputs) {
    std::string xml;
    for (const auto& [name, type] : inputs) {
        xml += fmt::format(R"(<inputData id="{0}" name="{0}"><variable name="{0}" typeRef="{1}"/></inputData>)", name,
                           type);
    }
    return xml;
}

/// A decision `limit` with that logic, inputs that it requires and others that it does not.
inline Model model_of(const std::string& logic, const std::vector<std::string>& required,
                      const std::vector<std::string>& others = {}, const std::string& type = "number") {
    std::string xml;
    std::string requirements;
    for (const auto& name : required) {
        xml += inputs_named({{name, type}});
        requirements +=
            fmt::format(R"(<informationRequirement><requiredInput href="#{}"/></informationRequirement>)", name);
    }
    for (const auto& name : others) xml += inputs_named({{name, type}});
    return model_with(xml + fmt::format(R"(<decision id="d" name="limit"><variable name="limit"/>{}{}</decision>)",
                                        requirements, logic));
}

/// One decision table; a rule is its input cells and then its output.
/// The braces let it be made with some members only. NOLINTBEGIN(readability-redundant-member-init)
struct Table {
    std::string policy = "UNIQUE";
    std::vector<std::pair<std::string, std::string>> inputs{};  // name, type
    std::vector<std::string> input_values{};                    // by column, empty: none
    std::string output_type = "Any";
    std::string output_values{};
    std::string default_output{};
    std::vector<std::vector<std::string>> rules{};
};
// NOLINTEND(readability-redundant-member-init)

inline std::string escaped(std::string text) {
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '<') text.replace(at, 1, "&lt;");
        if (text[at] == '>') text.replace(at, 1, "&gt;");
    }
    return text;
}

inline std::string xml_of(const Table& table) {
    std::string xml = fmt::format(R"(<decisionTable id="t" hitPolicy="{}">)", table.policy);
    for (std::size_t at = 0; at < table.inputs.size(); ++at) {
        const auto& [name, type] = table.inputs[at];
        xml += fmt::format(R"(<input id="in_{}"><inputExpression typeRef="{}"><text>{}</text></inputExpression>)",
                           at + 1, type, name);
        if (at < table.input_values.size() && !table.input_values[at].empty()) {
            xml += fmt::format("<inputValues><text>{}</text></inputValues>", escaped(table.input_values[at]));
        }
        xml += "</input>";
    }
    xml += fmt::format(R"(<output id="out" name="out" typeRef="{}">)", table.output_type);
    if (!table.output_values.empty())
        xml += fmt::format("<outputValues><text>{}</text></outputValues>", table.output_values);
    if (!table.default_output.empty())
        xml += fmt::format("<defaultOutputEntry><text>{}</text></defaultOutputEntry>", table.default_output);
    xml += "</output>";
    std::size_t row = 0;
    for (const auto& cells : table.rules) {
        xml += fmt::format(R"(<rule id="row_{}">)", ++row);
        for (std::size_t at = 0; at + 1 < cells.size(); ++at) {
            xml += fmt::format(R"(<inputEntry id="row_{}_in_{}"><text>{}</text></inputEntry>)", row, at + 1,
                               escaped(cells[at]));
        }
        xml += fmt::format(R"(<outputEntry id="row_{}_out"><text>{}</text></outputEntry></rule>)", row,
                           escaped(cells.back()));
    }
    return xml + "</decisionTable>";
}

inline Model model_of(const Table& table) {
    std::string requirements;
    for (const auto& [name, type] : table.inputs) {
        const std::string input = name.substr(0, name.find('.'));
        requirements +=
            fmt::format(R"(<informationRequirement><requiredInput href="#{}"/></informationRequirement>)", input);
    }
    return model_with(inputs_named(table.inputs) +
                      fmt::format(R"(<decision id="d" name="limit"><variable name="limit"/>{}{}</decision>)",
                                  requirements, xml_of(table)));
}

inline Codes codes(const Model& model) {
    Codes found;
    for (const auto& problem : check(model)) {
        INFO(problem.zh);
        CHECK(!problem.zh.empty());
        CHECK(!problem.en.empty());
        found.insert(problem.code);
    }
    return found;
}
inline Codes codes(const Table& table) {
    return codes(model_of(table));
}

inline CheckProblem only(const Model& model, const std::string& code = "") {
    auto problems = check(model);
    std::string all;
    for (const auto& one : problems) all += one.code + " " + one.zh + "\n";
    INFO(all);
    REQUIRE(problems.size() == 1);
    if (!code.empty()) CHECK(problems.front().code == code);
    return std::move(problems.front());
}
inline CheckProblem only(const Table& table, const std::string& code = "") {
    return only(model_of(table), code);
}

}  // namespace kaigong::dmn::testing
