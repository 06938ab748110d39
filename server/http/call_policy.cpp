#include "http/call_policy.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>

#include "http/client.hpp"
#include "http/header_fields.hpp"

namespace kaigong::http {
namespace {

constexpr std::uint16_t kUsualPort = 80;
constexpr std::uint16_t kUsualSecurePort = 443;

struct Block4 {
    std::uint32_t first;
    int bits;
};
constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    return a << 24U | b << 16U | c << 8U;
}
// RFC 6890 and what came after it.
constexpr std::array kNotPublic4{
    Block4{v4(0, 0, 0), 8},      Block4{v4(10, 0, 0), 8},     Block4{v4(100, 64, 0), 10}, Block4{v4(127, 0, 0), 8},
    Block4{v4(169, 254, 0), 16}, Block4{v4(172, 16, 0), 12},  Block4{v4(192, 0, 0), 24},  Block4{v4(192, 0, 2), 24},
    Block4{v4(192, 88, 99), 24}, Block4{v4(192, 168, 0), 16}, Block4{v4(198, 18, 0), 15}, Block4{v4(198, 51, 100), 24},
    Block4{v4(203, 0, 113), 24}, Block4{v4(224, 0, 0), 4},    Block4{v4(240, 0, 0), 4},
};

bool is_public4(std::uint32_t ip) {
    return std::ranges::none_of(kNotPublic4, [&](const Block4& block) {
        return (ip ^ block.first) >> static_cast<unsigned>(32 - block.bits) == 0;
    });
}

using Bytes6 = std::array<std::uint8_t, 16>;

std::uint32_t v4_at(const Bytes6& ip, std::size_t at) {
    return static_cast<std::uint32_t>(ip.at(at)) << 24U | static_cast<std::uint32_t>(ip.at(at + 1)) << 16U |
           static_cast<std::uint32_t>(ip.at(at + 2)) << 8U | ip.at(at + 3);
}

bool begins(const Bytes6& ip, std::initializer_list<std::uint8_t> prefix) {
    return std::equal(prefix.begin(), prefix.end(), ip.begin());
}

bool is_public6(const Bytes6& ip) {
    // An address of IPv4 inside: mapped, and translated by NAT64 or 6to4.
    if (begins(ip, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF})) return is_public4(v4_at(ip, 12));
    if (begins(ip, {0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0})) return is_public4(v4_at(ip, 12));
    if (begins(ip, {0x20, 0x02})) return is_public4(v4_at(ip, 2));
    // Of what is handed out (2000::/3) not Teredo, benchmarks, ORCHID and documents.
    const bool is_global = (ip[0] & 0xE0U) == 0x20;
    const bool is_special =
        begins(ip, {0x20, 0x01, 0, 0}) || begins(ip, {0x20, 0x01, 0, 2}) || begins(ip, {0x20, 0x01, 0x0D, 0xB8}) ||
        (begins(ip, {0x20, 0x01, 0}) && (ip[3] & 0xE0U) == 0x20) || (ip[0] == 0x3F && ip[1] == 0xFF && ip[2] < 0x10);
    return is_global && !is_special;
}

Error entry_malformed(std::string_view entry) {
    return error(Errc::invalid_input, "http.allowed_host_malformed",
                 fmt::format("「{}」应写成 主机、*.域名 或 主机:端口，请改正。", printable(entry)));
}

/// The port of `host:port`; 0 without one; nothing when it is none.
std::optional<std::uint16_t> port_of(std::string_view text) {
    if (text.empty()) return 0;
    std::uint16_t port = 0;
    const auto* end = text.data() + text.size();
    const auto [stopped, fault] = std::from_chars(text.data() + 1, end, port);
    if (text.front() != ':' || fault != std::errc() || stopped != end || port == 0) return std::nullopt;
    return port;
}

bool is_name(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':';
    });
}

/// `example.org.` is the same place as `example.org`.
std::string plain_host(std::string_view host) {
    auto name = lower_case(host);
    if (name.ends_with('.')) name.pop_back();
    return name;
}

}  // namespace

bool is_public_address(std::string_view ip) {
    const std::string text(ip.substr(0, ip.find('%')));  // fe80::1%eth0
    in_addr four{};
    if (::inet_pton(AF_INET, text.c_str(), &four) == 1) return is_public4(ntohl(four.s_addr));
    Bytes6 six{};
    return ::inet_pton(AF_INET6, text.c_str(), six.data()) == 1 && is_public6(six);
}

Result<CallPolicy> CallPolicy::parse(const std::vector<std::string>& entries) {
    CallPolicy policy;
    for (const auto& given : entries) {
        const auto entry = lower_case(trimmed(given));
        const bool below = entry.starts_with("*.");
        const bool in_brackets = entry.starts_with('[');
        const auto host_end = in_brackets ? entry.find(']') : std::min(entry.find(':'), entry.size());
        if (host_end == std::string::npos) return entry_malformed(given);
        const std::size_t host_start = below || in_brackets ? 1 : 0;
        Entry one;
        one.host = plain_host(std::string_view(entry).substr(host_start, host_end - host_start));
        const auto port = port_of(std::string_view(entry).substr(host_end + (in_brackets ? 1 : 0)));
        // All names below one with whatever addresses they have: nobody could say what that allows.
        if (!port || !is_name(one.host) || one.host.starts_with('.') != below || (below && *port != 0))
            return entry_malformed(given);
        one.port = *port;
        policy.entries_.push_back(std::move(one));
    }
    return policy;
}

const CallPolicy::Entry* CallPolicy::find(const Address& to) const {
    const auto host = plain_host(to.host);
    const auto usual = to.secure ? kUsualSecurePort : kUsualPort;
    const Entry* found = nullptr;
    for (const auto& entry : entries_) {
        const bool named = entry.host.starts_with('.') ? host.ends_with(entry.host) : host == entry.host;
        if (!named || to.port != (entry.port == 0 ? usual : entry.port)) continue;
        if (found == nullptr || entry.port != 0) found = &entry;
    }
    return found;
}

Result<void> CallPolicy::check(const Address& to) const {
    if (find(to) != nullptr) return {};
    return error(Errc::forbidden, "http.destination_not_allowed",
                 fmt::format("没有获准访问 {}，请管理员核对后把它加入允许访问的主机。", to.authority()));
}

bool CallPolicy::may_connect(const Address& to, std::string_view ip) const {
    const auto* entry = find(to);
    return entry != nullptr && (entry->port != 0 || is_public_address(ip));
}

}  // namespace kaigong::http
