// Hexadecimal, base32, base64 and base64url (RFC 4648). Decoders are strict: one text for each byte string, nothing
// ignored.
#pragma once

#include "crypto/bytes.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace kaigong::crypto {

/// Lower case.
std::string to_hex(BytesView bytes);
/// Both cases; nothing for an odd length or another character.
std::optional<Bytes> from_hex(std::string_view text);

/// Upper case, without padding, as authenticator apps take it.
std::string to_base32(BytesView bytes);
/// Nothing for lower case, for padding, for other characters, and for unused bits that are not zero.
std::optional<Bytes> from_base32(std::string_view text);

/// With padding.
std::string to_base64(BytesView bytes);
std::optional<Bytes> from_base64(std::string_view text);

/// Without padding, for addresses and for stored text.
std::string to_base64url(BytesView bytes);
/// Nothing for padding, for other characters, and for unused bits that are not zero.
std::optional<Bytes> from_base64url(std::string_view text);

}  // namespace kaigong::crypto
