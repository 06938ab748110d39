#include "db/mariadb_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace kaigong::db {
namespace {

constexpr std::string_view kScheme = "mariadb://";
/// The library reads a host with an equals sign as a list of options: names and addresses have none of these.
constexpr std::string_view kHostSigns = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:";

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            result += text[i];
            continue;
        }
        unsigned value = 0;
        if (i + 2 >= text.size()) return std::nullopt;
        const auto* end = text.data() + i + 3;
        const auto [stopped, failure] = std::from_chars(text.data() + i + 1, end, value, 16);
        if (failure != std::errc() || stopped != end || value == 0) return std::nullopt;
        result += static_cast<char>(value);
        i += 2;
    }
    return result;
}

/// Cuts `text` at `separator`: what stands before it comes back, what stands after it stays.
std::optional<std::string_view> cut(std::string_view& text, char separator) {
    const auto at = text.find(separator);
    if (at == std::string_view::npos) return std::nullopt;
    const auto before = text.substr(0, at);
    text.remove_prefix(at + 1);
    return before;
}

bool parse_credentials(std::string_view text, MariadbUrl& url) {
    auto user = text;
    std::string_view password;
    if (const auto before = cut(text, ':')) {
        user = *before;
        password = text;
    }
    auto decoded_user = percent_decoded(user);
    auto decoded_password = percent_decoded(password);
    if (!decoded_user || !decoded_password || decoded_user->empty()) return false;
    url.user = std::move(*decoded_user);
    url.password = std::move(*decoded_password);
    return true;
}

bool parse_address(std::string_view text, MariadbUrl& url) {
    auto host = text;
    if (const auto before = cut(text, ':')) {
        host = *before;
        const std::string port(text);
        const auto* end = port.data() + port.size();
        const auto [stopped, failure] = std::from_chars(port.data(), end, url.port);
        if (failure != std::errc() || stopped != end || url.port < 1 || url.port > 65535) return false;
    }
    auto decoded = percent_decoded(host);
    if (!decoded || decoded->find_first_not_of(kHostSigns) != std::string::npos) return false;
    url.host = std::move(*decoded);
    return true;
}

std::string MariadbUrl::* part_of(std::string_view name) {
    if (name == "socket") return &MariadbUrl::socket;
    if (name == "tls_ca") return &MariadbUrl::tls_ca;
    if (name == "tls_certificate") return &MariadbUrl::tls_certificate;
    if (name == "tls_key") return &MariadbUrl::tls_key;
    return nullptr;
}

/// A socket needs no TLS; half a pair of files proves nobody; a certificate of ours is for a server that we verified.
bool parts_fit(const MariadbUrl& url) {
    if (!url.socket.empty() && url.wants_tls()) return false;
    if (url.tls_certificate.empty() != url.tls_key.empty()) return false;
    if (!url.tls_key.empty() && !url.wants_tls()) return false;
    // Braces quote a value in the library's list of options.
    return std::ranges::all_of(std::array{&url.tls_ca, &url.tls_certificate, &url.tls_key}, [](const auto* file) {
        return file->empty() || (file->starts_with('/') && file->find_first_of("{}") == std::string::npos);
    });
}

bool parse_parameters(std::string_view text, MariadbUrl& url) {
    for (bool more = true; more;) {
        auto value = text;
        if (const auto one = cut(text, '&')) {
            value = *one;
        } else {
            more = false;
        }
        const auto name = cut(value, '=');
        const auto part = name ? part_of(*name) : nullptr;
        auto decoded = percent_decoded(value);
        if (part == nullptr || !decoded || decoded->empty() || !(url.*part).empty()) return false;
        url.*part = std::move(*decoded);
    }
    return parts_fit(url);
}

bool parse_schema(std::string_view text, MariadbUrl& url) {
    auto schema = text;
    if (const auto before = cut(text, '?')) {
        schema = *before;
        if (!parse_parameters(text, url)) return false;
    }
    auto decoded = percent_decoded(schema);
    if (!decoded || decoded->empty()) return false;
    url.schema = std::move(*decoded);
    return true;
}

/// 127.0.0.0/8 as four numbers, not a name that begins so.
bool is_loopback_v4(std::string_view host) {
    const bool numbers_only = host.find_first_not_of("0123456789.") == std::string_view::npos;
    return numbers_only && host.starts_with("127.") && std::ranges::count(host, '.') == 3;
}

std::string quoted(std::string_view text) {
    std::string result = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') result += '\\';
        result += c;
    }
    return result + "'";
}

/// SOCI hands its `sslca` on, but cannot ask for more: with it alone the library takes any name, and goes on in plain
/// text with a server that offers no TLS. Only `ssl-verify-server-cert` refuses both, and it goes through SOCI in place
/// of the host, as the library's own list of options.
std::string host_with_tls(const MariadbUrl& url) {
    auto options = fmt::format("host={{{}}};ssl-ca={{{}}};ssl-verify-server-cert=1;tls-version={{TLSv1.2,TLSv1.3}}",
                               url.host, url.tls_ca);
    if (url.tls_key.empty()) return options;
    return options + fmt::format(";ssl-cert={{{}}};ssl-key={{{}}}", url.tls_certificate, url.tls_key);
}

}  // namespace

bool MariadbUrl::is_local() const {
    return !socket.empty() || host == "localhost" || host == "::1" || is_loopback_v4(host);
}

std::optional<MariadbUrl> parse_mariadb_url(std::string_view text) {
    MariadbUrl url;
    if (!text.starts_with(kScheme)) return std::nullopt;
    text.remove_prefix(kScheme.size());
    const auto credentials = cut(text, '@');
    if (!credentials || !parse_credentials(*credentials, url)) return std::nullopt;
    const auto address = cut(text, '/');
    if (!address || !parse_address(*address, url)) return std::nullopt;
    if (!parse_schema(text, url)) return std::nullopt;
    if (url.host.empty() && url.socket.empty()) return std::nullopt;
    return url;
}

bool is_far_without_tls(std::string_view text) {
    const auto url = parse_mariadb_url(text);
    return url && !url->is_local() && !url->wants_tls();
}

std::string soci_connection_text(const MariadbUrl& url) {
    auto text = fmt::format("db={} user={} password={} charset=utf8mb4 connect_timeout=5", quoted(url.schema),
                            quoted(url.user), quoted(url.password));
    if (url.wants_tls()) return text + fmt::format(" host={} port={}", quoted(host_with_tls(url)), url.port);
    if (url.socket.empty()) return text + fmt::format(" host={} port={}", quoted(url.host), url.port);
    return text + fmt::format(" unix_socket={}", quoted(url.socket));
}

}  // namespace kaigong::db
