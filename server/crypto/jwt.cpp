#include "crypto/jwt.hpp"

#include "base/json_members.hpp"
#include "base/json_reader.hpp"
#include "crypto/encoding.hpp"
#include "crypto/openssl_handles.hpp"

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <boost/json/serialize.hpp>

#include <array>
#include <optional>
#include <utility>

namespace kaigong::crypto {
namespace {

constexpr JsonLimits kLimits{.bytes_max = kJwtBytesMax, .depth_max = 8, .values_max = 1'024};

constexpr std::array kAlgorithms{std::pair{std::string_view("ES256"), JwtAlgorithm::es256},
                                 std::pair{std::string_view("RS256"), JwtAlgorithm::rs256},
                                 std::pair{std::string_view("PS256"), JwtAlgorithm::ps256}};

Error malformed() {
    return error(Errc::invalid_input, "crypto.jwt_malformed", "令牌（JWT）的格式不正确，请重新取得后再试。");
}

std::string encoded(const boost::json::object& part) {
    return to_base64url(view(boost::json::serialize(part)));
}

Result<boost::json::object> read_part(std::string_view text) {
    const auto bytes = from_base64url(text);
    if (!bytes) return malformed();
    auto json = parse_json(to_text(*bytes), kLimits);
    if (!json || !json->is_object()) return malformed();
    return std::move(json->as_object());
}

Result<JwtAlgorithm> algorithm_named(std::string_view name) {
    for (const auto& [known, algorithm] : kAlgorithms) {
        if (known == name) return algorithm;
    }
    return error(Errc::invalid_input, "crypto.jwt_algorithm_refused",
                 "令牌（JWT）的签名算法不被接受，请改用 ES256、RS256 或 PS256。");
}

/// RSASSA-PSS with SHA-256 and a salt of its length (RFC 7518 3.5).
bool verify_pss(const Jwt& jwt, BytesView public_key_info) {
    const std::uint8_t* at = public_key_info.data();
    const PrivateKey key(d2i_PUBKEY(nullptr, &at, static_cast<long>(public_key_info.size())));
    bool right = false;
    if (key != nullptr && EVP_PKEY_is_a(key.get(), "RSA") == 1) {
        const DigestContext context(EVP_MD_CTX_new());
        EVP_PKEY_CTX* inner = nullptr;
        must(EVP_DigestVerifyInit_ex(context.get(), &inner, "SHA256", nullptr, nullptr, key.get(), nullptr),
             "EVP_DigestVerifyInit_ex");
        must(EVP_PKEY_CTX_set_rsa_padding(inner, RSA_PKCS1_PSS_PADDING), "EVP_PKEY_CTX_set_rsa_padding");
        must(EVP_PKEY_CTX_set_rsa_pss_saltlen(inner, RSA_PSS_SALTLEN_DIGEST), "EVP_PKEY_CTX_set_rsa_pss_saltlen");
        const auto message = view(jwt.signed_text);
        right = EVP_DigestVerify(context.get(), jwt.signature.data(), jwt.signature.size(), message.data(),
                                 message.size()) == 1;
    }
    ERR_clear_error();
    return right;
}

bool verify_curve(const Jwt& jwt, BytesView public_key_info) {
    const auto signature = der_of_raw_signature(jwt.signature);
    return signature &&
           verify_signature(public_key_info, SignatureAlgorithm::ecdsa_p256_sha256, view(jwt.signed_text), *signature);
}

}  // namespace

std::string_view to_string(JwtAlgorithm algorithm) {
    return kAlgorithms.at(static_cast<std::size_t>(std::to_underlying(algorithm))).first;
}

Result<std::string> sign_jwt(const boost::json::object& claims, const Signer& signer, std::string_view key_id,
                             std::string_view type) {
    const bool curve = signer.algorithm() == SignatureAlgorithm::ecdsa_p256_sha256;
    if (!curve && signer.algorithm() != SignatureAlgorithm::rsa_sha256) {
        return error(Errc::invalid_input, "crypto.signer_unfit", "令牌（JWT）须用 P-256 或 RSA 密钥签名，请核对密钥。");
    }
    const boost::json::object header{{"alg", curve ? "ES256" : "RS256"}, {"kid", key_id}, {"typ", type}};
    auto text = encoded(header) + "." + encoded(claims);
    KAIGONG_TRY(signature, signer.sign(view(text)));
    if (!curve) return text + "." + to_base64url(signature);
    KAIGONG_TRY(raw, raw_of_der_signature(signature));
    return text + "." + to_base64url(raw);
}

Result<Jwt> read_jwt(std::string_view text) {
    const auto first = text.find('.');
    const auto second = first == std::string_view::npos ? first : text.find('.', first + 1);
    if (text.size() > kJwtBytesMax || second == std::string_view::npos) return malformed();
    KAIGONG_TRY(header, read_part(text.substr(0, first)));
    // What a header calls critical has to be understood, and nothing is (RFC 7515 4.1.11).
    if (header.contains("crit")) return malformed();
    KAIGONG_TRY(algorithm, algorithm_named(text_of(header, "alg")));
    KAIGONG_TRY(claims, read_part(text.substr(first + 1, second - first - 1)));
    auto signature = from_base64url(text.substr(second + 1));
    if (!signature) return malformed();
    return Jwt{algorithm,
               text_of(header, "kid"),
               text_of(header, "typ"),
               std::move(claims),
               std::string(text.substr(0, second)),
               std::move(*signature)};
}

std::optional<std::int64_t> seconds_of_claim(const boost::json::object& claims, std::string_view name) {
    constexpr std::int64_t kSecondsMax = 1LL << 40U;
    const auto* value = claims.if_contains(name);
    if (value == nullptr || !value->is_int64()) return std::nullopt;
    const auto seconds = value->as_int64();
    return seconds >= 0 && seconds <= kSecondsMax ? std::optional(seconds) : std::nullopt;
}

bool verify_jwt(const Jwt& jwt, BytesView public_key_info) {
    switch (jwt.algorithm) {
        case JwtAlgorithm::es256: return verify_curve(jwt, public_key_info);
        case JwtAlgorithm::rs256:
            return verify_signature(public_key_info, SignatureAlgorithm::rsa_sha256, view(jwt.signed_text),
                                    jwt.signature);
        case JwtAlgorithm::ps256: return verify_pss(jwt, public_key_info);
    }
    std::unreachable();
}

}  // namespace kaigong::crypto
