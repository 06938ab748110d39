#include "crypto/sm4.hpp"

#include "crypto/openssl_handles.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace kaigong::crypto {
namespace {

/// The counter is one 128-bit big-endian number.
Sm4Block counter_at(Sm4Block iv, std::uint64_t blocks) {
    std::uint64_t carry = blocks;
    for (std::size_t i = kSm4BlockBytes; i-- > 0 && carry != 0;) {
        carry += iv[i];
        iv[i] = static_cast<std::uint8_t>(carry);
        carry >>= 8;
    }
    return iv;
}

}  // namespace

struct Sm4Ctr::State {
    CipherContext context;
};

Sm4Ctr::Sm4Ctr(BytesView key, const Sm4Block& iv, std::uint64_t first_block)
    : state_(std::make_unique<State>(State{CipherContext(EVP_CIPHER_CTX_new())})) {
    if (key.size() != kSm4BlockBytes) throw std::logic_error("SM4 keys have 16 bytes");
    const Sm4Block counter = counter_at(iv, first_block);
    must(EVP_EncryptInit_ex(state_->context.get(), EVP_sm4_ctr(), nullptr, key.data(), counter.data()),
         "EVP_EncryptInit_ex");
}

Sm4Ctr::Sm4Ctr(Sm4Ctr&&) noexcept = default;
Sm4Ctr& Sm4Ctr::operator=(Sm4Ctr&&) noexcept = default;
Sm4Ctr::~Sm4Ctr() = default;

void Sm4Ctr::apply(std::span<std::uint8_t> bytes) {
    constexpr std::size_t kStep = std::size_t{1} << 30;  // OpenSSL counts in int
    while (!bytes.empty()) {
        const auto piece = bytes.first(std::min(bytes.size(), kStep));
        int written = 0;
        must(EVP_EncryptUpdate(state_->context.get(), piece.data(), &written, piece.data(),
                               static_cast<int>(piece.size())),
             "EVP_EncryptUpdate");
        bytes = bytes.subspan(piece.size());
    }
}

}  // namespace kaigong::crypto
