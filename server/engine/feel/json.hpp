// FEEL values to JSON and back. Numbers keep their decimal digits: read from text they never pass through a double.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "engine/feel/value.hpp"

namespace kaigong::feel {

struct JsonReading {
    /// A member whose name ends in `_on`, or is `today`, with "YYYY-MM-DD" as its string becomes a date (our own
    /// spelling of civil dates); instants `…_at_ms` stay numbers. Off: every string stays a string.
    bool typed_by_suffix = false;
    std::size_t depth_max = 64;
};

/// Doubles become the shortest decimal that reads back as the same double.
Value from_json(const boost::json::value& json, const JsonReading& reading = {});
/// Exact: `0.1` is 0.1 with all digits written. Fails with `feel.json_invalid`, which says the byte position.
Result<Value> from_json_text(std::string_view text, const JsonReading& reading = {});
/// The same for variables: the text must be an object.
Result<Context> context_from_json_text(std::string_view text, const JsonReading& reading = {});
Context context_from_json(const boost::json::object& json, const JsonReading& reading = {});

/// Whole numbers that fit become int64, others double (JSON values have no decimals); temporals become ISO 8601
/// strings; ranges and functions their FEEL text.
boost::json::value to_json(const Value& value);
/// The same as text, with numbers in all their digits.
std::string to_json_text(const Value& value);

}  // namespace kaigong::feel
