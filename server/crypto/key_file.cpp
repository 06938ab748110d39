// Key files of signer.hpp: PKCS#8 (RFC 5958) encrypted by PBES2 (RFC 8018), in PEM.
#include "crypto/openssl_handles.hpp"
#include "crypto/signer.hpp"
#include "crypto/signer_key.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

namespace kaigong::crypto {
namespace {

using Bio = std::unique_ptr<BIO, Release<BIO_free_all>>;
using EncryptedKey = std::unique_ptr<X509_SIG, Release<X509_SIG_free>>;
using PlainKey = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Release<PKCS8_PRIV_KEY_INFO_free>>;

/// Guessing a passphrase costs this much each time; opening the file costs it once.

/// A block that asks for a passphrase of its own (RFC 1421) is none of ours, and nobody sits at a terminal to be asked.
int no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*state*/) {
    return -1;
}

int size_of(BytesView bytes) {
    return static_cast<int>(bytes.size());
}

/// OpenSSL takes them with their size.
const char* characters(BytesView bytes) {
    return reinterpret_cast<const char*>(bytes.data());
}

}  // namespace

Result<std::string> new_key_file(SignatureAlgorithm algorithm, std::string_view passphrase, int rounds) {
    if (passphrase.empty()) {
        return error(Errc::invalid_input, "crypto.passphrase_missing", "密钥文件必须有口令，请设置口令后重试。");
    }
    const PrivateKey key = new_private_key(algorithm);
    const PlainKey plain(EVP_PKEY2PKCS8(key.get()));
    must(plain != nullptr ? 1 : 0, "EVP_PKEY2PKCS8");
    const EncryptedKey encrypted(PKCS8_encrypt(-1, EVP_aes_256_cbc(), characters(view(passphrase)),
                                               size_of(view(passphrase)), nullptr, 0, rounds, plain.get()));
    must(encrypted != nullptr ? 1 : 0, "PKCS8_encrypt");
    const Bio out(BIO_new(BIO_s_mem()));
    must(PEM_write_bio_PKCS8(out.get(), encrypted.get()), "PEM_write_bio_PKCS8");
    char* text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return std::string(text, static_cast<std::size_t>(size));
}

Result<std::unique_ptr<Signer>> open_key_file(std::string_view pem, std::string_view passphrase) {
    const Bio in(BIO_new_mem_buf(pem.data(), size_of(view(pem))));
    const EncryptedKey encrypted(PEM_read_bio_PKCS8(in.get(), nullptr, no_passphrase, nullptr));
    ERR_clear_error();
    if (encrypted == nullptr) {
        return error(Errc::invalid_input, "crypto.key_file_malformed",
                     "密钥文件不是加密的 PKCS#8（PEM）文件，请检查文件路径或从备份恢复。");
    }
    const PlainKey plain(PKCS8_decrypt(encrypted.get(), characters(view(passphrase)), size_of(view(passphrase))));
    PrivateKey key(plain == nullptr ? nullptr : EVP_PKCS82PKEY(plain.get()));
    ERR_clear_error();
    if (key == nullptr) {
        return error(Errc::invalid_input, "crypto.passphrase_wrong", "密钥文件的口令不正确，请核对口令后重试。");
    }
    return signer_of_key(std::move(key));
}

}  // namespace kaigong::crypto
