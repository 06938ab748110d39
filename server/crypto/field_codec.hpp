// Personal values at rest: SM4-CTR, then HMAC-SM3 over key id, table.field, row id, IV and ciphertext, as the text
// `enc1:<key_id>:<base64url of IV, ciphertext, MAC>`. A value copied to another row, field or table does not open.
// Equality search goes by a blind index beside it: HMAC-SM3 of the value, per table and field.
#pragma once

#include "base/result.hpp"
#include "crypto/key_ring.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kaigong::crypto {

/// Where a value stands. For a value inside a stored JSON, `field` is its path (`participants.lead_id_number`).
struct FieldPlace {
    std::string_view table;
    std::string_view field;
    std::string_view row_id;
};

inline constexpr std::size_t kFieldBytesMax = 65'536;
inline constexpr std::string_view kSealedFieldPrefix = "enc1:";

/// Random IV: the same value twice gives two texts. Fails with crypto.field_too_large.
Result<std::string> seal_field(const KeyRing& ring, const FieldPlace& place, std::string_view value);

/// Fails with crypto.field_malformed, crypto.key_unknown, crypto.field_tampered (changed, or moved from another place).
Result<std::string> open_field(const KeyRing& ring, const FieldPlace& place, std::string_view sealed);

/// True for a text that `seal_field` could have made; says nothing about whether it opens.
bool is_sealed_field(std::string_view text);
/// The key that a sealed text names; empty for a text that is not sealed.
std::string key_of_field(std::string_view sealed);
/// The same value under the current key. Fails as `open_field`.
Result<std::string> reseal_field(const KeyRing& ring, const FieldPlace& place, std::string_view sealed);

/// `<key_id>:<32 hex digits>` for the index column. The caller normalises the value before (spaces, letter case).
std::string blind_index(const KeyRing& ring, std::string_view table, std::string_view field, std::string_view value);
/// The index of the value under every key of the ring, for `WHERE column IN (…)`.
std::vector<std::string> blind_indexes(const KeyRing& ring, std::string_view table, std::string_view field,
                                       std::string_view value);

}  // namespace kaigong::crypto
