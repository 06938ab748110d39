// Values of header fields: read from strangers, or checked before they are written.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace kaigong::http {

/// The value of one cookie in a Cookie header. A name that is there twice with different values gives nothing: a
/// planted second cookie must not be taken for the session.
std::optional<std::string_view> find_cookie(std::string_view header, std::string_view name);

/// The number of `"7"`. Weak tags, lists and `*` are not versions.
std::optional<std::int64_t> parse_version_tag(std::string_view value);

/// Whether an If-None-Match names the tag (weak comparison, RFC 9110 13.1.2).
bool names_etag(std::string_view if_none_match, std::string_view etag);

/// Whether an Accept-Encoding takes `coding` with a weight above 0. An empty header takes none.
bool accepts_encoding(std::string_view accept_encoding, std::string_view coding);

/// `name` of `name[:port]`, lower case, with the brackets of an IPv6 address; nothing when it is not an authority.
std::optional<std::string> host_of(std::string_view authority);

/// `https://a.example:8443` → `a.example:8443`, lower case; nothing for `null` and anything with a path.
std::optional<std::string> authority_of_origin(std::string_view origin);

std::string lower_case(std::string_view text);
/// Without spaces and tabs at both ends.
std::string_view trimmed(std::string_view text);

/// A token (RFC 9110 5.6.2), as header and cookie names are.
bool is_token(std::string_view text);
/// No control character but tab: nothing that ends a line early.
bool is_field_value(std::string_view text);

}  // namespace kaigong::http
