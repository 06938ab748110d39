// The text of a page as a reader would copy it: codes of the fonts through /ToUnicode, replaced by /ActualText where
// the page says so (ISO 32000-1, 9.10 and 14.9.4). What is drawn as shapes is no text.
#pragma once

#include "base/result.hpp"

#include <map>
#include <memory>
#include <string>

class QPDF;
class QPDFObjectHandle;

namespace kaigong::pdf {

struct FontDecoder;

/// Texts of the pages of one file. All of libqpdf's exceptions pass through: call it inside `guarded`.
class PageTexts {
  public:
    explicit PageTexts(QPDF& file);
    ~PageTexts();

    /// In the order of the content; a line feed behind each text object. `budget`: bytes that may still be unpacked.
    /// Fails with pdf.too_complex, pdf.unreadable.
    Result<std::string> read(QPDFObjectHandle page, std::size_t& budget);

  private:
    QPDF& file_;
    /// By object number: files share fonts among pages.
    std::map<int, std::shared_ptr<const FontDecoder>> decoders_;

    Result<std::shared_ptr<const FontDecoder>> decoder(QPDFObjectHandle font, std::size_t& budget);
    Result<void> read_stream(QPDFObjectHandle content, QPDFObjectHandle resources, int depth, std::string& text,
                             std::size_t& budget);
    friend class ContentReader;
};

}  // namespace kaigong::pdf
