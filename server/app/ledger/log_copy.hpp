// A complete copy of a log in a folder, verified while it is made: every leaf hash is under the signed root, every
// entry under its leaf hash, and every tree goes on from the one before. A folder that holds one can be served again.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/ledger/log_source.hpp"
#include "base/result.hpp"
#include "engine/tlog/checkpoint.hpp"
#include "engine/tlog/watch.hpp"
#include "modules/evidence/projection.hpp"

namespace kaigong::app {

/// What one look at the log has shown.
struct LogStep {
    std::string checkpoint;  ///< the note, as it was shown
    tlog::TreeHead shown;
    std::vector<tlog::Finding> findings;  ///< of trees and bundles; with any, the copy stays as it was
    /// Smaller than the copy, and part of it: whoever answered lags behind, or hides the rest.
    bool is_older = false;
    /// Why the files do not show what the signed tree is: with it, the copy stays as it was. No finding yet, since a
    /// network and a disk do that too.
    std::optional<Error> withheld;
    /// The first entry of the bundle that is missing, where the hashes of the tree were all there.
    std::optional<std::uint64_t> missing_from;
};

/// One thread.
class LogCopy {
  public:
    using Progress = std::function<void(std::uint64_t done, std::uint64_t of)>;

    LogCopy(std::filesystem::path folder, tlog::LogKeys log);

    /// Reads what is in the folder, maybe nothing. Fails with evidence.files_broken, ledger.copy_broken.
    Result<void> open();
    const tlog::TreeHead& head() const { return head_; }
    /// The root that the copy had at an older size.
    Result<tlog::Hash> root_at(std::uint64_t size) const;
    /// Of the copy, entries from one place to below another within one bundle.
    Result<std::vector<std::string>> entries(std::uint64_t from, std::uint64_t below) const;

    /// Goes on to the tree that the log shows now. Fails with what `open_checkpoint` fails with,
    /// evidence.files_not_written, and as the source of the checkpoint does. What the files behind a checkpoint that
    /// the log has signed fail with is `withheld`: ledger.files_wrong (not those of the signed tree),
    /// ledger.file_missing, tlog.tile_malformed, tlog.bundle_malformed, and as the network does.
    Result<LogStep> follow(LogSource& source, const Progress& progress = {});

  private:
    Result<std::vector<tlog::Hash>> leaves(LogSource& source, std::uint64_t from, std::uint64_t below) const;
    Result<void> compare_with_copy(LogStep& step);
    Result<void> diagnose(LogSource& source, LogStep& step) const;
    Result<std::vector<std::string>> bundle(LogSource& source, std::uint64_t first, std::span<const tlog::Hash> wanted,
                                            LogStep& step) const;
    Result<void> take(LogSource& source, LogStep& step, std::span<const tlog::Hash> added, const Progress& progress);

    std::filesystem::path folder_;
    tlog::LogKeys log_;
    evidence::Projection files_;
    tlog::Edge edge_;
    tlog::TreeHead head_;
};

}  // namespace kaigong::app
