#include "crypto/jwt.hpp"

#include "base/json_reader.hpp"
#include "crypto/encoding.hpp"
#include "crypto/jwk.hpp"

#include <doctest/doctest.h>
#include <boost/json/serialize.hpp>

#include <limits>

using namespace kaigong::crypto;

namespace {

std::string reason_of(const auto& result) {
    return result ? "" : result.error().reason;
}

const boost::json::object kClaims{{"iss", "https://a.example"}, {"sub", "某人"}, {"exp", 1'900'000'000}};

std::string with_header(const std::string& token, std::string_view header) {
    return to_base64url(view(header)) + token.substr(token.find('.'));
}

/// The public example of RFC 7638 3.1.
constexpr std::string_view kRsaOfRfc =
    R"({"keys":[{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}]})";

/// The public example of RFC 7515 A.3 and its key.
constexpr std::string_view kTokenOfRfc =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlf"
    "Q.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
constexpr std::string_view kKeyOfRfc =
    R"({"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})";

}  // namespace

TEST_CASE("a token is right for its own key, of both kinds, and for no other") {
    for (const auto algorithm : {SignatureAlgorithm::ecdsa_p256_sha256, SignatureAlgorithm::rsa_sha256}) {
        const auto signer = new_signer(algorithm);
        const auto other = new_signer(algorithm);
        const auto token = sign_jwt(kClaims, *signer, "k1").value();
        const auto jwt = read_jwt(token);
        REQUIRE_MESSAGE(jwt.has_value(), reason_of(jwt));
        CHECK(jwt->claims == kClaims);
        CHECK(jwt->key_id == "k1");
        CHECK(verify_jwt(*jwt, signer->public_key_info()));
        CHECK_FALSE(verify_jwt(*jwt, other->public_key_info()));
        auto changed = *jwt;
        changed.signed_text.back() = changed.signed_text.back() == 'A' ? 'B' : 'A';
        CHECK_FALSE(verify_jwt(changed, signer->public_key_info()));
    }
}

TEST_CASE("the examples of RFC 7515 and RFC 7638 are read as they say") {
    const auto keys = read_jwk_set(kaigong::parse_json(kKeyOfRfc).value()).value();
    REQUIRE(keys.size() == 1);
    const auto jwt = read_jwt(kTokenOfRfc).value();
    CHECK(verify_jwt(jwt, keys[0].public_key_info));
    const auto rsa = read_jwk_set(kaigong::parse_json(kRsaOfRfc).value()).value();
    REQUIRE(rsa.size() == 1);
    CHECK(rsa[0].key_id == "2011-04-29");
    CHECK(jwk_thumbprint(rsa[0].public_key_info) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

TEST_CASE("no header talks its way to another algorithm") {
    const auto signer = new_signer(SignatureAlgorithm::ecdsa_p256_sha256);
    const auto token = sign_jwt(kClaims, *signer, "k1").value();
    for (const auto* algorithm : {"none", "None", "HS256", "ES384", "EdDSA", ""}) {
        CAPTURE(algorithm);
        const auto header = boost::json::serialize(boost::json::object{{"alg", algorithm}});
        CHECK(reason_of(read_jwt(with_header(token, header))) == "crypto.jwt_algorithm_refused");
    }
    // RS256 and PS256 said of a key that is none of RSA.
    for (const auto* header : {R"({"alg":"RS256"})", R"({"alg":"PS256"})"}) {
        const auto jwt = read_jwt(with_header(token, header));
        REQUIRE(jwt.has_value());
        CHECK_FALSE(verify_jwt(*jwt, signer->public_key_info()));
    }
}

TEST_CASE("a token that is not whole, too large or asks for what nobody knows is refused") {
    const auto signer = new_signer(SignatureAlgorithm::ecdsa_p256_sha256);
    const auto token = sign_jwt(kClaims, *signer, "k1").value();
    CHECK(reason_of(read_jwt("")) == "crypto.jwt_malformed");
    CHECK(reason_of(read_jwt(token.substr(0, token.rfind('.')))) == "crypto.jwt_malformed");
    CHECK(reason_of(read_jwt(token + ".")) == "crypto.jwt_malformed");
    CHECK(reason_of(read_jwt(token + "=")) == "crypto.jwt_malformed");
    CHECK(reason_of(read_jwt(with_header(token, R"({"alg":"ES256","crit":["b64"]})"))) == "crypto.jwt_malformed");
    CHECK(reason_of(read_jwt(with_header(token, R"({"alg":"ES256","alg":"RS256"})"))) == "crypto.jwt_malformed");
    const std::string deep = std::string(20, '[') + std::string(20, ']');
    CHECK(reason_of(read_jwt(with_header(token, deep))) == "crypto.jwt_malformed");
    CHECK(reason_of(read_jwt(std::string(kJwtBytesMax + 1, 'a'))) == "crypto.jwt_malformed");
}

TEST_CASE("a key comes back from its JSON as it was, and weak ones do not") {
    for (const auto algorithm : {SignatureAlgorithm::ecdsa_p256_sha256, SignatureAlgorithm::rsa_sha256}) {
        const auto signer = new_signer(algorithm);
        const boost::json::object set{{"keys", {jwk_of(signer->public_key_info(), "k1")}}};
        const auto keys = read_jwk_set(set);
        REQUIRE_MESSAGE(keys.has_value(), reason_of(keys));
        REQUIRE(keys->size() == 1);
        CHECK((*keys)[0].public_key_info == signer->public_key_info());
    }
    const auto of = [](std::string_view key) {
        return read_jwk_set(kaigong::parse_json("{\"keys\":[" + std::string(key) + "]}").value());
    };
    CHECK(reason_of(of(R"({"kty":"RSA","n":"AQAB","e":"AQAB"})")) == "crypto.jwk_malformed");
    CHECK(reason_of(of(R"({"kty":"EC","crv":"P-256","x":"AQAB","y":"AQAB"})")) == "crypto.jwk_malformed");
    CHECK(of(R"({"kty":"oct","k":"AQAB"})").value().empty());
    CHECK(of(R"({"kty":"EC","crv":"P-384","x":"AQAB","y":"AQAB"})").value().empty());
    CHECK(reason_of(read_jwk_set(boost::json::object{})) == "crypto.jwk_malformed");
}

TEST_CASE("a time in a claim can be reckoned with, or is none") {
    const auto of = [](const boost::json::value& exp) { return seconds_of_claim({{"exp", exp}}, "exp"); };
    CHECK(of(0) == 0);
    CHECK(of(1'796'200'000) == 1'796'200'000);
    CHECK(of(1LL << 40U) == 1LL << 40U);
    // Its absolute value is no number of this type.
    CHECK(!of(std::numeric_limits<std::int64_t>::min()));
    CHECK(!of(std::numeric_limits<std::int64_t>::max()));
    CHECK(!of(std::numeric_limits<std::uint64_t>::max()));
    for (const boost::json::value& wrong : {boost::json::value(-1), boost::json::value((1LL << 40U) + 1),
                                            boost::json::value(1.5), boost::json::value("1"), boost::json::value()}) {
        CHECK(!of(wrong));
    }
    CHECK(!seconds_of_claim({}, "exp"));
}
