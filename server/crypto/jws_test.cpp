#include "crypto/jws.hpp"

#include "crypto/encoding.hpp"
#include "crypto/testing/authority.hpp"

#include <doctest/doctest.h>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "crypto/random.hpp"

using namespace kaigong::crypto;
using namespace kaigong::crypto::testing;

namespace {

std::string reason_of(const auto& result) {
    return result ? "" : result.error().reason;
}

constexpr std::string_view kPayload = R"({"certificate":{"project":"示例工程"}})";

struct Desk {
    Authority authority{SignatureAlgorithm::ecdsa_p256_sha256};
    Identity signer = authority.identity("签名人");
    std::vector<Certificate> chain{signer.certificate, authority.issuer()};
    std::string jws = sign_jws(view(kPayload), *signer.key, chain).value();
};

/// A header of the test's own, rightly signed.
std::string with_header(const Desk& desk, const std::string& header) {
    const std::string encoded = to_base64url(view(header));
    const Bytes signature = desk.signer.key->sign(view(encoded + "." + std::string(kPayload))).value();
    return encoded + ".." + to_base64url(raw_of_der_signature(signature).value());
}

}  // namespace

TEST_CASE("a detached signature of JSON fits its payload and names its signer") {
    const Desk desk;
    const auto chain = verify_jws(desk.jws, view(kPayload));
    REQUIRE_MESSAGE(chain.has_value(), reason_of(chain));
    CHECK(*chain == desk.chain);
    const std::array roots{desk.authority.root()};
    CHECK(verify_chain(chain->front(), *chain, roots, kInsideMs).has_value());
    CHECK(reason_of(verify_jws(desk.jws, view("{}"))) == "crypto.jws_signature_wrong");
    const std::string header = to_text(from_base64url(desk.jws.substr(0, desk.jws.find('.'))).value());
    CHECK(header.starts_with(R"({"alg":"ES256","b64":false,"crit":["b64"],"x5c":[")"));
}

TEST_CASE("a detached signature of JSON with any character changed is refused") {
    const Desk desk;
    for (std::size_t i = 0; i < desk.jws.size(); ++i) {
        std::string changed = desk.jws;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        CAPTURE(i);
        CHECK_FALSE(verify_jws(changed, view(kPayload)).has_value());
    }
    CHECK(reason_of(verify_jws("", view(kPayload))) == "crypto.jws_malformed");
    CHECK(reason_of(verify_jws(desk.jws + "A", view(kPayload))) == "crypto.jws_malformed");
}

TEST_CASE("a header that asks for anything else is refused, however rightly it is signed") {
    const Desk desk;
    const std::string x5c = "\"x5c\":[\"" + to_base64(desk.signer.certificate.der) + "\"]";
    CHECK(verify_jws(with_header(desk, R"({"alg":"ES256","b64":false,"crit":["b64"],)" + x5c + "}"), view(kPayload))
              .has_value());
    for (const std::string& start :
         {std::string(R"({"alg":"none","b64":false,"crit":["b64"],)"),
          std::string(R"({"alg":"ES256","b64":true,"crit":["b64"],)"), std::string(R"({"alg":"ES256","b64":false,)"),
          std::string(R"({"alg":"ES256","b64":false,"crit":["b64","exp"],)"),
          std::string(R"({"alg":"ES256","b64":false,"crit":["b64"],"jwk":{},)"),
          std::string(R"({"alg":"ES256","alg":"ES256","b64":false,"crit":["b64"],)")}) {
        CAPTURE(start);
        CHECK(reason_of(verify_jws(with_header(desk, start + x5c + "}"), view(kPayload))) == "crypto.jws_malformed");
    }
    CHECK(reason_of(verify_jws(with_header(desk, R"({"alg":"ES256","b64":false,"crit":["b64"],"x5c":[]})"),
                               view(kPayload))) == "crypto.jws_malformed");
}

TEST_CASE("only P-256 keys with their certificate sign JSON") {
    const Desk desk;
    const auto other = new_signer(SignatureAlgorithm::ecdsa_p256_sha256);
    CHECK(reason_of(sign_jws(view(kPayload), *other, desk.chain)) == "crypto.signer_unfit");
    CHECK(reason_of(sign_jws(view(kPayload), *desk.signer.key, {})) == "crypto.signer_unfit");
    const Authority rsa(SignatureAlgorithm::ed25519);
    const std::array chain{rsa.root()};
    CHECK(reason_of(sign_jws(view(kPayload), rsa.root_key(), chain)) == "crypto.signer_unfit");
}

TEST_CASE("WebCrypto, through Node, finds our signature of JSON right") {
    if (std::system("node --version >/dev/null 2>&1") != 0) {
        MESSAGE("skipped: node is not here");
        return;
    }
    const Desk desk;
    const auto folder = std::filesystem::temp_directory_path() / ("kaigong-jws-" + random_token(9));
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "jws") << desk.jws;
    std::ofstream(folder / "payload") << kPayload;
    std::ofstream(folder / "judge.mjs") << R"(
import { readFileSync } from 'node:fs'
import { X509Certificate, webcrypto } from 'node:crypto'
const [header, , signature] = readFileSync('jws', 'utf8').split('.')
const { x5c } = JSON.parse(Buffer.from(header, 'base64url'))
const spki = new X509Certificate(Buffer.from(x5c[0], 'base64')).publicKey.export({ type: 'spki', format: 'der' })
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const key = await webcrypto.subtle.importKey('spki', spki, ecdsa, false, ['verify'])
const input = Buffer.concat([Buffer.from(header + '.'), readFileSync('payload')])
process.exit((await webcrypto.subtle.verify(ecdsa, key, Buffer.from(signature, 'base64url'), input)) ? 0 : 1)
)";
    CHECK(std::system(("cd " + folder.string() + " && node judge.mjs").c_str()) == 0);
    std::filesystem::remove_all(folder);
}
