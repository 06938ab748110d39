#include <fmt/format.h>

#include "engine/dmn/evaluation.hpp"
#include "engine/feel/operators.hpp"

namespace kaigong::dmn {

namespace {

using feel::Context;
using feel::Frame;
using feel::Kind;
using feel::List;
using feel::Value;

/// All that is visible at a place, outermost first, as one context that can outlive the evaluation.
Context visible_at(const Frame& frame) {
    Context all = frame.parent == nullptr ? Context() : visible_at(*frame.parent);
    if (frame.context != nullptr) {
        for (const auto& [name, value] : *frame.context) all.put(name, value);
    }
    if (frame.value != nullptr) all.put(*frame.name, *frame.value);
    if (frame.item != nullptr) {
        all.put("item", *frame.item);
        if (frame.item->is(Kind::context)) {
            for (const auto& [name, value] : frame.item->as_context()) all.put(name, value);
        }
    }
    return all;
}

/// The values that a boxed iteration runs over: a list, the whole numbers or days of a range, or one value.
std::optional<List> values_of(const Value& domain, feel::Machine& machine) {
    if (domain.is(Kind::list)) return domain.as_list();
    if (domain.is_null()) return std::nullopt;
    if (!domain.is(Kind::range)) return List{domain};
    static const auto kExpand = feel::parse("for each in domain return each", {.names = {"domain"}});
    static const feel::Key kDomain("domain");
    const Value expanded = machine.run(*kExpand->root(), Frame{.name = &kDomain, .value = &domain});
    if (!expanded.is(Kind::list)) return std::nullopt;
    return expanded.as_list();
}

Value not_a_boolean() {
    return Value::null("feel.wrong_operands", "条件应得出“是否”，请改正条件。");
}

Value wrong_domain(const Value& domain) {
    if (domain.has_reason()) return domain;
    return Value::null("feel.wrong_iteration", "循环的范围应是列表，或两端都是整数、都是日期的区间。");
}

}  // namespace

Value BoxedEvaluator::run(const Boxed& boxed, const Frame& frame) {
    if (!session_.machine.spend(1)) return session_.machine.exhausted();
    return conform(dispatch(boxed, frame), boxed.type, session_.machine);
}

Value BoxedEvaluator::dispatch(const Boxed& boxed, const Frame& frame) {
    switch (boxed.kind) {
        case Boxed::Kind::missing: return Value::null("dmn.missing_logic", "模型这里没有写规则，请补上。");
        case Boxed::Kind::literal: return literal(boxed.literal, frame);
        case Boxed::Kind::table: return table(boxed.table, frame);
        case Boxed::Kind::context: return context(boxed, frame);
        case Boxed::Kind::invocation: return invocation(boxed, frame);
        case Boxed::Kind::list: {
            List items;
            for (const BoxedPtr& item : boxed.items) items.push_back(run(*item, frame));
            return session_.machine.list(std::move(items));
        }
        case Boxed::Kind::relation: return relation(boxed, frame);
        case Boxed::Kind::function:
        case Boxed::Kind::external: return function(boxed, frame);
        case Boxed::Kind::conditional: {
            const Value question = run(*boxed.first, frame);
            if (!question.is_null() && !question.is(Kind::boolean)) return not_a_boolean();
            return run(question.is_true() ? *boxed.second : *boxed.third, frame);
        }
        case Boxed::Kind::iteration: return iteration(boxed, frame);
        case Boxed::Kind::filter: return filter(boxed, frame);
        case Boxed::Kind::some:
        case Boxed::Kind::every: return quantified(boxed, frame);
    }
    return {};
}

Value BoxedEvaluator::literal(const Literal& literal, const Frame& frame) {
    return literal.parsed ? session_.machine.run(*literal.parsed->root(), frame) : literal.failure;
}

Value BoxedEvaluator::context(const Boxed& boxed, const Frame& frame) {
    Context result;
    result.reserve(boxed.entries.size());
    const Frame inside{.parent = &frame, .context = &result};
    for (std::size_t at = 0; at < boxed.entries.size(); ++at) {
        const Entry& entry = boxed.entries[at];
        Value value = conform(run(*entry.value, inside), entry.type, session_.machine);
        if (entry.name.empty()) return value;
        result.put(boxed.keys[at], std::move(value));
    }
    return Value(std::move(result));
}

Value BoxedEvaluator::invocation(const Boxed& boxed, const Frame& frame) {
    Value function = run(*boxed.first, frame);
    if (!function.is(Kind::function)) {
        if (function.has_reason()) return function;
        return Value::null("feel.not_a_function", fmt::format("“{}”不是函数。", boxed.first->literal.text));
    }
    const auto& parameters = function.as_function()->parameters;
    feel::Arguments arguments(parameters.size());
    for (const Entry& binding : boxed.entries) {
        const auto found = std::ranges::find_if(
            parameters, [&](const feel::Parameter& one) { return one.name.text() == binding.name; });
        if (found == parameters.end()) {
            return Value::null("feel.wrong_arguments", fmt::format("函数没有参数“{}”，请改正。", binding.name));
        }
        arguments[static_cast<std::size_t>(found - parameters.begin())] =
            conform(run(*binding.value, frame), binding.type, session_.machine);
    }
    return session_.machine.call(function, std::move(arguments));
}

Value BoxedEvaluator::relation(const Boxed& boxed, const Frame& frame) {
    List rows;
    for (std::size_t at = 0; at + boxed.columns.size() <= boxed.items.size() && !boxed.columns.empty();
         at += boxed.columns.size()) {
        Context row;
        for (std::size_t column = 0; column < boxed.columns.size(); ++column) {
            row.put(boxed.keys[column], run(*boxed.items[at + column], frame));
        }
        rows.emplace_back(std::move(row));
    }
    return session_.machine.list(std::move(rows));
}

Value BoxedEvaluator::function(const Boxed& boxed, const Frame& frame) {
    auto made = std::make_shared<feel::Function>();
    for (const feel::Key& name : boxed.keys) made->parameters.push_back({name, nullptr});
    if (boxed.kind == Boxed::Kind::external) {
        made->external = boxed.literal.text;
        return Value(std::shared_ptr<const feel::Function>(std::move(made)));
    }
    made->captured = visible_at(frame);
    // The model is held so that the function may outlive this evaluation; the explanation is not.
    made->native = [model = model_, element = std::string(element_), &boxed, captured = made->captured](
                       std::span<const Value> given, feel::Machine& machine) -> Value {
        feel::Arguments arguments(given.begin(), given.end());
        Value misfit = conform_all(boxed, arguments, machine);
        if (misfit.has_reason()) return misfit;
        const Frame outer{.context = &captured};
        const feel::NamedFrames frames(outer, boxed.keys, arguments);
        const Session session{machine, nullptr};
        return BoxedEvaluator(session, element, model).run(*boxed.first, frames.innermost());
    };
    return Value(std::shared_ptr<const feel::Function>(std::move(made)));
}

Value BoxedEvaluator::iteration(const Boxed& boxed, const Frame& frame) {
    const Value domain = run(*boxed.first, frame);
    const auto values = values_of(domain, session_.machine);
    if (!values) return wrong_domain(domain);
    List results;
    for (const Value& value : *values) {
        if (!session_.machine.spend(results.size() / 8 + 1)) return session_.machine.exhausted();
        const Value partial{List(results)};
        const Frame with_partial{.parent = &frame, .name = &feel::kPartialName, .value = &partial};
        const Frame inside{.parent = &with_partial, .name = &boxed.keys.front(), .value = &value};
        results.push_back(run(*boxed.second, inside));
    }
    return session_.machine.list(std::move(results));
}

Value BoxedEvaluator::quantified(const Boxed& boxed, const Frame& frame) {
    const Value domain = run(*boxed.first, frame);
    const auto values = values_of(domain, session_.machine);
    if (!values) return wrong_domain(domain);
    const bool is_some = boxed.kind == Boxed::Kind::some;
    Value answer(!is_some);
    // Every item is asked, as an answer that is no boolean makes the whole null wherever it stands.
    for (const Value& value : *values) {
        const Value held = run(*boxed.second, Frame{.parent = &frame, .name = &boxed.keys.front(), .value = &value});
        if (!held.is_null() && !held.is(Kind::boolean)) return not_a_boolean();
        answer = is_some ? feel::logical_or(answer, held) : feel::logical_and(answer, held);
    }
    return answer;
}

Value BoxedEvaluator::filter(const Boxed& boxed, const Frame& frame) {
    const Value whole = run(*boxed.first, frame);
    if (whole.is_null()) return wrong_domain(whole);
    const List items = whole.is(Kind::list) ? whole.as_list() : List{whole};
    List kept;
    for (const Value& item : items) {
        const Value answer = run(*boxed.second, Frame{.parent = &frame, .item = &item});
        if (!answer.is_null() && !answer.is(Kind::boolean)) return not_a_boolean();
        if (answer.is_true()) kept.push_back(item);
    }
    return session_.machine.list(std::move(kept));
}

}  // namespace kaigong::dmn
