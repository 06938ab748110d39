// Electronic seals of OFD: GB/T 38540-2020, SES version 4, SM2 with SM3. A seal (SESeal) is a picture, a list of who
// may use it and dates, signed by its maker; a seal signature (SES_Signature) puts it on a file.
//
// Written strictly as the standard says; read as real files are: any kind of text where a text stands, extensions kept
// as they are. What is hashed of a package of OFD is the business of formats/ofd.
#pragma once

#include "base/result.hpp"
#include "crypto/digest.hpp"
#include "crypto/signer.hpp"
#include "crypto/timestamp.hpp"
#include "crypto/x509.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace kaigong::crypto {

/// Larger seals and signatures are refused.
inline constexpr std::size_t kSealBytesMax = 4U << 20U;

struct SealPicture {
    /// `PNG`, `SVG`, `OFD` …: kind of the file in `bytes`.
    std::string type;
    Bytes bytes;
    std::int64_t width_mm = 0;
    std::int64_t height_mm = 0;
};

/// How a seal names who may use it.
enum class SealList { certificates = 1, digests = 2 };

/// What a new seal shall say. Times are UTC milliseconds, written to the second.
struct NewSeal {
    /// Who made the seal system; IA5, ≤ 64 characters.
    std::string vendor;
    /// IA5; in practice the number of the seal at the police, 14 digits.
    std::string seal_id;
    /// 印章类型; 3 in the samples of government seals.
    std::int64_t type = 3;
    std::string name;
    SealList list = SealList::certificates;
    /// Who may use it: at least one, each with an SM2 key.
    std::vector<Certificate> signers;
    std::int64_t created_at_ms = 0;
    std::int64_t valid_from_ms = 0;
    std::int64_t valid_until_ms = 0;
    SealPicture picture;
};

/// SESeal, DER. Fails with crypto.seal_unfit (no SM2 key, a certificate of another key, nothing in a field that must
/// not be empty, dates in the wrong order), and as the signer does.
Result<Bytes> make_seal(const NewSeal& wanted, const Certificate& maker, const Signer& maker_key);

/// A seal as it was read, the maker's signature found right.
struct Seal {
    std::int64_t version = 0;
    std::string vendor;
    std::string seal_id;
    std::int64_t type = 0;
    std::string name;
    SealList list = SealList::certificates;
    /// DER of certificates, or digests.
    std::vector<Bytes> signers;
    std::int64_t created_at_ms = 0;
    std::int64_t valid_from_ms = 0;
    std::int64_t valid_until_ms = 0;
    SealPicture picture;
    Certificate maker;
    /// The whole SESeal.
    Bytes der;

    bool lists(const Certificate& certificate) const;
};

/// Fails with crypto.seal_malformed, crypto.seal_broken (the maker's signature is wrong). Whether the maker is trusted
/// is asked of `verify_chain`.
Result<Seal> read_seal(BytesView der);

/// What a seal is put on.
struct Sealing {
    /// SESeal, DER.
    BytesView seal;
    std::int64_t at_ms = 0;
    /// SM3 of Signature.xml.
    Digest content_digest{};
    /// Its path in the package: `/Doc_0/Signs/Sign_0/Signature.xml`.
    std::string property;
};

/// SES_Signature, DER. `stamp` is asked once, for the SHA-256 of the signature's value; its failure is the call's
/// failure. Fails with crypto.seal_unfit (the key is not SM2, or not that of the certificate),
/// crypto.seal_signer_not_listed, crypto.seal_expired (at_ms), as `read_seal`, and as `signer` and `stamp` do.
Result<Bytes> sign_with_seal(const Sealing& sealing, const Certificate& certificate, const Signer& signer,
                             const TimestampSource& stamp = {});

/// A seal on a file, found right. Whether the signer and the maker are trusted is asked of `verify_chain`.
struct SealSignature {
    Seal seal;
    std::int64_t at_ms = 0;
    Digest content_digest{};
    std::string property;
    Certificate signer;
    Bytes signature_value;
    /// As it stands there, unjudged; empty without. Ours is a token of timestamp.hpp for the SHA-256 of
    /// `signature_value`; other makers write other kinds.
    Bytes timestamp_token;
};

/// Judged in this order: crypto.seal_malformed, crypto.seal_content_differs (another file),
/// crypto.seal_signature_wrong, crypto.seal_broken, crypto.seal_signer_not_listed, crypto.seal_expired (the seal was
/// not valid when it was used).
Result<SealSignature> verify_seal_signature(BytesView der, const Digest& content_digest);

/// The same, each part judged by itself: for a verifier that tells all that is wrong at once.
struct JudgedSeal {
    /// As it stands there.
    SealSignature signature;
    bool content_fits = false;
    bool signature_holds = false;
    /// The maker's signature on the seal is right.
    bool seal_whole = false;
    bool signer_listed = false;
    /// The seal was valid when it was used.
    bool valid_then = false;
};

/// Fails with crypto.seal_malformed.
Result<JudgedSeal> judge_seal_signature(BytesView der, const Digest& content_digest);

}  // namespace kaigong::crypto
