// Digests and message authentication: SHA-256 (FIPS 180-4), SM3 (GB/T 32905), HMAC of both (RFC 2104).
// Everything here works on any thread; a failing OpenSSL is a broken machine and throws.
#pragma once

#include "crypto/bytes.hpp"

#include <array>
#include <initializer_list>
#include <memory>

namespace kaigong::crypto {

using Digest = std::array<std::uint8_t, 32>;

enum class DigestKind { sha256, sm3 };

Digest sha256(BytesView bytes);
Digest sm3(BytesView bytes);
Digest hmac_sha256(BytesView key, BytesView message);
Digest hmac_sm3(BytesView key, BytesView message);

/// HMAC-SM3 over several parts, each preceded by its length as 8 bytes big-endian, so that moving a boundary between
/// two parts changes the result.
Digest hmac_sm3_parts(BytesView key, std::initializer_list<BytesView> parts);

/// `sha256:<hex>` of a salt (its bytes, given as hexadecimal digits) and a text after it: says nothing about the text
/// without the salt (docs/proof-formats.md). Throws std::invalid_argument for a salt that is not hexadecimal.
std::string commitment(std::string_view salt_hex, std::string_view text);
/// `sha256:<hex>` of the bytes themselves.
std::string named_sha256(BytesView bytes);

/// Takes the same time wherever the first difference is. Different lengths are unequal at once: lengths are public.
bool equal_constant_time(BytesView left, BytesView right);

/// A digest of bytes that come piece by piece (uploads). One thread at a time; `finish` once.
class Hasher {
  public:
    explicit Hasher(DigestKind kind);
    Hasher(Hasher&&) noexcept;
    Hasher& operator=(Hasher&&) noexcept;
    ~Hasher();

    void update(BytesView bytes);
    Digest finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace kaigong::crypto
