// A layout::Document as PDF 1.5: fonts embedded as subsets, text that can be selected in reading order, structure tags.
// The same document gives the same bytes. Signing and archival metadata are added by whoever seals the file.
#pragma once

#include "base/result.hpp"
#include "formats/layout/document.hpp"

#include <string>

namespace kaigong::pdf {

/// The whole file. Fails with layout.font_not_installed, pdf.no_pages, pdf.too_many_pages, pdf.image_unreadable.
Result<std::string> write(const layout::Document& document);

}  // namespace kaigong::pdf
