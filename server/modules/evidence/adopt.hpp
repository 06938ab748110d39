// The way out after an old backup of the database was put back: what the log has published since then is in its static
// files, signed, and is taken into the database again. Not for a log whose files were changed: `ledger fsck` first.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "db/database.hpp"
#include "engine/tlog/checkpoint.hpp"

namespace kaigong::evidence {

/// Begins the subject of an entry that was adopted without what it is about.
inline constexpr const char* kAdoptedPrefix = "adopted/";

struct Adopted {
    std::int64_t size_before = 0;
    std::int64_t size = 0;
    std::int64_t placed = 0;        ///< entries that waited in the database and have their published place now
    std::vector<std::string> lost;  ///< entries whose certificate or act the database has forgotten, in their order
};

/// Takes the entries of the published files that the database has not, with their places, and the signed checkpoint, in
/// one transaction. Nothing to adopt is no error. One whose row does not wait has the subject `adopted/<index>`: what
/// it was about is not in the entry, and whoever issues anew gets an entry of his own. Nobody else may write in the log
/// meanwhile. Fails with evidence.files_broken, evidence.histories_differ (the files do not go on from the tree of the
/// database), and as the database does.
Result<Adopted> adopt(db::Database& database, const std::string& log, const tlog::LogKeys& keys,
                      const std::filesystem::path& folder, std::int64_t now_ms);

}  // namespace kaigong::evidence
