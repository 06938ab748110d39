#include "engine/dmn/check_reads.hpp"

#include <algorithm>

namespace kaigong::dmn {

namespace {

using feel::Node;
using feel::NodePtr;
using feel::Op;

constexpr std::size_t kDepthMax = 100;

/// `a.b.c` of a chain of dots that begins with a name; empty for anything else.
std::string path_of(const Node& node) {
    if (node.op == Op::name) return node.names.front();
    if (node.op != Op::path) return "";
    const std::string object = path_of(*node.children[0]);
    return object.empty() ? "" : object + "." + node.names.front();
}

bool holds(const std::string& outer, const std::string& inner) {
    return inner.starts_with(outer) && (inner.size() == outer.size() || inner[outer.size()] == '.');
}

}  // namespace

bool Reads::share(const std::set<std::string>& one, const std::set<std::string>& other) {
    return std::ranges::any_of(one, [&](const std::string& path) {
        return std::ranges::any_of(
            other, [&](const std::string& second) { return holds(path, second) || holds(second, path); });
    });
}

std::set<std::string> Reads::of(const Element& owner, const Node& node) {
    std::set<std::string> paths;
    add(owner, node, paths);
    return paths;
}

const std::set<std::string>& Reads::of(const Element& element) {
    const auto [found, is_new] = known_.try_emplace(&element);
    if (is_new && element.logic && depth_ < kDepthMax) {
        ++depth_;
        std::set<std::string> paths;
        add(element, *element.logic, paths);
        found->second = std::move(paths);
        --depth_;
    }
    return found->second;
}

void Reads::add(const Element& owner, const Node& node, std::set<std::string>& into) {
    if (const std::string path = path_of(node); !path.empty()) return add_name(owner, path, into);
    for (const NodePtr& child : node.children) add(owner, *child, into);
}

void Reads::add_name(const Element& owner, const std::string& path, std::set<std::string>& into) {
    const std::string name = path.substr(0, path.find('.'));
    for (const Element::Requirement& requirement : owner.requirements) {
        const auto& elements = requirement.model ? requirement.model->elements : model_.elements;
        const Element& needed = elements[requirement.element];
        if (requirement.model || needed.variable != name || needed.kind == ElementKind::input) continue;
        const std::set<std::string>& behind = of(needed);
        into.insert(behind.begin(), behind.end());
    }
    into.insert(path);
}

void Reads::add(const Element& owner, const Boxed& boxed, std::set<std::string>& into) {
    const auto add_literal = [&](const Literal& literal) {
        if (literal.parsed) add(owner, *literal.parsed->root(), into);
    };
    add_literal(boxed.literal);
    for (const TableInput& input : boxed.table.inputs) add_literal(input.expression);
    for (const TableRule& rule : boxed.table.rules) {
        for (const Literal& output : rule.outputs) add_literal(output);
        for (const Cell& cell : rule.inputs) {
            if (cell.parsed) add(owner, *cell.parsed->root(), into);
        }
    }
    for (const Entry& entry : boxed.entries) {
        if (entry.value) add(owner, *entry.value, into);
    }
    for (const BoxedPtr& item : boxed.items) add(owner, *item, into);
    for (const BoxedPtr& part : {boxed.first, boxed.second, boxed.third}) {
        if (part) add(owner, *part, into);
    }
}

}  // namespace kaigong::dmn
