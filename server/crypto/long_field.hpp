// Texts of any length at rest: sealed in pieces of 48,000 bytes, each a field of its own (`<field>.0`, `<field>.1` …),
// so that none can be moved or exchanged. Texts are JSON, which does not parse when pieces are missing at the end.
#pragma once

#include "crypto/field_codec.hpp"

namespace kaigong::crypto {

/// Pieces on a line each. Fails as `seal_field`.
Result<std::string> seal_long_field(const KeyRing& ring, const FieldPlace& place, std::string_view text);
/// Empty for an empty text. Fails as `open_field`.
Result<std::string> open_long_field(const KeyRing& ring, const FieldPlace& place, std::string_view sealed);

}  // namespace kaigong::crypto
