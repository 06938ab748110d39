// What a JSON object holds, and what is written where there is nothing.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace kaigong {

/// The text under a name; empty where there is none or something else.
std::string text_of(const boost::json::object& of, std::string_view name);

/// `null` for an empty text.
boost::json::value text_or_null(const std::string& text);

/// `null` where there is nothing.
template <class T>
boost::json::value or_null(const std::optional<T>& some) {
    return some ? boost::json::value(*some) : boost::json::value(nullptr);
}

}  // namespace kaigong
