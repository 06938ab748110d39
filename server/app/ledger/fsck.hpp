// Holds a log against itself and against what it is about: static files, entries and trees of the database, the
// certificates, the trace of acts. Changes nothing. Names of what is found stay the same for ever:
//
//     fsck.file_missing  fsck.file_wrong            a static file is gone, or is not that of the tree
//     fsck.checkpoint_wrong                         not signed by the log, or another tree than the files make
//     fsck.entry_changed  fsck.entry_missing        an entry of the database is not the one in the log, or is gone
//     fsck.tree_wrong                               edge, size or checkpoint of the database are not those of its
//     entries fsck.permit_entry_missing  fsck.permit_entry_differs   a valid edition and its entry
//     fsck.files_entry_missing  fsck.file_digest_differs     its files (and those of copies) and their entry
//     fsck.edition_missing                          an entry about a certificate that is not there
//     fsck.audit_changed  fsck.audit_removed  fsck.audit_inserted   a row of the trace of acts
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "crypto/key_ring.hpp"
#include "db/database.hpp"
#include "engine/tlog/checkpoint.hpp"

namespace kaigong::app {

struct FsckFinding {
    std::string name;
    std::string where;  ///< path of a file, number of an entry, identifier of a certificate, id of a row
    std::string zh;
    std::string en;
};

struct FsckReport {
    std::vector<FsckFinding> findings;  ///< at most kFsckFindingsMax are kept
    std::uint64_t found = 0;
    std::map<std::string, std::uint64_t> checked;  ///< by kind: entries, tiles, editions, copies, acts …

    void add(FsckFinding finding);
};

inline constexpr std::size_t kFsckFindingsMax = 1'000;

/// Told now and then: what, how many are done, of how many (0: not known).
using FsckProgress = std::function<void(const std::string& what, std::uint64_t done, std::uint64_t of)>;

/// Of a static file: `fsck.file_missing` or `fsck.file_wrong`.
FsckFinding file_finding(const char* name, const std::string& path);

/// What the static files hold.
struct FolderLog {
    bool has_checkpoint = false;     ///< be it a wrong one
    tlog::TreeHead head;             ///< of the checkpoint; the empty tree where there is none
    std::vector<tlog::Hash> leaves;  ///< of the entries, as far as they could be read
};

/// Every bundle, every tile, every level, the root, the signature.
FolderLog check_folder(const std::filesystem::path& folder, const tlog::LogKeys& log, FsckReport& report,
                       const FsckProgress& progress);

struct FsckParts {
    db::Database& database;
    const crypto::KeyRing& key_ring;
    const FsckProgress& progress;
};

/// Entries and tree of one log in the database, against each other and against the files. Fails as the database does.
Result<void> check_log(const FsckParts& parts, const std::string& log, const tlog::LogKeys& keys,
                       const FolderLog& files, FsckReport& report);
/// Fails as the database does.
Result<void> check_certificates(const FsckParts& parts, FsckReport& report);
Result<void> check_audit(const FsckParts& parts, FsckReport& report);

}  // namespace kaigong::app
