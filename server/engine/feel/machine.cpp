#include "engine/feel/machine.hpp"

#include <fmt/format.h>

#include "engine/feel/compare.hpp"
#include "engine/feel/operators.hpp"

namespace kaigong::feel {

const Value* find(const Frame& frame, const Key& name, const Place& place) {
    for (const Frame* at = &frame; at != nullptr; at = at->parent) {
        if (at->value != nullptr && *at->name == name) return at->value;
        const Context* members = at->context;
        if (at->item != nullptr && at->item->is(Kind::context)) members = &at->item->as_context();
        if (members != nullptr) {
            if (const Value* found = members->get(name, place)) return found;
        }
        if (at->item != nullptr && name == kItemName) return at->item;
    }
    return nullptr;
}

const Value* Machine::kept(const void* owner) const {
    const auto found = kept_.find(owner);
    return found == kept_.end() ? nullptr : &found->second;
}

const Value& Machine::keep(const void* owner, Value value) {
    return kept_.insert_or_assign(owner, std::move(value)).first->second;
}

Value Machine::exhausted() const {
    if (limit_.has_reason()) return limit_;
    return Value::null("feel.limit_steps", "计算步骤太多，已停止。请缩小列表或简化表达式。");
}

Value Machine::list(List items) {
    if (items.size() > environment_.limits.list_items_max) {
        return end_with(Value::null("feel.limit_list", "列表太长，请缩小范围。"));
    }
    if (!spend(items.size() / 8)) return exhausted();
    return within_limits(Value(std::move(items)));
}

Value Machine::within_limits(Value made) {
    return made.is_null() ? end_with(std::move(made)) : made;
}

Value Machine::end_with(Value limit) {
    exhausted_ = true;
    if (!limit_.has_reason()) limit_ = std::move(limit);
    return limit_;
}

Value Machine::text(std::string text) {
    if (text.size() > environment_.limits.string_bytes_max) {
        return end_with(Value::null("feel.limit_string", "文字太长，请缩短。"));
    }
    if (!spend(text.size() / 64)) return exhausted();
    return Value(std::move(text));
}

Value Machine::run(const Node& node, const Frame& frame) {
    if (node.is_constant) return node.value;
    if (stands_in_place(node)) {
        Value made;
        const Value& value = look_further(node, frame, made);
        if (&value != &made) return value;
        return made;
    }
    return compute(node, frame);
}

Value Machine::compute(const Node& node, const Frame& frame) {
    if (!spend(1)) return exhausted();
    if (depth_ >= environment_.limits.evaluation_depth_max) {
        return end_with(Value::null("feel.limit_depth", "计算层次太深，请检查函数是否无休止地调用自己。"));
    }
    ++depth_;
    Value value = dispatch(node, frame);
    --depth_;
    return value;
}

const Value& Machine::look_further(const Node& node, const Frame& frame, Value& made) {
    if (stands_in_place(node) && spend(1)) {
        if (node.op == Op::path) return look_at_member(node, frame, made);
        if (const Value* value = find(frame, node.key, node.place)) return *value;
    }
    made = compute(node, frame);
    return made;
}

Value Machine::dispatch(const Node& node, const Frame& frame) {
    switch (node.op) {
        case Op::literal: return node.value;
        case Op::name: return name(node, frame);
        case Op::at_literal: return at_literal(node);
        case Op::list: return build_list(node, frame);
        case Op::context: return build_context(node, frame);
        case Op::interval: return build_range(node, frame);
        case Op::one_sided: return build_one_sided(node, frame);
        case Op::path: return path(node, frame);
        case Op::filter: return filter(node, frame);
        case Op::call: return call(node, frame);
        case Op::negate: return negate(run(*node.left, frame));
        case Op::add:
        case Op::subtract:
        case Op::multiply:
        case Op::divide:
        case Op::power: return arithmetic(node, frame);
        case Op::equal:
        case Op::not_equal:
        case Op::less:
        case Op::less_or_equal:
        case Op::greater:
        case Op::greater_or_equal: return comparison(node, frame);
        case Op::logical_and:
        case Op::logical_or: return connective(node, frame);
        case Op::between: return between(node, frame);
        case Op::in: return in(node, frame);
        case Op::instance_of: {
            Value made;
            const Value& value = look(*node.left, frame, made);
            if (!spend(value.weight() / 4)) return exhausted();
            return Value(is_instance(value, *node.types[0]));
        }
        case Op::condition: {
            Value made;
            return run(*node.children[look(*node.left, frame, made).is_true() ? 1 : 2], frame);
        }
        case Op::iteration: return iteration(node, frame);
        case Op::some:
        case Op::every: return quantified(node, frame);
        case Op::function:
        case Op::external_function: return function(node, frame, {});
        case Op::iteration_range:
        case Op::tests_any:
        case Op::tests:
        case Op::tests_not: break;
    }
    return Value::null("feel.not_a_value", "这里应为一个值。");
}

Value Machine::name(const Node& node, const Frame& frame) {
    const std::string& wanted = node.names[0];
    if (const Value* value = find(frame, node.key, node.place)) {
        if (reads_ != nullptr) note_read(node, frame, *value);
        return *value;
    }
    if (node.builtin != nullptr) {
        auto builtin = std::make_shared<Function>();
        builtin->name = wanted;
        builtin->builtin = node.builtin;
        for (const auto& slot : node.builtin->signatures.front().slots) builtin->parameters.push_back({slot.name, {}});
        return Value(std::shared_ptr<const Function>(std::move(builtin)));
    }
    if (reads_ != nullptr) note_read(node, frame, node.absent);
    return node.absent;
}

/// A name, or a path of names. What a filter or a unary test calls its own is part of something that is read already.
void Machine::note_read(const Node& node, const Frame& frame, const Value& value) {
    const Node* first = &node;
    while (first->op == Op::path) first = first->children[0].get();
    const Key& name = first->key;
    if (name == kInputName || value.is(Kind::function)) return;
    for (const Frame* at = &frame; at != nullptr; at = at->parent) {
        if (at->value != nullptr && *at->name == name) break;
        if (at->item == nullptr) continue;
        if (name == kItemName || (at->item->is(Kind::context) && at->item->as_context().get(name) != nullptr)) return;
    }
    reads_->add(node.op == Op::path ? node.spelling : name.text(), value);
}

Value Machine::at_literal(const Node& node) const {
    const std::string& text = node.names[0];
    if (auto date_time = parse_date_time(text, environment_.zones)) return Value(std::move(*date_time));
    if (auto time = parse_time(text, environment_.zones)) return Value(std::move(*time));
    return Value::null("feel.invalid_temporal", fmt::format("“{}”不是日期、时间或时长。", text));
}

Value Machine::build_list(const Node& node, const Frame& frame) {
    List items;
    items.reserve(node.children.size());
    for (const NodePtr& child : node.children) items.push_back(run(*child, frame));
    return list(std::move(items));
}

Value Machine::build_context(const Node& node, const Frame& frame) {
    if (node.unknown.has_reason()) return node.unknown;
    Context context;
    context.reserve(node.keys.size());
    const Frame inside{.parent = &frame, .context = &context};
    for (std::size_t at = 0; at < node.keys.size(); ++at) {
        const Node& child = *node.children[at];
        Value value = child.op == Op::function ? function(child, inside, node.names[at]) : run(child, inside);
        context.append(node.keys[at], std::move(value));
    }
    return within_limits(Value(std::move(context)));
}

Value Machine::build_range(const Node& node, const Frame& frame) {
    Range range;
    range.start_included = node.start_included;
    range.end_included = node.end_included;
    range.start = run(*node.left, frame);
    range.end = run(*node.right, frame);
    const auto usable = [](const Value& end) { return end.is_null() || order(end, end).has_value(); };
    const bool same_kind = range.start.is_null() || range.end.is_null() || range.start.kind() == range.end.kind();
    if (!usable(range.start) || !usable(range.end) || !same_kind) {
        return Value::null("feel.wrong_range", "区间两端应是同一类、可比大小的值。");
    }
    return Value(std::move(range));
}

Value Machine::build_one_sided(const Node& node, const Frame& frame) {
    Value operand = run(*node.left, frame);
    Range range;
    range.form = node.form;
    range.start_included = false;
    range.end_included = false;
    switch (node.form) {
        case Range::Form::less_or_equal: range.end_included = true; [[fallthrough]];
        case Range::Form::less: range.end = std::move(operand); break;
        case Range::Form::greater_or_equal: range.start_included = true; [[fallthrough]];
        case Range::Form::greater: range.start = std::move(operand); break;
        default:
            range.start_included = true;
            range.end_included = true;
            range.start = operand;
            range.end = std::move(operand);
    }
    return Value(std::move(range));
}

Value Machine::arithmetic(const Node& node, const Frame& frame) {
    Value made_left;
    Value made_right;
    const Value& left = look(*node.left, frame, made_left);
    const Value& right = look(*node.right, frame, made_right);
    switch (node.op) {
        case Op::add: {
            if (!left.is(Kind::string) || !right.is(Kind::string)) return add(left, right);
            // A chain of `+` grows the one string that it makes.
            std::string joined = &left == &made_left ? made_left.take_string() : left.as_string();
            joined += right.as_string();
            return text(std::move(joined));
        }
        case Op::subtract: return subtract(left, right);
        case Op::multiply: return multiply(left, right);
        case Op::divide: return divide(left, right);
        default: return spend(kTranscendentalSteps) ? power(left, right) : exhausted();
    }
}

Value Machine::comparison(const Node& node, const Frame& frame) {
    Value made_left;
    Value made_right;
    const Value& left = look(*node.left, frame, made_left);
    const Value& right = look(*node.right, frame, made_right);
    switch (node.op) {
        case Op::equal:
        case Op::not_equal: {
            if (left.is_null() || right.is_null())
                return Value((left.kind() == right.kind()) == (node.op == Op::equal));
            if (!spend(std::min(left.weight(), right.weight()) / 4)) return exhausted();
            Value same = equals(left, right);
            if (node.op == Op::equal || same.is_null()) return same;
            return Value(!same.as_bool());
        }
        case Op::less: return compare(left, Comparison::less, right);
        case Op::less_or_equal: return compare(left, Comparison::less_or_equal, right);
        case Op::greater: return compare(left, Comparison::greater, right);
        default: return compare(left, Comparison::greater_or_equal, right);
    }
}

Value Machine::connective(const Node& node, const Frame& frame) {
    const bool is_and = node.op == Op::logical_and;
    Value made_left;
    const Value& left = look(*node.left, frame, made_left);
    if (is_and ? left.is_false() : left.is_true()) return left;
    Value made_right;
    const Value& right = look(*node.right, frame, made_right);
    return is_and ? logical_and(left, right) : logical_or(left, right);
}

Value Machine::between(const Node& node, const Frame& frame) {
    Value made;
    const Value& value = look(*node.left, frame, made);
    const Value above = compare(value, Comparison::greater_or_equal, run(*node.right, frame));
    const Value below = compare(value, Comparison::less_or_equal, run(*node.children[2], frame));
    return logical_and(above, below);
}

Value Machine::path(const Node& node, const Frame& frame) {
    // A path of names is one read as a whole; the names on its way are none of their own.
    const bool is_read = reads_ != nullptr && !node.spelling.empty();
    ReadLog* const log = is_read ? keep_reads(nullptr) : reads_;
    Value made;
    const Value& value = look_at_member(node, frame, made);
    if (is_read) {
        keep_reads(log);
        note_read(node, frame, value);
    }
    if (&value != &made) return value;
    return made;
}

/// Where the member stands in the context that holds it. `made` owns what that is part of, when nothing else does.
const Value& Machine::look_at_member(const Node& node, const Frame& frame, Value& made) {
    const Node& owner = *node.left;
    const Value* const known =
        owner.op == Op::name && reads_ == nullptr ? find(frame, owner.key, owner.place) : nullptr;
    const Value& object = known != nullptr ? *known : look(owner, frame, made);
    if (object.is(Kind::context)) {
        const Value* const found = object.as_context().get(node.key, node.place);
        return found != nullptr ? *found : node.unknown;
    }
    if (object.is_null()) return object.has_reason() ? object : node.absent;
    if (object.is(Kind::list) && !spend(object.weight())) {
        made = exhausted();
    } else {
        made = member(object, node.names[0]);
    }
    return made;
}

Value Machine::item_at(const List& items, const Value& position) const {
    const auto index = position.as_number().to_int64();
    const auto size = static_cast<std::int64_t>(items.size());
    if (index && *index >= 1 && *index <= size) return items[static_cast<std::size_t>(*index - 1)];
    if (index && *index < 0 && *index >= -size) return items[static_cast<std::size_t>(size + *index)];
    return Value::null("feel.no_such_item", fmt::format("列表里没有第 {} 项，它共有 {} 项。",
                                                        position.as_number().to_string(), items.size()));
}

Value Machine::filter(const Node& node, const Frame& frame) {
    Value made;
    const Value& whole = look(*node.left, frame, made);
    if (whole.is_null()) return whole;
    const Node& condition = *node.right;
    const List single = whole.is(Kind::list) ? List{} : List{whole};
    const List& items = whole.is(Kind::list) ? whole.as_list() : single;
    if (condition.is_constant && condition.value.is(Kind::number)) return item_at(items, condition.value);
    List kept;
    const Value nothing;
    for (std::size_t at = 0; at < std::max<std::size_t>(items.size(), 1); ++at) {
        const Frame inside{.parent = &frame, .item = items.empty() ? &nothing : &items[at]};
        Value made_answer;
        const Value& answer = look(condition, inside, made_answer);
        // A condition that is a number is a position; it is the same for every item.
        if (at == 0 && answer.is(Kind::number)) return item_at(items, answer);
        if (is_exhausted()) return exhausted();
        if (answer.is_true() && !items.empty()) kept.push_back(items[at]);
    }
    return list(std::move(kept));
}

}  // namespace kaigong::feel
