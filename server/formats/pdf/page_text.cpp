#include "formats/pdf/page_text.hpp"

#include "formats/pdf/qpdf.hpp"
#include "formats/pdf/stored_pdf.hpp"

#include <optional>
#include <unordered_map>
#include <vector>

namespace kaigong::pdf {

/// From codes of a font to text.
struct FontDecoder {
    std::size_t code_bytes = 1;
    std::unordered_map<std::uint32_t, std::string> shown;
};

namespace {

constexpr std::size_t kMappedCodesMax = 65'536;
/// Of UTF-16, for one code: a ligature of several characters is far below. Ranges would repeat it for every code.
constexpr std::size_t kMappedBytesMax = 64;
constexpr std::size_t kPageTextBytesMax = 4UL * 1024 * 1024;
constexpr std::size_t kOperandsMax = 4096;
constexpr std::size_t kSavedStatesMax = 64;
constexpr std::size_t kMarksMax = 256;
constexpr int kFormDepthMax = 4;

std::uint32_t code_of(std::string_view bytes) {
    std::uint32_t code = 0;
    for (const char byte : bytes) code = code << 8 | static_cast<unsigned char>(byte);
    return code;
}

std::string utf8_of_utf16(const std::string& bytes) {
    return QUtil::utf16_to_utf8("\xFE\xFF" + bytes);
}

/// Reads the operators of a /ToUnicode stream: bfchar and bfrange, the rest says nothing that is needed.
class UnicodeMapReader : public QPDFObjectHandle::ParserCallbacks {
  public:
    explicit UnicodeMapReader(FontDecoder& decoder) : decoder_(decoder) {}

    void handleObject(QPDFObjectHandle object, std::size_t, std::size_t) override {
        if (!object.isOperator()) {
            if (operands_.size() < kOperandsMax) operands_.push_back(object);
            return;
        }
        if (object.getOperatorValue() == "endbfchar") single_codes();
        if (object.getOperatorValue() == "endbfrange") ranges();
        operands_.clear();
    }
    void handleEOF() override {}

  private:
    FontDecoder& decoder_;
    std::vector<QPDFObjectHandle> operands_;

    void map(std::uint32_t code, const std::string& utf16) {
        if (utf16.size() > kMappedBytesMax || decoder_.shown.size() >= kMappedCodesMax) return;
        decoder_.shown[code] = utf8_of_utf16(utf16);
    }

    void single_codes() {
        for (std::size_t i = 0; i + 1 < operands_.size(); i += 2) {
            if (!operands_[i].isString() || !operands_[i + 1].isString()) continue;
            map(code_of(operands_[i].getStringValue()), operands_[i + 1].getStringValue());
        }
    }

    void ranges() {
        for (std::size_t i = 0; i + 2 < operands_.size(); i += 3) {
            if (!operands_[i].isString() || !operands_[i + 1].isString()) continue;
            const std::uint32_t first = code_of(operands_[i].getStringValue());
            const std::uint32_t last = code_of(operands_[i + 1].getStringValue());
            if (last < first || last - first >= kMappedCodesMax) continue;
            range(first, last, operands_[i + 2]);
        }
    }

