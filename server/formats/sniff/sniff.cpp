#include "formats/sniff/sniff.hpp"

#include <zlib.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace kaigong::sniff {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::size_t kPdfMarkWithin = 1'024;
constexpr std::size_t kPdfEndWithin = 2'048;
constexpr std::size_t kZipEndWithin = 65'536 + 22;
constexpr std::size_t kZipEntriesMax = 10'000;
constexpr int kPagesMax = 100'000;
constexpr std::size_t kObjectStreamsMax = 2'000;
constexpr std::size_t kInflatedBytesMax = std::size_t{16} << 20;
constexpr std::size_t kDictionaryMax = 4'096;

std::uint32_t little_endian(std::string_view bytes, std::size_t at, std::size_t size) {
    std::uint32_t value = 0;
    for (std::size_t i = size; i-- > 0;) value = (value << 8) | static_cast<std::uint8_t>(bytes[at + i]);
    return value;
}

bool is_pdf(std::string_view bytes) {
    return bytes.substr(0, kPdfMarkWithin).find("%PDF-"sv) != std::string_view::npos &&
           bytes.substr(bytes.size() - std::min(bytes.size(), kPdfEndWithin)).find("%%EOF"sv) != std::string_view::npos;
}

bool is_jpeg(std::string_view bytes) {
    // Cameras add bytes after the end mark, so it is looked for near the end only.
    return bytes.size() > 4 && bytes.starts_with("\xFF\xD8\xFF"sv) &&
           bytes.substr(bytes.size() - std::min(bytes.size(), kPdfEndWithin)).find("\xFF\xD9"sv) !=
               std::string_view::npos;
}

bool is_png(std::string_view bytes) {
    constexpr std::string_view kSignature = "\x89PNG\r\n\x1A\n"sv;
    return bytes.starts_with(kSignature) && bytes.size() >= kSignature.size() + 8 &&
           bytes.substr(kSignature.size() + 4, 4) == "IHDR"sv &&
           bytes.substr(bytes.size() - std::min(bytes.size(), kPdfEndWithin)).find("IEND"sv) != std::string_view::npos;
}

/// The names of the central directory decide: readers open what stands there, not what stands at the beginning.
FileKind zip_kind(std::string_view bytes) {
    constexpr std::size_t kEndSize = 22;
    constexpr std::size_t kEntrySize = 46;
    if (!bytes.starts_with("PK\x03\x04"sv) || bytes.size() < kEndSize) return FileKind::unknown;
    const std::size_t tail = bytes.size() - std::min(bytes.size(), kZipEndWithin);
    const std::size_t found = bytes.substr(tail).rfind("PK\x05\x06"sv);
    if (found == std::string_view::npos || tail + found + kEndSize > bytes.size()) return FileKind::unknown;
    const std::size_t end = tail + found;
    const std::size_t entries = std::min<std::size_t>(little_endian(bytes, end + 10, 2), kZipEntriesMax);
    std::size_t at = little_endian(bytes, end + 16, 4);
    for (std::size_t i = 0; i < entries; ++i) {
        if (at + kEntrySize > end || bytes.substr(at, 4) != "PK\x01\x02"sv) return FileKind::unknown;
        const std::size_t name = little_endian(bytes, at + 28, 2);
        if (at + kEntrySize + name > end) return FileKind::unknown;
        if (bytes.substr(at + kEntrySize, name) == "OFD.xml"sv) return FileKind::ofd;
        at += kEntrySize + name + little_endian(bytes, at + 30, 2) + little_endian(bytes, at + 32, 2);
    }
    return FileKind::zip;
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\0';
}

std::string_view skip_spaces(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    return text;
}

/// The dictionary around `at`: from the `<<` before to the `>>` after, neither far away. Nested dictionaries only make
/// the piece shorter, which loses a count at worst.
std::string_view dictionary_around(std::string_view bytes, std::size_t at) {
    const std::size_t from = at > kDictionaryMax ? at - kDictionaryMax : 0;
    const std::size_t open = bytes.substr(from, at - from).rfind("<<"sv);
    const std::size_t close = bytes.substr(at, kDictionaryMax).find(">>"sv);
    if (open == std::string_view::npos || close == std::string_view::npos) return {};
    return bytes.substr(from + open, at + close - from - open);
}

