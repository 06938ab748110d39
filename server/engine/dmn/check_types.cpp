#include "engine/dmn/check_types.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "engine/feel/operators.hpp"

namespace kaigong::dmn {

namespace {

using feel::Type;
using TypeKind = feel::Type::Kind;

TypePtr simple(TypeKind kind) {
    return Type::simple(kind);
}

struct KindNames {
    TypeKind kind;
    std::string_view zh, en;
};

constexpr std::array<KindNames, 14> kKindNames{{
    {TypeKind::any, "任意", "anything"},
    {TypeKind::null, "空值", "null"},
    {TypeKind::boolean, "是否（true 或 false）", "boolean"},
    {TypeKind::number, "数字", "number"},
    {TypeKind::string, "文字", "string"},
    {TypeKind::date, "日期", "date"},
    {TypeKind::time, "时间", "time"},
    {TypeKind::date_time, "日期和时间", "date and time"},
    {TypeKind::years_months, "年月时长", "years and months duration"},
    {TypeKind::days_time, "日时时长", "days and time duration"},
    {TypeKind::list, "列表", "list"},
    {TypeKind::context, "一组内容", "context"},
    {TypeKind::range, "区间", "range"},
    {TypeKind::function, "函数", "function"},
}};

bool is_simple(const TypePtr& type) {
    return type && type->kind != TypeKind::list && type->kind != TypeKind::context && type->kind != TypeKind::range &&
           type->kind != TypeKind::function;
}

/// Any value of the type: the engine itself says what an operator does with it.
feel::Value sample_of(TypeKind kind) {
    switch (kind) {
        case TypeKind::boolean: return feel::Value(true);
        case TypeKind::number: return feel::Value(2);
        case TypeKind::string: return feel::Value("2");
        case TypeKind::date: return feel::Value(feel::Date{2020, 1, 2});
        case TypeKind::time: return feel::Value(feel::Time{});
        case TypeKind::date_time: return feel::Value(feel::DateTime{feel::Date{2020, 1, 2}, 0, {}});
        case TypeKind::years_months: return feel::Value(feel::YearsMonths{12});
        case TypeKind::days_time: return feel::Value(feel::DaysTime{3'600, 0});
        default: return {};
    }
}

feel::Value applied(feel::Op op, const feel::Value& left, const feel::Value& right) {
    switch (op) {
        case feel::Op::add: return feel::add(left, right);
        case feel::Op::subtract: return feel::subtract(left, right);
        case feel::Op::multiply: return feel::multiply(left, right);
        case feel::Op::divide: return feel::divide(left, right);
        default: return feel::power(left, right);
    }
}

struct MembersOf {
    TypeKind kind;
    std::string_view name;
    TypeKind member;
};

constexpr std::array<MembersOf, 28> kMembers{{
    {TypeKind::date, "year", TypeKind::number},
    {TypeKind::date, "month", TypeKind::number},
    {TypeKind::date, "day", TypeKind::number},
    {TypeKind::date, "weekday", TypeKind::number},
    {TypeKind::date_time, "year", TypeKind::number},
    {TypeKind::date_time, "month", TypeKind::number},
    {TypeKind::date_time, "day", TypeKind::number},
    {TypeKind::date_time, "weekday", TypeKind::number},
    {TypeKind::date_time, "hour", TypeKind::number},
    {TypeKind::date_time, "minute", TypeKind::number},
    {TypeKind::date_time, "second", TypeKind::number},
    {TypeKind::date_time, "time offset", TypeKind::days_time},
    {TypeKind::date_time, "timezone", TypeKind::string},
    {TypeKind::time, "hour", TypeKind::number},
    {TypeKind::time, "minute", TypeKind::number},
    {TypeKind::time, "second", TypeKind::number},
    {TypeKind::time, "time offset", TypeKind::days_time},
    {TypeKind::time, "timezone", TypeKind::string},
    {TypeKind::years_months, "years", TypeKind::number},
    {TypeKind::years_months, "months", TypeKind::number},
    {TypeKind::days_time, "days", TypeKind::number},
    {TypeKind::days_time, "hours", TypeKind::number},
    {TypeKind::days_time, "minutes", TypeKind::number},
    {TypeKind::days_time, "seconds", TypeKind::number},
    {TypeKind::range, "start", TypeKind::any},
    {TypeKind::range, "end", TypeKind::any},
    {TypeKind::range, "start included", TypeKind::boolean},
    {TypeKind::range, "end included", TypeKind::boolean},
}};

MemberType field_of(const Type& context, const std::string& name) {
    MemberType result;
    if (context.fields.empty()) return result;  // a context that may hold anything
    for (const auto& [field, type] : context.fields) {
        if (field == name) return {known(type), false, {}};
        result.names.push_back(field);
    }
    result.known_to_miss = true;
    return result;
}

const std::map<std::string_view, TypeKind>& builtin_results() {
    static const std::map<std::string_view, TypeKind> kResults = [] {
        std::map<std::string_view, TypeKind> results;
        for (const char* name :
             {"string length",   "number",  "count", "sum",     "mean",     "median",      "stddev",
              "product",         "decimal", "floor", "ceiling", "round up", "round down",  "round half up",
              "round half down", "modulo",  "sqrt",  "log",     "exp",      "day of year", "week of year"}) {
            results.emplace(name, TypeKind::number);
        }
        for (const char* name : {"string", "substring", "upper case", "lower case", "substring before",
                                 "substring after", "replace", "string join", "day of week", "month of year"}) {
            results.emplace(name, TypeKind::string);
        }
        for (const char* name : {"not",
                                 "contains",
                                 "starts with",
                                 "ends with",
                                 "matches",
                                 "list contains",
                                 "all",
                                 "any",
                                 "odd",
                                 "even",
                                 "is",
                                 "before",
                                 "after",
                                 "meets",
                                 "met by",
                                 "overlaps",
                                 "overlaps before",
                                 "overlaps after",
                                 "finishes",
                                 "finished by",
                                 "includes",
                                 "during",
                                 "starts",
                                 "started by",
                                 "coincides"}) {
            results.emplace(name, TypeKind::boolean);
        }
        for (const char* name :
             {"sublist", "append", "concatenate", "insert before", "remove", "reverse", "index of", "union",
              "distinct values", "flatten", "list replace", "sort", "split", "mode", "get entries"}) {
            results.emplace(name, TypeKind::list);
        }
        results.emplace("date", TypeKind::date);
        results.emplace("today", TypeKind::date);
        results.emplace("time", TypeKind::time);
        results.emplace("date and time", TypeKind::date_time);
        results.emplace("now", TypeKind::date_time);
        results.emplace("years and months duration", TypeKind::years_months);
        results.emplace("range", TypeKind::range);
        return results;
    }();
    return kResults;
}

}  // namespace

TypePtr known(const TypePtr& type) {
    return type && type->kind != TypeKind::any && type->kind != TypeKind::null ? type : nullptr;
}

TypePtr type_of(const ItemTypePtr& item) {
    return item ? known(item->type) : nullptr;
}

TypePtr type_of(const feel::Value& value) {
    switch (value.kind()) {
        case feel::Kind::boolean: return simple(TypeKind::boolean);
        case feel::Kind::number: return simple(TypeKind::number);
        case feel::Kind::string: return simple(TypeKind::string);
        case feel::Kind::date: return simple(TypeKind::date);
        case feel::Kind::time: return simple(TypeKind::time);
        case feel::Kind::date_time: return simple(TypeKind::date_time);
        case feel::Kind::years_months: return simple(TypeKind::years_months);
        case feel::Kind::days_time: return simple(TypeKind::days_time);
        case feel::Kind::list: return simple(TypeKind::list);
        case feel::Kind::context: return simple(TypeKind::context);
        case feel::Kind::range: return simple(TypeKind::range);
        case feel::Kind::function: return simple(TypeKind::function);
        case feel::Kind::null: return nullptr;
    }
    return nullptr;
}

bool is(const TypePtr& type, TypeKind kind) {
    return type && type->kind == kind;
}

bool excludes(const TypePtr& wanted, const TypePtr& actual) {
    if (!known(wanted) || !known(actual)) return false;
    if (wanted->kind == TypeKind::list)
        return excludes(wanted->element, is(actual, TypeKind::list) ? actual->element : actual);
    if (actual->kind == TypeKind::list) return excludes(wanted, actual->element);
    if (wanted->kind == TypeKind::date_time && actual->kind == TypeKind::date) return false;
    return wanted->kind != actual->kind;
}

bool incomparable(const TypePtr& left, const TypePtr& right) {
    return is_simple(known(left)) && is_simple(known(right)) && left->kind != right->kind;
}

Combined combined(feel::Op op, const TypePtr& left, const TypePtr& right) {
    if (!is_simple(known(left)) || !is_simple(known(right))) return {};
    const feel::Value result = applied(op, sample_of(left->kind), sample_of(right->kind));
    return {type_of(result), !result.is_null()};
}

MemberType member_type(const TypePtr& object, const std::string& name) {
    if (!known(object)) return {};
    if (object->kind == TypeKind::context) return field_of(*object, name);
    if (object->kind == TypeKind::function) return {};
    if (object->kind == TypeKind::list) {
        MemberType item = member_type(object->element, name);
        if (item.type) item.type = Type::list_of(item.type);
        return item;
    }
    MemberType result{nullptr, true, {}};
    for (const MembersOf& one : kMembers) {
        if (one.kind != object->kind) continue;
        if (one.name == name) return {known(simple(one.member)), false, {}};
        result.names.emplace_back(one.name);
    }
    return result;
}

TypePtr result_of(const feel::Builtin& builtin) {
    const auto found = builtin_results().find(builtin.name);
    return found == builtin_results().end() ? nullptr : simple(found->second);
}

bool fits(char slot, const TypePtr& argument) {
    if (!known(argument) || argument->kind == TypeKind::list) return true;
    switch (slot) {
        case 's': return argument->kind == TypeKind::string;
        case 'n': return argument->kind == TypeKind::number;
        case 'b': return argument->kind == TypeKind::boolean;
        case 'c': return argument->kind == TypeKind::context;
        case 'r': return argument->kind == TypeKind::range;
        case 'f': return argument->kind == TypeKind::function;
        case 't': return argument->kind == TypeKind::date;
        case 'e': return argument->kind == TypeKind::date || argument->kind == TypeKind::date_time;
        case 'D': return argument->kind == TypeKind::date_time;
        case 'm': return argument->kind == TypeKind::time;
        case 'd': return argument->kind == TypeKind::years_months || argument->kind == TypeKind::days_time;
        default: return true;
    }
}

std::string zh_name(const TypePtr& type) {
    const auto kind = type ? type->kind : TypeKind::any;
    return std::string(std::ranges::find(kKindNames, kind, &KindNames::kind)->zh);
}

std::string en_name(const TypePtr& type) {
    const auto kind = type ? type->kind : TypeKind::any;
    return std::string(std::ranges::find(kKindNames, kind, &KindNames::kind)->en);
}

}  // namespace kaigong::dmn
