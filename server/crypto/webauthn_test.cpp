// A security key of software and a browser that lies: each lie fails for its own reason.
#include "crypto/webauthn.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "crypto/cbor.hpp"
#include "crypto/testing/authenticator.hpp"

using namespace kaigong;
using namespace kaigong::crypto;
using testing::Authenticator;
using testing::AuthenticatorAct;
using testing::client_data_of;

namespace {

const WebauthnExpected kExpected{"Y2hhbGxlbmdlLW9mLXRoaXMtdGVzdA", "https://permits.example.gov.cn",
                                 "permits.example.gov.cn"};

AuthenticatorAct registration() {
    return {.type = "webauthn.create", .challenge = kExpected.challenge};
}
AuthenticatorAct assertion() {
    return {.type = "webauthn.get", .challenge = kExpected.challenge, .count = 7};
}

Result<WebauthnCredential> registered(const Authenticator& authenticator, const AuthenticatorAct& act) {
    return verify_webauthn_registration(kExpected, client_data_of(act), authenticator.registration_data(act));
}

Result<std::uint32_t> asserted(const Authenticator& authenticator, const WebauthnKey& key, const AuthenticatorAct& act,
                               std::uint32_t stored_count = 6) {
    const auto client_data = client_data_of(act);
    const auto data = authenticator.assertion_data(act);
    return verify_webauthn_assertion(kExpected, key, stored_count, client_data, data,
                                     authenticator.sign(data, client_data));
}

template <class T>
std::string reason_of(const Result<T>& result) {
    return result ? "none" : result.error().reason;
}

struct Lie {
    const char* reason;
    std::function<void(AuthenticatorAct&)> tell;
};

const Lie kLies[] = {
    {"crypto.webauthn_type_wrong", [](auto& act) { act.type = "webauthn.other"; }},
    {"crypto.webauthn_challenge_wrong", [](auto& act) { act.challenge = "Y2hhbGxlbmdlLW9mLXRoaXMtdGVzdB"; }},
    {"crypto.webauthn_origin_wrong", [](auto& act) { act.origin = "https://permits.example.gov.cn.evil.example"; }},
    {"crypto.webauthn_origin_wrong", [](auto& act) { act.origin = "http://permits.example.gov.cn"; }},
    {"crypto.webauthn_cross_origin", [](auto& act) { act.more_client_data = R"(,"crossOrigin":true)"; }},
    {"crypto.webauthn_client_data_malformed", [](auto& act) { act.more_client_data = R"(,"crossOrigin":"yes")"; }},
    {"crypto.webauthn_client_data_malformed", [](auto& act) { act.more_client_data = R"(,"origin":"twice")"; }},
    {"crypto.webauthn_rp_wrong", [](auto& act) { act.rp_id = "example.gov.cn"; }},
    {"crypto.webauthn_user_absent", [](auto& act) { act.user_present = false; }},
    {"crypto.webauthn_user_unverified", [](auto& act) { act.user_verified = false; }},
    {"crypto.webauthn_authenticator_data_malformed", [](auto& act) { act.extensions = {0xA1, 0x61}; }},  // cut off
    {"crypto.webauthn_authenticator_data_malformed", [](auto& act) { act.extensions = {0x80}; }},        // no map
};

}  // namespace

TEST_CASE("a key of each algorithm is registered, and what it signs is believed") {
    for (const int algorithm : kWebauthnAlgorithms) {
        CAPTURE(algorithm);
        const Authenticator authenticator(algorithm);
        const auto credential = registered(authenticator, registration());
        REQUIRE(reason_of(credential) == "none");
        CHECK(credential->credential_id == authenticator.credential_id());
        CHECK(credential->key.algorithm == algorithm);
        CHECK(credential->sign_count == 0);
        CHECK(asserted(authenticator, credential->key, assertion()).value() == 7);
    }
}

TEST_CASE("extensions and members of later browsers do no harm") {
    const Authenticator authenticator;
    auto act = registration();
    act.extensions = {0xA1, 0x6B, 'c', 'r', 'e', 'd', 'P', 'r', 'o', 't', 'e', 'c', 't', 0x02};
    act.more_client_data = R"(,"crossOrigin":false,"other_keys_can_be_added_here":{"a":[1]})";
    CHECK(reason_of(registered(authenticator, act)) == "none");
}

TEST_CASE("each lie at registration fails for its own reason") {
    const Authenticator authenticator;
    for (const auto& lie : kLies) {
        auto act = registration();
        lie.tell(act);
        CHECK(reason_of(registered(authenticator, act)) == lie.reason);
    }
    auto get = registration();
    get.type = "webauthn.get";
    CHECK(reason_of(registered(authenticator, get)) == "crypto.webauthn_type_wrong");
}

TEST_CASE("each lie at sign-in fails for its own reason") {
    const Authenticator authenticator;
    const auto key = registered(authenticator, registration()).value().key;
    for (const auto& lie : kLies) {
        auto act = assertion();
        lie.tell(act);
        CHECK(reason_of(asserted(authenticator, key, act)) == lie.reason);
    }
}

TEST_CASE("another key's signature, a changed one and none at all are wrong") {
    const Authenticator authenticator;
    const auto key = registered(authenticator, registration()).value().key;
    CHECK(reason_of(asserted(Authenticator(), key, assertion())) == "crypto.webauthn_signature_wrong");
    CHECK(reason_of(asserted(Authenticator(-8), key, assertion())) == "crypto.webauthn_signature_wrong");
    const auto client_data = client_data_of(assertion());
    const auto data = authenticator.assertion_data(assertion());
    auto signature = authenticator.sign(data, client_data);
    const auto judged = [&](const Bytes& bytes) {
        return reason_of(verify_webauthn_assertion(kExpected, key, 6, client_data, data, bytes));
    };
    CHECK(judged(signature) == "none");
    CHECK(judged({}) == "crypto.webauthn_signature_wrong");
    CHECK(judged(Bytes(kWebauthnSignatureBytesMax + 1, 0x30)) == "crypto.webauthn_signature_wrong");
    signature.back() ^= 1;
    CHECK(judged(signature) == "crypto.webauthn_signature_wrong");
}

