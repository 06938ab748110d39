// Signatures, certificates and time stamps as strangers put them into a file.
#include "crypto/cms.hpp"

#include <cstdlib>

using namespace kaigong::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView bytes(data, size);
    static const Digest digest = sha256(view("content"));
    // Nobody gave the fuzzer a key: what it writes may be well formed, never right.
    if (verify_cades(bytes, digest)) std::abort();
    if (read_timestamp(bytes, digest)) std::abort();
    (void)read_timestamp_response(bytes, digest, digest);
    (void)cades_length(bytes);
    if (const auto certificate = read_certificate(bytes); certificate && certificate->der.size() != size) std::abort();
    return 0;
}
