// What is known of an expression before it is evaluated, so that evaluating costs little.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <unordered_set>

#include "engine/feel/machine.hpp"
#include "engine/feel/node.hpp"
#include "engine/feel/operators.hpp"

namespace kaigong::feel {

namespace {

bool all_constant(const Node& node, std::size_t from) {
    return std::all_of(node.children.begin() + static_cast<std::ptrdiff_t>(from), node.children.end(),
                       [](const NodePtr& child) { return child->is_constant; });
}

bool has_duplicate_key(const Node& context) {
    const std::unordered_set<std::string_view> different(context.names.begin(), context.names.end());
    return different.size() < context.names.size();
}

/// `date("2026-01-01")` and its sisters; not `now()`, and not what the zone data decides.
bool makes_temporal(const Node& node) {
    static constexpr std::array<std::string_view, 5> kMakers{"date", "time", "date and time", "duration",
                                                             "years and months duration"};
    return node.op == Op::call && node.builtin != nullptr && !node.children.front()->is_known && node.names.empty() &&
           std::ranges::find(kMakers, node.builtin->name) != kMakers.end() && all_constant(node, 1);
}

bool may_be_constant(const Node& node) {
    if (node.op == Op::list || node.op == Op::interval || node.op == Op::context) return all_constant(node, 0);
    return makes_temporal(node);
}

void find_constant(Node& node) {
    if (node.op == Op::literal) {
        node.is_constant = true;
    } else if (may_be_constant(node)) {
        const Environment nothing;
        Machine machine(nothing);
        Value value = machine.run(node, Frame{});
        // A null may be due to what only an evaluation knows (zones), so it is left to that.
        node.is_constant = !value.is_null();
        if (node.is_constant) node.value = std::move(value);
    }
}

void find_nulls(Node& node) {
    if (node.op == Op::name) {
        node.absent = Value::null("feel.unknown_variable", fmt::format("没有名为“{}”的内容。", node.names[0]));
    } else if (node.op == Op::path) {
        node.absent = no_member_of_null(node.names[0]);
        node.unknown = no_such_member(Kind::context, node.names[0]);
    } else if (node.op == Op::context && has_duplicate_key(node)) {
        node.unknown = Value::null("feel.duplicate_key", "同一个名称写了两次，请删去一个。");
    }
}

}  // namespace

void prepare(Node& node) {
    for (const NodePtr& child : node.children)
        prepare(const_cast<Node&>(*child));  // made by the same parse, not shared yet
    const bool captures = node.op == Op::function || node.op == Op::external_function;
    node.keys.assign(captures ? node.free_names.begin() : node.names.begin(),
                     captures ? node.free_names.end() : node.names.end());
    if (!node.keys.empty()) node.key = node.keys.front();
    if (!node.children.empty()) node.left = node.children.front().get();
    if (node.children.size() > 1) node.right = node.children[1].get();
    find_nulls(node);
    find_constant(node);
}

}  // namespace kaigong::feel