    /// The texts of a range are listed, or they count up in the last byte of the first.
    void range(std::uint32_t first, std::uint32_t last, QPDFObjectHandle texts) {
        const std::string begin = texts.isString() ? texts.getStringValue() : std::string();
        if (begin.size() > kMappedBytesMax) return;
        for (std::uint32_t code = first; code - first <= last - first; ++code) {
            const auto offset = static_cast<int>(code - first);
            if (texts.isArray()) {
                if (offset >= texts.getArrayNItems()) return;
                auto text = texts.getArrayItem(offset);
                if (text.isString()) map(code, text.getStringValue());
            } else if (texts.isString()) {
                std::string text = begin;
                if (text.empty() || static_cast<unsigned char>(text.back()) + offset > 0xFF) return;
                text.back() = static_cast<char>(static_cast<unsigned char>(text.back()) + offset);
                map(code, text);
            }
        }
    }
};

void parse_operators(QPDF& file, const std::string& content, QPDFObjectHandle::ParserCallbacks& callbacks) {
    QPDFObjectHandle::parseContentStream(QPDFObjectHandle::newStream(&file, content), &callbacks);
}

}  // namespace

/// Walks through one content stream. What a stream names (fonts, forms) is looked up in its resources.
class ContentReader : public QPDFObjectHandle::ParserCallbacks {
  public:
    ContentReader(PageTexts& texts, QPDFObjectHandle resources, int depth, std::string& text, std::size_t& budget)
        : texts_(texts), resources_(std::move(resources)), depth_(depth), text_(text), budget_(budget) {}

    void handleObject(QPDFObjectHandle object, std::size_t, std::size_t) override {
        if (object.isInlineImage()) return;
        if (!object.isOperator()) {
            if (operands_.size() < kOperandsMax) operands_.push_back(object);
            return;
        }
        operate(object.getOperatorValue());
        operands_.clear();
        limit_text();
        if (problem_) terminateParsing();
    }
    void handleEOF() override {}

    std::optional<Error> problem() const { return problem_; }

  private:
    PageTexts& texts_;
    QPDFObjectHandle resources_;
    int depth_;
    std::string& text_;
    std::size_t& budget_;
    std::vector<QPDFObjectHandle> operands_;
    std::shared_ptr<const FontDecoder> font_;
    std::vector<std::shared_ptr<const FontDecoder>> saved_;
    /// One for each mark that is open: does it replace the text inside?
    std::vector<bool> marks_;
    std::size_t replacing_ = 0;
    std::optional<Error> problem_;

    /// A code may stand for many bytes, and a string may show it a million times.
    bool limit_text() {
        const bool is_over = text_.size() > kPageTextBytesMax;
        if (is_over) {
            problem_ = error(Errc::too_large, "pdf.too_complex", "该 PDF 的文字过多，无法核验，请使用原始文件。");
        }
        return is_over;
    }

    void operate(const std::string& name) {
        if (name == "Tj" || name == "'" || name == "\"") return show_last();
        if (name == "TJ") return show_array();
        if (name == "Tf") return select_font();
        if (name == "BMC" || name == "BDC") return open_mark();
        if (name == "EMC") return close_mark();
        if (name == "q" && saved_.size() < kSavedStatesMax) saved_.push_back(font_);
        if (name == "Q" && !saved_.empty()) {
            font_ = saved_.back();
            saved_.pop_back();
        }
        if (name == "ET" && !text_.empty() && text_.back() != '\n') text_ += '\n';
        if (name == "Do") draw_form();
    }

    void show(const std::string& codes) {
        if (font_ == nullptr || replacing_ > 0) return;
        for (std::size_t at = 0; at + font_->code_bytes <= codes.size(); at += font_->code_bytes) {
            const auto shown = font_->shown.find(code_of(std::string_view(codes).substr(at, font_->code_bytes)));
            text_ += shown == font_->shown.end() ? "\xEF\xBF\xBD" : shown->second;
            if (limit_text()) return;
        }
    }

    void show_last() {
        if (!operands_.empty() && operands_.back().isString()) show(operands_.back().getStringValue());
    }

    void show_array() {
        if (operands_.empty() || !operands_.back().isArray()) return;
        for (auto& part : operands_.back().getArrayAsVector()) {
            if (part.isString()) show(part.getStringValue());
        }
    }

    void select_font() {
        if (operands_.size() < 2 || !operands_[0].isName()) return;
        auto font = resources_.getKeyIfDict("/Font").getKeyIfDict(operands_[0].getName());
        auto decoder = texts_.decoder(font, budget_);
        if (decoder) {
            font_ = *decoder;
        } else {
            problem_ = decoder.error();
        }
    }

