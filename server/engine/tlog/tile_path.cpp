// Paths of tiles: `<kind or level>/x001/x234/067[.p/<width>]` (C2SP tlog-tiles, Merkle Tree).
#include "engine/tlog/lines.hpp"
#include "engine/tlog/tile.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace kaigong::tlog {
namespace {

constexpr std::string_view kTilePrefix = "tile/";
constexpr std::string_view kEntriesPrefix = "entries/";
constexpr std::string_view kPartialMark = ".p/";
/// An index below 2^63 has at most 19 digits: seven groups of three.
constexpr std::size_t kGroupsMax = 7;

Error path_malformed() {
    return error(Errc::invalid_input, "tlog.tile_path_malformed", "日志文件的地址不正确，请核对地址。");
}

std::string index_path(std::uint64_t index) {
    std::string path = fmt::format("{:03}", index % 1000);
    for (index /= 1000; index > 0; index /= 1000) path = fmt::format("x{:03}/{}", index % 1000, path);
    return path;
}

/// The three digits of a group, `x` before all but the last.
std::optional<std::uint64_t> group_value(std::string_view group, bool last) {
    if (!last) {
        if (!group.starts_with('x')) return std::nullopt;
        group.remove_prefix(1);
    }
    const bool digits = std::ranges::all_of(group, [](char c) { return c >= '0' && c <= '9'; });
    if (group.size() != 3 || !digits) return std::nullopt;
    return static_cast<std::uint64_t>((group[0] - '0') * 100 + (group[1] - '0') * 10 + (group[2] - '0'));
}

std::optional<std::uint64_t> parse_index_path(std::string_view path) {
    std::uint64_t index = 0;
    for (std::size_t groups = 1; groups <= kGroupsMax; ++groups) {
        const auto slash = path.find('/');
        const bool last = slash == std::string_view::npos;
        const auto value = group_value(path.substr(0, slash), last);
        // `x000` in front would give one index several paths.
        if (!value || (groups == 1 && !last && *value == 0)) return std::nullopt;
        if (index > (kNumberMax - *value) / 1000) return std::nullopt;
        index = index * 1000 + *value;
        if (last) return index;
        path.remove_prefix(slash + 1);
    }
    return std::nullopt;
}

/// Takes `entries/` or the level and its slash off the path.
bool take_kind(std::string_view& path, TileId& tile) {
    if (path.starts_with(kEntriesPrefix)) {
        tile.kind = TileKind::entries;
        path.remove_prefix(kEntriesPrefix.size());
        return true;
    }
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) return false;
    const auto level = parse_number(path.substr(0, slash));
    if (!level || *level > kTileLevelMax) return false;
    tile.level = static_cast<int>(*level);
    path.remove_prefix(slash + 1);
    return true;
}

/// Takes `.p/<width>` off the end, if it is there.
bool take_width(std::string_view& path, TileId& tile) {
    const auto mark = path.find(kPartialMark);
    if (mark == std::string_view::npos) return true;
    const auto width = parse_number(path.substr(mark + kPartialMark.size()));
    if (!width || *width == 0 || *width >= kTileWidth) return false;
    tile.width = static_cast<unsigned>(*width);
    path = path.substr(0, mark);
    return true;
}

}  // namespace

std::string tile_path(const TileId& tile) {
    const std::string kind = tile.kind == TileKind::entries ? "entries" : fmt::to_string(tile.level);
    const std::string partial = tile.width == kTileWidth ? "" : fmt::format("{}{}", kPartialMark, tile.width);
    return fmt::format("{}{}/{}{}", kTilePrefix, kind, index_path(tile.index), partial);
}

Result<TileId> parse_tile_path(std::string_view path) {
    TileId tile;
    if (!path.starts_with(kTilePrefix)) return path_malformed();
    path.remove_prefix(kTilePrefix.size());
    if (!take_kind(path, tile) || !take_width(path, tile)) return path_malformed();
    const auto index = parse_index_path(path);
    if (!index) return path_malformed();
    tile.index = *index;
    return tile;
}

}  // namespace kaigong::tlog
