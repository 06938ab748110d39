// Tokens and sets of keys as strangers write them.
#include "base/json_reader.hpp"
#include "crypto/encoding.hpp"
#include "crypto/jwk.hpp"
#include "crypto/jwt.hpp"

#include <cstdlib>

using namespace kaigong::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto signer = new_signer(SignatureAlgorithm::ecdsa_p256_sha256);
    const std::string text = to_text(BytesView(data, size));
    // Behind a header that is right, claims and signature are reached more often.
    const std::string header = to_base64url(view(R"({"alg":"ES256","typ":"JWT"})"));
    for (const auto& token : {text, header + "." + to_base64url(view(text)) + "." + to_base64url(Bytes(64, 1))}) {
        const auto jwt = read_jwt(token);
        // Nobody gave the fuzzer the key.
        if (jwt && verify_jwt(*jwt, signer->public_key_info())) std::abort();
    }
    if (const auto json = kaigong::parse_json(text)) {
        if (const auto keys = read_jwk_set(*json)) {
            // A key that was taken can be written, and is then the same one; whether its point lies on the curve is
            // seen when it verifies.
            for (const auto& key : *keys) {
                if (jwk_thumbprint(key.public_key_info).size() != 43) std::abort();
            }
        }
    }
    return 0;
}
