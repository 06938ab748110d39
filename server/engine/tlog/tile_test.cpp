#include "engine/tlog/tile.hpp"

#include "engine/tlog/testing/sample_tree.hpp"

#include <doctest/doctest.h>
#include <random>
#include <set>

using namespace kaigong;
using namespace kaigong::tlog;
using namespace kaigong::tlog::testing;

namespace {

/// Every tile of a tree, made level by level from the leaves.
std::map<TileId, crypto::Bytes> tiles_of(std::span<const Hash> leaves) {
    std::map<TileId, crypto::Bytes> files;
    std::vector<Hash> row(leaves.begin(), leaves.end());
    for (const TileId& tile : new_tiles(0, leaves.size())) {
        if (tile.level > 0 && tile.index == 0) {
            std::vector<Hash> above;
            for (std::size_t i = 0; i + kTileWidth <= row.size(); i += kTileWidth) {
                above.push_back(tile_root(std::span(row).subspan(i, kTileWidth)));
            }
            row = std::move(above);
        }
        files.emplace(tile, encode_tile(std::span(row).subspan(tile.index * kTileWidth, tile.width)));
    }
    return files;
}

ReadTile reader_of(const std::map<TileId, crypto::Bytes>& files, std::size_t& count) {
    return [&](const TileId& tile) -> Result<crypto::Bytes> {
        ++count;
        const auto found = files.find(tile);
        if (found == files.end()) return error(Errc::not_found, "test.no_tile", tile_path(tile));
        return found->second;
    };
}

}  // namespace

