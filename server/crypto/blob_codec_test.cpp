#include "crypto/blob_codec.hpp"

#include "crypto/random.hpp"

#include <doctest/doctest.h>

using namespace kaigong::crypto;

namespace {

KeyRing ring() {
    return *KeyRing::load(R"({"current":"k1","keys":{"k1":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}})");
}

constexpr std::size_t kHeaderBytes = 4 + 1 + 2 + 16;
constexpr std::size_t kChunkOverhead = 1 + 4 + 32;

}  // namespace

TEST_CASE("files of every size around a chunk come back") {
    const auto keys = ring();
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kBlobChunkBytes - 1, kBlobChunkBytes,
                                   kBlobChunkBytes + 1, kBlobChunkBytes * 3}) {
        const Bytes plain = random_bytes(size);
        const auto sealed = seal_blob(keys, "doc-1", plain);
        REQUIRE(sealed.has_value());
        CHECK(*open_blob(keys, "doc-1", *sealed) == plain);
    }
}

TEST_CASE("a file read and written in small pieces is the same file") {
    const auto keys = ring();
    const Bytes plain = random_bytes(200'000);
    BlobSealer sealer(keys, "doc-1");
    Bytes sealed = sealer.header();
    for (std::size_t at = 0; at < plain.size(); at += 7'919) {
        const auto out = sealer.update(BytesView(plain).subspan(at, std::min<std::size_t>(7'919, plain.size() - at)));
        sealed.insert(sealed.end(), out->begin(), out->end());
    }
    const auto last = sealer.finish();
    sealed.insert(sealed.end(), last.begin(), last.end());

    BlobOpener opener(keys, "doc-1");
    Bytes opened;
    for (std::size_t at = 0; at < sealed.size(); at += 1'009) {
        const auto out = opener.update(BytesView(sealed).subspan(at, std::min<std::size_t>(1'009, sealed.size() - at)));
        REQUIRE(out.has_value());
        opened.insert(opened.end(), out->begin(), out->end());
    }
    CHECK(opener.finish().has_value());
    CHECK(opened == plain);
}

TEST_CASE("a stored file does not contain its plain bytes") {
    const std::string plain(1'000, 'x');
    const auto sealed = to_text(*seal_blob(ring(), "doc-1", view(plain)));
    CHECK(sealed.find("xxxx") == std::string::npos);
}

TEST_CASE("a changed byte anywhere is found") {
    const auto keys = ring();
    const auto sealed = *seal_blob(keys, "doc-1", view("建设工程施工合同"));
    for (std::size_t i = 0; i < sealed.size(); ++i) {
        Bytes changed = sealed;
        changed[i] ^= 0x20;
        CHECK_FALSE(open_blob(keys, "doc-1", changed).has_value());
    }
}

TEST_CASE("chunks cannot be cut off, swapped, repeated or taken to another file") {
    const auto keys = ring();
    const auto sealed = *seal_blob(keys, "doc-1", Bytes(kBlobChunkBytes * 2 + 10, 1));
    const std::size_t full = kBlobChunkBytes + kChunkOverhead;
    CHECK(open_blob(keys, "doc-1", BytesView(sealed).first(kHeaderBytes + full * 2)).error().reason ==
          "crypto.blob_truncated");
    CHECK(open_blob(keys, "doc-1", BytesView(sealed).first(sealed.size() - 1)).error().reason ==
          "crypto.blob_truncated");
    CHECK(open_blob(keys, "doc-2", sealed).error().reason == "crypto.blob_tampered");

    Bytes swapped = sealed;
    std::swap_ranges(swapped.begin() + kHeaderBytes, swapped.begin() + static_cast<std::ptrdiff_t>(kHeaderBytes + full),
                     swapped.begin() + static_cast<std::ptrdiff_t>(kHeaderBytes + full));
    CHECK(open_blob(keys, "doc-1", swapped).error().reason == "crypto.blob_tampered");

    Bytes longer = sealed;
    longer.push_back(0);
    CHECK(open_blob(keys, "doc-1", longer).error().reason == "crypto.blob_malformed");
}

TEST_CASE("a file under a key that is gone says so") {
    const auto other =
        *KeyRing::load(R"({"current":"k9","keys":{"k9":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}})");
    CHECK(open_blob(other, "doc-1", *seal_blob(ring(), "doc-1", view("x"))).error().reason == "crypto.key_unknown");
    CHECK(open_blob(ring(), "doc-1", view("PK\x03\x04 something else")).error().reason == "crypto.blob_malformed");
}
