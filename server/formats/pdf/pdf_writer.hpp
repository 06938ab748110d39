// A layout::Document as an archival, tagged PDF (PDF/A-2u): fonts embedded as subsets, text that can be selected in
// reading order, a structure tree, XMP metadata. The same input gives the same bytes. Not for signing: signature.hpp.
#pragma once

#include "formats/pdf/archival.hpp"

#include <string>

namespace kaigong::pdf {

/// The whole file; with `archival.signature` it has one empty field for a signature. Fails with
/// layout.font_not_installed, pdf.no_pages, pdf.too_many_pages, pdf.image_unreadable, pdf.property_name_invalid,
/// pdf.property_not_text, pdf.signature_page_missing.
Result<std::string> write(const layout::Document& document, const Archival& archival = {});

}  // namespace kaigong::pdf
