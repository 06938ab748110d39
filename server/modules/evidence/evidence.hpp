// What can later be proved to anybody: two logs (permits, and the trace of acts) that nobody can rewrite, C2SP
// tlog-tiles (docs/proof-formats.md). An entry is queued in the transaction of its act; `settle` gives it its place and
// signs a checkpoint over it; static files are made from both.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "db/database.hpp"
#include "engine/tlog/note.hpp"
#include "engine/tlog/witness.hpp"
#include "http/router.hpp"

namespace kaigong::evidence {

inline constexpr const char* kPermitsLog = "permits";
inline constexpr const char* kAuditLog = "audit";

struct NewEntry {
    std::string log;      ///< kPermitsLog or kAuditLog
    std::string subject;  ///< one entry a subject, at most 160 characters: `permit/<identifier>`, `audit/<entry_id>`
    std::string entry;    ///< canonical JSON, at most 16 KiB
    std::int64_t queued_at_ms = 0;
};

/// An entry with what shows that it is in the log.
struct Proof {
    std::int64_t leaf_index = 0;
    std::string entry;
    /// C2SP tlog-proof: index, inclusion proof and signed checkpoint.
    std::string text;
};

/// How a log stands now.
struct Tree {
    std::int64_t tree_size = 0;
    std::string checkpoint;  ///< signed note; empty before the first
    std::int64_t signed_at_ms = 0;
};

/// An entry that is queued or has its place.
struct LoggedEntry {
    std::optional<std::int64_t> leaf_index;
    std::string entry;
};

/// Who cosigns the checkpoints of the log of permits, as this module needs them: `app` binds it to the network.
class WitnessSource {
  public:
    WitnessSource() = default;
    WitnessSource(const WitnessSource&) = delete;
    WitnessSource& operator=(const WitnessSource&) = delete;
    virtual ~WitnessSource() = default;

    /// Always the same ones.
    virtual std::vector<tlog::VerifierKey> keys() const = 0;
    /// Sends the body of `add-checkpoint` to one of them and brings its answer back; any status is an answer. Several
    /// threads at once, one for each witness. Fails as the network does, within seconds.
    virtual Result<tlog::WitnessAnswer> add_checkpoint(const tlog::VerifierKey& witness, const std::string& body) = 0;
};

class Evidence {
  public:
    Evidence() = default;
    Evidence(const Evidence&) = delete;
    Evidence& operator=(const Evidence&) = delete;
    virtual ~Evidence() = default;

    /// Part of the caller's transaction. A subject that is there already stays as it is: a repeated step logs nothing.
    virtual void queue(db::Session& session, const NewEntry& entry) = 0;
    /// Gives everything that waits its place, signs, and brings the static files up to date. Any process, any thread.
    /// One log does not wait for the other to be whole; the first failure is told. The first call of a process asks the
    /// witnesses what they have seen.
    /// Gives the number of entries placed here. Fails with evidence.files_ahead, evidence.witness_ahead: the files, or
    /// a witness, show more than the database has, so an old copy of it was put back; nothing is signed until that is
    /// mended.
    virtual Result<int> settle() = 0;
    /// Sends the published checkpoint to the witnesses that have not cosigned it and publishes it anew with what came.
    /// Takes as long as they do; one that is down is logged and is no error. Any thread.
    virtual Result<void> ask_witnesses() = 0;
    /// Settles first where that is needed, and asks the witnesses where that is. Fails with evidence.not_logged
    /// (not_found), evidence.witnesses_missing (unavailable: fewer have cosigned than are needed; try again) and as
    /// `settle` does.
    virtual Result<Proof> prove(const std::string& log, const std::string& subject) = 0;
    /// What `prove` proves, without a proof. Fails with evidence.not_logged (not_found).
    virtual Result<LoggedEntry> entry(const std::string& log, const std::string& subject) = 0;
    virtual Result<Tree> tree(const std::string& log) = 0;
    /// `<origin>+<key id>+<key>` of a log, as others verify it.
    virtual std::string verifier_key(const std::string& log) const = 0;
    virtual std::string origin(const std::string& log) const = 0;
    /// Of the log of permits; a verifier has to know them.
    virtual std::vector<tlog::VerifierKey> witnesses() const = 0;
    virtual int witnesses_needed() const = 0;
    /// The static files under /ledger/.
    virtual std::vector<http::Endpoint> routes() = 0;
};

/// What the module is made of; everything must live longer.
struct Parts {
    db::Database& database;
    /// The office's clock: it stands beside the checkpoint in the database.
    const Clock& clock;
    /// Static files: `<folder>/permits/checkpoint`, `<folder>/permits/tile/…`.
    std::filesystem::path folder;
    /// One a log. The name of the key is the origin of its log, a schema-less address that stays the same for ever.
    tlog::SignerKey permits_key;
    tlog::SignerKey audit_key;
    WitnessSource* witnesses = nullptr;
    int witnesses_needed = 0;  ///< at most as many as there are
    /// What the times of witnesses are held against; null: the office's clock, which only a demo sets.
    const Clock* machine_clock = nullptr;
};
std::unique_ptr<Evidence> make_evidence(Parts parts);

}  // namespace kaigong::evidence
