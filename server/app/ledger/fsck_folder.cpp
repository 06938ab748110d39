#include <fmt/format.h>

#include <algorithm>

#include "app/ledger/fsck.hpp"
#include "app/ledger/log_source.hpp"

namespace kaigong::app {
namespace {

FsckFinding checkpoint_finding(const std::string& zh, const std::string& en) {
    return {"fsck.checkpoint_wrong", "checkpoint", zh + "，请立即报告，并与见证方保存的检查点核对。",
            en + ". Report this at once and compare with the checkpoints that witnesses keep."};
}

/// Walks a folder once, from left to right.
class FolderWalk {
  public:
    FolderWalk(const std::filesystem::path& folder, FsckReport& report) : source_(folder), report_(report) {}

    std::optional<tlog::TreeHead> checkpoint(const tlog::LogKeys& log) {
        const auto note = source_.file("checkpoint");
        has_checkpoint_ = note.has_value();
        if (!note) return std::nullopt;
        const auto opened = tlog::open_checkpoint(*note, log);
        if (opened) return opened->checkpoint.tree;
        report_.add(checkpoint_finding("检查点不是这个日志签名的", "The checkpoint is not signed by this log"));
        return std::nullopt;
    }

    bool has_checkpoint() const { return has_checkpoint_; }

    /// Bundle and tile of the same leaves. Where they differ the root tells at the end which of the two is right.
    void leaves_of(std::uint64_t index, std::uint64_t size) {
        if (is_cut_) return;
        const auto width = tlog::tile_width(0, index, size);
        auto by_entries = hashes_of_bundle(index, width);
        auto by_tile = hashes_of_tile({tlog::TileKind::hashes, 0, index, width});
        is_cut_ = by_entries.empty() && by_tile.empty();
        if (is_cut_) return;
        if (by_entries.empty()) by_entries = by_tile;
        if (by_tile.empty()) by_tile = by_entries;
        if (by_entries != by_tile) differing_.push_back({index, width});
        entries_.add(by_entries);
        tiles_.add(by_tile);
        report_.checked["entries"] += width;
    }

    /// The tiles above, and the root.
    void finish(const tlog::TreeHead& head) {
        if (is_cut_) return;
        const bool entries_are_right = entries_.edge.head() == head;
        const bool tiles_are_right = tiles_.edge.head() == head;
        for (const auto& [index, width] : differing_) {
            const auto kind = entries_are_right ? tlog::TileKind::hashes : tlog::TileKind::entries;
            report_.add(file_finding("fsck.file_wrong", tlog::tile_path({kind, 0, index, width})));
        }
        if (!entries_are_right && !tiles_are_right) {
            report_.add(checkpoint_finding("检查点的根与日志条目算出的不同",
                                           "The root of the checkpoint is not that of the entries"));
        }
        const auto& right = entries_are_right ? entries_ : tiles_;
        for (const auto& tile : tlog::new_tiles(0, head.size)) {
            if (tile.level > 0) compare(tile, right.row(tile));
        }
    }

    std::vector<tlog::Hash> take_leaves() { return std::move(entries_.leaves); }

  private:
    struct Grown {
        void add(std::span<const tlog::Hash> hashes) {
            leaves.insert(leaves.end(), hashes.begin(), hashes.end());
            for (const auto& one : edge.append(hashes)) {
                if (one.place.height % tlog::kTileHeight == 0)
                    rows[one.place.height / tlog::kTileHeight].push_back(one.hash);
            }
        }
        std::span<const tlog::Hash> row(const tlog::TileId& tile) const {
            return std::span(rows.at(tile.level)).subspan(tile.index * tlog::kTileWidth, tile.width);
        }
        tlog::Edge edge;
        std::vector<tlog::Hash> leaves;
        std::map<int, std::vector<tlog::Hash>> rows;  // by level of tiles
    };
    struct Place {
        std::uint64_t index = 0;
        unsigned width = 0;
    };

    std::vector<tlog::Hash> hashes_of_bundle(std::uint64_t index, unsigned width) {
        const tlog::TileId bundle{tlog::TileKind::entries, 0, index, width};
        const auto bytes = bytes_of(bundle);
        if (!bytes) return {};
        const auto parsed = tlog::parse_bundle(crypto::view(*bytes), width);
        std::vector<tlog::Hash> hashes;
        if (!parsed) report_.add(file_finding("fsck.file_wrong", tlog::tile_path(bundle)));
        if (!parsed) return hashes;
        for (const auto& entry : *parsed) hashes.push_back(tlog::leaf_hash(entry));
        return hashes;
    }

    std::vector<tlog::Hash> hashes_of_tile(const tlog::TileId& tile) {
        const auto bytes = bytes_of(tile);
        if (!bytes) return {};
        auto parsed = tlog::parse_tile(crypto::view(*bytes), tile.width);
        if (parsed) return std::move(*parsed);
        report_.add(file_finding("fsck.file_wrong", tlog::tile_path(tile)));
        return {};
    }

    std::optional<std::string> bytes_of(const tlog::TileId& tile) {
        const auto path = tlog::tile_path(tile);
        auto bytes = source_.file(path);
        ++report_.checked["files"];
        if (bytes) return std::move(*bytes);
        report_.add(file_finding("fsck.file_missing", path));
        return std::nullopt;
    }

    void compare(const tlog::TileId& tile, std::span<const tlog::Hash> hashes) {
        const auto bytes = bytes_of(tile);
        if (bytes && *bytes != crypto::to_text(tlog::encode_tile(hashes))) {
            report_.add(file_finding("fsck.file_wrong", tlog::tile_path(tile)));
        }
    }

    LogInFolder source_;
    FsckReport& report_;
    Grown entries_;
    Grown tiles_;
    std::vector<Place> differing_;
    bool has_checkpoint_ = false;
    bool is_cut_ = false;  // both files of some leaves are gone: nothing to the right of them has a place
};

}  // namespace

FsckFinding file_finding(const char* name, const std::string& path) {
    const bool is_missing = std::string_view(name) == "fsck.file_missing";
    const std::string zh = "请从其他副本补回；没有恢复过旧备份时，也可以移走 ledger 文件夹由系统重新生成";
    const std::string en =
        "Bring it back from another copy; where no old backup was restored, the folder may be taken away so that it is "
        "made anew";
    return {name, path,
            is_missing ? fmt::format("日志文件 {} 不见了，{}。", path, zh)
                       : fmt::format("日志文件 {} 与签名的日志不符，{}，并查明是谁改动的。", path, zh),
            is_missing
                ? fmt::format("The file {} is gone. {}.", path, en)
                : fmt::format("The file {} is not that of the signed log. {}. Find out who changed it.", path, en)};
}

void FsckReport::add(FsckFinding finding) {
    ++found;
    if (findings.size() < kFsckFindingsMax) findings.push_back(std::move(finding));
}

FolderLog check_folder(const std::filesystem::path& folder, const tlog::LogKeys& log, FsckReport& report,
                       const FsckProgress& progress) {
    FolderWalk walk(folder, report);
    const auto head = walk.checkpoint(log);
    if (!head) return {.has_checkpoint = walk.has_checkpoint(), .head = {}, .leaves = {}};
    const auto tiles = (head->size + tlog::kTileWidth - 1) / tlog::kTileWidth;
    for (std::uint64_t index = 0; index < tiles; ++index) {
        walk.leaves_of(index, head->size);
        progress("files", std::min((index + 1) * tlog::kTileWidth, head->size), head->size);
    }
    walk.finish(*head);
    return {true, *head, walk.take_leaves()};
}

}  // namespace kaigong::app
