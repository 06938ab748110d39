// Functions: making them, and calling the built-in, the written and the native ones.
#include <fmt/format.h>

#include <algorithm>

#include "engine/feel/machine.hpp"

namespace kaigong::feel {

namespace {

Value wrong_arguments(const Function& function) {
    return Value::null("feel.wrong_arguments", fmt::format("函数“{}”的参数个数或名称不对，请对照函数说明改正。",
                                                           function.name.empty() ? "匿名" : function.name));
}

/// Named arguments in the order of the parameters; nothing when a name is unknown or missing.
std::optional<std::vector<Value>> in_order(const std::vector<Parameter>& parameters, std::vector<Value> arguments,
                                           std::span<const std::string> names) {
    if (arguments.size() != parameters.size()) return std::nullopt;
    if (names.empty()) return arguments;
    std::vector<Value> ordered(parameters.size());
    std::vector<bool> given(parameters.size());
    for (std::size_t at = 0; at < names.size(); ++at) {
        const auto found = std::ranges::find(parameters, names[at], &Parameter::name);
        if (found == parameters.end()) return std::nullopt;
        const auto index = static_cast<std::size_t>(found - parameters.begin());
        if (given[index]) return std::nullopt;
        given[index] = true;
        ordered[index] = std::move(arguments[at]);
    }
    return ordered;
}

}  // namespace

Value Machine::function(const Node& node, const Frame& frame, std::string_view own_name) {
    auto made = std::make_shared<Function>();
    made->name = own_name;
    for (std::size_t at = 0; at < node.names.size(); ++at) {
        made->parameters.push_back({node.names[at], node.types[at]});
    }
    if (node.op == Op::function) {
        made->body = node.children.front();
        for (const std::string& name : node.free_names) {
            if (const Value* value = find(frame, name)) made->captured.put(name, *value);
        }
    }
    if (node.op == Op::external_function) made->external = node.spelling;
    if (made->captured.depth() >= kNestingMax) {
        return Value::null("feel.limit_nesting", "函数嵌套太深，请减少层数。");
    }
    return Value(std::shared_ptr<const Function>(std::move(made)));
}

Value Machine::call(const Node& node, const Frame& frame) {
    const Node& callee = *node.children.front();
    Value function;
    bool builtin = false;
    if (callee.op == Op::name) {
        const Value* found = find(frame, callee.names[0]);
        // A variable of the same name (`date`, `count`) does not hide a built-in function unless it is a function.
        builtin = node.builtin != nullptr && (found == nullptr || !found->is(Kind::function));
        if (found != nullptr && !builtin) function = *found;
        if (found == nullptr && !builtin) {
            return Value::null("feel.unknown_function", fmt::format("没有函数“{}”，请检查拼写。", callee.names[0]));
        }
    } else {
        function = run(callee, frame);
    }
    std::vector<Value> arguments;
    arguments.reserve(node.children.size() - 1);
    for (std::size_t at = 1; at < node.children.size(); ++at) arguments.push_back(run(*node.children[at], frame));
    if (is_exhausted()) return exhausted();
    if (builtin) return call_builtin(*node.builtin, arguments, node.names, *this);
    if (!function.is(Kind::function)) {
        if (function.is_null() && !function.null_reason().empty()) return function;
        return Value::null("feel.not_a_function", fmt::format("{}不能当作函数调用。", name_of(function.kind())));
    }
    return call_function(*function.as_function(), std::move(arguments), node.names);
}

Value Machine::call(const Value& function, std::vector<Value> arguments) {
    if (!function.is(Kind::function)) {
        return Value::null("feel.not_a_function", fmt::format("{}不能当作函数调用。", name_of(function.kind())));
    }
    return call_function(*function.as_function(), std::move(arguments), {});
}

Value Machine::call_function(const Function& function, std::vector<Value> arguments,
                             std::span<const std::string> names) {
    if (function.builtin != nullptr) return call_builtin(*function.builtin, arguments, names, *this);
    if (!function.body && !function.native) {
        refused_functions_.push_back(function.external);
        return Value::null("feel.external_function",
                           fmt::format("外部函数 {} 不能执行，请改用 FEEL 表达式。", function.external));
    }
    auto ordered = in_order(function.parameters, std::move(arguments), names);
    if (!ordered) return wrong_arguments(function);
    // With an argument that does not fit its parameter's type the function is not invoked at all: null.
    for (std::size_t at = 0; at < ordered->size(); ++at) {
        if (!function.parameters[at].type || (*ordered)[at].is_null()) continue;
        Value argument = coerced((*ordered)[at], *function.parameters[at].type);
        if (argument.is_null()) return argument;
        (*ordered)[at] = std::move(argument);
    }
    if (depth_ >= environment_.limits.evaluation_depth_max) {
        return Value::null("feel.limit_depth", "计算层次太深，请检查函数是否无休止地调用自己。");
    }
    ++depth_;
    ReadLog* const log = keep_reads(nullptr);
    const Value result = function.native ? function.native(*ordered, *this) : call_body(function, *ordered);
    keep_reads(log);
    --depth_;
    return function.result ? coerced(result, *function.result) : result;
}

Value Machine::call_body(const Function& function, const std::vector<Value>& arguments) {
    const Frame captured{.context = &function.captured};
    // It does not own itself: the value is made anew for the call, so no ring of references keeps it alive.
    const Value itself(std::make_shared<const Function>(function));
    const Frame named{.parent = &captured, .name = function.name, .value = &itself};
    Context variables;
    for (std::size_t at = 0; at < arguments.size(); ++at) variables.put(function.parameters[at].name, arguments[at]);
    const Frame inside{
        .parent = function.name.empty() ? &captured : &named,
        .context = &variables,
    };
    return run(*function.body, inside);
}

}  // namespace kaigong::feel
