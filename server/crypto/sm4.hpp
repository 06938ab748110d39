// SM4 (GB/T 32907) in counter mode (GB/T 17964). Only the codecs of this folder use it: alone it proves nothing about
// who wrote the bytes.
#pragma once

#include "crypto/bytes.hpp"

#include <array>
#include <memory>

namespace kaigong::crypto {

inline constexpr std::size_t kSm4BlockBytes = 16;
using Sm4Block = std::array<std::uint8_t, kSm4BlockBytes>;

/// One key stream; encrypting and decrypting are the same. `apply` goes on where the last call stopped.
class Sm4Ctr {
  public:
    /// `key` has 16 bytes. `first_block` moves the counter on, so that a file can be read from the middle.
    Sm4Ctr(BytesView key, const Sm4Block& iv, std::uint64_t first_block = 0);
    Sm4Ctr(Sm4Ctr&&) noexcept;
    Sm4Ctr& operator=(Sm4Ctr&&) noexcept;
    ~Sm4Ctr();

    void apply(std::span<std::uint8_t> bytes);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace kaigong::crypto
