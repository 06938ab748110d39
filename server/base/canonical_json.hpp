// Canonical JSON (RFC 8785, JCS): one text for one value, so that its hash can be made by anybody.
#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace kaigong {

/// Members sorted by their UTF-16 code units, no white space, the shortest escapes. Whole numbers within ±(2^53 − 1)
/// only: records hold no fractions, and a fraction or a larger number is a bug and throws std::invalid_argument.
/// Texts must be UTF-8, as Boost.JSON guarantees for what it parsed.
std::string canonical_json(const boost::json::value& value);

}  // namespace kaigong
