// Lists of scopes as requests, rows and replies have them.
#pragma once

#include <boost/json/array.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "modules/oauth/oauth.hpp"

namespace kaigong::oauth {

inline constexpr std::string_view kOpenId = "openid";
inline constexpr std::string_view kOfflineAccess = "offline_access";

using ScopeNames = std::vector<std::string>;

const Scope* find_scope(std::string_view name);
bool has_scope(const ScopeNames& names, std::string_view name);
/// Whether all of `wanted` are among `allowed`.
bool is_within(const ScopeNames& wanted, const ScopeNames& allowed);

/// `a b` of a request (RFC 6749 3.3), each once, in the order of the table. Nothing for a name that nobody knows.
std::optional<ScopeNames> parse_scopes(std::string_view text);
std::string scope_text(const ScopeNames& names);

/// As rows have them.
std::string scopes_json_text(const ScopeNames& names);
ScopeNames scopes_of_row(const std::string& json);

/// Every action that the scopes open, each once.
std::vector<std::string> actions_of(const ScopeNames& names);

/// `[{scope, chinese, english}]` for pages.
boost::json::array scope_words(const ScopeNames& names);
/// The whole table, with whom each scope is for.
boost::json::array scope_table();

}  // namespace kaigong::oauth
