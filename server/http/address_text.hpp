// Addresses as they are compared, counted and shown: one host, one spelling.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace kaigong::http {

/// The usual spelling of an IP address: IPv4 also where it stands in one of IPv6 (::ffff:192.0.2.1), IPv6 in small
/// letters, as short as can be. Nothing for what is none; a zone (fe80::1%eth0) is no part of one.
std::optional<std::string> address_text(std::string_view text);

/// The same of an element of X-Forwarded-For, where some proxies write the port as well: 192.0.2.1:4711,
/// [2001:db8::1]:4711, [2001:db8::1].
std::optional<std::string> forwarded_address(std::string_view element);

}  // namespace kaigong::http
