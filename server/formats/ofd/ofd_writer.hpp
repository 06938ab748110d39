// A layout::Document as OFD (GB/T 33190-2016): the same page as pdf/pdf_writer.hpp draws. Fonts are embedded as
// subsets, text can be selected and searched in reading order, art that all pages begin with stands once, in a template
// page. Sealing is ofd_signing.hpp.
#pragma once

#include "formats/layout/document.hpp"
#include "formats/ofd/package.hpp"

namespace kaigong::ofd {

/// DocInfo/CustomDatas (GB/T 33190, 7.4): a name and a value for whoever sorts files.
struct CustomData {
    std::string name;
    std::string value;
};

struct AttachedFile {
    /// Letters, digits, `.`, `_` and `-`; also the name of the file in the package.
    std::string name;
    /// `json`, `xml` …
    std::string format;
    std::string bytes;
};

struct Options {
    /// DocID: 32 hexadecimal digits, chosen by the caller, who knows what makes two documents one.
    std::string doc_id;
    std::vector<CustomData> custom_data;
    std::vector<AttachedFile> attachments;
};

/// The same document and options give the same bytes. Fails with layout.font_not_installed, ofd.no_pages,
/// ofd.too_many_pages, ofd.image_unreadable, ofd.doc_id_malformed, ofd.name_refused, ofd.name_repeated.
Result<Package> write(const layout::Document& document, const Options& options);

}  // namespace kaigong::ofd
