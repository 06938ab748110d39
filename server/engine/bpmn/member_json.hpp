// Plain structs to JSON and back by a table of their members: `kMembers` is a tuple of name, pointer, name, pointer …
// Internal to engine/bpmn.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace kaigong::bpmn {

inline bool take(const boost::json::value& value, std::int64_t& target) {
    if (value.is_int64()) target = value.get_int64();
    return value.is_int64();
}

inline bool take(const boost::json::value& value, bool& target) {
    if (value.is_bool()) target = value.get_bool();
    return value.is_bool();
}

inline bool take(const boost::json::value& value, std::string& target) {
    if (value.is_string()) target.assign(value.get_string().data(), value.get_string().size());
    return value.is_string();
}

inline bool take(const boost::json::value& value, boost::json::object& target) {
    if (value.is_object()) target = value.get_object();
    return value.is_object();
}

inline bool take(const boost::json::value& value, boost::json::array& target) {
    if (value.is_array()) target = value.get_array();
    return value.is_array();
}

inline bool take(const boost::json::value& value, boost::json::value& target) {
    target = value;
    return true;
}

template <class T>
bool take(const boost::json::value& value, std::vector<T>& target) {
    if (!value.is_array()) return false;
    for (const boost::json::value& item : value.get_array()) {
        if (!take(item, target.emplace_back())) return false;
    }
    return true;
}

inline boost::json::value put(std::int64_t value) {
    return value;
}
inline boost::json::value put(bool value) {
    return value;
}
inline boost::json::value put(const std::string& value) {
    return boost::json::string(value);
}
inline boost::json::value put(const boost::json::object& value) {
    return value;
}
inline boost::json::value put(const boost::json::array& value) {
    return value;
}
inline boost::json::value put(const boost::json::value& value) {
    return value;
}

template <class T>
boost::json::value put(const std::vector<T>& values) {
    boost::json::array array;
    array.reserve(values.size());
    for (const T& value : values) array.push_back(put(value));
    return array;
}

/// Calls `visit(name, member)` for each line of a table of members.
template <class Table, class Visit>
void for_each_member(const Table& table, Visit visit) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (visit(std::get<2 * I>(table), std::get<2 * I + 1>(table)), ...);
    }(std::make_index_sequence<std::tuple_size_v<Table> / 2>{});
}

/// False when one is missing or of another type.
template <class T, class Table>
bool read_members(const boost::json::object& object, const Table& table, T& target) {
    bool complete = true;
    for_each_member(table, [&](const char* name, auto member) {
        const boost::json::value* value = object.if_contains(name);
        complete = complete && value != nullptr && take(*value, target.*member);
    });
    return complete;
}

/// The same for members that are left out when they have the value of a fresh T.
template <class T, class Table>
bool read_optional_members(const boost::json::object& object, const Table& table, T& target) {
    bool right = true;
    for_each_member(table, [&](const char* name, auto member) {
        const boost::json::value* value = object.if_contains(name);
        right = right && (value == nullptr || take(*value, target.*member));
    });
    return right;
}

template <class T, class Table>
void write_members(const T& source, const Table& table, boost::json::object& object) {
    for_each_member(table, [&](const char* name, auto member) { object[name] = put(source.*member); });
}

template <class T, class Table>
void write_optional_members(const T& source, const Table& table, boost::json::object& object) {
    static const T kFresh{};
    for_each_member(table, [&](const char* name, auto member) {
        if (!(source.*member == kFresh.*member)) object[name] = put(source.*member);
    });
}

/// A record inside a record.
template <class T>
    requires requires { T::kMembers; }
bool take(const boost::json::value& value, T& target) {
    return value.is_object() && read_members(value.get_object(), T::kMembers, target);
}

template <class T>
    requires requires { T::kMembers; }
boost::json::value put(const T& record) {
    boost::json::object object;
    write_members(record, T::kMembers, object);
    return object;
}

}  // namespace kaigong::bpmn
