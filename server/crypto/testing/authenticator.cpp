#include "crypto/testing/authenticator.hpp"

#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <stdexcept>

#include "crypto/digest.hpp"
#include "crypto/openssl_handles.hpp"
#include "crypto/random.hpp"

namespace kaigong::crypto::testing {

struct Authenticator::Key {
    PrivateKey handle;
};

namespace {

PrivateKey new_key(int algorithm) {
    switch (algorithm) {
        case -7: return PrivateKey(EVP_EC_gen("P-256"));
        case -8: return PrivateKey(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
        case -257: return PrivateKey(EVP_RSA_gen(2048));
        default: throw std::invalid_argument("no such algorithm");
    }
}

void append(Bytes& to, BytesView bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

/// CBOR of a byte string of up to 65535 bytes.
void append_bytes(Bytes& to, BytesView bytes) {
    if (bytes.size() < 256) {
        append(to, Bytes{0x58, static_cast<std::uint8_t>(bytes.size())});
    } else {
        append(to, Bytes{0x59, static_cast<std::uint8_t>(bytes.size() >> 8), static_cast<std::uint8_t>(bytes.size())});
    }
    append(to, bytes);
}

Bytes number_of(EVP_PKEY* key, const char* name) {
    BIGNUM* number = nullptr;
    must(EVP_PKEY_get_bn_param(key, name, &number), "EVP_PKEY_get_bn_param");
    Bytes bytes(static_cast<std::size_t>(BN_num_bytes(number)));
    BN_bn2bin(number, bytes.data());
    BN_free(number);
    return bytes;
}

Bytes es256_key(EVP_PKEY* key) {
    Bytes point(65);
    std::size_t size = 0;
    must(EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size(), &size), "point");
    Bytes cose{0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21};
    append_bytes(cose, BytesView(point).subspan(1, 32));
    cose.push_back(0x22);
    append_bytes(cose, BytesView(point).subspan(33, 32));
    return cose;
}

Bytes eddsa_key(EVP_PKEY* key) {
    Bytes raw(32);
    std::size_t size = raw.size();
    must(EVP_PKEY_get_raw_public_key(key, raw.data(), &size), "raw key");
    Bytes cose{0xA4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21};
    append_bytes(cose, raw);
    return cose;
}

Bytes rs256_key(EVP_PKEY* key) {
    Bytes cose{0xA4, 0x01, 0x03, 0x03, 0x39, 0x01, 0x00, 0x20};
    append_bytes(cose, number_of(key, OSSL_PKEY_PARAM_RSA_N));
    append(cose, Bytes{0x21, 0x43});
    append(cose, number_of(key, OSSL_PKEY_PARAM_RSA_E));
    return cose;
}

Bytes head_of(const AuthenticatorAct& act, bool has_credential) {
    Bytes data;
    append(data, sha256(view(act.rp_id)));
    data.push_back(static_cast<std::uint8_t>((act.user_present ? 0x01 : 0) | (act.user_verified ? 0x04 : 0) |
                                             (has_credential ? 0x40 : 0) | (act.extensions.empty() ? 0 : 0x80)));
    for (int shift = 24; shift >= 0; shift -= 8) data.push_back(static_cast<std::uint8_t>(act.count >> shift));
    return data;
}

}  // namespace

std::string client_data_of(const AuthenticatorAct& act) {
    return fmt::format(R"({{"type":"{}","challenge":"{}","origin":"{}"{}}})", act.type, act.challenge, act.origin,
                       act.more_client_data);
}

Authenticator::Authenticator(int algorithm)
    : algorithm_(algorithm), key_(new Key{new_key(algorithm)}), credential_id_(random_bytes(32)) {}

Authenticator::~Authenticator() = default;

Bytes Authenticator::cose_key() const {
    auto* key = key_->handle.get();
    if (algorithm_ == -7) return es256_key(key);
    return algorithm_ == -8 ? eddsa_key(key) : rs256_key(key);
}

Bytes Authenticator::registration_data(const AuthenticatorAct& act) const {
    Bytes data = head_of(act, true);
    append(data, Bytes(16, 0));
    append(data, Bytes{0, static_cast<std::uint8_t>(credential_id_.size())});
    append(data, credential_id_);
    append(data, cose_key());
    append(data, act.extensions);
    return data;
}

Bytes Authenticator::assertion_data(const AuthenticatorAct& act) const {
    Bytes data = head_of(act, false);
    append(data, act.extensions);
    return data;
}

Bytes Authenticator::sign(BytesView authenticator_data, std::string_view client_data_json) const {
    Bytes message(authenticator_data.begin(), authenticator_data.end());
    append(message, sha256(view(client_data_json)));
    const DigestContext context(EVP_MD_CTX_new());
    must(EVP_DigestSignInit(context.get(), nullptr, algorithm_ == -8 ? nullptr : EVP_sha256(), nullptr,
                            key_->handle.get()),
         "EVP_DigestSignInit");
    Bytes signature(512);
    std::size_t size = signature.size();
    must(EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()), "EVP_DigestSign");
    signature.resize(size);
    return signature;
}

}  // namespace kaigong::crypto::testing
