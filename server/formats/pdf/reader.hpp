// What a verifier needs from a PDF of a stranger: its signatures and what they cover, our own properties, the text of
// its pages. Judges nothing but the form: whether a signature is right is for whoever knows the keys.
#pragma once

#include "crypto/bytes.hpp"
#include "formats/pdf/signature.hpp"

#include <map>
#include <string>
#include <vector>

namespace kaigong::pdf {

/// A signature field that is filled.
struct StoredSignature {
    std::string field;
    /// As the file names them: `ETSI.CAdES.detached`; `D:20261202082640Z`, which nobody vouches for.
    std::string sub_filter;
    std::string name;
    std::string reason;
    std::string signed_at;
    ByteRange byte_range{};
    /// The range begins at 0, lies inside the file, and leaves out nothing but this signature's own /Contents.
    bool range_sound = false;
    /// Sound, and the file ends where the range ends: nothing was added after signing.
    bool covers_whole_file = false;
    /// The DER of the CMS without the zeros behind it. Empty when there is no single DER value with only zeros behind.
    crypto::Bytes cms;
};

struct StoredPdf {
    /// By the end of what they cover, the last one last.
    std::vector<StoredSignature> signatures;
    /// 1 as written, 2 signed once.
    std::size_t revisions = 0;
    /// Text properties of the namespace urn:kaigong:certificate:1, by name.
    std::map<std::string, std::string> properties;
    /// For each page, in the order of its content.
    std::vector<std::string> pages;

    bool last_signature_covers_whole_file() const { return !signatures.empty() && signatures.back().covers_whole_file; }
};

/// Limits: 32 MiB, 64 revisions, 100 000 objects, 64 pages in one list, 16 fields, 16 MiB unpacked (each stream counts
/// 16 KiB more), objects within objects as deep as a mebibyte of stack. Fails with pdf.too_large, pdf.unreadable,
/// pdf.form_not_plain, pdf.too_many_revisions, pdf.too_complex, pdf.metadata_ambiguous (a property stands there twice).
Result<StoredPdf> read(std::string_view pdf);

/// The same without `pages`, for a file whose pages cannot be read: who signed it can still be told. Fails as `read`.
Result<StoredPdf> read_without_pages(std::string_view pdf);

/// The two parts that a sound range covers; of any other range, nothing.
std::array<std::string_view, 2> signed_parts(std::string_view pdf, const ByteRange& range);

}  // namespace kaigong::pdf
