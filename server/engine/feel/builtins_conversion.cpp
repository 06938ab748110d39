#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/feel/builtins.hpp"
#include "engine/feel/compare.hpp"
#include "engine/feel/machine.hpp"
#include "engine/feel/operators.hpp"
#include "engine/feel/value_text.hpp"

namespace kaigong::feel {

namespace {

Value not_a_number(std::string_view text) {
    return Value::null("feel.invalid_number", fmt::format("“{}”不是数字，请改正。", text));
}

Value number(const Call& call) {
    if (call[0].is(Kind::number)) return call[0];
    std::string text = call[0].as_string();
    if (call.signature == 0) {
        const auto parsed = Decimal::parse(text);
        return parsed ? Value(*parsed) : not_a_number(text);
    }
    const std::string grouping = call.has(1) ? call[1].as_string() : "";
    const std::string point = call.has(2) ? call[2].as_string() : ".";
    const bool known_grouping = grouping.empty() || grouping == " " || grouping == "," || grouping == ".";
    if (!known_grouping || (point != "." && point != ",") || grouping == point) {
        return Value::null("feel.wrong_arguments",
                           "分组符应为空格、逗号或点，小数点应为点或逗号，两者不能相同，请改正。");
    }
    if (!grouping.empty()) std::erase(text, grouping.front());
    if (point == "," && text.contains('.')) return not_a_number(text);
    std::ranges::replace(text, point.front(), '.');
    const auto parsed = Decimal::parse(text);
    return parsed ? Value(*parsed) : not_a_number(text);
}

Value string(const Call& call) {
    if (!call.has(0)) return call[0];
    if (!call.machine.spend(call[0].weight())) return call.machine.exhausted();
    std::string text;
    append_text(call[0], false, text);
    return call.machine.text(std::move(text));
}

Value negation(const Call& call) {
    return logical_not(call[0]);
}

Value is(const Call& call) {
    return Value(is_identical(call[0], call[1]));
}

bool is_constant(const Node& node) {
    if (node.is_constant || node.op == Op::at_literal) return true;
    static constexpr std::array<std::string_view, 4> kMakers{"date", "time", "date and time", "duration"};
    const bool maker = node.op == Op::call && node.builtin != nullptr &&
                       std::ranges::find(kMakers, node.builtin->name) != kMakers.end();
    return maker && std::all_of(node.children.begin() + 1, node.children.end(),
                                [](const NodePtr& argument) { return argument->op == Op::literal; });
}

Value not_a_range(std::string_view text) {
    return Value::null("feel.invalid_range", fmt::format("“{}”不是区间，请写成如 [1..10] 的样子。", text));
}

Value range(const Call& call) {
    const std::string& text = call[0].as_string();
    constexpr std::size_t kRangeBytesMax = 512;
    if (text.size() > kRangeBytesMax || !call.machine.spend(text.size())) return not_a_range(text);
    const auto parsed = parse(text);
    if (!parsed || parsed->root()->op != Op::interval) return not_a_range(text);
    const Node& root = *parsed->root();
    if (!is_constant(*root.children[0]) || !is_constant(*root.children[1])) return not_a_range(text);
    Value made = call.machine.run(root, Frame{});
    if (!made.is(Kind::range)) return made;
    const auto sign = order(made.as_range().start, made.as_range().end);
    return sign && *sign <= 0 ? made : not_a_range(text);
}

constexpr std::array kConversionTable{
    Definition{"number", "from s | from s, grouping separator s0, decimal separator s0 | from n", number},
    Definition{"string", "from a0", string},
    Definition{"not", "negand a0", negation},
    Definition{"is", "value1 a?, value2 a?", is},
    Definition{"range", "from s", range},
};

}  // namespace

std::span<const Definition> conversion_builtins() {
    return kConversionTable;
}

}  // namespace kaigong::feel
