#include "formats/pdf/stored_pdf.hpp"

#include "formats/pdf/qpdf.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <stdexcept>

namespace kaigong::pdf {
namespace {

constexpr std::size_t kTableEntryBytes = 20;

Error too_complex() {
    return error(Errc::too_large, "pdf.too_complex", "该 PDF 的内容过多，无法核验，请使用原始文件。");
}

bool is_blank(char sign) {
    return sign == ' ' || sign == '\n' || sign == '\r' || sign == '\t' || sign == '\f' || sign == '\0';
}

bool is_digit(char sign) {
    return sign >= '0' && sign <= '9';
}

class TableReader {
  public:
    TableReader(std::string_view pdf, std::size_t at) : pdf_(pdf), at_(at) {}

    bool word(std::string_view wanted) {
        skip_blanks();
        if (!pdf_.substr(at_).starts_with(wanted)) return false;
        at_ += wanted.size();
        return true;
    }

    std::optional<std::uint64_t> number() {
        skip_blanks();
        std::uint64_t value = 0;
        const char* begin = pdf_.data() + at_;
        const auto [end, problem] = std::from_chars(begin, pdf_.data() + pdf_.size(), value);
        if (problem != std::errc() || end == begin || end - begin > 10) return std::nullopt;
        at_ += static_cast<std::size_t>(end - begin);
        return value;
    }

    /// `nnnnnnnnnn ggggg n` with two blanks behind, as often as said (ISO 32000-1, 7.5.4).
    bool entries(std::uint64_t count) {
        skip_blanks();
        if (count > (pdf_.size() - at_) / kTableEntryBytes) return false;
        for (std::uint64_t i = 0; i < count; ++i, at_ += kTableEntryBytes) {
            const std::string_view entry = pdf_.substr(at_, kTableEntryBytes);
            const bool digits = std::ranges::all_of(entry.substr(0, 10), is_digit) &&
                                std::ranges::all_of(entry.substr(11, 5), is_digit);
            const bool known = entry[17] == 'n' || entry[17] == 'f';
            if (!digits || !known || entry[10] != ' ' || entry[16] != ' ' || !is_blank(entry[18]) ||
                !is_blank(entry[19])) {
                return false;
            }
        }
        return true;
    }

    /// The dictionary behind `trailer`, up to `startxref`.
    std::string_view dictionary() const {
        const std::size_t end = pdf_.find("startxref", at_);
        return pdf_.substr(at_, end == std::string_view::npos ? 0 : end - at_);
    }

  private:
    std::string_view pdf_;
    std::size_t at_;

    void skip_blanks() {
        while (at_ < pdf_.size() && is_blank(pdf_[at_])) ++at_;
    }
};

struct TablePart {
    std::size_t objects = 0;
    std::optional<std::uint64_t> before;
};

/// `scratch`: an empty file, to which the references of the trailer belong while it is read.
Result<TablePart> read_table(std::string_view pdf, std::uint64_t at, QPDF& scratch) {
    TableReader reader(pdf, at);
    if (at >= pdf.size() || is_blank(pdf[at]) || !reader.word("xref")) return pdf_not_plain();
    TablePart part;
    while (!reader.word("trailer")) {
        const auto first = reader.number();
        const auto count = reader.number();
        if (!first || !count || !reader.entries(*count)) return pdf_unreadable();
        part.objects += *count;
        if (part.objects > kObjectsMax) return too_complex();
    }
    const std::string_view text = reader.dictionary();
    constexpr std::size_t kTrailerBytesMax = 64UL * 1024;
    if (text.empty() || text.size() > kTrailerBytesMax) return pdf_unreadable();
    auto trailer = QPDFObjectHandle::parse(&scratch, std::string(text));
    if (!trailer.isDictionary()) return pdf_unreadable();
    if (trailer.hasKey("/XRefStm") || trailer.hasKey("/Encrypt")) return pdf_not_plain();
    auto before = trailer.getKey("/Prev");
    if (before.isNull()) return part;
    if (!before.isInteger() || before.getIntValue() < 0) return pdf_unreadable();
    part.before = static_cast<std::uint64_t>(before.getIntValue());
    return part;
}

/// Collects what comes through, up to a limit. libqpdf makes a failed read of what is thrown here.
class BoundedContent : public Pipeline {
  public:
    explicit BoundedContent(std::size_t bytes_max) : Pipeline("content", nullptr), bytes_max_(bytes_max) {}

