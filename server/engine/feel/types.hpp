// FEEL types: what `instance of` asks, what parameters and results are held to.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/feel/value.hpp"

namespace kaigong::feel {

struct Type {
    enum class Kind : std::uint8_t {
        any,
        null,
        boolean,
        number,
        string,
        date,
        time,
        date_time,
        years_months,
        days_time,
        list,
        context,
        range,
        function,
    };
    Kind kind = Kind::any;
    std::shared_ptr<const Type> element;                                      // of list and range; null = Any
    std::vector<std::pair<std::string, std::shared_ptr<const Type>>> fields;  // of context
    std::vector<std::shared_ptr<const Type>> parameters;                      // of function
    std::shared_ptr<const Type> result;                                       // of function

    static std::shared_ptr<const Type> simple(Kind kind);
    static std::shared_ptr<const Type> list_of(std::shared_ptr<const Type> element);
    /// `number`, `date and time`, `days and time duration` …, also XML Schema's spellings that DMN models use
    /// (`dateTime`, `dayTimeDuration`); null when there is no such type.
    static std::shared_ptr<const Type> by_name(std::string_view name);
    static std::span<const std::string_view> names();
};

/// Whether the value is of that type; null is of none but Null (`instance of`).
bool is_instance(const Value& value, const Type& type);
/// FEEL's implicit conversions: a list of one to its element, a value to a list of one, a date to a date-time at
/// midnight UTC. A value that still does not conform becomes null with `feel.type_mismatch`.
Value coerced(const Value& value, const Type& type);

}  // namespace kaigong::feel
