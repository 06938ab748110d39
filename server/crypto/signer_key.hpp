// Keys of OpenSSL behind a Signer, for the sources of this folder only.
#pragma once

#include "crypto/openssl_handles.hpp"
#include "crypto/signer.hpp"

namespace kaigong::crypto {

PrivateKey new_private_key(SignatureAlgorithm algorithm);
/// Fails with crypto.key_unsupported.
Result<std::unique_ptr<Signer>> signer_of_key(PrivateKey key);

}  // namespace kaigong::crypto