    void write(const unsigned char* bytes, std::size_t size) override {
        if (size > bytes_max_ - content_.size()) {
            over_ = true;
            throw std::length_error("content over its limit");
        }
        content_.append(reinterpret_cast<const char*>(bytes), size);
    }
    void finish() override {}

    bool over() const { return over_; }
    std::string& content() { return content_; }

  private:
    std::size_t bytes_max_;
    std::string content_;
    bool over_ = false;
};

/// The bytes for libqpdf, which goes to the place of each object that it needs. A stream whose /Length is the next
/// stream, thousands of times, would end the stack of the process; none of our files goes down more than a few objects.
class ShallowInput : public BufferInputSource {
  public:
    explicit ShallowInput(Buffer* bytes) : BufferInputSource("pdf", bytes, true) {}

    void seek(qpdf_offset_t offset, int whence) override {
        const std::uintptr_t here = frame();
        if (std::max(here, begin_) - std::min(here, begin_) > kStackBytesMax) throw ReadsTooDeep();
        BufferInputSource::seek(offset, whence);
    }

  private:
    static constexpr std::uintptr_t kStackBytesMax = 1024UL * 1024;
    std::uintptr_t begin_ = frame();

    static std::uintptr_t frame() { return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)); }
};

}  // namespace

Error pdf_not_plain() {
    return error(Errc::invalid_input, "pdf.form_not_plain",
                 "该 PDF 经其他软件重新保存或加密，无法核验，请使用原始文件。");
}

Error pdf_unreadable() {
    return error(Errc::invalid_input, "pdf.unreadable", "该 PDF 已损坏或不完整，请使用原始文件。");
}

Result<FileForm> file_form(std::string_view pdf) {
    if (pdf.size() > kStoredBytesMax) {
        return error(Errc::too_large, "pdf.too_large", "该 PDF 超过 32 MB，不是本系统签发的文件。");
    }
    const std::size_t last = pdf.rfind("startxref");
    if (!pdf.starts_with("%PDF-1.") || last == std::string_view::npos) return pdf_unreadable();
    TableReader end(pdf, last);
    const bool begun = end.word("startxref");
    const auto newest = end.number();
    if (!begun || !newest || !end.word("%%EOF")) return pdf_unreadable();
    return guarded([&]() -> Result<FileForm> {
        const auto scratch = QPDF::create();
        scratch->emptyPDF();
        scratch->setSuppressWarnings(true);
        FileForm form{0, *newest};
        std::size_t objects = 0;
        std::optional<std::uint64_t> at = newest;
        std::uint64_t limit = last;
        while (at) {
            if (++form.revisions > kRevisionsMax) {
                return error(Errc::too_large, "pdf.too_many_revisions", "该 PDF 被多次改动，请使用原始文件。");
            }
            // Each part stands before the one that was added to it: no chain is endless.
            if (*at >= limit) return pdf_unreadable();
            KAIGONG_TRY(part, read_table(pdf, *at, *scratch));
            objects += part.objects;
            if (objects > kObjectsMax) return too_complex();
            limit = *at;
            at = part.before;
        }
        return form;
    });
}

Result<std::shared_ptr<QPDF>> open_stored(std::string_view pdf) {
    KAIGONG_CHECK(file_form(pdf));
    return guarded([&]() -> Result<std::shared_ptr<QPDF>> {
        auto opened = QPDF::create();
        opened->setSuppressWarnings(true);
        opened->setAttemptRecovery(false);
        auto* const bytes = reinterpret_cast<unsigned char*>(const_cast<char*>(pdf.data()));
        opened->processInputSource(std::make_shared<ShallowInput>(new Buffer(bytes, pdf.size())));
        return opened;
    });
}

Result<std::string> stream_content(QPDFObjectHandle stream, std::size_t& budget) {
    // Looking at a stream costs something, even at an empty one.
    constexpr std::size_t kVisitBytes = 16UL * 1024;
    if (!stream.isStream()) return pdf_unreadable();
    if (stream.getDict().hasKey("/DecodeParms")) return pdf_not_plain();
    auto filter = stream.getDict().getKey("/Filter");
    if (filter.isArray() && filter.getArrayNItems() > 1) return too_complex();
    BoundedContent content(budget);
    const bool whole = stream.pipeStreamData(&content, 0, qpdf_dl_generalized, true, false);
    if (content.over() || content.content().size() + kVisitBytes > budget) return too_complex();
    if (!whole) return pdf_unreadable();
    budget -= content.content().size() + kVisitBytes;
    return std::move(content.content());
}

}  // namespace kaigong::pdf
