// Signing a PDF without touching what is there (ISO 32000-1, 12.8): the signature is added behind the file as an
// update, and covers every byte but its own place. Makes no signature itself: what stands in the place is a CMS made
// elsewhere (ETSI.CAdES.detached, ETSI EN 319 142-1) over `signed_parts`.
#pragma once

#include "base/result.hpp"
#include "crypto/digest.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace kaigong::pdf {

/// What is signed, as the file says it: offset and length of the part before the signature's place, and of that behind.
using ByteRange = std::array<std::uint64_t, 4>;

struct SignatureFields {
    std::string name;
    std::string reason;
    std::string location;
    std::int64_t signed_at_ms = 0;
    /// Room for the CMS; the file grows by twice as much.
    std::size_t contents_bytes_max = 8192;
};

struct Prepared {
    /// The original bytes first, then the update with zeros in the signature's place.
    std::string pdf;
    ByteRange byte_range{};

    std::array<std::string_view, 2> signed_parts() const;
    /// SHA-256 of the parts, one after the other.
    crypto::Digest sha256() const;
};

/// `pdf` is a file of pdf::write with a signature field. Fails with pdf.signature_field_missing, pdf.already_signed,
/// and as `open_stored` does.
Result<Prepared> prepare_signature(std::string pdf, const SignatureFields& fields);

/// The whole signed file. Fails with pdf.signature_too_long.
Result<std::string> embed_signature(Prepared prepared, crypto::BytesView cms);

}  // namespace kaigong::pdf
