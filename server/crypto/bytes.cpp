#include "crypto/bytes.hpp"

#include <openssl/crypto.h>

namespace kaigong::crypto {

void wipe(std::span<std::uint8_t> bytes) noexcept {
    if (!bytes.empty()) OPENSSL_cleanse(bytes.data(), bytes.size());
}

}  // namespace kaigong::crypto
