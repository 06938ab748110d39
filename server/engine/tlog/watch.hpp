// What somebody who watches a log looks for: a log that shows two faces, and entries that break the rules of times of
// docs/proof-formats.md. Every finding has a name that is never changed again and a sentence in both languages.
//
//     ledger.fork             two trees of one log that cannot both be true
//     ledger.rollback         the log is smaller than it was
//     ledger.tree_withheld    a signed tree, and no files that show whether it goes on from what was seen
//     ledger.entry_removed    an entry is gone, or another than the one that was signed
//     ledger.entry_backdated  an entry claims a time before the last look at the log
//     ledger.time_wrong       a time runs backwards, lies ahead, or does not fit the day of issue
//     ledger.entry_malformed  an entry is not what the page says an entry is
#pragma once

#include "engine/tlog/tree.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::tlog {

inline constexpr std::int64_t kDisorderMsMax = 60'000;
inline constexpr std::int64_t kAheadMsMax = 60'000;
inline constexpr std::int64_t kLateMsMax = 600'000;
inline constexpr std::int64_t kIssuedDaysBeforeMax = 15;

struct Finding {
    std::string name;
    std::uint64_t index = 0;  ///< of the entry; of a tree: the size that it claims
    std::string zh;
    std::string en;

    bool operator==(const Finding&) const = default;
};

/// Compares the tree that was seen last with the one that is shown now. Nothing where it goes on from it.
std::optional<Finding> watch_trees(const TreeHead& before, const TreeHead& now, std::span<const Hash> proof);

/// Of a tree that the log has signed and for too long not shown.
Finding tree_withheld(const TreeHead& tree);

/// Compares a bundle with the leaves that the tree has from `first_index` on. Leaves must be verified against a signed
/// root before, else a wrong tile looks like a removed entry.
std::vector<Finding> watch_bundle(std::uint64_t first_index, std::span<const std::string> entries,
                                  std::span<const Hash> leaves);

/// UTC milliseconds. The entry before the range, and the checkpoint before the range (what it covers was seen in time)
/// may not exist; the checkpoint that covers the range is mostly cosigned now.
struct WatchTimes {
    std::optional<std::int64_t> previous_logged_at_ms = std::nullopt;
    std::optional<std::int64_t> last_cosigned_at_ms = std::nullopt;
    std::int64_t cosigning_at_ms = 0;
};

struct WatchedEntries {
    std::vector<Finding> findings;                  ///< in the order of the entries
    std::optional<std::int64_t> last_logged_at_ms;  ///< `previous_logged_at_ms` of the next range
};

/// Judges entries that follow each other in the log. Malformed ones say no time and are passed over by the rules.
WatchedEntries watch_entries(std::uint64_t first_index, std::span<const std::string> entries, const WatchTimes& times);

}  // namespace kaigong::tlog
