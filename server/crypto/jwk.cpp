#include "crypto/jwk.hpp"

#include "base/json_members.hpp"
#include "crypto/der.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <optional>
#include <stdexcept>

namespace kaigong::crypto {
namespace {

using boost::json::object;

constexpr std::size_t kCoordinateBytes = 32;
constexpr std::size_t kModulusBytesMin = 256;
constexpr std::size_t kModulusBytesMax = 512;
constexpr std::size_t kExponentBytesMax = 8;
constexpr std::uint8_t kUncompressedPoint = 4;

Error malformed() {
    return error(Errc::invalid_input, "crypto.jwk_malformed",
                 "公钥（JWK）的格式不正确，请核对后重新提供：只接受 P-256 和 2048–4096 位 RSA 的签名公钥。");
}

BytesView without_leading_zero(BytesView number) {
    return number.size() > 1 && number[0] == 0 ? number.subspan(1) : number;
}

/// The members that a thumbprint is made of, in the order of their names (RFC 7638 3.2).
Result<object> required_members(BytesView public_key_info) {
    KAIGONG_TRY(algorithm, algorithm_of(public_key_info));
    KAIGONG_TRY(fields, der::Reader(public_key_info).sequence());
    KAIGONG_CHECK(fields.next());
    KAIGONG_TRY(bits, fields.bit_string());
    if (algorithm == SignatureAlgorithm::ecdsa_p256_sha256 && bits.size() == 1 + 2 * kCoordinateBytes) {
        return object{{"crv", "P-256"},
                      {"kty", "EC"},
                      {"x", to_base64url(bits.subspan(1, kCoordinateBytes))},
                      {"y", to_base64url(bits.subspan(1 + kCoordinateBytes))}};
    }
    if (algorithm != SignatureAlgorithm::rsa_sha256) return malformed();
    KAIGONG_TRY(key, der::Reader(bits).sequence());
    KAIGONG_TRY(modulus, key.big_integer());
    KAIGONG_TRY(exponent, key.big_integer());
    return object{{"e", to_base64url(without_leading_zero(exponent))},
                  {"kty", "RSA"},
                  {"n", to_base64url(without_leading_zero(modulus))}};
}

object must_have_members(BytesView public_key_info) {
    auto members = required_members(public_key_info);
    if (!members) throw std::invalid_argument("jwk: neither P-256 nor RSA");
    return std::move(*members);
}

std::optional<Bytes> number_of(const object& key, std::string_view name) {
    return from_base64url(text_of(key, name));
}

Result<Bytes> curve_key(const object& key) {
    const auto x = number_of(key, "x");
    const auto y = number_of(key, "y");
    if (!x || !y || x->size() != kCoordinateBytes || y->size() != kCoordinateBytes) return malformed();
    Bytes point{kUncompressedPoint};
    point.insert(point.end(), x->begin(), x->end());
    point.insert(point.end(), y->begin(), y->end());
    return der::sequence(
        {der::sequence({der::oid("1.2.840.10045.2.1"), der::oid("1.2.840.10045.3.1.7")}), der::bit_string(point)});
}

Result<Bytes> rsa_key(const object& key) {
    const auto n = number_of(key, "n");
    const auto e = number_of(key, "e");
    // A leading zero would make a short key look long enough.
    const bool fits = n && e && n->size() >= kModulusBytesMin && n->size() <= kModulusBytesMax && (*n)[0] != 0 &&
                      !e->empty() && e->size() <= kExponentBytesMax;
    if (!fits) return malformed();
    return der::sequence({der::sequence({der::oid("1.2.840.113549.1.1.1"), der::null()}),
                          der::bit_string(der::sequence({der::unsigned_integer(*n), der::unsigned_integer(*e)}))});
}

/// Nothing for a key that is not for us; an error for one that says it is and isn't.
Result<std::optional<Jwk>> read_key(const boost::json::value& value) {
    const auto* key = value.if_object();
    if (key == nullptr) return malformed();
    const auto kind = text_of(*key, "kty");
    const auto use = text_of(*key, "use");
    const bool is_curve = kind == "EC" && text_of(*key, "crv") == "P-256";
    if ((!use.empty() && use != "sig") || (!is_curve && kind != "RSA")) return std::optional<Jwk>();
    KAIGONG_TRY(public_key_info, is_curve ? curve_key(*key) : rsa_key(*key));
    return std::optional(Jwk{text_of(*key, "kid"), text_of(*key, "alg"), std::move(public_key_info)});
}

}  // namespace

object jwk_of(BytesView public_key_info, std::string_view key_id) {
    auto key = must_have_members(public_key_info);
    key["alg"] = key.at("kty") == "EC" ? "ES256" : "RS256";
    key["kid"] = key_id;
    key["use"] = "sig";
    return key;
}

std::string jwk_thumbprint(BytesView public_key_info) {
    return to_base64url(sha256(view(boost::json::serialize(must_have_members(public_key_info)))));
}

Result<std::vector<Jwk>> read_jwk_set(const boost::json::value& set) {
    const auto* members = set.if_object();
    const auto* keys = members == nullptr ? nullptr : members->if_contains("keys");
    const auto* list = keys == nullptr ? nullptr : keys->if_array();
    if (list == nullptr || list->size() > kJwkSetKeysMax) return malformed();
    std::vector<Jwk> found;
    for (const auto& value : *list) {
        KAIGONG_TRY(key, read_key(value));
        if (key) found.push_back(std::move(*key));
    }
    return found;
}

}  // namespace kaigong::crypto
