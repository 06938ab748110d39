// Identifiers: UUIDv7 text (RFC 9562), each its own type so that one can't be passed for another.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace kaigong {

/// `struct PermitIdTag; using PermitId = Id<PermitIdTag>;`
template <class Tag>
struct Id {
    std::string text;

    auto operator<=>(const Id&) const = default;
    bool empty() const { return text.empty(); }
};

/// A new UUIDv7: 48 bits of `now_ms`, then random bits of the machine's generator. Any thread.
std::string new_uuid(std::int64_t now_ms);

/// Lower-case canonical form with 36 characters.
bool is_uuid(std::string_view text);

template <class T>
T new_id(std::int64_t now_ms) {
    return T{new_uuid(now_ms)};
}

template <class T>
std::optional<T> parse_id(std::string_view text) {
    if (!is_uuid(text)) return std::nullopt;
    return T{std::string(text)};
}

}  // namespace kaigong

template <class Tag>
struct std::hash<kaigong::Id<Tag>> {
    std::size_t operator()(const kaigong::Id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.text); }
};