std::optional<int> number_after(std::string_view dictionary, std::string_view key) {
    const std::size_t at = dictionary.find(key);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view text = skip_spaces(dictionary.substr(at + key.size()));
    int value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || value < 0) return std::nullopt;
    return value;
}

/// The largest /Count beside a /Type /Pages: that of the root, since it counts all below.
void count_pages(std::string_view bytes, std::optional<int>& pages) {
    for (std::size_t at = bytes.find("/Pages"sv); at != std::string_view::npos; at = bytes.find("/Pages"sv, at + 6)) {
        const std::string_view dictionary = dictionary_around(bytes, at);
        const std::size_t type = dictionary.find("/Type"sv);
        if (type == std::string_view::npos || !skip_spaces(dictionary.substr(type + 5)).starts_with("/Pages"sv))
            continue;
        const auto count = number_after(dictionary, "/Count"sv);
        if (count && *count <= kPagesMax && count > pages) pages = count;
    }
}

/// Inflates at most `room` bytes; what came before an error counts too.
std::string inflate_some(std::string_view bytes, std::size_t room) {
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) return {};
    std::string out;
    std::array<char, 16'384> buffer{};
    // zlib does not write to its input; its old interface only forgot to say so.
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(std::min<std::size_t>(bytes.size(), std::size_t{1} << 30));
    int code = Z_OK;
    while (code == Z_OK && out.size() < room) {
        stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
        stream.avail_out = static_cast<uInt>(buffer.size());
        code = inflate(&stream, Z_NO_FLUSH);
        out.append(buffer.data(), buffer.size() - stream.avail_out);
    }
    inflateEnd(&stream);
    return out;
}

void count_in_object_streams(std::string_view bytes, std::optional<int>& pages) {
    std::size_t room = kInflatedBytesMax;
    std::size_t streams = 0;
    for (std::size_t at = bytes.find("/ObjStm"sv); at != std::string_view::npos && room > 0;
         at = bytes.find("/ObjStm"sv, at + 7)) {
        if (++streams > kObjectStreamsMax) return;
        const std::size_t start = bytes.substr(at, kDictionaryMax).find("stream"sv);
        if (start == std::string_view::npos) continue;
        std::string_view body = bytes.substr(at + start + 6);
        if (body.starts_with('\r')) body.remove_prefix(1);
        if (body.starts_with('\n')) body.remove_prefix(1);
        const std::string inflated = inflate_some(body.substr(0, body.find("endstream"sv)), room);
        room -= std::min(room, inflated.size());
        count_pages(inflated, pages);
    }
}

}  // namespace

FileKind file_kind(std::string_view bytes) {
    if (is_png(bytes)) return FileKind::png;
    if (is_jpeg(bytes)) return FileKind::jpeg;
    if (bytes.starts_with("PK"sv)) return zip_kind(bytes);
    return is_pdf(bytes) ? FileKind::pdf : FileKind::unknown;
}

std::string_view media_type(FileKind kind) {
    switch (kind) {
        case FileKind::pdf: return "application/pdf";
        case FileKind::jpeg: return "image/jpeg";
        case FileKind::png: return "image/png";
        case FileKind::ofd: return "application/ofd";
        case FileKind::zip: return "application/zip";
        case FileKind::unknown: break;
    }
    return "application/octet-stream";
}

std::string_view format_name(FileKind kind) {
    switch (kind) {
        case FileKind::pdf: return "pdf";
        case FileKind::jpeg: return "jpg";
        case FileKind::png: return "png";
        case FileKind::ofd: return "ofd";
        case FileKind::zip: return "zip";
        case FileKind::unknown: break;
    }
    return "";
}

std::optional<int> pdf_page_count(std::string_view bytes) {
    if (!is_pdf(bytes)) return std::nullopt;
    std::optional<int> pages;
    count_pages(bytes, pages);
    count_in_object_streams(bytes, pages);
    return pages;
}

std::optional<int> page_count(std::string_view bytes) {
    switch (file_kind(bytes)) {
        case FileKind::pdf: return pdf_page_count(bytes);
        case FileKind::jpeg:
        case FileKind::png: return 1;
        case FileKind::ofd:
        case FileKind::zip:
        case FileKind::unknown: break;
    }
    return std::nullopt;
}

}  // namespace kaigong::sniff
