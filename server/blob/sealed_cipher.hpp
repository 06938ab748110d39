// Files at rest in the format of crypto/blob_codec.hpp: SM4-CTR with an HMAC-SM3 for each chunk.
#pragma once

#include <memory>

#include "blob/cipher.hpp"
#include "crypto/key_ring.hpp"

namespace kaigong::blob {

/// The ring must outlive the cipher and every stream made by it.
std::shared_ptr<const Cipher> sealed_cipher(const crypto::KeyRing& ring);

}  // namespace kaigong::blob
