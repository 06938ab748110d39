// Sealed fields, sealed files, password records and key files as an attacker with database access could leave them.
#include "crypto/blob_codec.hpp"
#include "crypto/encoding.hpp"
#include "crypto/field_codec.hpp"
#include "crypto/password.hpp"

#include <cstdlib>

using namespace kaigong::crypto;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto ring =
        *KeyRing::load(R"({"current":"k1","keys":{"k1":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}})");
    const BytesView bytes(data, size);
    const std::string text = to_text(bytes);
    if (const auto decoded = from_base64url(text); decoded && to_base64url(*decoded) != text) std::abort();
    // The MAC key is not in the corpus: nothing the fuzzer writes may open.
    if (open_field(ring, {"t", "f", "r"}, text)) std::abort();
    if (open_field(ring, {"t", "f", "r"}, "enc1:k1:" + text)) std::abort();
    if (open_blob(ring, "b", bytes)) std::abort();
    const auto loaded = KeyRing::load(text);
    if (loaded && loaded->find(loaded->current()->key_id) == nullptr) std::abort();
    (void)password_needs_rehash(text);
    return 0;
}
