// How C++ values become parameters and columns: std::int64_t and smaller integers, bool (0 or 1), strings, typed ids,
// and std::optional of each for NULL. A row is a std::tuple, a plain struct whose members stand in the order of the
// columns, or one such value.
#pragma once

#include <boost/pfr.hpp>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "base/id.hpp"

namespace kaigong::db {

enum class ColumnType : char { integer = 'i', text = 't' };

/// A bound value. `text` only has to live until the statement ran.
struct Parameter {
    ColumnType type = ColumnType::integer;
    bool is_null = false;
    std::int64_t integer = 0;
    std::string_view text;
};

/// A value that came back.
struct Value {
    bool is_null = false;
    long long integer = 0;
    std::string text;
};

/// One specialisation a type that can stand in a row or as a parameter.
template <class T>
struct Column;

template <std::integral T>
struct Column<T> {
    static_assert(std::is_signed_v<T> || sizeof(T) < sizeof(std::int64_t), "SQL integers are signed 64 bits");
    static constexpr ColumnType kType = ColumnType::integer;
    static Parameter parameter(T value) { return {kType, false, static_cast<std::int64_t>(value), {}}; }
    static T take(Value& value) {
        if constexpr (std::is_same_v<T, bool>) {
            return value.integer != 0;
        } else {
            if (!std::in_range<T>(value.integer)) throw std::range_error("db: a column does not fit its C++ type");
            return static_cast<T>(value.integer);
        }
    }
};

template <>
struct Column<std::string> {
    static constexpr ColumnType kType = ColumnType::text;
    static Parameter parameter(std::string_view value) { return {kType, false, 0, value}; }
    static std::string take(Value& value) { return std::move(value.text); }
};

template <>
struct Column<std::string_view> {
    static constexpr ColumnType kType = ColumnType::text;
    static Parameter parameter(std::string_view value) { return {kType, false, 0, value}; }
};

template <>
struct Column<const char*> {
    static constexpr ColumnType kType = ColumnType::text;
    static Parameter parameter(const char* value) { return {kType, false, 0, value}; }
};

template <class Tag>
struct Column<Id<Tag>> {
    static constexpr ColumnType kType = ColumnType::text;
    static Parameter parameter(const Id<Tag>& value) { return {kType, false, 0, value.text}; }
    static Id<Tag> take(Value& value) { return Id<Tag>{std::move(value.text)}; }
};

template <class T>
struct Column<std::optional<T>> {
    static constexpr ColumnType kType = Column<T>::kType;
    static Parameter parameter(const std::optional<T>& value) {
        if (!value) return {kType, true, 0, {}};
        return Column<T>::parameter(*value);
    }
    static std::optional<T> take(Value& value) {
        if (value.is_null) return std::nullopt;
        return Column<T>::take(value);
    }
};

template <class T>
Parameter parameter_of(const T& value) {
    return Column<std::decay_t<const T&>>::parameter(value);
}

namespace detail {

template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <class T>
inline constexpr bool kIsTuple = false;
template <class... T>
inline constexpr bool kIsTuple<std::tuple<T...>> = true;

template <class T>
concept SingleColumn = requires { Column<T>::kType; };

template <class T>
T take_column(Value& value) {
    if constexpr (!kIsOptional<T>) {
        if (value.is_null) throw std::range_error("db: NULL in a column that is not std::optional");
    }
    return Column<T>::take(value);
}

/// The columns of a row type as a tuple type.
template <class Row>
struct RowColumns {
    using type = decltype(boost::pfr::structure_to_tuple(std::declval<const Row&>()));
};
template <class... T>
struct RowColumns<std::tuple<T...>> {
    using type = std::tuple<T...>;
};
template <SingleColumn T>
struct RowColumns<T> {
    using type = std::tuple<T>;
};
template <class Row>
using row_columns_t = typename RowColumns<Row>::type;

template <class Row>
std::span<const ColumnType> column_types() {
    return []<class... T>(std::type_identity<std::tuple<T...>>) -> std::span<const ColumnType> {
        static constexpr ColumnType kTypes[] = {Column<T>::kType...};
        return kTypes;
    }(std::type_identity<row_columns_t<Row>>{});
}

template <class Row>
Row take_row(std::span<Value> values) {
    using Columns = row_columns_t<Row>;
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
        return Row{take_column<std::tuple_element_t<I, Columns>>(values[I])...};
    }(std::make_index_sequence<std::tuple_size_v<Columns>>{});
}

}  // namespace detail
}  // namespace kaigong::db
