// Whom a verifier trusts: trust.json, got from the authority once (docs/proof-formats.md, Whom a verifier trusts).
#pragma once

#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "crypto/x509.hpp"
#include "engine/tlog/note.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kaigong::verify {

inline constexpr std::size_t kTrustBytesMax = 4U << 20U;

struct Issuer {
    std::string code;
    std::string name;
};

struct Trust {
    std::string name;
    /// A training authority: nothing of it has force.
    bool sandbox = false;
    std::string public_url;
    std::string log_origin;
    tlog::VerifierKey log_key;
    /// Each key once, all of them for cosignatures.
    std::vector<tlog::VerifierKey> witnesses;
    std::size_t witnesses_needed = 0;
    std::vector<crypto::Certificate> signing_roots;
    std::vector<crypto::Certificate> seal_roots;
    /// SHA-256 of the certificates that the authority signs with, or did; of those whose seals it presses.
    std::vector<crypto::Digest> signers;
    std::vector<crypto::Digest> seal_makers;
    std::vector<Issuer> issuers;
};

/// Members that are not needed for judging are passed over. A list that is understood by half is refused as a whole.
/// Fails with verify.trust_malformed.
Result<Trust> read_trust(std::string_view json);

}  // namespace kaigong::verify
