// The request target (RFC 9112 3.2, origin form only), taken apart and decoded once, here and nowhere else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/request.hpp"

namespace kaigong::http {

struct Target {
    /// Decoded; begins with a slash.
    std::string path;
    /// Decoded; `/` has none, `/a/` has `a` and an empty one.
    std::vector<std::string> segments;
    Parameters query;
};

inline constexpr std::size_t kQueryParametersMax = 32;

/// Fails with http.target_malformed (not the origin form, a character that must be encoded), http.path_malformed
/// (encoded slash, dot segment, control character, not UTF-8), http.query_malformed, http.query_repeated.
Result<Target> parse_target(std::string_view raw);

/// Percent-decoding, nothing when it is malformed or not UTF-8 or holds a control character. `plus_is_space` for
/// queries.
std::optional<std::string> decode_component(std::string_view text, bool plus_is_space);

}  // namespace kaigong::http
