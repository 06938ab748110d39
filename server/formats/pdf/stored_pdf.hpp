// A PDF that somebody gives us, opened by libqpdf under limits. Only the plain form that this project writes is taken:
// classic cross-reference tables, no encryption, no object streams. What a table says is then all there is to say, and
// nothing is unpacked before its size is known to be bounded.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

class QPDF;
class QPDFObjectHandle;

namespace kaigong::pdf {

inline constexpr std::size_t kStoredBytesMax = 32UL * 1024 * 1024;
inline constexpr std::size_t kRevisionsMax = 64;
inline constexpr std::size_t kObjectsMax = 100'000;

/// How the file is put together, newest part first.
struct FileForm {
    /// Parts of the file, each with a table of its own: 1 as first written, one more for every update.
    std::size_t revisions = 0;
    /// Where the newest table begins.
    std::uint64_t newest_table = 0;
};

/// Reads the tables only. Fails with pdf.too_large, pdf.unreadable, pdf.form_not_plain (compressed tables or
/// encryption: no file of ours), pdf.too_many_revisions.
Result<FileForm> file_form(std::string_view pdf);

/// `pdf` must outlive the result. Fails as `file_form` does. What libqpdf throws while it is read belongs into
/// `guarded`, in the same thread.
Result<std::shared_ptr<QPDF>> open_stored(std::string_view pdf);

/// A stream's content, unpacked. `budget` is lowered by what it took; over it, or packed more than once over, fails
/// with pdf.too_complex; with parameters for its filter (a predictor asks for a row as wide as it says), with
/// pdf.form_not_plain.
Result<std::string> stream_content(QPDFObjectHandle stream, std::size_t& budget);

Error pdf_unreadable();
Error pdf_not_plain();

/// Thrown through libqpdf, which reads an object while it reads another, as deep as a file likes. None of the
/// exceptions that it catches: it would go on without the object.
struct ReadsTooDeep {};

/// libqpdf tells of broken files by exceptions: here they are the error pdf.unreadable.
template <class Work>
auto guarded(Work work) -> decltype(work()) {
    try {
        return work();
    } catch (const ReadsTooDeep&) {
        return pdf_not_plain();
    } catch (const std::exception&) {
        return pdf_unreadable();
    }
}

}  // namespace kaigong::pdf
