#include "engine/dmn/check_expression.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kaigong::dmn {

namespace {

using feel::Node;
using feel::NodePtr;
using feel::Op;
using feel::Type;
using Severity = CheckProblem::Severity;

TypePtr boolean() {
    return Type::simple(Type::Kind::boolean);
}

bool takes(const feel::Signature& signature, const std::vector<TypePtr>& arguments) {
    const auto& slots = signature.slots;
    const bool many = signature.gathers || signature.rest;
    if (arguments.size() > slots.size() && !many) return false;
    for (std::size_t at = 0; at < slots.size(); ++at) {
        const bool gathers_here = many && at + 1 == slots.size();
        if (at >= arguments.size()) return slots[at].optional;
        if (!gathers_here && !fits(slots[at].type, arguments[at])) return false;
    }
    return true;
}

/// `item` and the members of what a filter goes through.
const Type* item_fields(const TypePtr& list) {
    if (!list) return nullptr;
    const TypePtr item = list->kind == Type::Kind::list ? list->element : list;
    return is(item, Type::Kind::context) && !item->fields.empty() ? item.get() : nullptr;
}

TypePtr item_of(const TypePtr& list) {
    return is(list, Type::Kind::list) ? known(list->element) : list;
}

}  // namespace

void ExpressionCheck::report(Severity severity, std::string code, std::size_t offset, const std::string& zh,
                             const std::string& en) {
    CheckReport::Place place = where_.place;
    place.offset = offset;
    report_.add(severity, std::move(code), place, where_.zh + zh, where_.en + ": " + en);
}

void ExpressionCheck::unreadable(const std::string& text, const feel::Value& failure) {
    all_known_ = false;
    const feel::Position position = feel::position_in(failure.null_reason());
    report_.add_at(where_.place, position, "dmn.unreadable_expression",
                   fmt::format("{}的表达式“{}”读不懂。{}", where_.zh, text, failure.null_reason()),
                   fmt::format("{}: the expression “{}” cannot be read ({}, line {}, column {}).", where_.en, text,
                               failure.null_code(), position.line, position.column));
}

TypePtr ExpressionCheck::literal(const Literal& literal) {
    where_.place.text = literal.text;
    if (!literal.failure.null_code().empty()) unreadable(literal.text, literal.failure);
    return literal.parsed ? infer(*literal.parsed->root()) : nullptr;
}

void ExpressionCheck::tests(const Cell& cell, const TypePtr& input) {
    where_.place.text = cell.text;
    if (!cell.failure.null_code().empty()) unreadable(cell.text, cell.failure);
    if (!cell.parsed) return;
    const std::size_t before = mark();
    see("?", input);
    for (const NodePtr& child : cell.parsed->root()->children) test(*child, input);
    back_to(before);
}

void ExpressionCheck::test(const Node& node, const TypePtr& input) {
    switch (node.op) {
        case Op::interval:
            if (const TypePtr start = infer(*node.children[0]), end = infer(*node.children[1]);
                incomparable(start, end)) {
                return differ(node, start, end);
            }
            for (const NodePtr& end : node.children) compare_in_test(*end, input);
            return;
        case Op::one_sided: return compare_in_test(*node.children[0], input);
        case Op::list:
            for (const NodePtr& item : node.children) test(*item, input);
            return;
        default: break;
    }
    // A condition about `?`, or one that stands for itself, is not compared with the value.
    const TypePtr type = node.op == Op::literal ? type_of(node.value) : infer(node);
    if (node.uses_input && !is(type, Type::Kind::boolean)) return must_be_boolean(type);
    if (node.op != Op::literal && is(type, Type::Kind::boolean)) return;
    if (incomparable(input, type)) differ(node, input, type);
}

void ExpressionCheck::compare_in_test(const Node& operand, const TypePtr& input) {
    const TypePtr type = infer(operand);
    if (incomparable(input, type)) differ(operand, input, type);
}

void ExpressionCheck::differ(const Node& node, const TypePtr& left, const TypePtr& right) {
    report(
        Severity::error, "dmn.type_mismatch", node.offset,
        fmt::format("拿{}和{}比较，永远不会符合。请改成同一类的值。", zh_name(left), zh_name(right)),
        fmt::format("compares {} with {}, which never holds. Use values of one type.", en_name(left), en_name(right)));
}

void ExpressionCheck::must_be_boolean(const TypePtr& type) {
    if (!known(type) || is(type, Type::Kind::boolean) || is(type, Type::Kind::list)) return;
    report(Severity::error, "dmn.condition_not_boolean", 0,
           fmt::format("的条件得出的是{}，不是“是否”。请改成比较，例如 x > 5。", zh_name(type)),
           fmt::format("the condition gives {}, not true or false. Write a comparison.", en_name(type)));
}

