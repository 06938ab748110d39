#include "engine/feel/types.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

namespace kaigong::feel {

namespace {

using TypeKind = Type::Kind;

constexpr std::size_t kTypeKinds = static_cast<std::size_t>(TypeKind::function) + 1;

bool is_instance_or_null(const Value& value, const std::shared_ptr<const Type>& type) {
    return value.is_null() || !type || is_instance(value, *type);
}

bool same_kind(Kind kind, TypeKind type) {
    // Kind and Type::Kind list the kinds in the same order; Type has `any` in front.
    return static_cast<int>(kind) + 1 == static_cast<int>(type);
}

bool range_is_instance(const Range& range, const Type& type) {
    return is_instance_or_null(range.start, type.element) && is_instance_or_null(range.end, type.element);
}

bool context_is_instance(const Context& context, const Type& type) {
    return std::ranges::all_of(type.fields, [&](const auto& field) {
        const Value* value = context.find(field.first);
        return value != nullptr && is_instance_or_null(*value, field.second);
    });
}

/// Whether every value of `part` is a value of `whole`; a missing type is Any.
bool is_within(const std::shared_ptr<const Type>& part, const std::shared_ptr<const Type>& whole) {
    if (!whole || whole->kind == TypeKind::any) return true;
    if (!part) return false;
    if (part->kind == TypeKind::null) return true;
    if (part->kind != whole->kind) return false;
    if (part->kind == TypeKind::list || part->kind == TypeKind::range) return is_within(part->element, whole->element);
    return std::ranges::all_of(whole->fields, [&](const auto& field) {
        const auto found = std::ranges::find(part->fields, field.first, &decltype(part->fields)::value_type::first);
        return found != part->fields.end() && is_within(found->second, field.second);
    });
}

bool function_is_instance(const Function& function, const Type& type) {
    if (!type.result) return true;  // `function` without a signature
    if (function.parameters.size() != type.parameters.size()) return false;
    for (std::size_t at = 0; at < type.parameters.size(); ++at) {
        const auto& own = function.parameters[at].type;
        if (own && !is_within(type.parameters[at], own)) return false;
    }
    return !function.result || is_within(function.result, type.result);
}

const std::map<std::string_view, TypeKind>& type_names() {
    static const std::map<std::string_view, TypeKind> kNames{
        {"Any", TypeKind::any},
        {"Null", TypeKind::null},
        {"boolean", TypeKind::boolean},
        {"number", TypeKind::number},
        {"string", TypeKind::string},
        {"date", TypeKind::date},
        {"time", TypeKind::time},
        {"date and time", TypeKind::date_time},
        {"dateTime", TypeKind::date_time},
        {"years and months duration", TypeKind::years_months},
        {"yearMonthDuration", TypeKind::years_months},
        {"days and time duration", TypeKind::days_time},
        {"dayTimeDuration", TypeKind::days_time},
        {"list", TypeKind::list},
        {"context", TypeKind::context},
        {"range", TypeKind::range},
        {"function", TypeKind::function},
    };
    return kNames;
}

std::string_view name_of_type(const Type& type) {
    const auto& names = type_names();
    const auto found = std::ranges::find(names, type.kind, &std::pair<const std::string_view, TypeKind>::second);
    return found == names.end() ? "Any" : found->first;
}

}  // namespace

std::shared_ptr<const Type> Type::simple(Kind kind) {
    static const auto kSimple = [] {
        std::array<std::shared_ptr<const Type>, kTypeKinds> types;
        for (std::size_t at = 0; at < kTypeKinds; ++at) {
            Type type;
            type.kind = static_cast<Kind>(at);
            types[at] = std::make_shared<const Type>(std::move(type));
        }
        return types;
    }();
    return kSimple[static_cast<std::size_t>(kind)];
}

std::shared_ptr<const Type> Type::list_of(std::shared_ptr<const Type> element) {
    Type type;
    type.kind = Kind::list;
    type.element = std::move(element);
    return std::make_shared<const Type>(std::move(type));
}

std::shared_ptr<const Type> Type::by_name(std::string_view name) {
    const auto found = type_names().find(name);
    return found == type_names().end() ? nullptr : simple(found->second);
}

std::span<const std::string_view> Type::names() {
    static const auto kNames = [] {
        std::vector<std::string_view> names;
        for (const auto& entry : type_names()) names.push_back(entry.first);
        return names;
    }();
    return kNames;
}

bool is_instance(const Value& value, const Type& type) {
    if (value.is_null()) return type.kind == TypeKind::null;
    if (type.kind == TypeKind::any) return true;
    if (!same_kind(value.kind(), type.kind)) return false;
    switch (value.kind()) {
        case Kind::list:
            return std::ranges::all_of(value.as_list(),
                                       [&](const Value& item) { return is_instance_or_null(item, type.element); });
        case Kind::context: return context_is_instance(value.as_context(), type);
        case Kind::range: return range_is_instance(value.as_range(), type);
        case Kind::function: return function_is_instance(*value.as_function(), type);
        default: return true;
    }
}

Value coerced(const Value& value, const Type& type) {
    if (value.is_null() || is_instance(value, type)) return value;
    if (value.is(Kind::list) && value.as_list().size() == 1 && is_instance(value.as_list().front(), type)) {
        return value.as_list().front();
    }
    if (type.kind == TypeKind::list && !value.is(Kind::list) && is_instance_or_null(value, type.element)) {
        return Value(List{value});
    }
    if (type.kind == TypeKind::date_time && value.is(Kind::date)) {
        return Value(DateTime{value.as_date(), 0, {TimeZone::Kind::offset, 0, nullptr}});
    }
    return Value::null("feel.type_mismatch", fmt::format("值的类型是{}，这里要求 {}，请改正填写的内容或表达式。",
                                                         name_of(value.kind()), name_of_type(type)));
}

}  // namespace kaigong::feel
