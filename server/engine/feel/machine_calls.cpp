// Functions: making them, and calling the built-in, the written and the native ones.
#include <fmt/format.h>

#include <algorithm>

#include "engine/feel/machine.hpp"

namespace kaigong::feel {

namespace {

Value wrong_arguments(const Function& function) {
    return Value::null("feel.wrong_arguments",
                       fmt::format("函数“{}”的参数个数或名称不对，请对照函数说明改正。",
                                   function.name.text().empty() ? "匿名" : function.name.text()));
}

/// Puts named arguments in the order of the parameters; false when a name is unknown or missing.
bool put_in_order(const std::vector<Parameter>& parameters, Arguments& arguments, std::span<const std::string> names) {
    if (arguments.size() != parameters.size()) return false;
    if (names.empty()) return true;
    Arguments ordered(parameters.size());
    std::vector<bool> given(parameters.size());
    for (std::size_t at = 0; at < names.size(); ++at) {
        const auto found = std::ranges::find_if(
            parameters, [&](const Parameter& parameter) { return parameter.name.text() == names[at]; });
        if (found == parameters.end()) return false;
        const auto index = static_cast<std::size_t>(found - parameters.begin());
        if (given[index]) return false;
        given[index] = true;
        ordered[index] = std::move(arguments[at]);
    }
    arguments = std::move(ordered);
    return true;
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
        for (const Key& name : node.keys) {
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
    const Node& callee = *node.left;
    Value made;
    const Value* function = nullptr;
    if (callee.op != Op::name) {
        function = &look(callee, frame, made);
    } else if (node.builtin == nullptr || callee.is_known) {
        function = find(frame, callee.key, callee.place);
        // A variable of the same name (`date`, `count`) does not hide a built-in function unless it is a function.
        if (node.builtin != nullptr && function != nullptr && !function->is(Kind::function)) function = nullptr;
        if (node.builtin == nullptr && function == nullptr) {
            return Value::null("feel.unknown_function", fmt::format("没有函数“{}”，请检查拼写。", callee.names[0]));
        }
    }
    Arguments arguments;
    arguments.reserve(node.children.size() - 1);
    for (std::size_t at = 1; at < node.children.size(); ++at) arguments.push_back(run(*node.children[at], frame));
    if (is_exhausted()) return exhausted();
    if (function == nullptr) return call_builtin(*node.builtin, arguments, node.names, *this);
    return call_function(*function, arguments, node.names);
}

Value Machine::call(const Value& function, Arguments arguments) {
    return call_function(function, arguments, {});
}

Value Machine::call_function(const Value& callee, Arguments& arguments, std::span<const std::string> names) {
    if (!callee.is(Kind::function)) {
        if (callee.has_reason()) return callee;
        return Value::null("feel.not_a_function", fmt::format("{}不能当作函数调用。", name_of(callee.kind())));
    }
    const Function& function = *callee.as_function();
    if (function.builtin != nullptr) return call_builtin(*function.builtin, arguments, names, *this);
    if (!function.body && !function.native) {
        refused_functions_.push_back(function.external);
        return Value::null("feel.external_function",
                           fmt::format("外部函数 {} 不能执行，请改用 FEEL 表达式。", function.external));
    }
    if (!put_in_order(function.parameters, arguments, names)) return wrong_arguments(function);
    // With an argument that does not fit its parameter's type the function is not invoked at all: null.
    for (std::size_t at = 0; at < arguments.size(); ++at) {
        if (!function.parameters[at].type || arguments[at].is_null()) continue;
        arguments[at] = coerced(arguments[at], *function.parameters[at].type);
        if (arguments[at].is_null()) return arguments[at];
    }
    if (depth_ >= environment_.limits.evaluation_depth_max) {
        return end_with(Value::null("feel.limit_depth", "计算层次太深，请检查函数是否无休止地调用自己。"));
    }
    ++depth_;
    ReadLog* const log = keep_reads(nullptr);
    const Value result = function.native ? function.native(arguments, *this) : call_body(callee, arguments);
    keep_reads(log);
    --depth_;
    return function.result ? coerced(result, *function.result) : result;
}

Value Machine::call_body(const Value& callee, const Arguments& arguments) {
    const Function& function = *callee.as_function();
    // It knows itself by its name, the parameters hide that, and they see each other.
    const Frame captured{.context = &function.captured};
    boost::container::small_vector<Frame, 4> frames;
    frames.reserve(arguments.size() + 1);
    const Frame* innermost = &captured;
    if (!function.name.text().empty()) {
        innermost = &frames.emplace_back(Frame{.parent = innermost, .name = &function.name, .value = &callee});
    }
    for (std::size_t at = 0; at < arguments.size(); ++at) {
        innermost = &frames.emplace_back(
            Frame{.parent = innermost, .name = &function.parameters[at].name, .value = &arguments[at]});
    }
    return run(*function.body, *innermost);
}

}  // namespace kaigong::feel
