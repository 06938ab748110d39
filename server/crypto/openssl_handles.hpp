// Owners of OpenSSL objects, for the sources of this folder only.
#pragma once

#include <openssl/evp.h>
#include <memory>
#include <stdexcept>

namespace kaigong::crypto {

template <auto release>
struct Release {
    template <class T>
    void operator()(T* object) const noexcept {
        release(object);
    }
};

using DigestContext = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Release<EVP_CIPHER_CTX_free>>;
using PrivateKey = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;

/// A call that only fails on a broken machine (no memory, algorithm missing from the library).
inline void must(int one_on_success, const char* what) {
    if (one_on_success != 1) throw std::runtime_error(what);
}

}  // namespace kaigong::crypto
