// Hashes of a Merkle tree as RFC 6962 §2.1 makes them, with SHA-256. The first byte keeps a leaf from being taken for a
// node. Not for commitments and digests of files, which have no such byte.
#pragma once

#include "crypto/digest.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kaigong::tlog {

using Hash = crypto::Digest;

inline constexpr std::size_t kHashBytes = 32;

/// SHA-256(0x00 ‖ entry).
Hash leaf_hash(crypto::BytesView entry);
Hash leaf_hash(std::string_view entry);
/// SHA-256(0x01 ‖ left ‖ right).
Hash node_hash(const Hash& left, const Hash& right);
/// The root of a tree without leaves: SHA-256 of nothing.
Hash empty_root();
/// The root over 2^h hashes of one height. Any other count is a bug of the caller and throws.
Hash complete_root(std::span<const Hash> hashes);

/// Base64 (RFC 4648 §4) as checkpoints and proofs write it: 44 characters.
std::string hash_text(const Hash& hash);
/// Nothing for any text that `hash_text` could not have made.
std::optional<Hash> parse_hash(std::string_view text);

}  // namespace kaigong::tlog
