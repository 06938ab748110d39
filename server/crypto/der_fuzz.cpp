// Certificates, signatures, seals and time stamps as strangers send them. Whatever the reader takes, the writer gives
// back byte for byte.
#include "crypto/der.hpp"

#include <algorithm>
#include <cstdlib>

using namespace kaigong::crypto;

namespace {

void walk(der::Reader reader) {
    while (!reader.empty()) {
        der::Reader again = reader;
        const auto element = reader.next();
        if (!element) return;
        if (!std::ranges::equal(der::value(element->tag, element->content), element->whole)) std::abort();
        if (const auto number = der::Reader(again).integer();
            number && !std::ranges::equal(der::integer(*number), element->whole)) {
            std::abort();
        }
        if (const auto name = der::Reader(again).oid(); name && !std::ranges::equal(der::oid(*name), element->whole)) {
            std::abort();
        }
        (void)der::Reader(again).text();
        (void)der::Reader(again).time();
        if ((element->tag & 0x20) == 0) continue;
        if (const auto inside = again.enter(element->tag)) walk(*inside);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    walk(der::Reader(BytesView(data, size)));
    return 0;
}
