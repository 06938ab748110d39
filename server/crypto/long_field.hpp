// Texts of any length at rest: sealed in pieces of 48,000 bytes, each a field of its own (`<field>.0`, `<field>.1` …,
// the last `<field>.<number>.last`), so that none can be moved, exchanged, added or left out. An empty text is one
// piece.
#pragma once

#include "crypto/field_codec.hpp"

#include <cstdint>
#include <map>

namespace kaigong::crypto {

/// The field that a piece is sealed as, counted from 0.
std::string piece_name(std::string_view field, std::size_t piece, bool is_last);
/// Pieces on a line each. Fails as `seal_field`.
Result<std::string> seal_long_field(const KeyRing& ring, const FieldPlace& place, std::string_view text);
/// Fails as `open_field`, and with crypto.field_incomplete: its end is missing, or it is of a version before 1.0, which
/// did not mark the end.
Result<std::string> open_long_field(const KeyRing& ring, const FieldPlace& place, std::string_view sealed);

/// How many pieces of a sealed text, short or long, each key has sealed; nothing for a text that is not sealed.
std::map<std::string, std::int64_t> keys_named(std::string_view sealed);
/// The same text under the current key. Fails as `open_long_field`.
Result<std::string> reseal_long_field(const KeyRing& ring, const FieldPlace& place, std::string_view sealed);

}  // namespace kaigong::crypto