TEST_CASE("paths of tiles are those of the specification, both ways") {
    const std::pair<TileId, std::string> cases[] = {{{TileKind::hashes, 0, 1'234'067, 256}, "tile/0/x001/x234/067"},
                                                    {{TileKind::hashes, 0, 0, 256}, "tile/0/000"},
                                                    {{TileKind::hashes, 63, 999, 1}, "tile/63/999.p/1"},
                                                    {{TileKind::hashes, 1, 1'000, 17}, "tile/1/x001/000.p/17"},
                                                    {{TileKind::entries, 0, 273, 112}, "tile/entries/273.p/112"},
                                                    {{TileKind::entries, 0, 9'223'372'036'854'775'807, 255},
                                                     "tile/entries/x009/x223/x372/x036/x854/x775/807.p/255"}};
    for (const auto& [tile, path] : cases) {
        CAPTURE(path);
        CHECK(tile_path(tile) == path);
        const auto parsed = parse_tile_path(path);
        REQUIRE(parsed.has_value());
        CHECK(*parsed == tile);
    }
}

TEST_CASE("a path that is written in any other way is refused") {
    for (const auto* path : {"",
                             "tile",
                             "tile/",
                             "tile/0",
                             "tile/0/",
                             "/tile/0/000",
                             "tile/0/0",
                             "tile/0/00",
                             "tile/0/0000",
                             "tile/0/1000",
                             "tile/00/000",
                             "tile/01/000",
                             "tile/64/000",
                             "tile/-1/000",
                             "tile/x/000",
                             "tile/0/x000/000",
                             "tile/0/x001",
                             "tile/0/001/000",
                             "tile/0/x001/x000",
                             "tile/0/X001/000",
                             "tile/0/x01/000",
                             "tile/0/000/",
                             "tile/0//000",
                             "tile/0/000.p",
                             "tile/0/000.p/",
                             "tile/0/000.p/0",
                             "tile/0/000.p/256",
                             "tile/0/000.p/01",
                             "tile/0/000.p/1/",
                             "tile/0/000.p/1.p/1",
                             "tile/0/000.P/1",
                             "tile/entries",
                             "tile/entries/",
                             "tile/Entries/000",
                             "tile/data/000",
                             "tile/8/0/000",
                             "tile/0/../000",
                             "tile/0/%300",
                             "tile/0/00a",
                             "tile/0/000 ",
                             "tile/0/x009/x223/x372/x036/x854/x775/808",
                             "tile/0/x001/x000/x000/x000/x000/x000/x000/000"}) {
        CAPTURE(path);
        const auto parsed = parse_tile_path(path);
        REQUIRE(!parsed.has_value());
        CHECK(parsed.error().reason == "tlog.tile_path_malformed");
    }
}

TEST_CASE("a tree of 70 000 entries has the tiles that the specification counts") {
    const auto tiles = new_tiles(0, 70'000);
    std::map<std::pair<int, bool>, std::vector<unsigned>> widths;
    for (const TileId& tile : tiles) widths[{tile.level, tile.width == 256}].push_back(tile.width);
    CHECK(widths[{0, true}].size() == 273);
    CHECK(widths[{0, false}] == std::vector<unsigned>{112});
    CHECK(widths[{1, true}].size() == 1);
    CHECK(widths[{1, false}] == std::vector<unsigned>{17});
    CHECK(widths[{2, true}].empty());
    CHECK(widths[{2, false}] == std::vector<unsigned>{1});
    CHECK(tiles.size() == 277);
    CHECK(new_bundles(0, 70'000).size() == 274);
}

TEST_CASE("a tree of 256 has a full tile and one hash above it") {
    const auto tiles = new_tiles(0, 256);
    REQUIRE(tiles.size() == 2);
    CHECK(tiles[0] == TileId{TileKind::hashes, 0, 0, 256});
    CHECK(tiles[1] == TileId{TileKind::hashes, 1, 0, 1});
    CHECK(new_tiles(0, 0).empty());
    CHECK(new_bundles(5, 5).empty());
}

TEST_CASE("growing step by step names every tile of the larger tree once it is wider") {
    std::mt19937_64 random(7);
    for (std::uint64_t old_size = 0, size = 0; size < 200'000; old_size = size) {
        size += 1 + random() % 3'000;
        const auto grown = new_tiles(old_size, size);
        const std::set<TileId> before = [&] {
            const auto list = new_tiles(0, old_size);
            return std::set<TileId>(list.begin(), list.end());
        }();
        std::vector<TileId> expected;
        for (const TileId& tile : new_tiles(0, size)) {
            if (!before.contains(tile)) expected.push_back(tile);
        }
        CHECK(grown == expected);
    }
}

TEST_CASE("proofs come out of tiles, a few of them a proof") {
    const std::uint64_t size = 66'000;
    const SampleTree tree(size);
    const auto files = tiles_of(tree.leaves());
    std::size_t count = 0;
    const auto read = tile_reader(size, reader_of(files, count));
    const TreeHead head{size, tree.edge().root()};
    CHECK(*root_at(size, read) == head.root);
    std::mt19937_64 random(11);
    for (const std::uint64_t index : std::vector<std::uint64_t>{0, 255, 256, 65'535, 65'536, 65'999, random() % size}) {
        CAPTURE(index);
        count = 0;
        const auto proof = prove_inclusion(index, size, read);
        REQUIRE(proof.has_value());
        CHECK(count <= 6);
        CHECK(verify_inclusion(tree.leaves()[index], index, head, *proof).has_value());
    }
    for (const std::uint64_t old_size : std::vector<std::uint64_t>{1, 256, 257, 65'536, 65'999, 1 + random() % size}) {
        CAPTURE(old_size);
        count = 0;
        const auto proof = prove_consistency(old_size, size, read);
        REQUIRE(proof.has_value());
        CHECK(count <= 6);
        CHECK(verify_consistency(tree.head_at(old_size), head, *proof).has_value());
    }
}

TEST_CASE("a subtree that is not complete, a missing tile and a short tile are told apart") {
    const SampleTree tree(300);
    auto files = tiles_of(tree.leaves());
    std::size_t count = 0;
    const auto read = tile_reader(300, reader_of(files, count));
    const auto reason = [&](SubtreePlace place) {
        const auto hashes = read({&place, 1});
        return hashes ? std::string() : hashes.error().reason;
    };
    CHECK(reason({0, 299}).empty());
    CHECK(reason({0, 300}) == "tlog.subtree_missing");
    CHECK(reason({8, 1}) == "tlog.subtree_missing");
    CHECK(reason({9, 0}) == "tlog.subtree_missing");
    CHECK(reason({64, 0}) == "tlog.subtree_missing");
    CHECK(reason({7, ~std::uint64_t{0}}) == "tlog.subtree_missing");
    CHECK(reason({-1, 0}) == "tlog.subtree_missing");
    files.begin()->second.pop_back();
    CHECK(reason({0, 0}) == "tlog.tile_malformed");
    files.erase(files.begin());
    CHECK(reason({0, 0}) == "test.no_tile");
}

TEST_CASE("tiles of another length than their width are refused") {
    const SampleTree tree(3);
    const auto bytes = encode_tile(tree.leaves());
    CHECK(*parse_tile(bytes, 3) == tree.leaves());
    CHECK(!parse_tile(bytes, 2));
    CHECK(!parse_tile(bytes, 4));
    CHECK(!parse_tile({}, 0));
    CHECK(!parse_tile(crypto::Bytes(257 * 32), 257));
    CHECK_THROWS(tile_root(tree.leaves()));
}

TEST_CASE("bundles of entries come back, and are refused when a byte is too many or too few") {
    const std::vector<std::string> entries{"", "a", std::string(65'535, 'x'), std::string("\0\xFF", 2)};
    const auto bytes = encode_bundle(entries);
    REQUIRE(bytes.has_value());
    CHECK(bytes->size() == 4 * 2 + 1 + 65'535 + 2);
    CHECK((*bytes)[3] == 1);
    CHECK(*parse_bundle(*bytes, 4) == entries);
    const auto reason = [](crypto::BytesView some, unsigned width) { return parse_bundle(some, width).error().reason; };
    CHECK(reason(*bytes, 3) == "tlog.bundle_malformed");
    CHECK(reason(*bytes, 5) == "tlog.bundle_malformed");
    CHECK(reason(*bytes, 0) == "tlog.bundle_malformed");
    CHECK(reason(*bytes, 257) == "tlog.bundle_malformed");
    CHECK(reason(crypto::BytesView(*bytes).first(bytes->size() - 1), 4) == "tlog.bundle_malformed");
    CHECK(encode_bundle(std::vector{std::string(65'536, 'x')}).error().reason == "tlog.entry_too_large");
}
