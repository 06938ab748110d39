// The files of a certificate, each made and signed in one go: content and page in, signed bytes out. Deterministic but
// for the signatures.
#pragma once

#include <array>
#include <boost/json/object.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "formats/layout/document.hpp"
#include "modules/certificates/certificates.hpp"

namespace kaigong::certificates {

/// In the order in which they are made.
inline constexpr std::array<const char*, 4> kFileNames{"certificate.json", "certificate.xml", "certificate.pdf",
                                                       "certificate.ofd"};

struct FileSource {
    /// Members `certificate`, `evidence` and, of a copy, `copy`.
    const boost::json::object& content;
    const layout::Document& document;
    /// Of the issuer: name as it signs, and its seal (SESeal, DER).
    std::string issuer_name;
    crypto::BytesView seal;
    std::int64_t signed_at_ms = 0;
};

/// Told what is going to be signed, and by which certificate, before the key is asked.
using BeforeSigning = std::function<Result<void>(crypto::BytesView message, const crypto::Certificate& signer)>;

/// Fails as the formats, the key and the time stamp do.
Result<std::string> make_file(std::string_view file_name, const FileSource& source, const SigningKeys& keys,
                              const BeforeSigning& before);

/// application/pdf …
std::string media_type_of(std::string_view file_name);

}  // namespace kaigong::certificates
