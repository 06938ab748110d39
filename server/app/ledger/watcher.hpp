// A witness of one log: looks at it, judges trees and entries (engine/tlog/watch.hpp), remembers, and only then
// cosigns; and answers the log that asks for a cosignature (C2SP tlog-witness).
#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

#include "app/ledger/log_copy.hpp"
#include "app/ledger/witness_state.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "db/file_lock.hpp"
#include "engine/tlog/witness.hpp"

namespace kaigong::app {

struct WatcherParts {
    std::filesystem::path folder;
    tlog::LogKeys log;
    tlog::SignerKey key;  ///< for cosignatures
    const Clock& clock;
    /// The log runs on a virtual clock: its times are judged only among themselves, never against this machine's.
    bool sandbox = false;
};

/// One look.
struct Look {
    tlog::TreeHead shown;
    std::uint64_t judged = 0;  ///< entries
    std::vector<tlog::Finding> findings;
    bool is_older = false;  ///< than what was seen before, and part of it
    bool cosigned = false;
};

class Watcher {
  public:
    /// Takes the folder for itself. Fails with db.already_open, ledger.alarm_stands (a person has to look first),
    /// ledger.state_missing (a copy without what was cosigned), and as the state and the copy do.
    static Result<std::unique_ptr<Watcher>> open(WatcherParts parts);

    /// One thread. With findings nothing is cosigned, and alarm.json and alarms/ hold them. Fails with
    /// ledger.alarm_stands when a request raised one meanwhile, and where the log cannot be read; a tree that it has
    /// signed and for ten minutes not shown is a finding.
    Result<Look> look(LogSource& source, const LogCopy::Progress& progress = {});
    /// Any thread. What is accepted is on the disk before the answer is given, with its note; what the log has signed
    /// and what is refused all the same is kept too, and another tree of the size that was cosigned is an alarm.
    tlog::WitnessAnswer add_checkpoint(const std::string& body);
    /// The largest checkpoint that was cosigned, for monitors (C2SP tlog-witness). Any thread. Empty: none yet.
    std::string cosigned() const;

  private:
    Watcher(WatcherParts parts, db::FileLock lock, WitnessState state);
    Result<void> judge(Look& look, WitnessState& state, std::int64_t now_ms) const;
    Result<void> judge_range(Look& look, WitnessState& state, std::uint64_t below, std::int64_t cosigning_at_ms) const;
    Result<void> compare_with_cosigned(Look& look, const WitnessState& state, std::int64_t now_ms) const;
    Result<void> compare_with_unproven(Look& look, WitnessState& state, const LogStep& step, std::int64_t now_ms) const;
    void judge_age(Look& look, WitnessState& state, std::int64_t now_ms) const;
    Result<void> remember_unproven(WitnessState& state, const tlog::TreeHead& tree, const std::string& note,
                                   std::int64_t now_ms) const;
    Result<void> note_refused(const tlog::SubmittedCheckpoint& refused, std::int64_t now_ms);
    Result<void> note_accepted(const tlog::SubmittedCheckpoint& accepted, std::int64_t now_ms);
    Result<void> alarm(const Look& look, const std::string& note) const;
    Result<void> keep_note(const char* what, const std::string& note) const;
    Result<void> cosign(const std::string& note, std::int64_t now_ms) const;

    WatcherParts parts_;
    db::FileLock lock_;
    LogCopy copy_;
    std::mutex remembering_;  // for state_
    WitnessState state_;
};

}  // namespace kaigong::app
