#include "formats/pdf/pdf_file.hpp"

#include "base/civil_date.hpp"
#include "crypto/digest.hpp"
#include "formats/text/decimal.hpp"

#include <fmt/format.h>
#include <zlib.h>
#include <stdexcept>

namespace kaigong::pdf {
namespace {

/// Level 6 packs lines and curves a tenth better than 1, and only what is new in a file is packed.
constexpr int kDeflateLevel = 6;

/// One character of well-formed UTF-8; what is broken becomes U+FFFD, one byte at a time.
char32_t next_character(std::string_view text, std::size_t& at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xC2 ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;
    if (length == 0 || at + length > text.size()) return ++at, U'\uFFFD';
    char32_t character = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        const auto next = static_cast<unsigned char>(text[at + i]);
        if ((next & 0xC0U) != 0x80) return ++at, U'\uFFFD';
        character = character << 6 | (next & 0x3FU);
    }
    at += length;
    return character;
}

}  // namespace

void append_number(std::string& text, double value, int decimals) {
    text::append_decimal(text, value, decimals);
}

std::string reference(int object) {
    return fmt::format("{} 0 R", object);
}

std::string utf16_hex(std::string_view utf8) {
    std::string hex;
    for (std::size_t at = 0; at < utf8.size();) {
        const char32_t character = next_character(utf8, at);
        if (character < 0x10000) {
            hex += fmt::format("{:04X}", static_cast<std::uint32_t>(character));
        } else {
            const auto offset = static_cast<std::uint32_t>(character) - 0x10000;
            hex += fmt::format("{:04X}{:04X}", 0xD800 + (offset >> 10), 0xDC00 + (offset & 0x3FF));
        }
    }
    return hex;
}

std::string text_string(std::string_view utf8) {
    return "<FEFF" + utf16_hex(utf8) + ">";
}

std::string iso_instant(std::int64_t at_ms) {
    constexpr std::int64_t kDayMs = 86'400'000;
    const std::int64_t days = at_ms >= 0 ? at_ms / kDayMs : (at_ms - kDayMs + 1) / kDayMs;
    const std::int64_t second = (at_ms - days * kDayMs) / 1000;
    return fmt::format("{}T{:02}:{:02}:{:02}Z", to_string(date_of_days(days)), second / 3600, second / 60 % 60,
                       second % 60);
}

std::string date_string(std::int64_t at_ms) {
    std::string text = "(D:";
    for (const char sign : iso_instant(at_ms)) {
        if (sign != '-' && sign != ':' && sign != 'T') text += sign;
    }
    return text + ")";
}

std::string deflated(std::string_view bytes) {
    uLongf size = compressBound(static_cast<uLong>(bytes.size()));
    std::string packed(size, '\0');
    const int status =
        compress2(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(bytes.data()),
                  static_cast<uLong>(bytes.size()), kDeflateLevel);
    if (status != Z_OK) throw std::runtime_error("zlib refuses to deflate");
    packed.resize(size);
    return packed;
}

FileWriter::FileWriter() : bytes_("%PDF-1.7\n%\xE5\xBC\x80\xE5\xB7\xA5\n") {}

int FileWriter::reserve() {
    offsets_.push_back(0);
    return static_cast<int>(offsets_.size()) - 1;
}

void FileWriter::begin(int object) {
    offsets_.at(static_cast<std::size_t>(object)) = bytes_.size();
    fmt::format_to(std::back_inserter(bytes_), "{} 0 obj\n", object);
}

void FileWriter::put(int object, std::string_view body) {
    begin(object);
    bytes_ += body;
    bytes_ += "\nendobj\n";
}

void FileWriter::put_stream(int object, std::string_view entries, std::string_view content, Packing packing) {
    const std::string packed = packing == Packing::deflate ? deflated(content) : std::string();
    const std::string_view stored = packing == Packing::deflate ? packed : content;
    begin(object);
    fmt::format_to(std::back_inserter(bytes_), "<< {} /Length {}{} >>\nstream\n", entries, stored.size(),
                   packing == Packing::plain ? "" : " /Filter /FlateDecode");
    bytes_ += stored;
    bytes_ += "\nendstream\nendobj\n";
}

std::string FileWriter::finish(int catalog, int information) {
    const auto digest = crypto::sha256(crypto::view(bytes_));
    std::string identifier;
    for (std::size_t i = 0; i < 16; ++i) identifier += fmt::format("{:02X}", digest[i]);
    const std::size_t table = bytes_.size();
    auto out = std::back_inserter(bytes_);
    fmt::format_to(out, "xref\n0 {}\n0000000000 65535 f \n", offsets_.size());
    for (std::size_t i = 1; i < offsets_.size(); ++i) {
        if (offsets_[i] == 0) throw std::logic_error("an object of the PDF was never written");
        fmt::format_to(out, "{:010} 00000 n \n", offsets_[i]);
    }
    fmt::format_to(out, "trailer\n<< /Size {} /Root {} /Info {} /ID [<{}> <{}>] >>\nstartxref\n{}\n%%EOF\n",
                   offsets_.size(), reference(catalog), reference(information), identifier, identifier, table);
    return std::move(bytes_);
}

}  // namespace kaigong::pdf
