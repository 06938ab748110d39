// Signatures of JSON as strangers write them.
#include "crypto/encoding.hpp"
#include "crypto/jws.hpp"

#include <cstdlib>

using namespace kaigong::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text = to_text(BytesView(data, size));
    // Nobody gave the fuzzer a key.
    if (verify_jws(text, view("payload"))) std::abort();
    // Behind a header that is encoded rightly, the JSON and the certificates are reached more often.
    if (verify_jws(to_base64url(view(text)) + ".." + to_base64url(Bytes(64, 1)), view("payload"))) std::abort();
    return 0;
}
