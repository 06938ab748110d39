// Seals and seal signatures as strangers put them into a package.
#include "crypto/seal.hpp"

#include <cstdlib>

using namespace kaigong::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView bytes(data, size);
    if (const auto seal = read_seal(bytes); seal && seal->der.size() != size) std::abort();
    // Nobody gave the fuzzer a key: it cannot sign a content that it does not know.
    static const Digest digest = sm3(view("content"));
    if (verify_seal_signature(bytes, digest)) std::abort();
    return 0;
}
