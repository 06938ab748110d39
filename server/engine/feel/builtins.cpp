#include "engine/feel/builtins.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "engine/feel/compare.hpp"
#include "engine/feel/machine.hpp"

namespace kaigong::feel {

namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

constexpr std::uint32_t bit_of(Kind kind) {
    return std::uint32_t{1} << static_cast<std::uint32_t>(kind);
}

std::uint32_t kinds_of(char type) {
    switch (type) {
        case 's': return bit_of(Kind::string);
        case 'n': return bit_of(Kind::number);
        case 'b': return bit_of(Kind::boolean);
        case 'l': return bit_of(Kind::list);
        case 'c': return bit_of(Kind::context);
        case 'p':
        case 'r': return bit_of(Kind::range);
        case 'f': return bit_of(Kind::function);
        case 't': return bit_of(Kind::date);
        case 'e': return bit_of(Kind::date) | bit_of(Kind::date_time);
        case 'D': return bit_of(Kind::date_time);
        case 'm': return bit_of(Kind::time);
        case 'd': return bit_of(Kind::years_months) | bit_of(Kind::days_time);
        default: return ~bit_of(Kind::null);
    }
}

/// `start position n?` → slot; the marks behind the type letter go to the slot or to the signature.
Signature::Slot slot_of(std::string_view text, Signature& signature) {
    Signature::Slot slot;
    for (;; text.remove_suffix(1)) {
        const char mark = text.back();
        if (mark == '?') {
            slot.optional = slot.nullable = true;
        } else if (mark == '0') {
            slot.nullable = true;
        } else if (mark == '*') {
            signature.gathers = true;
        } else if (mark == '+') {
            signature.rest = true;
        } else {
            break;
        }
    }
    slot.type = text.back();
    slot.kinds = kinds_of(slot.type);
    text.remove_suffix(1);
    slot.name = trimmed(text);
    return slot;
}

template <class Each>
void each_part(std::string_view text, char separator, const Each& each) {
    while (true) {
        const std::size_t end = text.find(separator);
        each(trimmed(text.substr(0, end)));
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + 1);
    }
}

Builtin builtin_of(const Definition& definition) {
    Builtin builtin;
    builtin.name = definition.name;
    builtin.body = definition.body;
    each_part(definition.signatures, '|', [&](std::string_view part) {
        Signature signature;
        if (!part.empty()) {
            each_part(part, ',', [&](std::string_view slot) { signature.slots.push_back(slot_of(slot, signature)); });
        }
        builtin.signatures.push_back(std::move(signature));
    });
    return builtin;
}

const std::map<std::string, Builtin, std::less<>>& builtins() {
    static const auto kBuiltins = [] {
        std::map<std::string, Builtin, std::less<>> all;
        for (const auto table : {string_builtins(), number_builtins(), list_builtins(), aggregate_builtins(),
                                 context_builtins(), temporal_builtins(), range_builtins(), conversion_builtins()}) {
            for (const Definition& definition : table) all.emplace(definition.name, builtin_of(definition));
        }
        return all;
    }();
    return kBuiltins;
}

bool fits(const Signature::Slot& slot, const Value& value) {
    if ((slot.kinds & bit_of(value.kind())) != 0) return true;
    return slot.type == 'p' && order(value, value).has_value();
}

/// Puts the value into the slot's form; false when it does not fit. A null passes where the slot takes null.
bool take_into(const Signature::Slot& slot, Value& value) {
    if (value.is_null()) return slot.nullable;
    if (slot.type == 'l' && !value.is(Kind::list)) value = Value(List{value});
    if (fits(slot, value)) return true;
    // FEEL's implicit conversion: a list of one stands for its element.
    if (value.is(Kind::list) && value.as_list().size() == 1 && fits(slot, value.as_list().front())) {
        value = Value(value.as_list().front());
        return true;
    }
    return false;
}

/// Whether the positional arguments are what the signature wants, as they stand.
bool fits_as_given(const Signature& signature, const Arguments& given) {
    const std::size_t slots = signature.slots.size();
    if (given.size() > slots || signature.rest) return false;
    if (signature.gathers && (given.size() < slots || !given.back().is(Kind::list))) return false;
    for (std::size_t at = 0; at < slots; ++at) {
        const auto& slot = signature.slots[at];
        if (at >= given.size()) {
            if (!slot.optional) return false;
        } else if (!(given[at].is_null() ? slot.nullable : fits(slot, given[at]))) {
            return false;
        }
    }
    return true;
}

