#include "crypto/encoding.hpp"

#include <array>

namespace kaigong::crypto {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

using Values = std::array<int, 256>;

constexpr Values values_of(std::string_view alphabet) {
    Values values{};
    values.fill(-1);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        values[static_cast<std::uint8_t>(alphabet[i])] = static_cast<int>(i);
    }
    return values;
}

constexpr Values kBase32Values = values_of(kBase32);
constexpr Values kBase64Values = values_of(kBase64);
constexpr Values kBase64urlValues = values_of(kBase64url);

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// `Bits` of a byte string become one character: 5 (base32) or 6 (base64).
template <int Bits>
std::string encode(BytesView bytes, std::string_view alphabet) {
    constexpr std::uint32_t kMask = (1U << Bits) - 1;
    std::string text;
    text.reserve(bytes.size() * 8 / Bits + 3);
    std::uint32_t pending = 0;
    int bits = 0;
    for (const std::uint8_t byte : bytes) {
        pending = (pending << 8) | byte;
        bits += 8;
        while (bits >= Bits) {
            bits -= Bits;
            text.push_back(alphabet[(pending >> bits) & kMask]);
        }
    }
    if (bits > 0) text.push_back(alphabet[(pending << (Bits - bits)) & kMask]);
    return text;
}

template <int Bits>
std::optional<Bytes> decode(std::string_view text, const Values& values) {
    Bytes bytes;
    bytes.reserve(text.size() * Bits / 8);
    std::uint32_t pending = 0;
    int bits = 0;
    for (const char c : text) {
        const int value = values[static_cast<std::uint8_t>(c)];
        if (value < 0) return std::nullopt;
        pending = ((pending << Bits) | static_cast<std::uint32_t>(value)) & 0xFFFFFF;
        bits += Bits;
        if (bits >= 8) {
            bits -= 8;
            bytes.push_back(static_cast<std::uint8_t>(pending >> bits));
        }
    }
    // A last character that no byte needs, or left-over bits that are set, would give one byte string several texts.
    if (bits >= Bits || (pending & ((1U << bits) - 1)) != 0) return std::nullopt;
    return bytes;
}

}  // namespace

std::string to_hex(BytesView bytes) {
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text.push_back(kHex[byte >> 4]);
        text.push_back(kHex[byte & 15]);
    }
    return text;
}

std::optional<Bytes> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    Bytes bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = hex_value(text[i]);
        const int low = hex_value(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        bytes.push_back(static_cast<std::uint8_t>(high * 16 + low));
    }
    return bytes;
}

std::string to_base32(BytesView bytes) {
    return encode<5>(bytes, kBase32);
}

std::optional<Bytes> from_base32(std::string_view text) {
    return decode<5>(text, kBase32Values);
}

std::string to_base64(BytesView bytes) {
    std::string text = encode<6>(bytes, kBase64);
    while (text.size() % 4 != 0) text.push_back('=');
    return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
    if (text.size() % 4 != 0) return std::nullopt;
    for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
    return decode<6>(text, kBase64Values);
}

std::string to_base64url(BytesView bytes) {
    return encode<6>(bytes, kBase64url);
}

std::optional<Bytes> from_base64url(std::string_view text) {
    return decode<6>(text, kBase64urlValues);
}

}  // namespace kaigong::crypto
