// Detached signatures of JSON (RFC 7515, RFC 7797): ES256 over the payload as it is (`b64` false), the certificates in
// the header (`x5c`). The payload is the canonical JSON of what is signed; docs/proof-formats.md.
#pragma once

#include "base/result.hpp"
#include "crypto/signer.hpp"
#include "crypto/x509.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::crypto {

/// `<header>..<signature>`: the compact form with nothing for the payload. `chain` begins with the signer's own
/// certificate. Fails with crypto.signer_unfit (not ECDSA P-256, no chain, a certificate for another key), and as the
/// signer does.
Result<std::string> sign_jws(BytesView payload, const Signer& signer, std::span<const Certificate> chain);

/// The certificates of the header, the signer's first, once the signature is right. Whether the signer is trusted is
/// asked of `verify_chain`.
/// Fails with crypto.jws_malformed (also for another algorithm or an unknown header member) and
/// crypto.jws_signature_wrong (another payload, another key).
Result<std::vector<Certificate>> verify_jws(std::string_view jws, BytesView payload);

/// The same, each part judged by itself: for a verifier that tells all that is wrong at once.
struct JudgedJws {
    /// Of the header, the signer's first; not empty.
    std::vector<Certificate> chain;
    /// Header and value are of the form that this project writes.
    bool in_our_form = false;
    /// In our form, and right for the payload.
    bool holds = false;
};

/// Fails with crypto.jws_malformed: there is nobody to judge.
Result<JudgedJws> judge_jws(std::string_view jws, BytesView payload);

}  // namespace kaigong::crypto
