#include <array>

#include "engine/feel/builtins.hpp"
#include "engine/feel/machine.hpp"

namespace kaigong::feel {

namespace {

Value wrong_entries(std::string_view what) {
    return Value::null("feel.wrong_arguments", std::string(what));
}

/// A copy with the value put at the path of keys; contexts on the way are copied too.
Value with_value(const Context& context, std::span<const Value> keys, const Value& value) {
    if (keys.empty() || !keys.front().is(Kind::string)) return wrong_entries("键应是文字，且至少一个，请改正。");
    const std::string& key = keys.front().as_string();
    Context result = context;
    if (keys.size() == 1) {
        result.put(key, value);
        return Value(std::move(result));
    }
    const Value* inner = context.find(key);
    if (inner != nullptr && !inner->is(Kind::context)) return wrong_entries("路径经过的内容不是上下文，请改正。");
    Value changed = with_value(inner == nullptr ? Context() : inner->as_context(), keys.subspan(1), value);
    if (changed.is_null()) return changed;
    result.put(key, std::move(changed));
    return Value(std::move(result));
}

Value get_value(const Call& call) {
    if (call.signature == 0) {
        const Value* value = call[0].as_context().find(call[1].as_string());
        return value == nullptr ? Value::null("feel.unknown_member", "没有这个键的内容。") : *value;
    }
    Value at = call[0];
    for (const Value& key : call[1].as_list()) {
        if (!at.is(Kind::context) || !key.is(Kind::string)) return wrong_entries("路径上没有这个内容，请改正。");
        const Value* next = at.as_context().find(key.as_string());
        at = next == nullptr ? Value::null("feel.unknown_member", "没有这个键的内容。") : Value(*next);
    }
    return at;
}

Value get_entries(const Call& call) {
    // Each entry is a context of its own.
    if (!call.machine.spend(call[0].as_context().size() * 4)) return call.machine.exhausted();
    List entries;
    for (const auto& [key, value] : call[0].as_context()) {
        Context entry;
        entry.put("key", Value(key.text()));
        entry.put("value", value);
        entries.emplace_back(std::move(entry));
    }
    return call.machine.list(std::move(entries));
}

Value context(const Call& call) {
    Context result;
    for (const Value& entry : call[0].as_list()) {
        const Value* key = entry.is(Kind::context) ? entry.as_context().find("key") : nullptr;
        const Value* value = entry.is(Kind::context) ? entry.as_context().find("value") : nullptr;
        if (key == nullptr || value == nullptr || !key->is(Kind::string)) {
            return wrong_entries("每一项应有 key（文字）和 value，请改正。");
        }
        if (result.find(key->as_string()) != nullptr) return wrong_entries("同一个键写了两次，请删去一个。");
        result.put(key->as_string(), *value);
    }
    return Value(std::move(result));
}

Value context_put(const Call& call) {
    if (!call.machine.spend(call[0].as_context().size() / 4)) return call.machine.exhausted();
    if (call.signature == 0) return with_value(call[0].as_context(), call.arguments.subspan(1, 1), call[2]);
    return with_value(call[0].as_context(), call[1].as_list(), call[2]);
}

Value context_merge(const Call& call) {
    Context result;
    for (const Value& part : call[0].as_list()) {
        if (!part.is(Kind::context)) return wrong_entries("只能合并上下文，请检查列表。");
        if (!call.machine.spend(part.as_context().size() / 4)) return call.machine.exhausted();
        for (const auto& [key, value] : part.as_context()) result.put(key, value);
    }
    return Value(std::move(result));
}

constexpr std::array kContextTable{
    Definition{"get value", "m c, key s | m c, keys l", get_value},
    Definition{"get entries", "m c", get_entries},
    Definition{"context", "entries l", context},
    Definition{"context put", "context c, key s, value a0 | context c, keys l, value a0", context_put},
    Definition{"context merge", "contexts l", context_merge},
};

}  // namespace

std::span<const Definition> context_builtins() {
    return kContextTable;
}

}  // namespace kaigong::feel
