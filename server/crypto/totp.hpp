// Codes of authenticator apps: TOTP (RFC 6238) with what every app understands, HMAC-SHA-1, six digits, 30 seconds.
// SHA-1 is no weakness here: HMAC does not rest on collisions, and many apps ignore that another hash is asked for.
// Which codes were used already is remembered by the caller, by their step.
#pragma once

#include "crypto/bytes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kaigong::crypto {

inline constexpr std::size_t kTotpSecretBytes = 20;
inline constexpr std::int64_t kTotpStepMs = 30'000;
inline constexpr std::size_t kTotpDigits = 6;

/// Steps since 1970; `now_ms` is not negative.
std::int64_t totp_step(std::int64_t now_ms);
/// The code of one step, with leading zeros.
std::string totp_code(BytesView secret, std::int64_t step);

/// The step whose code it is: the present one, the one before (a slow typist) or the one after (a fast clock).
/// Takes the same time for every code of six characters.
std::optional<std::int64_t> matching_totp_step(BytesView secret, std::string_view code, std::int64_t now_ms);

/// `otpauth://totp/<issuer>:<account>?secret=…&issuer=…`, what the QR code says.
std::string otpauth_uri(std::string_view issuer, std::string_view account_name, BytesView secret);

}  // namespace kaigong::crypto
