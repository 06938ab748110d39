#include "engine/tlog/hash.hpp"

#include "crypto/encoding.hpp"

#include <algorithm>
#include <bit>
#include <stdexcept>
#include <vector>

namespace kaigong::tlog {
namespace {

constexpr std::uint8_t kLeafPrefix = 0x00;
constexpr std::uint8_t kNodePrefix = 0x01;

}  // namespace

Hash leaf_hash(crypto::BytesView entry) {
    crypto::Hasher hasher(crypto::DigestKind::sha256);
    hasher.update({&kLeafPrefix, 1});
    hasher.update(entry);
    return hasher.finish();
}

Hash leaf_hash(std::string_view entry) {
    return leaf_hash(crypto::view(entry));
}

Hash node_hash(const Hash& left, const Hash& right) {
    std::array<std::uint8_t, 1 + 2 * kHashBytes> message{kNodePrefix};
    std::ranges::copy(left, message.begin() + 1);
    std::ranges::copy(right, message.begin() + 1 + kHashBytes);
    return crypto::sha256(message);
}

Hash empty_root() {
    return crypto::sha256({});
}

Hash complete_root(std::span<const Hash> hashes) {
    if (!std::has_single_bit(hashes.size())) throw std::logic_error("a complete tree has 2^h leaves");
    if (hashes.size() == 1) return hashes.front();
    std::vector<Hash> row;
    row.reserve(hashes.size() / 2);
    for (std::size_t i = 0; i < hashes.size(); i += 2) row.push_back(node_hash(hashes[i], hashes[i + 1]));
    while (row.size() > 1) {
        for (std::size_t i = 0; i < row.size(); i += 2) row[i / 2] = node_hash(row[i], row[i + 1]);
        row.resize(row.size() / 2);
    }
    return row.front();
}

std::string hash_text(const Hash& hash) {
    return crypto::to_base64(hash);
}

std::optional<Hash> parse_hash(std::string_view text) {
    const auto bytes = crypto::from_base64(text);
    if (!bytes || bytes->size() != kHashBytes) return std::nullopt;
    Hash hash{};
    std::ranges::copy(*bytes, hash.begin());
    return hash;
}

}  // namespace kaigong::tlog
