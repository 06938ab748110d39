// A log grown as a server grows it, read back from its static files. With KAIGONG_TLOG_TO set to a folder the files are
// kept there with the keys, at full size, for other programs to judge (tests/ledger/go_clients.test.mjs).
#include "engine/tlog/testing/sample_log.hpp"

#include <doctest/doctest.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace kaigong;
using namespace kaigong::tlog;
using namespace kaigong::tlog::testing;

namespace {

/// Around each place where a tile fills up; all but the last two are quick.
constexpr std::array<std::uint64_t, 9> kSizes{1, 2, 255, 256, 257, 511, 1'300, 65'536, 70'000};
constexpr std::size_t kQuickSizes = 7;

void keep(const std::filesystem::path& folder, const std::string& name, const std::string& bytes) {
    std::filesystem::create_directories((folder / name).parent_path());
    std::ofstream(folder / name, std::ios::binary) << bytes;
}

void keep(const SampleLog& log, const std::filesystem::path& folder) {
    for (const auto& [name, bytes] : log.files()) keep(folder, name, bytes);
    keep(folder, "log.vkey", log.log().verifier().to_text());
    keep(folder, "witness.vkey", log.witness().verifier().to_text());
}

}  // namespace

TEST_CASE("a log is whole in its static files at every size it had") {
    const char* const folder = std::getenv("KAIGONG_TLOG_TO");
    const auto sizes = std::span(kSizes).first(folder != nullptr ? kSizes.size() : kQuickSizes);
    SampleLog log;
    for (const std::uint64_t size : sizes) {
        CAPTURE(size);
        log.grow_to(size);
        const auto opened =
            open_checkpoint(log.files().at("checkpoint"), log.trusted(), std::vector{log.witness().verifier()});
        REQUIRE(opened.has_value());
        CHECK(opened->checkpoint.tree == log.edge().head());
        CHECK(opened->cosignatures.size() == 1);
        CHECK(*root_at(size, log.reader(size)) == log.edge().root());
    }
    const TreeHead now = log.edge().head();
    for (const std::uint64_t size : sizes) {
        CAPTURE(size);
        const TreeHead then{size, *root_at(size, log.reader(size))};
        const auto consistency = prove_consistency(size, now.size, log.reader(now.size));
        REQUIRE(consistency.has_value());
        CHECK(verify_consistency(then, now, *consistency).has_value());
        log.prove(size - 1);
        const auto inclusion =
            InclusionText::parse(log.files().at(fmt::format("proofs/{}.tlog-proof", size - 1))).value();
        CHECK(verify_inclusion_text(inclusion, leaf_hash(entry_text(size - 1)), log.trusted()).has_value());
    }
    if (folder != nullptr) keep(log, folder);
}

TEST_CASE("every bundle hashes to its tile, also the partial ones that were replaced") {
    SampleLog log;
    for (const std::uint64_t size : std::span(kSizes).first(kQuickSizes)) log.grow_to(size);
    std::size_t bundles = 0;
    for (const auto& [name, bytes] : log.files()) {
        if (!name.starts_with("tile/entries/")) continue;
        CAPTURE(name);
        TileId tile = parse_tile_path(name).value();
        const auto entries = parse_bundle(crypto::view(bytes), tile.width);
        REQUIRE(entries.has_value());
        tile.kind = TileKind::hashes;
        const auto hashes = parse_tile(crypto::view(log.files().at(tile_path(tile))), tile.width);
        REQUIRE(hashes.has_value());
        for (std::size_t i = 0; i < tile.width; ++i) CHECK(leaf_hash((*entries)[i]) == (*hashes)[i]);
        ++bundles;
    }
    // 1, 2, 255, 256, 257, 511, 1300: five that are full and the partial ones on the way.
    CHECK(bundles == 5 + 3 + 2 + 1);
}
