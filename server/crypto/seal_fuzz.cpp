// Seals and seal signatures as strangers put them into a package: bytes of their own, and ours with changes.
#include "crypto/seal.hpp"
#include "crypto/testing/authority.hpp"
#include "crypto/testing/edits.hpp"

#include <cstdlib>

using namespace kaigong::crypto;
using namespace kaigong::crypto::testing;

namespace {

struct Samples {
    Digest digest = sm3(view("content"));
    Authority authority{SignatureAlgorithm::sm2_sm3};
    Identity signer = authority.identity("签章人");
    Bytes seal = make_seal({.vendor = "KAIGONG",
                            .seal_id = "33010000000001",
                            .type = 3,
                            .name = "专用章",
                            .list = SealList::digests,
                            .signers = {signer.certificate},
                            .created_at_ms = kValidFromMs,
                            .valid_from_ms = kValidFromMs,
                            .valid_until_ms = kValidUntilMs,
                            .picture = {.type = "PNG", .bytes = Bytes(16, 1), .width_mm = 40, .height_mm = 40}},
                           authority.issuer(), authority.issuer_key())
                     .value();
    Bytes signature = sign_with_seal({.seal = seal, .at_ms = kInsideMs, .content_digest = digest, .property = "/S.xml"},
                                     signer.certificate, *signer.key)
                          .value();
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Samples samples;
    const BytesView bytes(data, size);
    if (const auto seal = read_seal(bytes); seal && seal->der.size() != size) std::abort();
    if (verify_seal_signature(bytes, samples.digest)) std::abort();
    const Bytes signature = edited(samples.signature, bytes);
    if (signature != samples.signature && verify_seal_signature(signature, samples.digest)) std::abort();
    (void)read_seal(edited(samples.seal, bytes));
    return 0;
}