TypePtr ExpressionCheck::infer(const Node& node) {
    switch (node.op) {
        case Op::literal: return type_of(node.value);
        case Op::name: return name(node);
        case Op::list: return list(node);
        case Op::context: return context(node);
        case Op::path: return path(node);
        case Op::filter: return filter(node);
        case Op::call: return call(node);
        case Op::negate: return infer(*node.children[0]);
        case Op::add:
        case Op::subtract:
        case Op::multiply:
        case Op::divide:
        case Op::power: return arithmetic(node);
        case Op::equal:
        case Op::not_equal:
        case Op::less:
        case Op::less_or_equal:
        case Op::greater:
        case Op::greater_or_equal:
        case Op::between: return comparison(node);
        case Op::logical_and:
        case Op::logical_or: return connective(node);
        case Op::in: return membership(node);
        case Op::condition: return either(node);
        case Op::iteration:
        case Op::some:
        case Op::every: return iteration(node);
        case Op::function: return function(node);
        case Op::instance_of: infer(*node.children[0]); return boolean();
        case Op::interval:
        case Op::one_sided:
            for (const NodePtr& child : node.children) infer(*child);
            return Type::simple(Type::Kind::range);
        default:
            for (const NodePtr& child : node.children) infer(*child);
            return nullptr;
    }
}

TypePtr ExpressionCheck::name(const Node& node) {
    const std::string& name = node.names.front();
    for (std::size_t at = visible_.size(); at > 0; --at) {
        if (visible_[at - 1].name != name) continue;
        used_.insert(name);
        return known(visible_[at - 1].type);
    }
    if (node.builtin != nullptr) return Type::simple(Type::Kind::function);
    if (open_ == 0) unknown_name(node, false);
    return nullptr;
}

void ExpressionCheck::unknown_name(const Node& node, bool called) {
    const std::string& name = node.names.front();
    const auto element = std::ranges::find(model_.elements, name, &Element::variable);
    if (element != model_.elements.end()) {
        report(Severity::error, "dmn.missing_requirement", node.offset,
               fmt::format("用到“{0}”，但没有画从“{0}”来的连线，取不到它的值。请补上连线。", name),
               fmt::format("uses “{}”, which it does not require. Draw the requirement.", name));
        return;
    }
    all_known_ = false;
    std::vector<std::string> names(visible_.size());
    std::ranges::transform(visible_, names.begin(), &Visible::name);
    if (called) names.insert(names.end(), feel::builtin_names().begin(), feel::builtin_names().end());
    const std::string nearest = nearest_name(name, names);
    report(Severity::error, called ? "dmn.unknown_function" : "dmn.unknown_name", node.offset,
           fmt::format("{}“{}”不认识，{}。", called ? "里的函数" : "里的名称", name,
                       nearest.empty() ? "请检查拼写，文字要加英文双引号" : "是否想写“" + nearest + "”"),
           fmt::format("unknown {} “{}”{}.", called ? "function" : "name", name,
                       nearest.empty() ? "" : ", did you mean “" + nearest + "”?"));
}

TypePtr ExpressionCheck::list(const Node& node) {
    TypePtr element;
    bool same = true;
    for (std::size_t at = 0; at < node.children.size(); ++at) {
        const TypePtr item = infer(*node.children[at]);
        same = same && item && (at == 0 || item->kind == element->kind);
        element = item;
    }
    return Type::list_of(same && element ? element : Type::simple(Type::Kind::any));
}

TypePtr ExpressionCheck::context(const Node& node) {
    const std::size_t before = mark();
    auto type = std::make_shared<Type>();
    type->kind = Type::Kind::context;
    for (std::size_t at = 0; at < node.children.size(); ++at) {
        see(node.names[at], nullptr);
        const TypePtr entry = infer(*node.children[at]);
        visible_.back().type = entry;
        type->fields.emplace_back(node.names[at], entry ? entry : Type::simple(Type::Kind::any));
    }
    back_to(before);
    return type;
}

TypePtr ExpressionCheck::path(const Node& node) {
    const TypePtr object = infer(*node.children[0]);
    const MemberType member = member_type(object, node.names.front());
    if (!member.known_to_miss) return member.type;
    const std::string nearest = nearest_name(node.names.front(), member.names);
    report(Severity::error, "dmn.unknown_member", node.offset,
           fmt::format("里，{}没有“{}”，{}。", zh_name(object), node.names.front(),
                       nearest.empty() ? "请检查拼写" : "是否想写“" + nearest + "”"),
           fmt::format("{} has no “{}”{}.", en_name(object), node.names.front(),
                       nearest.empty() ? "" : ", did you mean “" + nearest + "”?"));
    return nullptr;
}

TypePtr ExpressionCheck::filter(const Node& node) {
    const TypePtr list = infer(*node.children[0]);
    const Type* fields = item_fields(list);
    const std::size_t before = mark();
    see("item", item_of(list));
    if (fields != nullptr) {
        for (const auto& [name, type] : fields->fields) see(name, type);
    } else {
        enter_open();
    }
    const TypePtr condition = infer(*node.children[1]);
    if (!is(condition, Type::Kind::number)) must_be_boolean(condition);
    if (fields == nullptr) leave_open();
    back_to(before);
    if (!list) return nullptr;
    return is(condition, Type::Kind::number) ? item_of(list) : list;
}

