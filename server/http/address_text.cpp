#include "http/address_text.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace kaigong::http {
namespace {

constexpr std::array<unsigned char, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

/// `:` and a number of up to five digits, or nothing at all.
bool is_port_or_nothing(std::string_view text) {
    constexpr std::size_t kDigitsMax = 5;
    if (text.empty()) return true;
    const auto digits = text.substr(1);
    return text.front() == ':' && !digits.empty() && digits.size() <= kDigitsMax &&
           std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<std::string> address_text(std::string_view text) {
    std::array<unsigned char, 16> bytes{};
    std::array<char, INET6_ADDRSTRLEN> written{};
    if (text.empty() || text.size() >= written.size()) return std::nullopt;
    const std::string address(text);
    if (::inet_pton(AF_INET, address.c_str(), bytes.data()) == 1) return address;
    if (::inet_pton(AF_INET6, address.c_str(), bytes.data()) != 1) return std::nullopt;
    const bool is_ipv4 = std::equal(kMapped.begin(), kMapped.end(), bytes.begin());
    return is_ipv4 ? ::inet_ntop(AF_INET, bytes.data() + kMapped.size(), written.data(), written.size())
                   : ::inet_ntop(AF_INET6, bytes.data(), written.data(), written.size());
}

std::optional<std::string> forwarded_address(std::string_view element) {
    if (element.starts_with('[')) {
        const auto end = element.find(']');
        if (end == std::string_view::npos || !is_port_or_nothing(element.substr(end + 1))) return std::nullopt;
        const auto inside = element.substr(1, end - 1);
        return inside.find(':') == std::string_view::npos ? std::nullopt : address_text(inside);
    }
    const auto colon = element.find(':');
    const bool has_port = colon != std::string_view::npos && element.find(':', colon + 1) == std::string_view::npos;
    if (!has_port) return address_text(element);
    return is_port_or_nothing(element.substr(colon)) ? address_text(element.substr(0, colon)) : std::nullopt;
}

}  // namespace kaigong::http