    void open_mark() {
        std::optional<std::string> actual;
        if (operands_.size() == 2 && operands_[1].isDictionary() && operands_[1].hasKey("/ActualText")) {
            auto value = operands_[1].getKey("/ActualText");
            if (value.isString()) actual = value.getUTF8Value();
        }
        if (marks_.size() >= kMarksMax) {
            problem_ = error(Errc::too_large, "pdf.too_complex", "该 PDF 的结构过深，无法核验，请使用原始文件。");
            return;
        }
        if (actual && replacing_ == 0) text_ += *actual;
        marks_.push_back(actual.has_value());
        replacing_ += actual ? 1 : 0;
    }

    void close_mark() {
        if (marks_.empty()) return;
        replacing_ -= marks_.back() ? 1 : 0;
        marks_.pop_back();
    }

    /// A form that names no font of its own shows no text, and is not unpacked.
    void draw_form() {
        if (operands_.empty() || !operands_[0].isName() || depth_ >= kFormDepthMax) return;
        auto form = resources_.getKeyIfDict("/XObject").getKeyIfDict(operands_[0].getName());
        if (!form.isStream() || !form.getDict().getKey("/Subtype").isNameAndEquals("/Form")) return;
        auto resources = form.getDict().getKey("/Resources");
        if (!resources.isDictionary() || !resources.getKey("/Font").isDictionary()) return;
        if (auto done = texts_.read_stream(form, resources, depth_ + 1, text_, budget_); !done) problem_ = done.error();
    }
};

PageTexts::PageTexts(QPDF& file) : file_(file) {}
PageTexts::~PageTexts() = default;

Result<std::shared_ptr<const FontDecoder>> PageTexts::decoder(QPDFObjectHandle font, std::size_t& budget) {
    const auto known = decoders_.find(font.getObjectID());
    if (font.isIndirect() && known != decoders_.end()) return known->second;
    auto fresh = std::make_shared<FontDecoder>();
    if (font.isDictionary()) {
        fresh->code_bytes = font.getKey("/Subtype").isNameAndEquals("/Type0") ? 2 : 1;
        // Simple fonts without a map: ASCII is the same in every encoding of Latin letters.
        for (std::uint32_t code = 0x20; fresh->code_bytes == 1 && code < 0x7F; ++code) {
            fresh->shown[code] = std::string(1, static_cast<char>(code));
        }
        if (auto map = font.getKey("/ToUnicode"); map.isStream()) {
            KAIGONG_TRY(content, stream_content(map, budget));
            UnicodeMapReader reader(*fresh);
            parse_operators(file_, content, reader);
        }
    }
    if (font.isIndirect()) decoders_[font.getObjectID()] = fresh;
    return std::shared_ptr<const FontDecoder>(std::move(fresh));
}

Result<void> PageTexts::read_stream(QPDFObjectHandle content, QPDFObjectHandle resources, int depth, std::string& text,
                                    std::size_t& budget) {
    std::string operators;
    if (content.isArray()) {
        for (auto& part : content.getArrayAsVector()) {
            KAIGONG_TRY(piece, stream_content(part, budget));
            operators += piece + "\n";
        }
    } else if (!content.isNull()) {
        KAIGONG_TRY(whole, stream_content(content, budget));
        operators = std::move(whole);
    }
    ContentReader reader(*this, std::move(resources), depth, text, budget);
    parse_operators(file_, operators, reader);
    if (reader.problem()) return *reader.problem();
    return {};
}

Result<std::string> PageTexts::read(QPDFObjectHandle page, std::size_t& budget) {
    std::string text;
    // A page without resources of its own has those of the pages above it (ISO 32000-1, 7.7.3.4).
    const auto resources = QPDFPageObjectHelper(page).getAttribute("/Resources", false);
    KAIGONG_CHECK(read_stream(page.getKey("/Contents"), resources, 0, text, budget));
    return text;
}

}  // namespace kaigong::pdf
