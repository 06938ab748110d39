// What strangers send in place of a security key's answer: CBOR, keys, signatures and clientDataJSON.
#include "crypto/cbor.hpp"
#include "crypto/digest.hpp"
#include "crypto/webauthn.hpp"

#include <cstdlib>

using namespace kaigong::crypto;

namespace {

const WebauthnExpected kExpected{"AAAA", "https://a.example", "a.example"};
constexpr std::string_view kCreate = R"({"type":"webauthn.create","challenge":"AAAA","origin":"https://a.example"})";
constexpr std::string_view kGet = R"({"type":"webauthn.get","challenge":"AAAA","origin":"https://a.example"})";

/// Behind the right head, what is in it is reached more often.
Bytes with_head(BytesView rest, std::uint8_t flags) {
    const auto hash = sha256(view(kExpected.rp_id));
    Bytes data(hash.begin(), hash.end());
    data.push_back(flags);
    data.insert(data.end(), {0, 0, 0, 9});
    data.insert(data.end(), rest.begin(), rest.end());
    return data;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView bytes(data, size);
    (void)webauthn_challenge_of(to_text(bytes));
    const auto end = end_of_cbor_item(bytes, 0);
    if (end && *end > size) std::abort();
    (void)verify_webauthn_registration(kExpected, to_text(bytes), with_head(bytes, 0x45));
    const auto credential = verify_webauthn_registration(kExpected, kCreate, with_head(bytes, 0xC5));
    if (credential && credential->credential_id.size() > kCredentialIdBytesMax) std::abort();
    (void)verify_webauthn_registration(kExpected, kCreate, with_head(bytes, 0x45));
    for (const int algorithm : {-7, -8, -257, 0}) {
        const WebauthnKey key{algorithm, Bytes(bytes.begin(), bytes.end())};
        (void)verify_webauthn_assertion(kExpected, key, 0, kGet, with_head({}, 0x05), bytes);
        (void)verify_webauthn_assertion(kExpected, key, 0, kGet, with_head(bytes, 0x85), bytes);
    }
    return 0;
}
