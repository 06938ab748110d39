#include "modules/evidence/projection.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <set>
#include <sstream>

#include "crypto/encoding.hpp"

namespace kaigong::evidence {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCheckpoint = "checkpoint";
constexpr const char* kUnfinished = ".new";

Error not_written(const fs::path& path) {
    return error(Errc::unavailable, "evidence.files_not_written",
                 "存证文件写不进去（" + path.filename().string() + "），请检查数据目录的空间和权限。");
}

Error broken() {
    return error(
        Errc::unavailable, "evidence.files_broken",
        "存证文件已损坏。请先停止服务，用 ledger fsck 核对数据库：没有不符时才可以移走 ledger 文件夹，由系统重新"
        "生成；恢复过备份之后不要移走任何文件。");
}

Error entries_changed() {
    return error(
        Errc::unavailable, "evidence.entries_changed",
        "存证条目或文件与已签名的检查点不符，没有公开。请立即联系系统管理员用 ledger fsck 核对，并从备份恢复。");
}

std::optional<std::string> bytes_of(const fs::path& path) {
    const std::ifstream in(path, std::ios::binary);
    if (!in) return std::nullopt;
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

bool sync_folder(const fs::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return false;
    const bool done = ::fsync(descriptor) == 0;
    ::close(descriptor);
    return done;
}

/// A new folder is on the disk when the one above it is.
bool make_folders(const fs::path& folder) {
    std::error_code fault;
    if (folder.empty() || fs::is_directory(folder, fault)) return true;
    if (!make_folders(folder.parent_path())) return false;
    fs::create_directory(folder, fault);
    return !fault && sync_folder(folder.has_parent_path() ? folder.parent_path() : ".");
}

bool write_all(int descriptor, crypto::BytesView bytes) {
    std::size_t written = 0;
    while (written < bytes.size()) {
        const auto more = ::write(descriptor, bytes.data() + written, bytes.size() - written);
        if (more <= 0) return false;
        written += static_cast<std::size_t>(more);
    }
    return true;
}

}  // namespace

/// Files that get their names together, once all of them are on the disk: nobody sees half a file, and a disk that
/// commits for one of them has mostly committed for the others too.
class NewFiles {
  public:
    NewFiles() = default;
    NewFiles(const NewFiles&) = delete;
    NewFiles& operator=(const NewFiles&) = delete;
    ~NewFiles() {
        for (const auto& file : files_) ::close(file.descriptor);
    }

