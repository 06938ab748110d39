// Checkpoints (C2SP tlog-checkpoint): which log, how large, which root, signed as a note by the log and maybe cosigned
// by witnesses.
#pragma once

#include "engine/tlog/note.hpp"
#include "engine/tlog/tree.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::tlog {

struct Checkpoint {
    std::string origin;
    TreeHead tree;
    std::vector<std::string> extensions;  ///< lines that the log adds; nobody can check what they say

    /// The text that is signed. Origin and extensions must be non-empty lines and the size at most 2^63 - 1; else it is
    /// a bug and throws.
    std::string to_text() const;
    /// Of the text of a note. Fails with tlog.checkpoint_malformed. An empty tree with a wrong root can be read:
    /// `verify_consistency` refuses it.
    static Result<Checkpoint> parse(std::string_view text);

    bool operator==(const Checkpoint&) const = default;
};

/// The whole file, with one signature of the log.
std::string sign_checkpoint(const Checkpoint& checkpoint, const SignerKey& log);

/// What one wants to know about a log before believing its checkpoints.
struct LogKeys {
    std::string origin;
    std::vector<VerifierKey> keys;  ///< one of them has to have signed
};

struct OpenedCheckpoint {
    Checkpoint checkpoint;
    std::vector<VerifiedSignature> cosignatures;  ///< of known witnesses, each once
};

/// Fails with what `parse_note`, `Checkpoint::parse` and `open_note` fail with; with tlog.log_unknown where the origin
/// is another; with tlog.signature_missing where the log itself has not signed. How many witnesses are enough is for
/// the caller.
Result<OpenedCheckpoint> open_checkpoint(std::string_view bytes, const LogKeys& log,
                                         std::span<const VerifierKey> witnesses = {});

}  // namespace kaigong::tlog
