#include "engine/dmn/check_types.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "engine/feel/operators.hpp"

namespace kaigong::dmn {

namespace {

using feel::Type;
using Kind = feel::Type::Kind;

TypePtr simple(Kind kind) {
    return Type::simple(kind);
}

struct KindNames {
    Kind kind;
    std::string_view zh, en;
};

constexpr std::array<KindNames, 14> kKindNames{{
    {Kind::any, "任意", "anything"},
    {Kind::null, "空值", "null"},
    {Kind::boolean, "是否（true 或 false）", "boolean"},
    {Kind::number, "数字", "number"},
    {Kind::string, "文字", "string"},
    {Kind::date, "日期", "date"},
    {Kind::time, "时间", "time"},
    {Kind::date_time, "日期和时间", "date and time"},
    {Kind::years_months, "年月时长", "years and months duration"},
    {Kind::days_time, "日时时长", "days and time duration"},
    {Kind::list, "列表", "list"},
    {Kind::context, "一组内容", "context"},
    {Kind::range, "区间", "range"},
    {Kind::function, "函数", "function"},
}};

bool is_simple(const TypePtr& type) {
    return type && type->kind != Kind::list && type->kind != Kind::context && type->kind != Kind::range &&
           type->kind != Kind::function;
}

/// Any value of the type: the engine itself says what an operator does with it.
feel::Value sample_of(Kind kind) {
    switch (kind) {
        case Kind::boolean: return feel::Value(true);
        case Kind::number: return feel::Value(2);
        case Kind::string: return feel::Value("2");
        case Kind::date: return feel::Value(feel::Date{2020, 1, 2});
        case Kind::time: return feel::Value(feel::Time{});
        case Kind::date_time: return feel::Value(feel::DateTime{feel::Date{2020, 1, 2}, 0, {}});
        case Kind::years_months: return feel::Value(feel::YearsMonths{12});
        case Kind::days_time: return feel::Value(feel::DaysTime{3'600, 0});
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
    Kind kind;
    std::string_view name;
    Kind member;
};

constexpr std::array<MembersOf, 28> kMembers{{
    {Kind::date, "year", Kind::number},
    {Kind::date, "month", Kind::number},
    {Kind::date, "day", Kind::number},
    {Kind::date, "weekday", Kind::number},
    {Kind::date_time, "year", Kind::number},
    {Kind::date_time, "month", Kind::number},
    {Kind::date_time, "day", Kind::number},
    {Kind::date_time, "weekday", Kind::number},
    {Kind::date_time, "hour", Kind::number},
    {Kind::date_time, "minute", Kind::number},
    {Kind::date_time, "second", Kind::number},
    {Kind::date_time, "time offset", Kind::days_time},
    {Kind::date_time, "timezone", Kind::string},
    {Kind::time, "hour", Kind::number},
    {Kind::time, "minute", Kind::number},
    {Kind::time, "second", Kind::number},
    {Kind::time, "time offset", Kind::days_time},
    {Kind::time, "timezone", Kind::string},
    {Kind::years_months, "years", Kind::number},
    {Kind::years_months, "months", Kind::number},
    {Kind::days_time, "days", Kind::number},
    {Kind::days_time, "hours", Kind::number},
    {Kind::days_time, "minutes", Kind::number},
    {Kind::days_time, "seconds", Kind::number},
    {Kind::range, "start", Kind::any},
    {Kind::range, "end", Kind::any},
    {Kind::range, "start included", Kind::boolean},
    {Kind::range, "end included", Kind::boolean},
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

const std::map<std::string_view, Kind>& builtin_results() {
    static const std::map<std::string_view, Kind> kResults = [] {
        std::map<std::string_view, Kind> results;
        for (const char* name :
             {"string length",   "number",  "count", "sum",     "mean",     "median",      "stddev",
              "product",         "decimal", "floor", "ceiling", "round up", "round down",  "round half up",
              "round half down", "modulo",  "sqrt",  "log",     "exp",      "day of year", "week of year"}) {
            results.emplace(name, Kind::number);
        }
        for (const char* name : {"string", "substring", "upper case", "lower case", "substring before",
                                 "substring after", "replace", "string join", "day of week", "month of year"}) {
            results.emplace(name, Kind::string);
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
            results.emplace(name, Kind::boolean);
        }
        for (const char* name :
             {"sublist", "append", "concatenate", "insert before", "remove", "reverse", "index of", "union",
              "distinct values", "flatten", "list replace", "sort", "split", "mode", "get entries"}) {
            results.emplace(name, Kind::list);
        }
        results.emplace("date", Kind::date);
        results.emplace("today", Kind::date);
        results.emplace("time", Kind::time);
        results.emplace("date and time", Kind::date_time);
        results.emplace("now", Kind::date_time);
        results.emplace("years and months duration", Kind::years_months);
        results.emplace("range", Kind::range);
        return results;
    }();
    return kResults;
}

}  // namespace

TypePtr known(const TypePtr& type) {
    return type && type->kind != Kind::any && type->kind != Kind::null ? type : nullptr;
}

TypePtr type_of(const ItemTypePtr& item) {
    return item ? known(item->type) : nullptr;
}

TypePtr type_of(const feel::Value& value) {
    switch (value.kind()) {
        case feel::Kind::boolean: return simple(Kind::boolean);
        case feel::Kind::number: return simple(Kind::number);
        case feel::Kind::string: return simple(Kind::string);
        case feel::Kind::date: return simple(Kind::date);
        case feel::Kind::time: return simple(Kind::time);
        case feel::Kind::date_time: return simple(Kind::date_time);
        case feel::Kind::years_months: return simple(Kind::years_months);
        case feel::Kind::days_time: return simple(Kind::days_time);
        case feel::Kind::list: return simple(Kind::list);
        case feel::Kind::context: return simple(Kind::context);
        case feel::Kind::range: return simple(Kind::range);
        case feel::Kind::function: return simple(Kind::function);
        case feel::Kind::null: return nullptr;
    }
    return nullptr;
}

bool is(const TypePtr& type, Kind kind) {
    return type && type->kind == kind;
}

bool excludes(const TypePtr& wanted, const TypePtr& actual) {
    if (!known(wanted) || !known(actual)) return false;
    if (wanted->kind == Kind::list) return excludes(wanted->element, is(actual, Kind::list) ? actual->element : actual);
    if (actual->kind == Kind::list) return excludes(wanted, actual->element);
    if (wanted->kind == Kind::date_time && actual->kind == Kind::date) return false;
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
    if (object->kind == Kind::context) return field_of(*object, name);
    if (object->kind == Kind::function) return {};
    if (object->kind == Kind::list) {
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
    if (!known(argument) || argument->kind == Kind::list) return true;
    switch (slot) {
        case 's': return argument->kind == Kind::string;
        case 'n': return argument->kind == Kind::number;
        case 'b': return argument->kind == Kind::boolean;
        case 'c': return argument->kind == Kind::context;
        case 'r': return argument->kind == Kind::range;
        case 'f': return argument->kind == Kind::function;
        case 't': return argument->kind == Kind::date;
        case 'e': return argument->kind == Kind::date || argument->kind == Kind::date_time;
        case 'D': return argument->kind == Kind::date_time;
        case 'm': return argument->kind == Kind::time;
        case 'd': return argument->kind == Kind::years_months || argument->kind == Kind::days_time;
        default: return true;
    }
}

std::string zh_name(const TypePtr& type) {
    const auto kind = type ? type->kind : Kind::any;
    return std::string(std::ranges::find(kKindNames, kind, &KindNames::kind)->zh);
}

std::string en_name(const TypePtr& type) {
    const auto kind = type ? type->kind : Kind::any;
    return std::string(std::ranges::find(kKindNames, kind, &KindNames::kind)->en);
}

}  // namespace kaigong::dmn
