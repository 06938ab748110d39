// What a witness says of a checkpoint: at this time it was the largest consistent tree that I saw of this log (C2SP
// tlog-cosignature, Ed25519). Cosignatures with ML-DSA-44 are passed over as those of unknown keys are.
#pragma once

#include "engine/tlog/note.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kaigong::tlog {

/// `cosignature/v1`, the line of the time and the text of the checkpoint.
std::string cosignature_message(std::string_view checkpoint_text, std::uint64_t timestamp_s);

/// `signer` has a key for cosignatures and the time is neither zero nor above 2^63 - 1; else it is a bug and throws.
/// Does not look at the checkpoint: witness.hpp does.
NoteSignature cosign(const SignerKey& signer, std::string_view checkpoint_text, std::uint64_t timestamp_s);

/// The time in a `timestamped_signature` (8 bytes big-endian, then 64), where the signature is right; nothing else.
/// Whether that time can be is for the caller, who has a clock.
std::optional<std::uint64_t> verify_cosignature(const crypto::Ed25519PublicKey& key, std::string_view checkpoint_text,
                                                crypto::BytesView timestamped);

}  // namespace kaigong::tlog
