#include "formats/ofd/zip_reader.hpp"

#include "formats/ofd/package.hpp"

#include <zlib.h>
#include <algorithm>
#include <optional>

namespace kaigong::ofd {
namespace {

constexpr std::uint32_t kZipLocal = 0x04034b50;
constexpr std::uint32_t kZipDescriptor = 0x08074b50;
constexpr std::uint32_t kZipCentral = 0x02014b50;
constexpr std::uint32_t kZipEnd = 0x06054b50;
constexpr std::size_t kLocalBytes = 30;
constexpr std::size_t kCentralBytes = 46;
constexpr std::size_t kEndBytes = 22;
constexpr std::uint16_t kStored = 0;
constexpr std::uint16_t kDeflated = 8;
/// How hard it was deflated, a descriptor behind, a name in UTF-8; others lock or mask.
constexpr std::uint16_t kFlagsKnown = 0x080E;
constexpr std::uint16_t kHasDescriptor = 0x0008;
/// Extra fields that give another size (ZIP64), or another name (Info-ZIP Unicode Path), to whoever knows them.
constexpr std::uint16_t kExtraZip64 = 0x0001;
constexpr std::uint16_t kExtraName = 0x7075;

/// Numbers and texts in their order; beyond the end there are zeros, and it is no longer sound.
class ZipFields {
  public:
    ZipFields(std::string_view bytes, std::size_t at) : rest_(bytes.substr(std::min(at, bytes.size()))) {}

    std::uint16_t two() { return static_cast<std::uint16_t>(number(2)); }
    std::uint32_t four() { return number(4); }
    std::string_view text(std::size_t size) {
        sound_ = sound_ && size <= rest_.size();
        if (!sound_) return {};
        const auto found = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return found;
    }
    bool sound() const { return sound_; }

  private:
    std::string_view rest_;
    bool sound_ = true;

    std::uint32_t number(std::size_t size) {
        std::uint32_t value = 0;
        const auto bytes = text(size);
        for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8U | static_cast<std::uint8_t>(bytes[i]);
        return value;
    }
};

/// What both headers of an entry say.
struct ZipHeader {
    std::uint16_t flags = 0;
    std::uint16_t method = 0;
    std::uint32_t checksum = 0;
    std::uint32_t packed_size = 0;
    std::uint32_t size = 0;
    std::string_view name;

