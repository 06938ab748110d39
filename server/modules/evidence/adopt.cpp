#include "modules/evidence/adopt.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "base/id.hpp"
#include "crypto/encoding.hpp"
#include "modules/evidence/projection.hpp"
#include "modules/evidence/store.hpp"

namespace kaigong::evidence {
namespace {

Error histories_differ() {
    return error(Errc::conflict, "evidence.histories_differ",
                 "公开的日志文件不是从数据库里的日志接续而来，没有改动。请用 ledger fsck 核对两者，恢复相符的备份。");
}

/// Without the cosignatures: those of the database are its own.
std::string own_note(const std::string& text, const tlog::LogKeys& keys) {
    auto note = *tlog::parse_note(text);
    std::erase_if(note.signatures, [&](const tlog::NoteSignature& one) {
        return std::ranges::none_of(keys.keys, [&](const tlog::VerifierKey& key) {
            return one.name == key.name && one.key_id == key.key_id();
        });
    });
    return tlog::note_text(note);
}

/// Of the published bundles, from a place on.
Result<std::vector<std::string>> published(const Projection& files, std::uint64_t from, std::uint64_t size) {
    std::vector<std::string> all;
    for (auto index = from / tlog::kTileWidth; index * tlog::kTileWidth < size; ++index) {
        const auto width = tlog::tile_width(0, index, size);
        KAIGONG_TRY(bytes, files.file(tlog::tile_path({tlog::TileKind::entries, 0, index, width})));
        KAIGONG_TRY(entries, tlog::parse_bundle(crypto::view(bytes), width));
        const auto first = index * tlog::kTileWidth;
        const auto skipped = static_cast<std::ptrdiff_t>(from > first ? from - first : 0);
        std::move(entries.begin() + skipped, entries.end(), std::back_inserter(all));
    }
    return all;
}

class Adoption {
  public:
    Adoption(std::string log, std::int64_t now_ms) : log_(std::move(log)), now_ms_(now_ms) {}

    /// The tree as it is and as the files go on from it.
    Result<bool> read(db::Database& database, const tlog::LogKeys& keys, const std::filesystem::path& folder) {
        const Projection files(folder, keys);
        KAIGONG_TRY(head, files.head());
        KAIGONG_TRY(tree, database.read([&](db::Session& session) { return store::find_tree(session, log_); }));
        tree_ = std::move(tree).value_or(store::TreeRow{log_, 0, 0, tlog::Edge().to_text(), "", 0});
        KAIGONG_TRY(edge, tlog::Edge::parse(tree_.edge));
        done_.size_before = done_.size = tree_.tree_size;
        if (head.size < edge.size() || head == edge.head()) return false;
        KAIGONG_TRY(entries, published(files, edge.size(), head.size));
        for (const auto& entry : entries) edge.append(tlog::leaf_hash(entry));
        if (edge.head() != head) return histories_differ();
        KAIGONG_TRY(note, files.file("checkpoint"));
        checkpoint_ = own_note(note, keys);
        entries_ = std::move(entries);
        edge_ = std::move(edge);
        return true;
    }

    Result<void> write(db::Session& session) {
        const bool is_first = tree_.version == 0;
        tree_.version += 1;
        if (!(is_first ? store::insert_tree(session, tree_) : store::take_tree(session, tree_))) {
            return histories_differ();
        }
        std::multimap<std::string, std::string> waiting;
        for (const auto& row : store::waiting(session, log_, std::numeric_limits<int>::max())) {
            waiting.emplace(row.leaf_hash, row.entry_id);
        }
        for (const auto& entry : entries_) {
            const auto hash = crypto::to_hex(tlog::leaf_hash(entry));
            const auto waits = waiting.find(hash);
            if (waits == waiting.end()) {
                KAIGONG_CHECK(add(session, entry, hash));
            } else {
                store::place(session, waits->second, tree_.tree_size);
                waiting.erase(waits);
                ++done_.placed;
            }
            ++tree_.tree_size;
        }
        tree_.edge = edge_.to_text();
        tree_.checkpoint = checkpoint_;
        tree_.signed_at_ms = now_ms_;
        store::save_tree(session, tree_);
        done_.size = tree_.tree_size;
        return {};
    }

    Adopted take_done() { return std::move(done_); }

  private:
    Result<void> add(db::Session& session, const std::string& entry, const std::string& hash) {
        const auto subject = kAdoptedPrefix + std::to_string(tree_.tree_size);
        const store::EntryRow row{new_uuid(now_ms_), log_, subject, entry, hash, now_ms_, tree_.tree_size};
        if (!store::insert(session, row)) return histories_differ();
        done_.lost.push_back(entry);
        return {};
    }

    const std::string log_;
    const std::int64_t now_ms_;
    store::TreeRow tree_;
    tlog::Edge edge_;
    std::string checkpoint_;
    std::vector<std::string> entries_;
    Adopted done_;
};

}  // namespace

Result<Adopted> adopt(db::Database& database, const std::string& log, const tlog::LogKeys& keys,
                      const std::filesystem::path& folder, std::int64_t now_ms) {
    Adoption adoption(log, now_ms);
    KAIGONG_TRY(is_behind, adoption.read(database, keys, folder));
    if (!is_behind) return adoption.take_done();
    return database.transact([&](db::Session& session) -> Result<Adopted> {
        // A transaction may be run again: each begins from what was read.
        auto once = adoption;
        KAIGONG_CHECK(once.write(session));
        return once.take_done();
    });
}

}  // namespace kaigong::evidence
