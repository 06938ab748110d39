// What is known of an expression's type without evaluating it. A null TypePtr: nothing is known.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/dmn/elements.hpp"
#include "engine/feel/node.hpp"
#include "engine/feel/types.hpp"

namespace kaigong::dmn {

using TypePtr = std::shared_ptr<const feel::Type>;

/// `Any` and `Null` say nothing.
TypePtr known(const TypePtr& type);
TypePtr type_of(const ItemTypePtr& item);
TypePtr type_of(const feel::Value& value);
bool is(const TypePtr& type, feel::Type::Kind kind);
/// Both are known, and no value of one is a value of the other (a date-time holds dates, a list its single elements).
bool excludes(const TypePtr& wanted, const TypePtr& actual);
/// Both are known simple types that `<` and `=` cannot compare.
bool incomparable(const TypePtr& left, const TypePtr& right);

/// Of `+ - * / **`: what comes out, and whether the two can be combined at all.
struct Combined {
    TypePtr type;
    bool possible = true;
};
Combined combined(feel::Op op, const TypePtr& left, const TypePtr& right);

/// What stands behind the dot. `known_to_miss`: the type is known and has no such member.
struct MemberType {
    TypePtr type;
    bool known_to_miss = false;
    std::vector<std::string> names;  // that it has
};
MemberType member_type(const TypePtr& object, const std::string& name);

TypePtr result_of(const feel::Builtin& builtin);
/// Whether an argument of that type may stand where a builtin's parameter has the type letter of builtins.hpp.
bool fits(char slot, const TypePtr& argument);

/// For people: `数字`, `number`.
std::string zh_name(const TypePtr& type);
std::string en_name(const TypePtr& type);

}  // namespace kaigong::dmn