    bool operator==(const ZipHeader&) const = default;
};

struct ZipPlace {
    ZipHeader header;
    std::size_t at = 0;
};

bool extra_is_harmless(std::string_view extra) {
    ZipFields fields(extra, 0);
    for (std::size_t left = extra.size(); left > 0;) {
        const std::uint16_t id = fields.two();
        const std::uint16_t size = fields.two();
        fields.text(size);
        if (!fields.sound() || id == kExtraZip64 || id == kExtraName) return false;
        left -= 4 + std::size_t{size};
    }
    return true;
}

/// Flags, method, time, sum and both sizes stand in the same order in both headers.
ZipHeader read_header(ZipFields& fields) {
    ZipHeader header;
    fields.two();
    header.flags = fields.two();
    header.method = fields.two();
    fields.four();
    header.checksum = fields.four();
    header.packed_size = fields.four();
    header.size = fields.four();
    return header;
}

struct ZipDirectory {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::size_t count = 0;
};

std::optional<ZipDirectory> directory_of(std::string_view zip) {
    if (zip.size() < kEndBytes) return std::nullopt;
    ZipFields fields(zip, zip.size() - kEndBytes);
    const bool is_end = fields.four() == kZipEnd;
    const std::uint32_t disks = fields.four();
    const std::uint16_t here = fields.two();
    const std::uint16_t count = fields.two();
    const std::uint32_t size = fields.four();
    const std::uint32_t begin = fields.four();
    const std::uint16_t comment = fields.two();
    const bool fits = std::uint64_t{begin} + size == zip.size() - kEndBytes;
    if (!is_end || disks != 0 || comment != 0 || here != count || !fits) return std::nullopt;
    return ZipDirectory{begin, std::size_t{begin} + size, count};
}

/// The entry of the directory that begins at `at`, which becomes the place behind it.
std::optional<ZipPlace> read_central(std::string_view directory, std::size_t& at) {
    ZipFields fields(directory, at);
    const bool is_entry = fields.four() == kZipCentral;
    fields.two();
    ZipPlace place{read_header(fields), 0};
    const std::uint16_t name_bytes = fields.two();
    const std::uint16_t extra_bytes = fields.two();
    const std::uint16_t comment_bytes = fields.two();
    const std::uint16_t disk = fields.two();
    fields.text(6);
    place.at = fields.four();
    place.header.name = fields.text(name_bytes);
    const std::string_view extra = fields.text(extra_bytes);
    fields.text(comment_bytes);
    if (!is_entry || disk != 0 || !fields.sound() || !extra_is_harmless(extra)) return std::nullopt;
    at += kCentralBytes + name_bytes + extra_bytes + comment_bytes;
    return place;
}

/// The descriptor may begin with a mark or not (APPNOTE.TXT, 4.3.9.3). Its size; 0: it says something else.
std::size_t descriptor_bytes(std::string_view zip, std::size_t at, const ZipHeader& header) {
    const auto says_the_same = [&header](ZipFields fields) {
        return fields.four() == header.checksum && fields.four() == header.packed_size && fields.four() == header.size;
    };
    ZipFields marked(zip, at);
    if (marked.four() == kZipDescriptor && says_the_same(marked)) return 16;
    return says_the_same(ZipFields(zip, at)) ? 12 : 0;
}

/// What stands at the place of the directory's entry; `end` becomes the place behind it.
std::optional<ZipEntry> read_local(std::string_view zip, const ZipPlace& place, std::size_t& end) {
    ZipFields fields(zip, place.at);
    const bool is_entry = fields.four() == kZipLocal;
    ZipHeader header = read_header(fields);
    const std::uint16_t name_bytes = fields.two();
    const std::uint16_t extra_bytes = fields.two();
    header.name = fields.text(name_bytes);
    const std::string_view extra = fields.text(extra_bytes);
    const bool has_descriptor = (header.flags & kHasDescriptor) != 0;
    ZipHeader wanted = place.header;
    if (has_descriptor && header.checksum == 0 && header.packed_size == 0 && header.size == 0) {
        wanted.checksum = wanted.packed_size = wanted.size = 0;
    }
    // Whoever goes from entry to entry cannot tell where a stored file with a descriptor ends.
    const bool has_end = !has_descriptor || header.method == kDeflated;
    const std::string_view packed = fields.text(place.header.packed_size);
    if (!is_entry || !fields.sound() || header != wanted || !has_end || !extra_is_harmless(extra)) return std::nullopt;
    end = place.at + kLocalBytes + name_bytes + extra_bytes + packed.size();
    if (has_descriptor) {
        const std::size_t descriptor = descriptor_bytes(zip, end, place.header);
        if (descriptor == 0) return std::nullopt;
        end += descriptor;
    }
    return ZipEntry{header.name, header.method == kDeflated, place.header.checksum, place.header.size, packed};
}

Result<std::vector<ZipPlace>> places_of(std::string_view directory, std::size_t count) {
    if (count > kFilesMax) {
        return error(Errc::too_large, "ofd.too_many_files", "OFD 包内文件过多，无法检查，请联系出具单位。");
    }
    std::vector<ZipPlace> places;
    std::size_t at = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const auto place = read_central(directory, at);
        if (!place) return malformed_zip();
        const ZipHeader& header = place->header;
        if ((header.flags & ~kFlagsKnown) != 0 || (header.method != kStored && header.method != kDeflated)) {
            return error(Errc::invalid_input, "ofd.compression_refused",
                         "OFD 包的加密或压缩方式不受支持，请向出具单位索取未加密的文件。");
        }
        places.push_back(*place);
    }
    if (at != directory.size()) return malformed_zip();
    return places;
}

/// Whether raw deflate (RFC 1951) makes exactly `bytes` of all that is packed.
bool inflate_exactly(std::string_view packed, std::string& bytes) {
    z_stream stream{};
    if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
    stream.avail_out = static_cast<uInt>(bytes.size());
    const int code = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    // What follows the end of the stream is an entry of its own for whoever goes by the stream.
    return code == Z_STREAM_END && stream.avail_in == 0 && stream.avail_out == 0;
}

}  // namespace

Error malformed_zip() {
    return error(Errc::invalid_input, "ofd.zip_malformed", "文件不是完整的 OFD（ZIP）包，请重新获取原文件。");
}

Result<std::vector<ZipEntry>> zip_entries(std::string_view zip) {
    const auto directory = directory_of(zip);
    if (!directory) return malformed_zip();
    KAIGONG_TRY(places, places_of(zip.substr(directory->begin, directory->end - directory->begin), directory->count));
    std::vector<ZipEntry> entries(places.size());
    std::vector<std::size_t> order(places.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::sort(order, {}, [&places](std::size_t i) { return places[i].at; });
    std::size_t end = 0;
    for (const std::size_t i : order) {
        if (places[i].at != end) return malformed_zip();
        const auto entry = read_local(zip.substr(0, directory->begin), places[i], end);
        if (!entry) return malformed_zip();
        entries[i] = *entry;
    }
    if (end != directory->begin) return malformed_zip();
    return entries;
}

Result<std::string> unpacked(const ZipEntry& entry) {
    std::string bytes = entry.is_deflated ? std::string(entry.size, '\0') : std::string(entry.packed);
    if (bytes.size() != entry.size) return malformed_zip();
    if (entry.is_deflated && !inflate_exactly(entry.packed, bytes)) return malformed_zip();
    const auto checksum = crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
    if (checksum != entry.checksum) return malformed_zip();
    return bytes;
}

}  // namespace kaigong::ofd
