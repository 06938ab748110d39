// The static files of one log (C2SP tlog-tiles): made from the entries of the database, in the order in which a crash
// between two of them leaves nothing wrong: bundles, tiles, checkpoint. They can be made again at any time.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "engine/tlog/inclusion_text.hpp"
#include "engine/tlog/tile.hpp"
#include "modules/evidence/store.hpp"

namespace kaigong::evidence {

class NewFiles;

/// Checkpoints of one log whose signature was found right: the same two are looked at again and again. Any thread.
class VerifiedNotes {
  public:
    /// Fails as `tlog::open_checkpoint` does.
    Result<tlog::TreeHead> open(const std::string& note, const tlog::LogKeys& log);

  private:
    std::mutex mutex_;
    /// The last used first; that of the files, and the next one.
    std::array<std::optional<std::pair<std::string, tlog::TreeHead>>, 2> known_;
};

/// One thread at a time; reading files is for any.
class Projection {
  public:
    /// The entries of the log from one place to below another, at most 256.
    using ReadEntries = std::function<Result<std::vector<store::PlacedRow>>(std::int64_t from, std::int64_t below)>;

    Projection(std::filesystem::path folder, tlog::LogKeys log) : folder_(std::move(folder)), log_(std::move(log)) {}

    /// The tree of a checkpoint that the log has signed. Fails as `tlog::open_checkpoint` does.
    Result<tlog::TreeHead> signed_tree(const std::string& checkpoint) const {
        return verified_->open(checkpoint, log_);
    }
    /// The tree of the checkpoint file; the empty one where there is none. Fails with evidence.files_broken.
    Result<tlog::TreeHead> head() const;
    /// Goes on to this tree; of the same tree, the checkpoint is written anew where it has other signatures. The
    /// checkpoint comes last, once the files are found to make its root.
    /// Fails with evidence.files_ahead, evidence.files_not_written, evidence.entries_missing, evidence.entries_changed
    /// (other files than the signed tree has), and as `read` does.
    Result<void> advance(const tlog::TreeHead& tree, const std::string& checkpoint, const ReadEntries& read) const;
    /// Under the checkpoint of the files. Fails with evidence.not_in_files (unavailable: not yet),
    /// evidence.files_broken.
    Result<tlog::InclusionText> prove(std::uint64_t index, const tlog::Hash& leaf) const;
    /// Under a checkpoint that the files had before. Fails with evidence.files_broken.
    Result<tlog::InclusionText> prove_under(const std::string& note, std::uint64_t index, const tlog::Hash& leaf) const;
    /// Between two sizes that the tree of the files had. Fails with evidence.files_broken, tlog.sizes_out_of_order.
    Result<std::vector<tlog::Hash>> prove_consistency(std::uint64_t old_size, std::uint64_t size) const;
    /// `checkpoint` or a path of a tile or bundle. Fails with evidence.file_unknown (not_found).
    Result<std::string> file(const std::string& path) const;

  private:
    Result<std::vector<tlog::Hash>> add_bundle(NewFiles& files, const tlog::TileId& tile,
                                               const ReadEntries& read) const;
    Result<std::vector<tlog::Hash>> hashes_above(const tlog::TileId& tile, std::uint64_t old_size) const;
    tlog::ReadHashes reader(std::uint64_t size) const;
    Result<crypto::Bytes> read_tile(const tlog::TileId& tile) const;
    std::optional<std::string> wider(const tlog::TileId& tile) const;
    void remove_outgrown(std::uint64_t old_size, std::uint64_t size) const;

    std::filesystem::path folder_;
    tlog::LogKeys log_;
    std::shared_ptr<VerifiedNotes> verified_ = std::make_shared<VerifiedNotes>();
};

}  // namespace kaigong::evidence
