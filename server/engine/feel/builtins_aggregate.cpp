// Functions that make one value of a list: sums, extremes, averages, all and any.
#include <algorithm>
#include <array>

#include "engine/feel/builtins.hpp"
#include "engine/feel/compare.hpp"
#include "engine/feel/machine.hpp"
#include "engine/feel/operators.hpp"

namespace kaigong::feel {

namespace {

Value empty_list() {
    return Value::null("feel.empty_list", "列表里没有内容，算不出结果。");
}

Value not_numbers() {
    return Value::null("feel.wrong_arguments", "列表里应全是数字，请检查是否有空项或文字。");
}

std::optional<std::vector<Decimal>> numbers_of(const List& list) {
    std::vector<Decimal> numbers;
    numbers.reserve(list.size());
    for (const Value& item : list) {
        if (!item.is(Kind::number)) return std::nullopt;
        numbers.push_back(item.as_number());
    }
    return numbers;
}

Decimal total_of(const std::vector<Decimal>& numbers) {
    Decimal total;
    for (const Decimal& number : numbers) total = total + number;
    return total;
}

Decimal mean_of(const std::vector<Decimal>& numbers) {
    return total_of(numbers) / Decimal(static_cast<std::int64_t>(numbers.size()));
}

/// `work` on the numbers of the list; null when there are none or something else is among them.
template <class Work>
Value on_numbers(const Call& call, const Work& work) {
    const auto numbers = numbers_of(call[0].as_list());
    if (!call.machine.spend(call[0].as_list().size() / 4)) return call.machine.exhausted();
    if (!numbers) return not_numbers();
    return numbers->empty() ? empty_list() : work(*numbers);
}

Value extreme(const Call& call, int wanted_sign) {
    const List& list = call[0].as_list();
    if (list.empty()) return empty_list();
    const Value* best = &list.front();
    for (const Value& item : list) {
        const auto sign = order(item, *best);
        if (!sign) return Value::null("feel.not_comparable", "列表里的内容不能互相比较大小，请检查是否有空项。");
        if (*sign * wanted_sign > 0) best = &item;
    }
    return *best;
}

Value minimum(const Call& call) {
    return extreme(call, -1);
}
Value maximum(const Call& call) {
    return extreme(call, 1);
}

/// Durations may be summed as well as numbers.
Value sum(const Call& call) {
    const List& list = call[0].as_list();
    if (list.empty()) return empty_list();
    if (!list.front().is_duration()) {
        return on_numbers(call, [](const auto& numbers) { return Value(total_of(numbers)); });
    }
    Value total = list.front();
    for (std::size_t at = 1; at < list.size(); ++at) total = list[at].is_duration() ? add(total, list[at]) : Value();
    return total.is_null() ? not_numbers() : total;
}

Value product(const Call& call) {
    return on_numbers(call, [](const auto& numbers) {
        Decimal result(1);
        for (const Decimal& number : numbers) result = result * number;
        return Value(result);
    });
}

Value mean(const Call& call) {
    return on_numbers(call, [](const auto& numbers) { return Value(mean_of(numbers)); });
}

Value median(const Call& call) {
    return on_numbers(call, [](std::vector<Decimal> numbers) {
        std::ranges::sort(numbers, [](const Decimal& left, const Decimal& right) { return left < right; });
        const std::size_t middle = numbers.size() / 2;
        if (numbers.size() % 2 == 1) return Value(numbers[middle]);
        return Value((numbers[middle - 1] + numbers[middle]) / Decimal(2));
    });
}

/// Of the sample: the sum of squares is divided by n - 1.
Value standard_deviation(const Call& call) {
    return on_numbers(call, [](const auto& numbers) {
        if (numbers.size() < 2) return Value::null("feel.empty_list", "标准差至少要两个数字。");
        const Decimal mean = mean_of(numbers);
        Decimal squares;
        for (const Decimal& number : numbers) squares = squares + (number - mean) * (number - mean);
        return Value((squares / Decimal(static_cast<std::int64_t>(numbers.size() - 1))).sqrt());
    });
}

/// The values that occur most often, in ascending order.
Value mode(const Call& call) {
    auto numbers = numbers_of(call[0].as_list());
    if (!numbers) return not_numbers();
    std::ranges::sort(*numbers, [](const Decimal& left, const Decimal& right) { return left < right; });
    List modes;
    std::ptrdiff_t most = 0;
    for (auto at = numbers->begin(); at != numbers->end();) {
        const auto next = std::find_if(at, numbers->end(), [&](const Decimal& other) { return !(other == *at); });
        if (next - at > most) {
            most = next - at;
            modes.clear();
        }
        if (next - at == most) modes.emplace_back(*at);
        at = next;
    }
    return Value(std::move(modes));
}

Value connected(const Call& call, bool is_all) {
    Value answer(is_all);
    for (const Value& item : call[0].as_list()) {
        if (!item.is_null() && !item.is(Kind::boolean)) {
            return Value::null("feel.wrong_arguments", "列表里应全是“是否”，请检查。");
        }
        answer = is_all ? logical_and(answer, item) : logical_or(answer, item);
    }
    return answer;
}

Value all(const Call& call) {
    return connected(call, true);
}
Value any(const Call& call) {
    return connected(call, false);
}

constexpr std::array kAggregateTable{
    Definition{"min", "list l*", minimum},
    Definition{"max", "list l*", maximum},
    Definition{"sum", "list l*", sum},
    Definition{"product", "list l*", product},
    Definition{"mean", "list l*", mean},
    Definition{"median", "list l*", median},
    Definition{"stddev", "list l*", standard_deviation},
    Definition{"mode", "list l*", mode},
    Definition{"all", "list l*", all},
    Definition{"any", "list l*", any},
};

}  // namespace

std::span<const Definition> aggregate_builtins() {
    return kAggregateTable;
}

}  // namespace kaigong::feel
