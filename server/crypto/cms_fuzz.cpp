// Signatures, certificates and time stamps as strangers put them into a file: bytes of their own, and ours with
// changes.
#include "crypto/cms.hpp"
#include "crypto/testing/authority.hpp"
#include "crypto/testing/edits.hpp"
#include "crypto/testing/timestamp_authority.hpp"

#include <array>
#include <cstdlib>

using namespace kaigong::crypto;
using namespace kaigong::crypto::testing;

namespace {

struct Samples {
    Digest digest = sha256(view("content"));
    Authority authority{SignatureAlgorithm::ecdsa_p256_sha256};
    Identity signer = authority.identity("签名人");
    std::array<Certificate, 2> chain{signer.certificate, authority.issuer()};
    std::array<Certificate, 1> roots{authority.root()};
    TimestampAuthority stamps;
    std::array<Certificate, 1> stamp_roots{stamps.root()};
    Bytes cms = sign_cades(digest, *signer.key, chain).value();
    Bytes token = stamps.source(kInsideMs)(digest).value();
};

void strangers_bytes(const Samples& samples, BytesView bytes) {
    if (verify_cades(bytes, samples.digest)) std::abort();
    if (read_timestamp(bytes, samples.digest)) std::abort();
    (void)read_timestamp_response(bytes, samples.digest, samples.digest);
    (void)cades_length(bytes);
    if (const auto certificate = read_certificate(bytes); certificate && certificate->der.size() != bytes.size()) {
        std::abort();
    }
}

void changed_bytes(const Samples& samples, BytesView edits) {
    const Bytes cms = edited(samples.cms, edits);
    const auto signature = verify_cades(cms, samples.digest);
    if (signature && cms != samples.cms && verify_cades_signer(*signature, samples.roots, kInsideMs)) std::abort();
    const Bytes token = edited(samples.token, edits);
    const auto stamp = verify_timestamp(token, samples.digest, samples.stamp_roots);
    if (stamp && stamp->at_ms != kInsideMs) std::abort();
    (void)read_certificate(edited(samples.signer.certificate.der, edits));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Samples samples;
    strangers_bytes(samples, BytesView(data, size));
    changed_bytes(samples, BytesView(data, size));
    return 0;
}
