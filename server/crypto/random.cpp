#include "crypto/random.hpp"

#include "crypto/encoding.hpp"
#include "crypto/openssl_handles.hpp"

#include <openssl/rand.h>

namespace kaigong::crypto {

Bytes random_bytes(std::size_t count) {
    Bytes bytes(count);
    if (count > 0) must(RAND_bytes(bytes.data(), static_cast<int>(count)), "RAND_bytes");
    return bytes;
}

std::string random_token(std::size_t count) {
    return to_base64url(random_bytes(count));
}

}  // namespace kaigong::crypto
