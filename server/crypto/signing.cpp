#include "crypto/signing.hpp"

#include "crypto/encoding.hpp"
#include "crypto/openssl_handles.hpp"
#include "crypto/random.hpp"

#include <algorithm>

namespace kaigong::crypto {
namespace {

constexpr std::size_t kSeedBytes = 32;
constexpr std::size_t kLinkBytes = 12;
constexpr std::size_t kCodeCharacters = 16;
constexpr std::string_view kCodeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

PrivateKey load(BytesView seed) {
    PrivateKey key(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.data(), seed.size()));
    must(key != nullptr ? 1 : 0, "EVP_PKEY_new_raw_private_key");
    return key;
}

std::string link_text(const Secret& key, std::string_view certificate_identifier) {
    const Digest digest = hmac_sm3(key.bytes(), view(certificate_identifier));
    return to_base64url(BytesView(digest).first(kLinkBytes));
}

std::string code_text(const Secret& key, std::string_view certificate_identifier) {
    // Another label than the link's, so that neither gives the other away.
    const Digest digest = hmac_sm3_parts(key.bytes(), {view("anti_forgery_code"), view(certificate_identifier)});
    std::string code;
    for (std::size_t i = 0; i < kCodeCharacters; ++i) {
        if (i > 0 && i % 4 == 0) code += '-';
        // Five bits a character, 16 characters: the first ten bytes.
        const std::size_t bit = i * 5;
        const unsigned two = static_cast<unsigned>(digest.at(bit / 8)) << 8U | digest.at(bit / 8 + 1);
        code += kCodeAlphabet[two >> (11 - bit % 8) & 31U];
    }
    return code;
}

/// Capitals and digits only.
std::string code_letters(std::string_view code) {
    std::string letters;
    for (const char c : code) {
        if (c >= 'a' && c <= 'z')
            letters += static_cast<char>(c - 'a' + 'A');
        else if (c != ' ' && c != '-')
            letters += c;
    }
    return letters;
}

}  // namespace

Result<SigningKey> SigningKey::from_bytes(BytesView seed) {
    if (seed.size() != kSeedBytes) {
        return error(Errc::invalid_input, "crypto.signing_key_malformed",
                     "签名密钥应为 32 字节，请从备份恢复密钥文件。");
    }
    return SigningKey(Secret(Bytes(seed.begin(), seed.end())));
}

Secret SigningKey::new_seed() {
    return Secret(random_bytes(kSeedBytes));
}

Ed25519PublicKey SigningKey::public_key() const {
    Ed25519PublicKey result{};
    std::size_t size = result.size();
    must(EVP_PKEY_get_raw_public_key(load(seed_.bytes()).get(), result.data(), &size), "EVP_PKEY_get_raw_public_key");
    return result;
}

Ed25519Signature SigningKey::sign(BytesView message) const {
    const PrivateKey key = load(seed_.bytes());
    const DigestContext context(EVP_MD_CTX_new());
    Ed25519Signature result{};
    std::size_t size = result.size();
    must(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key.get()), "EVP_DigestSignInit");
    must(EVP_DigestSign(context.get(), result.data(), &size, message.data(), message.size()), "EVP_DigestSign");
    return result;
}

bool verify_ed25519(const Ed25519PublicKey& key, BytesView message, BytesView signature) {
    const PrivateKey public_key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
    if (public_key == nullptr) return false;
    const DigestContext context(EVP_MD_CTX_new());
    must(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, public_key.get()), "EVP_DigestVerifyInit");
    return EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

std::string sign_link(const KeyRing& ring, std::string_view certificate_identifier) {
    return link_text(ring.current()->link, certificate_identifier);
}

bool verify_link(const KeyRing& ring, std::string_view certificate_identifier, std::string_view signature) {
    return std::ranges::any_of(ring.links(), [&](const auto& key) {
        return equal_constant_time(view(link_text(*key, certificate_identifier)), view(signature));
    });
}

std::string anti_forgery_code(const KeyRing& ring, std::string_view certificate_identifier, std::string_view key_id) {
    const auto link = ring.find_link(key_id);
    return code_text(link ? *link : ring.current()->link, certificate_identifier);
}

bool verify_anti_forgery_code(const KeyRing& ring, std::string_view certificate_identifier, std::string_view code) {
    const auto typed = code_letters(code);
    return std::ranges::any_of(ring.links(), [&](const auto& key) {
        return equal_constant_time(view(code_letters(code_text(*key, certificate_identifier))), view(typed));
    });
}

}  // namespace kaigong::crypto
