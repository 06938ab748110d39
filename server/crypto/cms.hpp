// Detached CMS signatures (RFC 5652) as PDF wants them: ETSI.CAdES.detached of PAdES baseline (ETSI EN 319 142-1),
// level B-B, and B-T where a time stamp is added. Written and read by this program only: the reader takes the profile
// that the writer writes, and refuses every byte that says anything else. Other people's profiles are for other
// verifiers.
//
// Profile: one signer, SHA-256, ECDSA P-256 or RSA; signed attributes content-type, message-digest and
// signing-certificate-v2 (no signingTime: PAdES has it in the dictionary); the chain embedded.
#pragma once

#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "crypto/signer.hpp"
#include "crypto/timestamp.hpp"
#include "crypto/x509.hpp"

#include <optional>
#include <span>
#include <vector>

namespace kaigong::crypto {

/// Larger signatures are refused: a chain and a time stamp need a tenth of it.
inline constexpr std::size_t kCadesBytesMax = 256U << 10U;

/// Signs content of which only the SHA-256 is known. `chain` begins with the signer's own certificate; its issuers
/// follow in order (the root may be left out). `stamp` is asked once, for the signature's value; its failure is the
/// call's failure, since a caller that wants to go on without a time stamp calls again without it.
/// Fails with crypto.signer_unfit (another algorithm, no chain, or a certificate for another key), and as `signer` and
/// `stamp` do. The size differs by up to two bytes between calls (ECDSA); `cades_bytes_max` is enough room.
Result<Bytes> sign_cades(const Digest& content_digest, const Signer& signer, std::span<const Certificate> chain,
                         const TimestampSource& stamp = {});

/// Room to leave for a signature with this chain; `timestamp_bytes_max` for the token, 0 without.
std::size_t cades_bytes_max(std::span<const Certificate> chain, std::size_t timestamp_bytes_max);

/// What a signature says once it is right. Whether the signer is trusted is asked of `verify_cades_signer` afterwards.
struct CadesSignature {
    Certificate signer;
    /// The others that came along, which nobody signed: `verify_cades_signer` judges them.
    std::vector<Certificate> chain;
    SignatureAlgorithm algorithm = SignatureAlgorithm::ecdsa_p256_sha256;
    /// What a time stamp is about.
    Bytes signature_value;
    /// The time stamp fits the signature and is signed by its authority; whether that one is trusted is asked of
    /// `verify_timestamp` with `timestamp_token`.
    std::optional<Timestamp> timestamp;
    Bytes timestamp_token;
};

/// `cms` is exactly the DER (PDF pads it with zeros: cut them off by `cades_length`).
/// Fails with crypto.cms_malformed, crypto.cms_digest_differs (the content is not what was signed),
/// crypto.cms_signature_wrong (the signature or the certificate named in it), crypto.timestamp_wrong.
Result<CadesSignature> verify_cades(BytesView cms, const Digest& content_digest);

/// A signature whose parts were judged each by itself: for a verifier that tells all that is wrong at once.
struct JudgedCades {
    /// As it stands there; `timestamp` is left empty, `timestamp_token` is unjudged.
    CadesSignature signature;
    /// The content is what the signature is about.
    bool content_fits = false;
    /// The signature is right, whatever it is about, and names the signer's certificate.
    bool signature_holds = false;
};

/// Fails with crypto.cms_malformed, crypto.cms_signature_wrong (the signer's certificate is not there).
Result<JudgedCades> judge_cades(BytesView cms, const Digest& content_digest);

/// The signer's way to a root, as `verify_chain` finds it. Every certificate that came along has to be on it: they are
/// the only bytes of the signature that nothing else protects.
/// Fails with crypto.cms_signature_wrong (a certificate that is not on the way), and as `verify_chain` does.
Result<std::vector<Certificate>> verify_cades_signer(const CadesSignature& signature,
                                                     std::span<const Certificate> roots, std::int64_t at_ms);

/// How many bytes of a padded buffer the DER takes. Fails with crypto.cms_malformed, also when the padding is not
/// zeros.
Result<std::size_t> cades_length(BytesView padded);

}  // namespace kaigong::crypto
