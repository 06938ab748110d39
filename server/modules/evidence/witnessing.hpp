// The witnesses of one log: they are sent each new checkpoint (C2SP tlog-witness, add-checkpoint), their cosignatures
// are verified, kept in the database and put under the published checkpoint.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "db/database.hpp"
#include "engine/tlog/checkpoint.hpp"
#include "modules/evidence/evidence.hpp"
#include "modules/evidence/projection.hpp"
#include "modules/evidence/store.hpp"

namespace kaigong::evidence {

/// One thread at a time.
class Witnessing {
  public:
    /// `source` may be null: there are no witnesses. Throws std::invalid_argument where more are needed than there are.
    Witnessing(db::Database& database, WitnessSource* source, int needed, std::string log, tlog::LogKeys keys);

    /// Sends the checkpoint to every witness that has not cosigned it, all at once. True: a cosignature came that is
    /// not under the published checkpoint yet. A witness that fails is logged, left alone for a while and is no error.
    Result<bool> ask(const store::TreeRow& tree, const Projection& files);
    /// The note with the cosignatures that are there for this very tree.
    Result<std::string> cosigned(const store::TreeRow& tree) const;
    /// Whether as many witnesses as are needed stand under the note.
    bool enough(const std::string& note) const;

    std::vector<tlog::VerifierKey> keys() const;
    int needed() const { return needed_; }

  private:
    using Clock = std::chrono::steady_clock;
    struct Asked {
        std::string key;
        Result<store::CosignatureRow> row;
    };

    Result<store::CosignatureRow> ask_one(const tlog::VerifierKey& key, std::uint64_t old_size,
                                          const store::TreeRow& tree, const Projection& files) const;
    Result<store::CosignatureRow> read_answer(const tlog::VerifierKey& key, const store::TreeRow& tree,
                                              const std::string& lines) const;
    Result<std::vector<store::CosignatureRow>> rows() const;
    Result<bool> keep(const std::vector<Asked>& all);

    db::Database& database_;
    WitnessSource* source_;
    int needed_;
    std::string log_;
    tlog::LogKeys log_keys_;
    std::map<std::string, Clock::time_point> not_before_;  // by key: after a failure
};

}  // namespace kaigong::evidence
