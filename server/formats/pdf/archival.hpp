// What makes a PDF archival (PDF/A-2u, ISO 19005-2): metadata as XMP that agree with the information dictionary, and
// colours that mean the same everywhere. What the pages hold is the business of pdf_writer.hpp.
#pragma once

#include "base/result.hpp"
#include "formats/layout/document.hpp"

#include <optional>
#include <string>
#include <vector>

namespace kaigong::pdf {

/// The namespace of our own properties, and the prefix by which the files write it (docs/proof-formats.md).
inline constexpr const char* kPropertySpace = "urn:kaigong:certificate:1";
inline constexpr const char* kPropertyPrefix = "kg";

/// One property of ours: `name` in lower-case letters and `_`, `text` any characters that XML 1.0 knows, kept exactly;
/// `description` in English, for the schema that PDF/A wants with it.
struct Property {
    std::string name;
    std::string text;
    std::string description;
};

/// An empty, invisible field for one signature. `page` counts from 0. `description` is what a screen reader says.
struct SignatureField {
    std::string name = "issuer";
    std::string description;
    std::size_t page = 0;
    layout::Rect place;
};

struct Archival {
    std::vector<Property> properties;
    std::optional<SignatureField> signature;
};

/// Without the control characters and half surrogates that XML 1.0 cannot hold.
std::string printable(std::string_view text);

/// The XMP packet. Title, author, subject and time stand in it as in the information dictionary.
/// Fails with pdf.property_name_invalid, pdf.property_not_text.
Result<std::string> metadata_packet(const layout::Document& document, const std::vector<Property>& properties);

/// An ICC profile of sRGB (IEC 61966-2-1), made once; always the same bytes.
const std::string& srgb_profile();

}  // namespace kaigong::pdf
