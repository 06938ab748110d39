// Paths, bundles, tiles and edges have one spelling each; entries of strangers are judged without harm.
#include "engine/tlog/tile.hpp"
#include "engine/tlog/watch.hpp"

#include <cstdlib>
#include <string>
#include <string_view>

using namespace kaigong;
using namespace kaigong::tlog;

namespace {

void must(bool right) {
    if (!right) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const crypto::BytesView bytes(data, size);
    const std::string text = crypto::to_text(bytes);
    if (const auto tile = parse_tile_path(text)) must(tile_path(*tile) == text);
    if (const auto edge = Edge::parse(text)) must(edge->to_text() == text);
    const unsigned width = size == 0 ? 1 : data[0] + 1U;
    if (const auto hashes = parse_tile(bytes, width)) must(encode_tile(*hashes) == crypto::Bytes(data, data + size));
    for (const unsigned entries : {1U, 2U, width}) {
        const auto bundle = parse_bundle(bytes, entries);
        if (bundle) must(encode_bundle(*bundle).value() == crypto::Bytes(data, data + size));
    }
    (void)watch_entries(0, {&text, 1}, {0, 0, 0});
    return 0;
}
