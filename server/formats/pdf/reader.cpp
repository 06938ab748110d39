#include "formats/pdf/reader.hpp"

#include "formats/layout/document.hpp"
#include "formats/pdf/archival.hpp"
#include "formats/pdf/page_text.hpp"
#include "formats/pdf/qpdf.hpp"
#include "formats/pdf/stored_pdf.hpp"

#include <algorithm>
#include <optional>
#include <pugixml.hpp>

namespace kaigong::pdf {
namespace {

constexpr std::size_t kUnpackedBytesMax = 16UL * 1024 * 1024;
constexpr int kFieldsMax = 16;

Error reading_too_complex() {
    return error(Errc::too_large, "pdf.too_complex", "该 PDF 的内容过多，无法核验，请使用原始文件。");
}

bool is_hex(char sign) {
    return (sign >= '0' && sign <= '9') || (sign >= 'a' && sign <= 'f') || (sign >= 'A' && sign <= 'F');
}

std::string text_of_key(QPDFObjectHandle dictionary, const char* key) {
    auto value = dictionary.getKey(key);
    return value.isString() ? value.getUTF8Value() : std::string();
}

std::optional<ByteRange> byte_range_of(QPDFObjectHandle signature) {
    auto stored = signature.getKey("/ByteRange");
    if (!stored.isArray() || stored.getArrayNItems() != 4) return std::nullopt;
    ByteRange range{};
    for (int i = 0; i < 4; ++i) {
        auto number = stored.getArrayItem(i);
        if (!number.isInteger() || number.getIntValue() < 0) return std::nullopt;
        range[static_cast<std::size_t>(i)] = static_cast<std::uint64_t>(number.getIntValue());
    }
    return range;
}

/// Inside the file, in order, without overflow.
bool lies_inside(std::string_view pdf, const ByteRange& range) {
    return range[0] == 0 && range[1] <= range[2] && range[2] <= pdf.size() && range[3] <= pdf.size() - range[2];
}

/// The gap must be this very /Contents, written as one hexadecimal string without anything between its digits: a gap
/// that holds more could hide what nobody signed.
bool leaves_out_only(std::string_view pdf, const ByteRange& range, const std::string& contents) {
    if (!lies_inside(pdf, range) || range[2] - range[1] < 2) return false;
    const std::string_view gap = pdf.substr(range[1], range[2] - range[1]);
    const std::string_view digits = gap.substr(1, gap.size() - 2);
    return gap.front() == '<' && gap.back() == '>' && digits.size() % 2 == 0 && std::ranges::all_of(digits, is_hex) &&
           QUtil::hex_decode(std::string(digits)) == contents;
}

/// One DER value (X.690, 8.1.3, definite length) with only zeros behind it.
crypto::Bytes der_without_padding(const std::string& contents) {
    const auto byte = [&contents](std::size_t i) { return static_cast<std::uint8_t>(contents[i]); };
    if (contents.size() < 2 || byte(0) != 0x30) return {};
    std::size_t length = byte(1);
    std::size_t header = 2;
    if (length >= 0x80) {
        const std::size_t bytes = length & 0x7FU;
        if (bytes == 0 || bytes > 4 || contents.size() < 2 + bytes) return {};
        length = 0;
        for (std::size_t i = 0; i < bytes; ++i) length = length << 8 | byte(2 + i);
        header += bytes;
    }
    if (length > contents.size() - header) return {};
    const std::string_view padding = std::string_view(contents).substr(header + length);
    if (!std::ranges::all_of(padding, [](char sign) { return sign == '\0'; })) return {};
    const auto whole = crypto::view(std::string_view(contents).substr(0, header + length));
    return {whole.begin(), whole.end()};
}

StoredSignature stored_signature(std::string_view pdf, QPDFObjectHandle field, QPDFObjectHandle value) {
    StoredSignature found;
    found.field = text_of_key(field, "/T");
    found.name = text_of_key(value, "/Name");
    found.reason = text_of_key(value, "/Reason");
    found.signed_at = text_of_key(value, "/M");
    if (auto filter = value.getKey("/SubFilter"); filter.isName()) {
        found.sub_filter = filter.getName().substr(1);
    }
    auto contents = value.getKey("/Contents");
    const auto range = byte_range_of(value);
    if (!contents.isString() || !range) return found;
    const std::string bytes = contents.getStringValue();
    found.byte_range = *range;
    found.range_sound = leaves_out_only(pdf, *range, bytes);
    found.covers_whole_file = found.range_sound && (*range)[2] + (*range)[3] == pdf.size();
    found.cms = der_without_padding(bytes);
    return found;
}

Result<std::vector<StoredSignature>> signatures_of(std::string_view pdf, QPDF& file) {
    std::vector<StoredSignature> signatures;
    auto fields = file.getRoot().getKey("/AcroForm").getKeyIfDict("/Fields");
    if (!fields.isArray()) return signatures;
    if (fields.getArrayNItems() > kFieldsMax) return reading_too_complex();
    for (auto& field : fields.getArrayAsVector()) {
        if (!field.isDictionary()) continue;
        // Fields below fields are none that this project writes; a signature hidden there must not go unseen.
        if (field.hasKey("/Kids")) {
            return pdf_not_plain();
        }
        auto value = field.getKey("/V");
        if (!field.getKey("/FT").isNameAndEquals("/Sig") || !value.isDictionary()) continue;
        signatures.push_back(stored_signature(pdf, field, value));
    }
    const auto end = [](const StoredSignature& one) { return one.byte_range[2] + one.byte_range[3]; };
    std::ranges::sort(signatures, {}, end);
    return signatures;
}

/// The namespace that a prefix stands for at this element.
std::string_view namespace_of(pugi::xml_node element, std::string_view prefix) {
    const std::string attribute = "xmlns:" + std::string(prefix);
    for (auto at = element; at; at = at.parent()) {
        if (const auto found = at.attribute(attribute.c_str())) return found.value();
    }
    return {};
}

/// The name without its prefix, when the prefix stands for the namespace.
std::optional<std::string> local_name(pugi::xml_node element, std::string_view name_space) {
    const std::string_view name = element.name();
    const std::size_t colon = name.find(':');
    if (colon == std::string_view::npos || namespace_of(element, name.substr(0, colon)) != name_space)
        return std::nullopt;
    return std::string(name.substr(colon + 1));
}

Result<std::map<std::string, std::string>> properties_of(QPDF& file, std::size_t& budget) {
    std::map<std::string, std::string> properties;
    auto metadata = file.getRoot().getKey("/Metadata");
    if (!metadata.isStream()) return properties;
    KAIGONG_TRY(packet, stream_content(metadata, budget));
    pugi::xml_document document;
    // Values keep every blank and line as they are written.
    constexpr unsigned kExactly = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_ws_pcdata | pugi::parse_eol;
    if (!document.load_buffer(packet.data(), packet.size(), kExactly, pugi::encoding_utf8)) return properties;
    constexpr std::string_view kRdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    const auto rdf =
        document.document_element().find_child([&](pugi::xml_node child) { return local_name(child, kRdf) == "RDF"; });
    for (const auto description : rdf.children()) {
        if (local_name(description, kRdf) != "Description") continue;
        for (const auto element : description.children()) {
            const auto name = local_name(element, kPropertySpace);
            if (!name || element.find_child([](pugi::xml_node child) { return child.type() == pugi::node_element; })) {
                continue;
            }
            std::string text;
            for (const auto piece : element.children()) text += piece.value();
            if (!properties.emplace(*name, std::move(text)).second) {
                return error(Errc::invalid_input, "pdf.metadata_ambiguous", "该 PDF 的证照数据重复，请使用原始文件。");
            }
        }
    }
    return properties;
}

/// One list, as this project writes them. libqpdf goes down a tree of pages as deep as it is.
Result<std::vector<QPDFObjectHandle>> pages_of(QPDF& file) {
    auto kids = file.getRoot().getKey("/Pages").getKeyIfDict("/Kids");
    if (!kids.isArray()) return pdf_unreadable();
    auto pages = kids.getArrayAsVector();
    if (pages.size() > layout::kPagesMax) return reading_too_complex();
    for (auto& page : pages) {
        if (!page.isDictionary() || page.hasKey("/Kids")) return pdf_not_plain();
    }
    return pages;
}

Result<std::vector<std::string>> texts_of_pages(QPDF& file, std::size_t& budget) {
    std::vector<std::string> result;
    PageTexts texts(file);
    KAIGONG_TRY(pages, pages_of(file));
    for (const auto& page : pages) {
        KAIGONG_TRY(text, texts.read(page, budget));
        result.push_back(std::move(text));
    }
    return result;
}

Result<StoredPdf> read_opened(std::string_view pdf, QPDF& file, bool with_pages) {
    StoredPdf result;
    std::size_t budget = kUnpackedBytesMax;
    KAIGONG_TRY(signatures, signatures_of(pdf, file));
    result.signatures = std::move(signatures);
    KAIGONG_TRY(properties, properties_of(file, budget));
    result.properties = std::move(properties);
    if (with_pages) {
        KAIGONG_TRY(pages, texts_of_pages(file, budget));
        result.pages = std::move(pages);
    }
    return result;
}

Result<StoredPdf> read_stored(std::string_view pdf, bool with_pages) {
    KAIGONG_TRY(form, file_form(pdf));
    KAIGONG_TRY(opened, open_stored(pdf));
    KAIGONG_TRY(result, guarded([&] { return read_opened(pdf, *opened, with_pages); }));
    result.revisions = form.revisions;
    return std::move(result);
}

}  // namespace

Result<StoredPdf> read(std::string_view pdf) {
    return read_stored(pdf, true);
}

Result<StoredPdf> read_without_pages(std::string_view pdf) {
    return read_stored(pdf, false);
}

std::array<std::string_view, 2> signed_parts(std::string_view pdf, const ByteRange& range) {
    if (!lies_inside(pdf, range)) return {};
    return {pdf.substr(range[0], range[1]), pdf.substr(range[2], range[3])};
}

}  // namespace kaigong::pdf
