#include "crypto/digest.hpp"

#include "crypto/encoding.hpp"
#include "crypto/openssl_handles.hpp"

#include <openssl/crypto.h>
#include <stdexcept>

namespace kaigong::crypto {
namespace {

constexpr std::size_t kHmacBlock = 64;  // both SHA-256 and SM3 work on blocks of 64 bytes

const EVP_MD* algorithm(DigestKind kind) {
    return kind == DigestKind::sha256 ? EVP_sha256() : EVP_sm3();
}

Digest digest(DigestKind kind, BytesView bytes) {
    Digest result{};
    must(EVP_Digest(bytes.data(), bytes.size(), result.data(), nullptr, algorithm(kind), nullptr), "EVP_Digest");
    return result;
}

/// Written out (RFC 2104) rather than by OpenSSL's HMAC: that one fetches its algorithm anew for each message, which
/// costs more than hashing a short field does.
Digest hmac(DigestKind kind, BytesView key, std::initializer_list<BytesView> parts) {
    std::array<std::uint8_t, kHmacBlock> inner{};
    std::array<std::uint8_t, kHmacBlock> outer{};
    Digest short_key{};
    if (key.size() > kHmacBlock) {
        short_key = digest(kind, key);
        key = short_key;
    }
    for (std::size_t i = 0; i < kHmacBlock; ++i) {
        const std::uint8_t byte = i < key.size() ? key[i] : std::uint8_t{0};
        inner[i] = static_cast<std::uint8_t>(byte ^ 0x36);
        outer[i] = static_cast<std::uint8_t>(byte ^ 0x5C);
    }
    Hasher first(kind);
    first.update(inner);
    for (const BytesView part : parts) first.update(part);
    const Digest inside = first.finish();
    Hasher second(kind);
    second.update(outer);
    second.update(inside);
    wipe(inner);
    wipe(outer);
    wipe(short_key);
    return second.finish();
}

}  // namespace

struct Hasher::State {
    DigestContext context;
};

Hasher::Hasher(DigestKind kind) : state_(std::make_unique<State>(State{DigestContext(EVP_MD_CTX_new())})) {
    must(EVP_DigestInit_ex(state_->context.get(), algorithm(kind), nullptr), "EVP_DigestInit_ex");
}

Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::update(BytesView bytes) {
    must(EVP_DigestUpdate(state_->context.get(), bytes.data(), bytes.size()), "EVP_DigestUpdate");
}

Digest Hasher::finish() {
    Digest result{};
    must(EVP_DigestFinal_ex(state_->context.get(), result.data(), nullptr), "EVP_DigestFinal_ex");
    return result;
}

Digest sha256(BytesView bytes) {
    return digest(DigestKind::sha256, bytes);
}

Digest sm3(BytesView bytes) {
    return digest(DigestKind::sm3, bytes);
}

Digest hmac_sha256(BytesView key, BytesView message) {
    return hmac(DigestKind::sha256, key, {message});
}

Digest hmac_sm3(BytesView key, BytesView message) {
    return hmac(DigestKind::sm3, key, {message});
}

Digest hmac_sm3_parts(BytesView key, std::initializer_list<BytesView> parts) {
    Bytes framed;
    for (const BytesView part : parts) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            framed.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(part.size()) >> shift));
        }
        framed.insert(framed.end(), part.begin(), part.end());
    }
    return hmac(DigestKind::sm3, key, {framed});
}

std::string commitment(std::string_view salt_hex, std::string_view text) {
    auto bytes = from_hex(salt_hex);
    if (!bytes) throw std::invalid_argument("a salt is hexadecimal digits");
    bytes->insert(bytes->end(), text.begin(), text.end());
    return named_sha256(*bytes);
}

std::string named_sha256(BytesView bytes) {
    return "sha256:" + to_hex(sha256(bytes));
}

bool equal_constant_time(BytesView left, BytesView right) {
    if (left.size() != right.size()) return false;
    return left.empty() || CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace kaigong::crypto
