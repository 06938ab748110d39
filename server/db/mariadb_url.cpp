#include "db/mariadb_url.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace kaigong::db {
namespace {

constexpr std::string_view kScheme = "mariadb://";
constexpr std::string_view kSocket = "socket=";

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
    if (!decoded) return false;
    url.host = std::move(*decoded);
    return true;
}

bool parse_schema(std::string_view text, MariadbUrl& url) {
    auto schema = text;
    if (const auto before = cut(text, '?')) {
        schema = *before;
        if (!text.starts_with(kSocket)) return false;
        auto socket = percent_decoded(text.substr(kSocket.size()));
        if (!socket || socket->empty()) return false;
        url.socket = std::move(*socket);
    }
    auto decoded = percent_decoded(schema);
    if (!decoded || decoded->empty()) return false;
    url.schema = std::move(*decoded);
    return true;
}

std::string quoted(std::string_view text) {
    std::string result = "'";
    for (const char c : text) {
        if (c == '\'' || c == '\\') result += '\\';
        result += c;
    }
    return result + "'";
}

}  // namespace

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

std::string soci_connection_text(const MariadbUrl& url) {
    auto text = fmt::format("db={} user={} password={} charset=utf8mb4 connect_timeout=5", quoted(url.schema),
                            quoted(url.user), quoted(url.password));
    if (url.socket.empty()) return text + fmt::format(" host={} port={}", quoted(url.host), url.port);
    return text + fmt::format(" unix_socket={}", quoted(url.socket));
}

}  // namespace kaigong::db
