// Random bytes of the machine's cryptographic generator. Any thread.
#pragma once

#include "crypto/bytes.hpp"

namespace kaigong::crypto {

Bytes random_bytes(std::size_t count);
/// base64url of `count` random bytes: session tokens, CSRF tokens. 32 bytes give 43 characters.
std::string random_token(std::size_t count);

}  // namespace kaigong::crypto