TEST_CASE("a count that did not grow means two of one key; keys that do not count stay at nought") {
    const Authenticator authenticator;
    const auto key = registered(authenticator, registration()).value().key;
    const auto judged = [&](std::uint32_t stored, std::uint32_t now) {
        auto act = assertion();
        act.count = now;
        return reason_of(asserted(authenticator, key, act, stored));
    };
    CHECK(judged(6, 7) == "none");
    CHECK(judged(7, 7) == "crypto.webauthn_counter_back");
    CHECK(judged(8, 7) == "crypto.webauthn_counter_back");
    CHECK(judged(8, 0) == "crypto.webauthn_counter_back");
    CHECK(judged(0, 0) == "none");
    CHECK(judged(0, 1) == "none");
    CHECK(judged(0xFFFFFFFE, 0xFFFFFFFF) == "none");
}

TEST_CASE("registration data is taken whole or not at all") {
    const Authenticator authenticator;
    const auto client_data = client_data_of(registration());
    const auto whole = authenticator.registration_data(registration());
    const auto judged = [&](BytesView data) {
        return reason_of(verify_webauthn_registration(kExpected, client_data, data));
    };
    REQUIRE(judged(whole) == "none");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CHECK(judged(BytesView(whole).first(size)) == "crypto.webauthn_authenticator_data_malformed");
    }
    auto longer = whole;
    longer.push_back(0);
    CHECK(judged(longer) == "crypto.webauthn_authenticator_data_malformed");
    CHECK(judged(Bytes(kAuthenticatorDataBytesMax + 1, 0)) == "crypto.webauthn_authenticator_data_malformed");
    auto without_credential = whole;
    without_credential[32] &= 0xBF;
    CHECK(judged(without_credential) == "crypto.webauthn_authenticator_data_malformed");
}

TEST_CASE("assertion data is taken whole or not at all") {
    const Authenticator authenticator;
    const auto key = registered(authenticator, registration()).value().key;
    const auto client_data = client_data_of(assertion());
    const auto whole = authenticator.assertion_data(assertion());
    const auto judged = [&](const Bytes& data) {
        return reason_of(
            verify_webauthn_assertion(kExpected, key, 6, client_data, data, authenticator.sign(data, client_data)));
    };
    REQUIRE(judged(whole) == "none");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CHECK(judged(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size))) ==
              "crypto.webauthn_authenticator_data_malformed");
    }
    auto longer = whole;
    longer.push_back(0);
    CHECK(judged(longer) == "crypto.webauthn_authenticator_data_malformed");
    CHECK(judged(authenticator.registration_data(assertion())) == "crypto.webauthn_authenticator_data_malformed");
}

TEST_CASE("a key of another algorithm, or a point that is not on the curve, is not registered") {
    const Authenticator authenticator;
    const auto client_data = client_data_of(registration());
    const auto whole = authenticator.registration_data(registration());
    const auto judged = [&](const Bytes& data) {
        return reason_of(verify_webauthn_registration(kExpected, client_data, data));
    };
    const auto key_at = whole.size() - authenticator.cose_key().size();
    auto other = whole;
    other[key_at + 4] = 0x27;  // EdDSA for a key of P-256
    CHECK(judged(other) == "crypto.webauthn_key_unsupported");
    auto off_curve = whole;
    off_curve.back() ^= 1;
    CHECK(judged(off_curve) == "crypto.webauthn_key_unsupported");
}

TEST_CASE("a challenge is read from what the browser says, whatever else is wrong with it") {
    auto act = assertion();
    act.origin = "https://evil.example";
    CHECK(webauthn_challenge_of(client_data_of(act)).value() == kExpected.challenge);
    for (const auto& text : {std::string("[]"), std::string(), std::string("{}"), std::string("\xFF"),
                             std::string(kClientDataBytesMax, ' ') + client_data_of(act)}) {
        CHECK(reason_of(webauthn_challenge_of(text)) == "crypto.webauthn_client_data_malformed");
    }
}

TEST_CASE("the end of a CBOR item is found, and lies about lengths and depth are seen") {
    const auto end = [](const Bytes& bytes) { return end_of_cbor_item(bytes, 0); };
    CHECK(end({0x00}) == 1);
    CHECK(end({0x38, 0x20}) == 2);
    CHECK(end({0x42, 1, 2, 9}) == 3);
    CHECK(end({0x82, 0x01, 0x61, 'a'}) == 4);
    CHECK(end({0xA1, 0x01, 0xF5}) == 3);
    CHECK(end({0xC0, 0x00}) == 2);
    CHECK(end({0xFB, 0, 0, 0, 0, 0, 0, 0, 0}) == 9);
    CHECK_FALSE(end({}));
    CHECK_FALSE(end({0x18}));
    CHECK_FALSE(end({0x1C}));
    CHECK_FALSE(end({0x42, 1}));
    CHECK_FALSE(end({0x5F, 0x41, 1, 0xFF}));
    CHECK_FALSE(end({0x5B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}));
    CHECK_FALSE(end({0xBB, 0x80, 0, 0, 0, 0, 0, 0, 0}));
    CHECK_FALSE(end({0x9B, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}));
    CHECK(end({0x81, 0x81, 0x81, 0x81, 0x00}) == 5);
    CHECK_FALSE(end({0x81, 0x81, 0x81, 0x81, 0x81, 0x00}));
}
