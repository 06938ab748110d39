#include "http/header_fields.hpp"

#include <algorithm>
#include <charconv>

namespace kaigong::http {
namespace {

/// Cuts the part before the separator off the front.
std::string_view take_until(std::string_view& rest, char separator) {
    const auto end = std::min(rest.find(separator), rest.size());
    const auto part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
}

bool is_host_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

bool is_port(std::string_view text) {
    return text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<std::string_view> find_cookie(std::string_view header, std::string_view name) {
    std::optional<std::string_view> found;
    while (!header.empty()) {
        auto pair = trimmed(take_until(header, ';'));
        if (pair.find('=') == std::string_view::npos || trimmed(take_until(pair, '=')) != name) continue;
        const auto value = trimmed(pair);
        if (found && *found != value) return std::nullopt;
        found = value;
    }
    return found;
}

std::optional<std::int64_t> parse_version_tag(std::string_view value) {
    value = trimmed(value);
    if (value.size() < 3 || value.size() > 20 || !value.starts_with('"') || !value.ends_with('"')) return std::nullopt;
    value = value.substr(1, value.size() - 2);
    std::int64_t version = 0;
    const auto [end, failure] = std::from_chars(value.data(), value.data() + value.size(), version);
    if (failure != std::errc{} || end != value.data() + value.size() || version < 0) return std::nullopt;
    return version;
}

bool names_etag(std::string_view if_none_match, std::string_view etag) {
    while (!if_none_match.empty()) {
        auto tag = trimmed(take_until(if_none_match, ','));
        if (tag.starts_with("W/")) tag.remove_prefix(2);
        if (tag == etag || tag == "*") return true;
    }
    return false;
}

bool accepts_encoding(std::string_view accept_encoding, std::string_view coding) {
    while (!accept_encoding.empty()) {
        auto part = take_until(accept_encoding, ',');
        if (lower_case(trimmed(take_until(part, ';'))) != coding) continue;
        const auto weight = lower_case(trimmed(part));
        return !(weight.starts_with("q=0") && weight.find_first_not_of("0.", 2) == std::string::npos);
    }
    return false;
}

std::optional<std::string> host_of(std::string_view authority) {
    if (authority.empty() || authority.size() > 260) return std::nullopt;
    std::string host = lower_case(authority);
    const auto bracket = host.find(']');
    const auto colon = host.find(':', bracket == std::string::npos ? 0 : bracket);
    if (colon != std::string::npos) {
        if (!is_port(std::string_view(host).substr(colon + 1))) return std::nullopt;
        host.resize(colon);
    }
    const std::string_view name = host;
    if (bracket != std::string::npos) {
        if (!host.starts_with('[') || !host.ends_with(']')) return std::nullopt;
        const bool address = std::ranges::all_of(name.substr(1, name.size() - 2),
                                                 [](char c) { return is_host_character(c) || c == ':'; });
        if (!address) return std::nullopt;
    } else if (name.empty() || !std::ranges::all_of(name, is_host_character)) {
        return std::nullopt;
    }
    return host;
}

std::optional<std::string> authority_of_origin(std::string_view origin) {
    const auto scheme_end = origin.find("://");
    if (scheme_end == std::string_view::npos) return std::nullopt;
    const auto scheme = lower_case(origin.substr(0, scheme_end));
    if (scheme != "http" && scheme != "https") return std::nullopt;
    const auto authority = origin.substr(scheme_end + 3);
    if (!host_of(authority)) return std::nullopt;
    return lower_case(authority);
}

std::string lower_case(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return result;
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool is_token(std::string_view text) {
    constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
    const auto is_token_character = [=](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               kMarks.find(c) != std::string_view::npos;
    };
    return !text.empty() && std::ranges::all_of(text, is_token_character);
}

bool is_field_value(std::string_view text) {
    return std::ranges::none_of(
        text, [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; });
}

}  // namespace kaigong::http