    Result<void> add(const fs::path& target, crypto::BytesView bytes) {
        // One process has the folder: what a dead one left under this name is written over.
        File file{target, target.string() + kUnfinished, -1};
        if (!make_folders(target.parent_path())) return not_written(target);
        file.descriptor = ::open(file.unfinished.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (file.descriptor < 0) return not_written(target);
        files_.push_back(file);
        if (!write_all(file.descriptor, bytes)) return not_written(target);
        // Only begun here; whether it was done says fsync.
        static_cast<void>(::sync_file_range(file.descriptor, 0, 0, SYNC_FILE_RANGE_WRITE));
        return files_.size() < kOpenMax ? Result<void>() : publish();
    }

    Result<void> publish() {
        std::set<fs::path> folders;
        for (const auto& file : files_) {
            if (::fsync(file.descriptor) != 0) return not_written(file.target);
        }
        for (const auto& file : files_) {
            std::error_code fault;
            fs::rename(file.unfinished, file.target, fault);
            if (fault) return not_written(file.target);
            folders.insert(file.target.parent_path());
        }
        for (const auto& folder : folders) {
            if (!sync_folder(folder)) return not_written(folder);
        }
        for (const auto& file : files_) ::close(file.descriptor);
        files_.clear();
        return {};
    }

  private:
    static constexpr std::size_t kOpenMax = 64;
    struct File {
        fs::path target;
        fs::path unfinished;
        int descriptor = -1;
    };
    std::vector<File> files_;
};

namespace {

/// Below the full tile's path: `…/067.p/112`, and of what a dead process left unfinished.
std::optional<unsigned> width_of(fs::path partial) {
    if (partial.extension() == kUnfinished) partial.replace_extension();
    const auto name = partial.filename().string();
    unsigned width = 0;
    const auto [end, fault] = std::from_chars(name.data(), name.data() + name.size(), width);
    if (fault != std::errc() || end != name.data() + name.size()) return std::nullopt;
    return width;
}

}  // namespace

Result<tlog::TreeHead> VerifiedNotes::open(const std::string& note, const tlog::LogKeys& log) {
    {
        const std::scoped_lock lock(mutex_);
        if (known_[1] && known_[1]->first == note) std::swap(known_[0], known_[1]);
        if (known_[0] && known_[0]->first == note) return known_[0]->second;
    }
    KAIGONG_TRY(opened, tlog::open_checkpoint(note, log));
    const std::scoped_lock lock(mutex_);
    known_[1] = std::exchange(known_[0], std::pair(note, opened.checkpoint.tree));
    return opened.checkpoint.tree;
}

Result<tlog::TreeHead> Projection::head() const {
    const auto note = bytes_of(folder_ / kCheckpoint);
    if (!note) return tlog::TreeHead{};
    const auto tree = signed_tree(*note);
    if (!tree) return broken();
    return *tree;
}

Result<void> Projection::advance(const tlog::TreeHead& tree, const std::string& checkpoint,
                                 const ReadEntries& read) const {
    KAIGONG_TRY(before, head());
    if (before.size > tree.size) {
        return error(Errc::unavailable, "evidence.files_ahead",
                     "公开的存证日志比数据库新：数据库可能被换成了旧的备份。已停止登记，请恢复最新的备份。");
    }
    NewFiles files;
    if (before.size == tree.size) {
        // Another cosignature may have come to the same tree.
        if (tree.size == 0 || bytes_of(folder_ / kCheckpoint) == checkpoint) return {};
        KAIGONG_CHECK(files.add(folder_ / kCheckpoint, crypto::view(checkpoint)));
        return files.publish();
    }
    int level = 0;
    for (const auto& tile : tlog::new_tiles(before.size, tree.size)) {
        // A level is made of the files below it.
        if (tile.level != level) KAIGONG_CHECK(files.publish());
        level = tile.level;
        KAIGONG_TRY(hashes, level == 0 ? add_bundle(files, tile, read) : hashes_above(tile, before.size));
        KAIGONG_CHECK(files.add(folder_ / tlog::tile_path(tile), tlog::encode_tile(hashes)));
    }
    KAIGONG_CHECK(files.publish());
    KAIGONG_TRY(root, tlog::root_at(tree.size, reader(tree.size)));
    if (root != tree.root) return entries_changed();
    KAIGONG_CHECK(files.add(folder_ / kCheckpoint, crypto::view(checkpoint)));
    KAIGONG_CHECK(files.publish());
    remove_outgrown(before.size, tree.size);
    return {};
}

Result<std::vector<tlog::Hash>> Projection::add_bundle(NewFiles& files, const tlog::TileId& tile,
                                                       const ReadEntries& read) const {
    const auto from = static_cast<std::int64_t>(tile.index * tlog::kTileWidth);
    KAIGONG_TRY(rows, read(from, from + static_cast<std::int64_t>(tile.width)));
    if (rows.size() != tile.width) {
        return error(Errc::unavailable, "evidence.entries_missing",
                     "存证记录缺了第 " + std::to_string(from + static_cast<std::int64_t>(rows.size())) +
                         " 条之后的内容，请立即联系系统管理员核对数据库。");
    }
    std::vector<std::string> entries;
    std::vector<tlog::Hash> hashes;
    for (auto& row : rows) {
        hashes.push_back(tlog::leaf_hash(row.entry));
        entries.push_back(std::move(row.entry));
    }
    KAIGONG_TRY(bundle, tlog::encode_bundle(entries));
    KAIGONG_CHECK(files.add(folder_ / tlog::tile_path({tlog::TileKind::entries, 0, tile.index, tile.width}), bundle));
    return hashes;
}

/// A hash of a tile is 255 to compute: what the smaller tree had of it is taken from its file, where another process
/// has not removed that one by now.
Result<std::vector<tlog::Hash>> Projection::hashes_above(const tlog::TileId& tile, std::uint64_t old_size) const {
    std::vector<tlog::Hash> hashes;
    auto before = tile;
    before.width = tlog::tile_width(tile.level, tile.index, old_size);
    if (const auto bytes = read_tile(before)) {
        if (auto known = tlog::parse_tile(*bytes, before.width)) hashes = std::move(*known);
    }
    for (auto i = hashes.size(); i < tile.width; ++i) {
        KAIGONG_TRY(bytes, read_tile({tlog::TileKind::hashes, tile.level - 1, tile.index * tlog::kTileWidth + i,
                                      tlog::kTileWidth}));
        KAIGONG_TRY(below, tlog::parse_tile(bytes, tlog::kTileWidth));
        hashes.push_back(tlog::tile_root(below));
    }
    return hashes;
}

Result<crypto::Bytes> Projection::read_tile(const tlog::TileId& tile) const {
    auto text = bytes_of(folder_ / tlog::tile_path(tile));
    if (!text && tile.width < tlog::kTileWidth) text = wider(tile);
    if (!text) return broken();
    const auto bytes = crypto::view(*text);
    return crypto::Bytes(bytes.begin(), bytes.end());
}

/// The log has grown meanwhile and the partial tile is gone: the one that took its place begins with the same hashes.
std::optional<std::string> Projection::wider(const tlog::TileId& tile) const {
    const auto full = folder_ / tlog::tile_path({tile.kind, tile.level, tile.index});
    std::vector<fs::path> candidates{full};
    std::error_code fault;
    for (const auto& entry : fs::directory_iterator(full.string() + ".p", fault)) {
        const auto width = width_of(entry.path());
        if (width && *width > tile.width && entry.path().extension() != kUnfinished) candidates.push_back(entry.path());
    }
    for (const auto& candidate : candidates) {
        auto bytes = bytes_of(candidate);
        if (bytes) return bytes->substr(0, tile.width * sizeof(tlog::Hash));
    }
    return std::nullopt;
}

tlog::ReadHashes Projection::reader(std::uint64_t size) const {
    return tlog::tile_reader(size, [this](const tlog::TileId& tile) { return read_tile(tile); });
}

Result<std::vector<tlog::Hash>> Projection::prove_consistency(std::uint64_t old_size, std::uint64_t size) const {
    return tlog::prove_consistency(old_size, size, reader(size));
}

Result<tlog::InclusionText> Projection::prove(std::uint64_t index, const tlog::Hash& leaf) const {
    const auto note = bytes_of(folder_ / kCheckpoint);
    const auto opened = note ? signed_tree(*note) : Result<tlog::TreeHead>(broken());
    if (!note || (opened && opened->size <= index)) {
        return error(Errc::unavailable, "evidence.not_in_files", "存证正在登记，请稍后再试。");
    }
    return prove_under(*note, index, leaf);
}

Result<tlog::InclusionText> Projection::prove_under(const std::string& note, std::uint64_t index,
                                                    const tlog::Hash& leaf) const {
    const auto tree = signed_tree(note);
    if (!tree) return broken();
    KAIGONG_TRY(path, tlog::prove_inclusion(index, tree->size, reader(tree->size)));
    if (!tlog::verify_inclusion(leaf, index, *tree, path)) return broken();
    return tlog::InclusionText{std::nullopt, index, std::move(path), note};
}

Result<std::string> Projection::file(const std::string& path) const {
    const bool known = path == kCheckpoint || tlog::parse_tile_path(path).has_value();
    auto bytes = known ? bytes_of(folder_ / path) : std::nullopt;
    if (!bytes) {
        return error(Errc::not_found, "evidence.file_unknown",
                     "存证日志里没有这个文件。请先取 checkpoint，再按其中的条数取文件。");
    }
    return std::move(*bytes);
}

/// Of a tile that is not full, the width of the checkpoint before stays: somebody may be reading by it.
void Projection::remove_outgrown(std::uint64_t old_size, std::uint64_t size) const {
    const auto remove = [&](tlog::TileId tile) {
        const unsigned wanted = tlog::tile_width(tile.level, tile.index, old_size);
        tile.width = tlog::kTileWidth;
        const fs::path partials = (folder_ / tlog::tile_path(tile)).string() + ".p";
        std::error_code fault;
        for (const auto& entry : fs::directory_iterator(partials, fault)) {
            const auto width = width_of(entry.path());
            if (width && *width < wanted) fs::remove(entry.path(), fault);
        }
    };
    for (const auto& tile : tlog::new_tiles(old_size, size)) remove(tile);
    for (const auto& bundle : tlog::new_bundles(old_size, size)) remove(bundle);
}

}  // namespace kaigong::evidence