/// Positional arguments laid out a slot each; nothing when their number does not match.
std::optional<Arguments> positional(const Signature& signature, const Arguments& given) {
    const std::size_t slots = signature.slots.size();
    if ((signature.gathers || signature.rest) && given.size() >= slots) {
        const bool one_list = signature.gathers && given.size() == slots && given.back().is(Kind::list);
        const bool null_list = signature.gathers && given.size() == slots && given.back().is_null();
        if (one_list || null_list) return given;
        const auto gathered = given.begin() + static_cast<std::ptrdiff_t>(slots - 1);
        Arguments laid_out(given.begin(), gathered);
        laid_out.emplace_back(List(gathered, given.end()));
        return laid_out;
    }
    if (given.size() > slots) return std::nullopt;
    for (std::size_t at = given.size(); at < slots; ++at) {
        if (!signature.slots[at].optional) return std::nullopt;
    }
    Arguments laid_out = given;
    laid_out.resize(slots);
    return laid_out;
}

std::optional<Arguments> named(const Signature& signature, const Arguments& given, std::span<const std::string> names) {
    Arguments laid_out(signature.slots.size());
    std::vector<bool> filled(signature.slots.size());
    for (std::size_t at = 0; at < names.size(); ++at) {
        const auto found = std::ranges::find(signature.slots, names[at], &Signature::Slot::name);
        if (found == signature.slots.end()) return std::nullopt;
        const auto index = static_cast<std::size_t>(found - signature.slots.begin());
        if (filled[index]) return std::nullopt;
        filled[index] = true;
        const bool wrapped = signature.rest && index + 1 == signature.slots.size();
        laid_out[index] = wrapped ? Value(List{given[at]}) : given[at];
    }
    for (std::size_t at = 0; at < filled.size(); ++at) {
        if (!filled[at] && !signature.slots[at].optional) return std::nullopt;
    }
    return laid_out;
}

Value wrong_arguments(const Builtin& builtin, const Arguments& arguments) {
    for (const Value& argument : arguments) {
        if (argument.is_null() && !argument.null_reason().empty()) return argument;
    }
    std::string kinds;
    for (const Value& argument : arguments) {
        if (!kinds.empty()) kinds += "、";
        kinds += name_of(argument.kind());
    }
    return Value::null("feel.wrong_arguments",
                       fmt::format("函数“{}”不能用于（{}），请对照函数说明检查参数。", builtin.name, kinds));
}

}  // namespace

const Builtin* find_builtin(std::string_view name) {
    const auto found = builtins().find(name);
    return found == builtins().end() ? nullptr : &found->second;
}

std::span<const std::string_view> builtin_names() {
    static const auto kNames = [] {
        std::vector<std::string_view> names;
        for (const auto& [name, builtin] : builtins()) names.push_back(name);
        return names;
    }();
    return kNames;
}

namespace {

/// What any function may do with an argument costs by its size; functions that look deeper count that themselves.
std::size_t cost_of(const Arguments& arguments) {
    std::size_t cost = 0;
    for (const Value& argument : arguments) {
        switch (argument.kind()) {
            case Kind::string: cost += argument.as_string().size() / 32; break;
            case Kind::list: cost += argument.as_list().size() / 8; break;
            case Kind::context: cost += argument.as_context().size() / 8; break;
            default: break;
        }
    }
    return cost;
}

}  // namespace

Value call_builtin(const Builtin& builtin, Arguments& arguments, std::span<const std::string> names, Machine& machine) {
    if (!machine.spend(cost_of(arguments))) return machine.exhausted();
    for (std::size_t index = 0; names.empty() && index < builtin.signatures.size(); ++index) {
        const Signature& signature = builtin.signatures[index];
        if (!fits_as_given(signature, arguments)) continue;
        if (arguments.size() < signature.slots.size()) arguments.resize(signature.slots.size());
        return builtin.body(Call{arguments, index, machine});
    }
    for (std::size_t index = 0; index < builtin.signatures.size(); ++index) {
        const Signature& signature = builtin.signatures[index];
        auto laid_out = names.empty() ? positional(signature, arguments) : named(signature, arguments, names);
        if (!laid_out) continue;
        bool all_fit = true;
        for (std::size_t at = 0; at < signature.slots.size() && all_fit; ++at) {
            const auto& slot = signature.slots[at];
            const bool left_out = slot.optional && (*laid_out)[at].is_null();
            all_fit = left_out || take_into(slot, (*laid_out)[at]);
        }
        if (all_fit) return builtin.body(Call{*laid_out, index, machine});
    }
    return wrong_arguments(builtin, arguments);
}

}  // namespace kaigong::feel
