// What a witness remembers of its log, in its folder:
//
//     state.json    this, always whole: replaced by a rename after fsync
//     log/          the copy of the log
//     cosigned      the largest checkpoint with the witness's own signature, by looking or by asking
//     alarm.json    what was found; while it is there, nothing is cosigned
//     alarms/       the checkpoints that show it; `unproven-…`, what the log has signed and not shown yet
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "engine/tlog/tree.hpp"

namespace kaigong::app {

/// When a tree of this size was cosigned, UTC milliseconds.
struct CosignedMark {
    std::uint64_t size = 0;
    std::int64_t at_ms = 0;
};

/// A tree that the log has signed and that was not seen to go on from the others.
struct UnprovenTree {
    tlog::TreeHead tree;
    std::int64_t at_ms = 0;  ///< first
};

struct WitnessState {
    std::string origin;
    /// All entries of this tree were judged.
    std::uint64_t watched = 0;
    std::optional<std::int64_t> last_logged_at_ms;
    /// When the last tree was cosigned of which all entries were judged.
    std::optional<std::int64_t> covered_at_ms;
    /// The largest tree that was cosigned, by looking or by asking.
    tlog::TreeHead cosigned;
    std::int64_t cosigned_at_ms = 0;
    /// Cosigned because the log asked, entries not judged yet; by size.
    std::vector<CosignedMark> marks;
    std::vector<UnprovenTree> unproven;
    /// Since when the log shows only trees that are older than the copy.
    std::optional<std::int64_t> older_since_ms;
};

/// Nothing where there is no file. Fails with ledger.state_broken, ledger.state_of_another_log.
Result<std::optional<WitnessState>> read_witness_state(const std::filesystem::path& folder, const std::string& origin);
/// Is on the disk when it returns. Fails with ledger.state_not_written.
Result<void> write_witness_state(const std::filesystem::path& folder, const WitnessState& state);

/// With those above it, each on the disk when it returns; true when it is there already.
bool make_folders(const std::filesystem::path& folder);
/// The whole file or the old one, on the disk when it returns. Fails with ledger.state_not_written.
Result<void> write_durably(const std::filesystem::path& file, std::string_view bytes);

}  // namespace kaigong::app
