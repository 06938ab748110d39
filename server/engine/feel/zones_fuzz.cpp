// Any bytes as a compiled time zone: refused, or a zone that answers for every instant.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/feel/zones.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    const auto zone = kaigong::feel::Zone::parse("Fuzz/Zone", {reinterpret_cast<const char*>(bytes), size});
    if (!zone) return 0;
    for (const std::int64_t instant : {-10'000'000'000LL, -1LL, 0LL, 1'795'406'400LL, 9'000'000'000'000'000LL}) {
        static_cast<void>(zone->offset_at(instant));
        static_cast<void>(zone->offset_at_local(instant));
    }
    return 0;
}
