#include <fmt/format.h>

#include <algorithm>

#include "app/ledger/fsck.hpp"
#include "crypto/encoding.hpp"
#include "modules/evidence/store.hpp"

namespace kaigong::app {
namespace {

constexpr int kEntriesAtOnce = 500;

FsckFinding entry_changed(const std::string& where) {
    return {"fsck.entry_changed", where,
            fmt::format("数据库里的日志条目 {} 被改动过，与日志不符。请从备份恢复数据库，并查明是谁改动的。", where),
            fmt::format("The entry {} of the database was changed: it is not the one in the log. Restore the database "
                        "and find out who changed it.",
                        where)};
}

FsckFinding entry_missing(const std::string& where) {
    return {"fsck.entry_missing", where,
            fmt::format("数据库里缺少日志条目 {}。请从备份恢复数据库，并查明是谁删除的。", where),
            fmt::format("The entry {} is missing in the database. Restore the database and find out who removed it.",
                        where)};
}

FsckFinding tree_wrong(const std::string& log, const std::string& zh, const std::string& en) {
    return {"fsck.tree_wrong", log, fmt::format("数据库里日志 {} 的{}，请不要启动服务，从备份恢复数据库。", log, zh),
            fmt::format("{} of the log {} in the database. Do not start the server; restore the database.", en, log)};
}

/// Goes through the rows of one log in their order, up to the first gap.
class RowWalk {
  public:
    RowWalk(const FsckParts& parts, std::string log, const FolderLog& files, FsckReport& report)
        : parts_(parts), log_(std::move(log)), files_(files), report_(report) {}

    Result<void> run(std::int64_t size) {
        for (std::int64_t next = 0; next < size;) {
            KAIGONG_TRY(rows, parts_.database.read([&](db::Session& session) {
                return evidence::store::placed(session, log_, next, size, kEntriesAtOnce);
            }));
            for (const auto& row : rows) {
                for (; next < row.leaf_index; ++next) missing(next);
                one(row);
                next = row.leaf_index + 1;
            }
            if (rows.empty()) {
                for (; next < size; ++next) missing(next);
            }
            parts_.progress("entries " + log_, static_cast<std::uint64_t>(next), static_cast<std::uint64_t>(size));
        }
        return {};
    }
    bool is_whole() const { return is_whole_; }
    const tlog::Edge& edge() const { return edge_; }
    bool has_head(const tlog::TreeHead& head) const { return head.size == 0 || head == then_; }

  private:
    std::string where(std::int64_t index) const { return fmt::format("{}/{}", log_, index); }

    void missing(std::int64_t index) {
        is_whole_ = false;
        report_.add(entry_missing(where(index)));
    }

    void one(const evidence::store::PlacedRow& row) {
        const auto index = static_cast<std::size_t>(row.leaf_index);
        const auto hash = tlog::leaf_hash(row.entry);
        const bool as_hashed = row.leaf_hash == crypto::to_hex(hash);
        const bool as_published = index >= files_.leaves.size() || files_.leaves[index] == hash;
        if (!as_hashed || !as_published) report_.add(entry_changed(where(row.leaf_index)));
        // A changed row is told once: the tree is judged by what was published where that is known.
        if (is_whole_) edge_.append(index < files_.leaves.size() ? files_.leaves[index] : hash);
        if (edge_.size() == files_.head.size) then_ = edge_.head();
        ++report_.checked["rows"];
    }

    const FsckParts& parts_;
    const std::string log_;
    const FolderLog& files_;
    FsckReport& report_;
    tlog::Edge edge_;
    tlog::TreeHead then_;  // at the size of the files
    bool is_whole_ = true;
};

}  // namespace

Result<void> check_log(const FsckParts& parts, const std::string& log, const tlog::LogKeys& keys,
                       const FolderLog& files, FsckReport& report) {
    KAIGONG_TRY(tree,
                parts.database.read([&](db::Session& session) { return evidence::store::find_tree(session, log); }));
    const auto size = tree ? tree->tree_size : 0;
    RowWalk walk(parts, log, files, report);
    KAIGONG_CHECK(walk.run(size));
    if (size > 0 && !files.has_checkpoint) report.add(file_finding("fsck.file_missing", log + "/checkpoint"));
    if (static_cast<std::uint64_t>(size) < files.head.size) {
        report.add(tree_wrong(log, "条目比公开的日志少", "There are fewer entries than published"));
    }
    if (!walk.is_whole()) return {};
    if (static_cast<std::uint64_t>(size) >= files.head.size && !walk.has_head(files.head)) {
        report.add(tree_wrong(log, "条目与公开的检查点不符", "The entries are not those of the published checkpoint"));
    }
    if (!tree || tree->checkpoint.empty()) return {};
    const auto edge = tlog::Edge::parse(tree->edge);
    if (!edge || edge->head() != walk.edge().head()) {
        report.add(tree_wrong(log, "树边与条目不符", "The edge of the tree is not that of the entries"));
    }
    const auto opened = tlog::open_checkpoint(tree->checkpoint, keys);
    if (!opened || opened->checkpoint.tree != walk.edge().head()) {
        report.add(tree_wrong(log, "检查点签名或根不对", "The checkpoint is not signed, or not of the entries"));
    }
    return {};
}

}  // namespace kaigong::app