TypePtr ExpressionCheck::call(const Node& node) {
    const Node& callee = *node.children[0];
    const bool shadowed = callee.op == Op::name && std::ranges::any_of(visible_, [&](const Visible& one) {
                              return one.name == callee.names.front();
                          });
    const bool unknown = callee.op == Op::name && node.builtin == nullptr && !shadowed && open_ == 0;
    TypePtr function;
    if (unknown) {
        unknown_name(callee, true);
    } else {
        function = infer(callee);
    }
    std::vector<TypePtr> arguments;
    for (std::size_t at = 1; at < node.children.size(); ++at) arguments.push_back(infer(*node.children[at]));
    if (node.builtin == nullptr || shadowed) return function ? known(function->result) : nullptr;
    check_arguments(node, arguments);
    return result_of(*node.builtin);
}

void ExpressionCheck::check_arguments(const Node& node, const std::vector<TypePtr>& arguments) {
    if (!node.names.empty()) return;  // named arguments: their order is free
    const auto& signatures = node.builtin->signatures;
    if (std::ranges::any_of(signatures, [&](const auto& one) { return takes(one, arguments); })) return;
    std::string zh, en;
    for (const TypePtr& argument : arguments) {
        zh += (zh.empty() ? "" : "、") + zh_name(argument);
        en += (en.empty() ? "" : ", ") + en_name(argument);
    }
    report(Severity::error, "dmn.wrong_arguments", node.offset,
           fmt::format("里的函数“{}”不能用于（{}），请对照函数说明改参数。", node.builtin->name, zh),
           fmt::format("the function “{}” does not take ({}).", node.builtin->name, en));
}

TypePtr ExpressionCheck::arithmetic(const Node& node) {
    const TypePtr left = infer(*node.children[0]);
    const TypePtr right = infer(*node.children[1]);
    const Combined result = combined(node.op, left, right);
    if (!result.possible) {
        report(Severity::error, "dmn.type_mismatch", node.offset,
               fmt::format("拿{}和{}做运算，结果总是空。请先换成同一类，例如 number(…)、string(…)。", zh_name(left),
                           zh_name(right)),
               fmt::format("{} and {} cannot be combined like this; the result is always null.", en_name(left),
                           en_name(right)));
    }
    return result.type;
}

TypePtr ExpressionCheck::comparison(const Node& node) {
    const TypePtr left = infer(*node.children[0]);
    for (std::size_t at = 1; at < node.children.size(); ++at) {
        const TypePtr right = infer(*node.children[at]);
        if (incomparable(left, right)) differ(node, left, right);
    }
    return boolean();
}

TypePtr ExpressionCheck::connective(const Node& node) {
    for (const NodePtr& child : node.children) condition(*child);
    return boolean();
}

void ExpressionCheck::condition(const Node& node) {
    must_be_boolean(infer(node));
}

TypePtr ExpressionCheck::either(const Node& node) {
    condition(*node.children[0]);
    TypePtr yes = infer(*node.children[1]);
    TypePtr no = infer(*node.children[2]);
    const auto is_null = [](const Node& one) { return one.op == Op::literal && one.value.is_null(); };
    if (is_null(*node.children[1])) return no;
    if (is_null(*node.children[2])) return yes;
    return yes && no && yes->kind == no->kind ? yes : nullptr;
}

TypePtr ExpressionCheck::membership(const Node& node) {
    const TypePtr value = infer(*node.children[0]);
    const std::size_t before = mark();
    see("?", value);
    for (std::size_t at = 1; at < node.children.size(); ++at) test(*node.children[at], value);
    back_to(before);
    return boolean();
}

TypePtr ExpressionCheck::iteration(const Node& node) {
    const std::size_t before = mark();
    for (std::size_t at = 0; at < node.names.size(); ++at) {
        const TypePtr domain = infer(*node.children[at]);
        see(node.names[at], is(domain, Type::Kind::list) ? known(domain->element) : nullptr);
    }
    if (node.op == Op::iteration) see("partial", nullptr);
    const TypePtr body = infer(*node.children.back());
    if (node.op != Op::iteration) must_be_boolean(body);
    back_to(before);
    return node.op == Op::iteration ? Type::list_of(body ? body : Type::simple(Type::Kind::any)) : boolean();
}

TypePtr ExpressionCheck::function(const Node& node) {
    const std::size_t before = mark();
    for (std::size_t at = 0; at < node.names.size(); ++at) see(node.names[at], known(node.types[at]));
    auto type = std::make_shared<Type>();
    type->kind = Type::Kind::function;
    type->result = infer(*node.children[0]);
    back_to(before);
    return type;
}

}  // namespace kaigong::dmn
