// A log as static files (C2SP tlog-tiles): where each file lies, what is in it, and hashes for proofs out of them.
// Nothing here reads or writes files.
#pragma once

#include "base/result.hpp"
#include "engine/tlog/proof.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::tlog {

inline constexpr int kTileHeight = 8;
/// Hashes of a full tile, entries of a full bundle.
inline constexpr unsigned kTileWidth = 256;
inline constexpr int kTileLevelMax = 63;
/// Levels that a tree of `kNumberMax` leaves has tiles on.
inline constexpr int kTileLevels = 8;
/// The length of an entry is written as a uint16.
inline constexpr std::size_t kEntryBytesMax = 65'535;

enum class TileKind { hashes, entries };

/// One file. Bundles of entries have level 0.
struct TileId {
    TileKind kind = TileKind::hashes;
    int level = 0;
    std::uint64_t index = 0;
    unsigned width = kTileWidth;  ///< 1 to 256; less than 256 is a partial tile

    auto operator<=>(const TileId&) const = default;
};

/// `tile/0/x001/x234/067`, `tile/1/000.p/17`, `tile/entries/273.p/112`: below the address of the log.
std::string tile_path(const TileId& tile);
/// The opposite; takes only what `tile_path` writes. Fails with tlog.tile_path_malformed.
Result<TileId> parse_tile_path(std::string_view path);

/// How wide that tile is in a tree of this size: 0 (there is none) to 256.
unsigned tile_width(int level, std::uint64_t index, std::uint64_t size);
/// The tiles (not the bundles) that a tree has and a smaller one of `old_size` had not, or less wide; level by level
/// from 0, each from left to right. With an old size of 0: all of them.
std::vector<TileId> new_tiles(std::uint64_t old_size, std::uint64_t size);
/// The same for bundles of entries.
std::vector<TileId> new_bundles(std::uint64_t old_size, std::uint64_t size);

/// 32 bytes a hash.
crypto::Bytes encode_tile(std::span<const Hash> hashes);
/// Fails with tlog.tile_malformed where the bytes are not those of `width` hashes.
Result<std::vector<Hash>> parse_tile(crypto::BytesView bytes, unsigned width);
/// The hash that stands for a full tile in the level above. Another width than 256 is a bug and throws.
Hash tile_root(std::span<const Hash> hashes);

/// Each entry after its length, big-endian. Fails with tlog.entry_too_large (above `kEntryBytesMax`).
Result<crypto::Bytes> encode_bundle(std::span<const std::string> entries);
/// Fails with tlog.bundle_malformed where the bytes are not exactly `width` entries.
Result<std::vector<std::string>> parse_bundle(crypto::BytesView bytes, unsigned width);

/// The bytes of one tile of hashes. Its error is handed on.
using ReadTile = std::function<Result<crypto::Bytes>(const TileId& tile)>;
/// Hashes of the tree of this size out of its tiles, each got once a call. They are believed as they come: verify the
/// proof that was made of them before giving it to others. Fails with tlog.tile_malformed and tlog.subtree_missing (not
/// complete in a tree of this size).
ReadHashes tile_reader(std::uint64_t size, ReadTile read);

}  // namespace kaigong::tlog
