// The package side of seals: GB/T 33190-2016, chapter 18. What a seal and a signed value are inside is not known here
// (GB/T 38540, crypto/seal.hpp): bytes come and go.
#pragma once

#include "crypto/bytes.hpp"
#include "formats/ofd/ofd_reader.hpp"

#include <functional>

namespace kaigong::ofd {

/// Where `seal` puts the description that is signed; SES signatures name it (TBS_Sign.propertyInfo).
inline constexpr std::string_view kSignatureLocation = "/Doc_0/Signs/Sign_0/Signature.xml";

struct SealPlace {
    /// From 0.
    std::size_t page = 0;
    layout::Rect place;
};

/// Signs these bytes of Signature.xml; gives the bytes of SignedValue.dat.
using Sign = std::function<Result<crypto::Bytes>(crypto::BytesView signature_xml)>;

/// The package with its one seal: every file but Signatures.xml, Signature.xml and SignedValue.dat is covered by SM3.
/// `signed_at_ms` is written in the office's time. Fails with ofd.already_sealed, ofd.no_such_page, whatever `read`
/// fails with, and whatever `sign` fails with.
Result<Package> seal(Package package, const SealPlace& where, crypto::BytesView seal_bytes, std::int64_t signed_at_ms,
                     const Sign& sign);

/// Whether Signatures.xml names one signature and says nothing else: no seal covers it, so there is no room in it for
/// comments or elements of anybody, blanks at most.
bool lists_one_signature(const Package& package, const Reading& reading);

struct ReferenceCheck {
    /// Named by the signature, but changed or gone since.
    std::vector<std::string> changed;
    /// In the package, and not named, although only Signatures.xml, Signature.xml and SignedValue.dat may be.
    std::vector<std::string> not_covered;
    /// The bytes of Signature.xml, whose SM3 is signed. A view into the package.
    std::string_view signed_bytes;

    bool whole() const { return changed.empty() && not_covered.empty(); }
};

/// Fails with ofd.check_method_unknown: only SM3 (GB/T 32905) protects, MD5 and SHA-1 do not.
Result<ReferenceCheck> check_references(const Package& package, const Reading& reading,
                                        const SignatureRecord& signature);

}  // namespace kaigong::ofd
