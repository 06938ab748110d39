#include "engine/tlog/tile.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace kaigong::tlog {
namespace {

Error tile_malformed() {
    return error(Errc::invalid_input, "tlog.tile_malformed",
                 "日志的哈希块文件长度不对，请由数据库重新生成存证日志的静态文件。");
}

Error bundle_malformed() {
    return error(Errc::invalid_input, "tlog.bundle_malformed",
                 "日志的条目文件无法读取，请由数据库重新生成存证日志的静态文件。");
}

/// Nodes of that level of tiles that are complete: leaves for level 0, roots of full tiles above.
std::uint64_t nodes_of(int level, std::uint64_t size) {
    return level < kTileLevels ? size >> (kTileHeight * level) : 0;
}

std::vector<TileId> new_of_level(TileKind kind, int level, std::uint64_t old_size, std::uint64_t size) {
    std::vector<TileId> tiles;
    const std::uint64_t old_nodes = nodes_of(level, old_size);
    const std::uint64_t nodes = nodes_of(level, size);
    if (nodes <= old_nodes) return tiles;
    for (std::uint64_t index = old_nodes / kTileWidth; index <= (nodes - 1) / kTileWidth; ++index) {
        tiles.push_back({kind, level, index, tile_width(level, index, size)});
    }
    return tiles;
}

/// The tile that holds what is below a complete subtree, and which of its hashes those are.
struct Piece {
    TileId tile;
    std::size_t first = 0;
    std::size_t count = 1;
};

Error subtree_missing() {
    return error(Errc::invalid_input, "tlog.subtree_missing", "该大小的日志中没有这段哈希，请核对日志大小。");
}

Result<Piece> piece_of(const SubtreePlace& place, std::uint64_t size) {
    if (place.height < 0) return subtree_missing();
    const int level = place.height / kTileHeight;
    const int above = place.height % kTileHeight;
    const std::uint64_t first = place.index << above;
    const std::uint64_t count = std::uint64_t{1} << above;
    const std::uint64_t nodes = nodes_of(level, size);
    const bool shifted_out = (first >> above) != place.index;
    if (shifted_out || count > nodes || first > nodes - count) return subtree_missing();
    const std::uint64_t index = first / kTileWidth;
    return Piece{{TileKind::hashes, level, index, tile_width(level, index, size)}, first % kTileWidth, count};
}

}  // namespace

unsigned tile_width(int level, std::uint64_t index, std::uint64_t size) {
    const std::uint64_t nodes = nodes_of(level, size);
    if (index > nodes / kTileWidth) return 0;
    return static_cast<unsigned>(std::min<std::uint64_t>(nodes - index * kTileWidth, kTileWidth));
}

std::vector<TileId> new_tiles(std::uint64_t old_size, std::uint64_t size) {
    std::vector<TileId> tiles;
    for (int level = 0; level < kTileLevels; ++level) {
        const auto of_level = new_of_level(TileKind::hashes, level, old_size, size);
        tiles.insert(tiles.end(), of_level.begin(), of_level.end());
    }
    return tiles;
}

std::vector<TileId> new_bundles(std::uint64_t old_size, std::uint64_t size) {
    return new_of_level(TileKind::entries, 0, old_size, size);
}

crypto::Bytes encode_tile(std::span<const Hash> hashes) {
    crypto::Bytes bytes;
    bytes.reserve(hashes.size() * kHashBytes);
    for (const Hash& hash : hashes) bytes.insert(bytes.end(), hash.begin(), hash.end());
    return bytes;
}

Result<std::vector<Hash>> parse_tile(crypto::BytesView bytes, unsigned width) {
    if (width == 0 || width > kTileWidth || bytes.size() != width * kHashBytes) return tile_malformed();
    std::vector<Hash> hashes(width);
    for (std::size_t i = 0; i < width; ++i) {
        std::ranges::copy(bytes.subspan(i * kHashBytes, kHashBytes), hashes[i].begin());
    }
    return hashes;
}

Hash tile_root(std::span<const Hash> hashes) {
    if (hashes.size() != kTileWidth) throw std::logic_error("only a full tile is hashed into the level above");
    return complete_root(hashes);
}

Result<crypto::Bytes> encode_bundle(std::span<const std::string> entries) {
    crypto::Bytes bytes;
    for (const std::string& entry : entries) {
        if (entry.size() > kEntryBytesMax) {
            return error(Errc::too_large, "tlog.entry_too_large", "日志条目超过 65535 字节，请缩短内容后重试。");
        }
        bytes.push_back(static_cast<std::uint8_t>(entry.size() >> 8));
        bytes.push_back(static_cast<std::uint8_t>(entry.size() & 0xFF));
        bytes.insert(bytes.end(), entry.begin(), entry.end());
    }
    return bytes;
}

Result<std::vector<std::string>> parse_bundle(crypto::BytesView bytes, unsigned width) {
    if (width == 0 || width > kTileWidth) return bundle_malformed();
    std::vector<std::string> entries;
    entries.reserve(width);
    for (unsigned i = 0; i < width; ++i) {
        if (bytes.size() < 2) return bundle_malformed();
        const std::size_t length = (std::size_t{bytes[0]} << 8) | bytes[1];
        if (bytes.size() - 2 < length) return bundle_malformed();
        entries.push_back(crypto::to_text(bytes.subspan(2, length)));
        bytes = bytes.subspan(2 + length);
    }
    if (!bytes.empty()) return bundle_malformed();
    return entries;
}

ReadHashes tile_reader(std::uint64_t size, ReadTile read) {
    return [size, read = std::move(read)](std::span<const SubtreePlace> places) -> Result<std::vector<Hash>> {
        std::map<TileId, std::vector<Hash>> tiles;
        std::vector<Hash> hashes;
        hashes.reserve(places.size());
        for (const SubtreePlace& place : places) {
            KAIGONG_TRY(piece, piece_of(place, size));
            auto known = tiles.find(piece.tile);
            if (known == tiles.end()) {
                KAIGONG_TRY(bytes, read(piece.tile));
                KAIGONG_TRY(tile, parse_tile(bytes, piece.tile.width));
                known = tiles.emplace(piece.tile, std::move(tile)).first;
            }
            hashes.push_back(complete_root(std::span(known->second).subspan(piece.first, piece.count)));
        }
        return hashes;
    };
}

}  // namespace kaigong::tlog
