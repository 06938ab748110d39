// The witnesses of one log: they are sent each new checkpoint (C2SP tlog-witness, add-checkpoint), their cosignatures
// are verified, kept in the database and put under the published checkpoint.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "db/database.hpp"
#include "engine/tlog/checkpoint.hpp"
#include "modules/evidence/evidence.hpp"
#include "modules/evidence/projection.hpp"
#include "modules/evidence/store.hpp"

namespace kaigong::evidence {

/// Asking is for one thread at a time; all else is for any.
class Witnessing {
  public:
    /// `source` may be null: there are no witnesses. `clock` is the machine's: a witness says its own time.
    /// Throws std::invalid_argument where more are needed than there are.
    Witnessing(db::Database& database, const kaigong::Clock& clock, WitnessSource* source, int needed, std::string log,
               tlog::LogKeys keys);

    /// Sends the checkpoint to every witness that has not cosigned it, all at once. True: a cosignature came that is
    /// not under the published checkpoint yet. A witness that fails is logged, left alone for a while and is no error.
    Result<bool> ask(const store::TreeRow& tree, const Projection& files);
    /// Sends this very tree to every witness, for who does not know whether the database is an old one. Gives how many
    /// answered.
    Result<std::size_t> meet(const store::TreeRow& tree, const Projection& files);
    /// Fails with evidence.witness_ahead while a witness says that it has seen a larger tree of this log: it was signed
    /// and published, and a database that does not know it would sign another one of that size.
    Result<void> nobody_is_ahead(std::int64_t tree_size) const;
    /// The newest checkpoint above that place under which as many as are needed stood together. The published one is
    /// mostly newer and still waits for them.
    std::optional<std::string> newest_enough(std::uint64_t index) const;
    /// The note with the cosignatures that are there for this very tree.
    Result<std::string> cosigned(const store::TreeRow& tree) const;
    /// Whether as many witnesses as are needed stand under the note.
    bool enough(const std::string& note) const;

    std::vector<tlog::VerifierKey> keys() const;
    int needed() const { return needed_; }

  private:
    using Steady = std::chrono::steady_clock;
    struct Question {
        tlog::VerifierKey key;
        std::uint64_t old_size = 0;
        int turns = 0;
    };
    struct Answer {
        tlog::VerifierKey key;
        Result<store::CosignatureRow> row;
        std::optional<std::uint64_t> seen;  ///< the size that it said it has
    };

    std::vector<Answer> ask_all(const std::vector<Question>& questions, const store::TreeRow& tree,
                                const Projection& files) const;
    Answer ask_one(const Question& question, const store::TreeRow& tree, const Projection& files) const;
    Result<store::CosignatureRow> read_answer(const tlog::VerifierKey& key, const store::TreeRow& tree,
                                              const std::string& lines) const;
    Result<std::vector<store::CosignatureRow>> rows() const;
    Result<bool> keep(const std::vector<Answer>& all, const store::TreeRow& tree);
    Result<void> note_seen(const Answer& answer, const store::TreeRow& tree);
    void note_enough(const std::vector<Answer>& all, const std::vector<store::CosignatureRow>& known,
                     const store::TreeRow& tree);

    db::Database& database_;
    const kaigong::Clock& clock_;
    WitnessSource* source_;
    int needed_;
    std::string log_;
    tlog::LogKeys log_keys_;
    std::map<std::string, Steady::time_point> not_before_;  // by key: after a failure

    mutable std::mutex mutex_;                                    // for what follows
    std::map<std::string, std::uint64_t> ahead_;                  // by name of the witness: what it has seen
    std::optional<std::pair<std::int64_t, std::string>> enough_;  // size and note
};

}  // namespace kaigong::evidence
