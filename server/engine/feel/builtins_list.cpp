#include <algorithm>
#include <array>

#include "engine/feel/builtins.hpp"
#include "engine/feel/compare.hpp"
#include "engine/feel/machine.hpp"

namespace kaigong::feel {

namespace {

Value no_such_position() {
    return Value::null("feel.no_such_item", "列表里没有这个位置，位置从 1 数起、从末尾数用负数，请改正。");
}

/// Position 1 … size from the front or -1 … -size from the end, as an index from 0. A fraction is cut off.
std::optional<std::size_t> index_of_position(const Value& position, std::size_t size) {
    const auto asked = position.as_number().truncated_int64();
    const auto count = static_cast<std::int64_t>(size);
    if (!asked || *asked == 0 || *asked > count || *asked < -count) return std::nullopt;
    return static_cast<std::size_t>(*asked > 0 ? *asked - 1 : count + *asked);
}

bool holds(const List& list, const Value& wanted) {
    return std::ranges::any_of(list, [&](const Value& item) { return is_same(item, wanted); });
}

Value list_contains(const Call& call) {
    if (!call.machine.spend(call[0].weight() / 4)) return call.machine.exhausted();
    return Value(holds(call[0].as_list(), call[1]));
}

Value count(const Call& call) {
    return Value(static_cast<std::int64_t>(call[0].as_list().size()));
}

Value sublist(const Call& call) {
    const List& list = call[0].as_list();
    const auto start = index_of_position(call[1], list.size());
    if (!start) return no_such_position();
    std::size_t length = list.size() - *start;
    if (call.has(2)) {
        const auto asked = call[2].as_number().to_int64();
        if (!asked || *asked < 1 || static_cast<std::size_t>(*asked) > length) return no_such_position();
        length = static_cast<std::size_t>(*asked);
    }
    const auto begin = list.begin() + static_cast<std::ptrdiff_t>(*start);
    return call.machine.list(List(begin, begin + static_cast<std::ptrdiff_t>(length)));
}

Value append(const Call& call) {
    List result = call[0].as_list();
    const List& more = call[1].as_list();
    result.insert(result.end(), more.begin(), more.end());
    return call.machine.list(std::move(result));
}

/// All items of all lists one after the other; null when one is null.
std::optional<List> joined(const List& lists) {
    List result;
    for (const Value& list : lists) {
        if (list.is_null()) return std::nullopt;
        if (list.is(Kind::list)) {
            result.insert(result.end(), list.as_list().begin(), list.as_list().end());
        } else {
            result.push_back(list);
        }
    }
    return result;
}

Value null_list() {
    return Value::null("feel.wrong_arguments", "其中一个列表没有内容（空值），请检查。");
}

Value concatenate(const Call& call) {
    auto result = joined(call[0].as_list());
    return result ? call.machine.list(std::move(*result)) : null_list();
}

Value distinct(const List& list, Machine& machine) {
    List result;
    for (const Value& item : list) {
        if (!machine.spend(result.size() / 4 + item.weight())) return machine.exhausted();
        if (!holds(result, item)) result.push_back(item);
    }
    return machine.list(std::move(result));
}

Value union_of(const Call& call) {
    const auto result = joined(call[0].as_list());
    return result ? distinct(*result, call.machine) : null_list();
}

Value distinct_values(const Call& call) {
    return distinct(call[0].as_list(), call.machine);
}

Value insert_before(const Call& call) {
    const auto index = index_of_position(call[1], call[0].as_list().size());
    if (!index) return no_such_position();
    List result = call[0].as_list();
    result.insert(result.begin() + static_cast<std::ptrdiff_t>(*index), call[2]);
    return call.machine.list(std::move(result));
}

Value remove(const Call& call) {
    const auto index = index_of_position(call[1], call[0].as_list().size());
    if (!index) return no_such_position();
    List result = call[0].as_list();
    result.erase(result.begin() + static_cast<std::ptrdiff_t>(*index));
    return call.machine.list(std::move(result));
}

Value reverse(const Call& call) {
    List result = call[0].as_list();
    std::ranges::reverse(result);
    return call.machine.list(std::move(result));
}

Value index_of(const Call& call) {
    const List& list = call[0].as_list();
    if (!call.machine.spend(call[0].weight() / 4)) return call.machine.exhausted();
    List positions;
    for (std::size_t at = 0; at < list.size(); ++at) {
        if (is_same(list[at], call[1])) positions.emplace_back(static_cast<std::int64_t>(at + 1));
    }
    return call.machine.list(std::move(positions));
}

/// Goes no further once there are more items than a list may have.
void flatten_into(const List& list, std::size_t items_max, List& result) {
    for (const Value& item : list) {
        if (item.is(Kind::list)) {
            flatten_into(item.as_list(), items_max, result);
        } else {
            result.push_back(item);
        }
        if (result.size() > items_max) return;
    }
}

Value flatten(const Call& call) {
    List result;
    if (!call.machine.spend(call[0].weight() / 8)) return call.machine.exhausted();
    flatten_into(call[0].as_list(), call.machine.environment().limits.list_items_max, result);
    return call.machine.list(std::move(result));
}

Value list_replace(const Call& call) {
    List result = call[0].as_list();
    if (call.signature == 0) {
        const auto index = index_of_position(call[1], result.size());
        if (!index) return no_such_position();
        result[*index] = call[2];
        return call.machine.list(std::move(result));
    }
    for (Value& item : result) {
        if (!call.machine.spend(1)) return call.machine.exhausted();
        const Value replaced = call.machine.call(call[1], {item, call[2]});
        if (!replaced.is(Kind::boolean)) {
            return Value::null("feel.wrong_arguments", "判断函数应给出是或否，请改正。");
        }
        if (replaced.as_bool()) item = call[2];
    }
    return call.machine.list(std::move(result));
}

/// Merge sort: it stays correct, if not meaningful, whatever a written function answers.
void merge_sort(List& list, const std::function<bool(const Value&, const Value&)>& precedes) {
    if (list.size() < 2) return;
    const auto middle = list.begin() + static_cast<std::ptrdiff_t>(list.size() / 2);
    List left(list.begin(), middle);
    List right(middle, list.end());
    merge_sort(left, precedes);
    merge_sort(right, precedes);
    auto from_left = left.begin();
    auto from_right = right.begin();
    for (Value& place : list) {
        const bool take_right =
            from_left == left.end() || (from_right != right.end() && precedes(*from_right, *from_left));
        place = take_right ? std::move(*from_right++) : std::move(*from_left++);
    }
}

Value sort(const Call& call) {
    List result = call[0].as_list();
    bool comparable = true;
    merge_sort(result, [&](const Value& left, const Value& right) {
        if (!call.machine.spend(left.weight())) return false;
        if (call.has(1)) return call.machine.call(call[1], {left, right}).is_true();
        const auto sign = order(left, right);
        comparable = comparable && sign.has_value();
        return sign.value_or(0) < 0;
    });
    if (call.machine.is_exhausted()) return call.machine.exhausted();
    if (!comparable) return Value::null("feel.not_comparable", "列表里的内容不能互相比较大小，请给出排序函数。");
    return call.machine.list(std::move(result));
}

constexpr std::array kListTable{
    Definition{"list contains", "list l, element a0", list_contains},
    Definition{"count", "list l*", count},
    Definition{"sublist", "list l, start position n, length n?", sublist},
    Definition{"append", "list l, item l+", append},
    Definition{"concatenate", "list l+", concatenate},
    Definition{"insert before", "list l, position n, newItem a0", insert_before},
    Definition{"remove", "list l, position n", remove},
    Definition{"reverse", "list l", reverse},
    Definition{"index of", "list l, match a0", index_of},
    Definition{"union", "list l+", union_of},
    Definition{"distinct values", "list l", distinct_values},
    Definition{"flatten", "list l", flatten},
    Definition{"list replace", "list l, position n, newItem a0 | list l, match f, newItem a0", list_replace},
    Definition{"sort", "list l, precedes f?", sort},
};

}  // namespace

std::span<const Definition> list_builtins() {
    return kListTable;
}

}  // namespace kaigong::feel
