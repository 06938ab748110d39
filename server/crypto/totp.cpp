#include "crypto/totp.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cctype>
#include <stdexcept>

#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

namespace kaigong::crypto {
namespace {

constexpr std::uint32_t kCodes = 1'000'000;

std::array<std::uint8_t, 20> hmac_sha1(BytesView key, BytesView message) {
    std::array<std::uint8_t, 20> result{};
    unsigned int length = 0;
    if (HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), message.data(), message.size(), result.data(),
             &length) == nullptr ||
        length != result.size()) {
        throw std::runtime_error("crypto: HMAC-SHA-1 failed");
    }
    return result;
}

/// RFC 3986 2.3: everything but the unreserved characters, byte by byte.
std::string percent_encoded(std::string_view text) {
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool unreserved = byte < 0x80 && (std::isalnum(byte) != 0 || std::string_view("-._~").contains(c));
        if (unreserved) {
            result.push_back(c);
        } else {
            result += fmt::format("%{:02X}", byte);
        }
    }
    return result;
}

}  // namespace

std::int64_t totp_step(std::int64_t now_ms) {
    return now_ms / kTotpStepMs;
}

std::string totp_code(BytesView secret, std::int64_t step) {
    std::array<std::uint8_t, 8> counter{};
    for (std::size_t i = 0; i < counter.size(); ++i) {
        counter[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(step) >> (8 * (7 - i)));
    }
    const auto mac = hmac_sha1(secret, counter);
    // RFC 4226 5.3: four bytes from the place that the last half byte names.
    const std::size_t at = mac.back() & 0x0F;
    const std::uint32_t number = (static_cast<std::uint32_t>(mac[at] & 0x7F) << 24) |
                                 (static_cast<std::uint32_t>(mac[at + 1]) << 16) |
                                 (static_cast<std::uint32_t>(mac[at + 2]) << 8) | mac[at + 3];
    return fmt::format("{:06}", number % kCodes);
}

std::optional<std::int64_t> matching_totp_step(BytesView secret, std::string_view code, std::int64_t now_ms) {
    if (code.size() != kTotpDigits) return std::nullopt;
    std::optional<std::int64_t> found;
    const auto present = totp_step(now_ms);
    for (auto step = present - 1; step <= present + 1; ++step) {
        if (step >= 0 && equal_constant_time(view(totp_code(secret, step)), view(code))) found = step;
    }
    return found;
}

std::string otpauth_uri(std::string_view issuer, std::string_view account_name, BytesView secret) {
    const auto label = percent_encoded(issuer);
    return fmt::format("otpauth://totp/{}:{}?secret={}&issuer={}&algorithm=SHA1&digits={}&period={}", label,
                       percent_encoded(account_name), to_base32(secret), label, kTotpDigits, kTotpStepMs / 1000);
}

}  // namespace kaigong::crypto
