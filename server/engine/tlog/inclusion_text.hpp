// One proof that travels alone (C2SP tlog-proof): index, path and checkpoint of an entry as a text. It stands in every
// certificate file as `evidence.proof`.
#pragma once

#include "engine/tlog/checkpoint.hpp"
#include "engine/tlog/proof.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::tlog {

struct InclusionText {
    std::optional<crypto::Bytes> extra;  ///< nobody vouches for it
    std::uint64_t index = 0;
    std::vector<Hash> proof;
    std::string checkpoint;  ///< the whole note, as it came

    std::string to_text() const;
    /// Fails with tlog.inclusion_malformed, and with what `parse_note` fails with.
    static Result<InclusionText> parse(std::string_view text);

    bool operator==(const InclusionText&) const = default;
};

/// That an entry with this leaf hash is in the log: the checkpoint is opened (`open_checkpoint`), then the path is
/// followed (`verify_inclusion`). Fails with what those two fail with.
Result<OpenedCheckpoint> verify_inclusion_text(const InclusionText& inclusion, const Hash& leaf, const LogKeys& log,
                                               std::span<const VerifierKey> witnesses = {});

}  // namespace kaigong::tlog
