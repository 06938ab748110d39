// The call `add-checkpoint` of C2SP tlog-witness, without the network: the request as text, and what a witness answers
// to it. The optional calls (sign-subtree) are not there.
#pragma once

#include "engine/tlog/checkpoint.hpp"
#include "engine/tlog/proof.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::tlog {

struct AddCheckpoint {
    std::uint64_t old_size = 0;
    std::vector<Hash> proof;
    std::string checkpoint;  ///< the whole note

    std::string to_text() const;
    /// Fails with tlog.add_checkpoint_malformed, and with what `parse_note` fails with.
    static Result<AddCheckpoint> parse(std::string_view body);

    bool operator==(const AddCheckpoint&) const = default;
};

/// What a witness knows of one log: the keys it trusts, and the tree it cosigned last (at first the empty one).
struct WitnessedLog {
    LogKeys log;
    TreeHead latest;
};

/// Null where the witness does not know this origin. What it points to must stay until the answer is there.
using FindLog = std::function<const WitnessedLog*(std::string_view origin)>;

/// What has to be kept before the answer goes out.
struct SubmittedCheckpoint {
    std::string origin;
    TreeHead tree;
    std::string note;  ///< with the signatures of the log that were verified and the cosignatures: for monitors
};

struct WitnessAnswer {
    int status = 400;
    std::string content_type = "text/plain; charset=utf-8";
    std::string body;
    std::optional<SubmittedCheckpoint> accepted;  ///< with status 200 only
    /// With status 422 only: the log has signed it, and nothing shows that it goes on from the latest tree. Of the same
    /// size and with another root it proves a fork.
    std::optional<SubmittedCheckpoint> refused;
};

/// The answer of the protocol: 200 with signature lines, 400 (no request, or an old size above the new one), 403 (not
/// signed by the log), 404 (unknown origin), 409 with the size of the latest tree (another old size), 422 (the proof or
/// the root is wrong). The body of a refusal is the reason of the error.
/// `signers` have keys for cosignatures and are not empty. What is `accepted` must be kept, and the latest tree must
/// still be the one that `find_log` gave, in one transaction, before the answer is sent: else two requests at once
/// could roll the log back.
WitnessAnswer answer_add_checkpoint(std::string_view body, const FindLog& find_log, std::span<const SignerKey> signers,
                                    std::uint64_t now_s);

}  // namespace kaigong::tlog
