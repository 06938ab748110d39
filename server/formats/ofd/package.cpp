#include "formats/ofd/package.hpp"

#include "base/shelf.hpp"
#include "base/text.hpp"
#include "formats/ofd/zip_reader.hpp"

#include <zip.h>
#include <algorithm>
#include <memory>
#include <stdexcept>

namespace kaigong::ofd {
namespace {

struct DiscardArchive {
    void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
};
struct FreeSource {
    void operator()(zip_source_t* source) const noexcept { zip_source_free(source); }
};
using Archive = std::unique_ptr<zip_t, DiscardArchive>;
using Source = std::unique_ptr<zip_source_t, FreeSource>;

/// 1980-01-01 00:00, the first instant that ZIP can say.
constexpr zip_uint16_t kZipDate = (0 << 9) | (1 << 5) | 1;
/// A certificate takes 8 ms; level 6 takes three times as long, and saves two bytes in a hundred.
constexpr zip_uint32_t kDeflateLevel = 4;
/// Half a megabyte each; one a kind of certificate, a few more for those with other fonts.
constexpr std::size_t kRepeatedKept = 8;
constexpr std::size_t kRatioCheckedFrom = std::size_t{1} << 20;

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_without_case(std::string_view left, std::string_view right) {
    return std::ranges::equal(left, right, {}, lower, lower);
}

bool name_allowed(std::string_view path) {
    if (path.empty() || path.size() > kNameBytesMax || !count_code_points(path)) return false;
    for (const char c : path) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\' || c == ':') return false;
    }
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        const std::string_view part = path.substr(begin, end - begin);
        if (part.empty() || part == "." || part == "..") return false;
        begin = end + 1;
    }
    return true;
}

Error file_too_large() {
    return error(Errc::too_large, "ofd.file_too_large", "OFD 包内有过大的文件，无法检查，请联系出具单位。");
}

bool is_bomb(const ZipEntry& entry) {
    return entry.size > kRatioCheckedFrom && entry.size / kCompressionRatioMax > entry.packed.size();
}

[[noreturn]] void fail(zip_t* archive) {
    throw std::runtime_error(zip_strerror(archive));
}

/// Pictures, and the seals with a picture inside: packing them takes as long as a page, and saves one byte in a
/// hundred.
bool is_packed_already(std::string_view path) {
    return path.ends_with(".png") || path.ends_with(".esl") || path.ends_with(".dat");
}

void add_entry(zip_t* archive, const PackageFile& file, Source source) {
    if (source == nullptr) fail(archive);
    const zip_int64_t index = zip_file_add(archive, file.path.c_str(), source.get(), ZIP_FL_ENC_UTF_8);
    if (index < 0) fail(archive);
    static_cast<void>(source.release());  // NOLINT(bugprone-unused-return-value): the archive owns it now
    const auto at = static_cast<zip_uint64_t>(index);
    if (zip_file_set_dostime(archive, at, 0, kZipDate, 0) != 0) fail(archive);
    const auto method = is_packed_already(file.path) ? ZIP_CM_STORE : ZIP_CM_DEFLATE;
    if (zip_set_file_compression(archive, at, method, kDeflateLevel) != 0) fail(archive);
}

std::string bytes_of(zip_source_t* source) {
    if (zip_source_open(source) != 0) throw std::runtime_error("the package that was written cannot be read");
    zip_source_seek(source, 0, SEEK_END);
    std::string bytes(static_cast<std::size_t>(zip_source_tell(source)), '\0');
    zip_source_seek(source, 0, SEEK_SET);
    const zip_int64_t read = zip_source_read(source, bytes.data(), bytes.size());
    zip_source_close(source);
    if (read != static_cast<zip_int64_t>(bytes.size())) throw std::runtime_error("the package is not whole");
    return bytes;
}

/// An archive in memory that is being written.
class ZipWriter {
  public:
    ZipWriter() : target_(zip_source_buffer_create(nullptr, 0, 0, nullptr)) {
        if (target_ == nullptr) throw std::bad_alloc();
        zip_source_keep(target_.get());
        archive_.reset(zip_open_from_source(target_.get(), ZIP_TRUNCATE, nullptr));
        if (archive_ != nullptr) return;
        zip_source_free(target_.get());
        throw std::bad_alloc();
    }

    /// The bytes must stay until the end.
    void add(const PackageFile& file) {
        add_entry(archive_.get(), file,
                  Source(zip_source_buffer(archive_.get(), file.bytes.data(), file.bytes.size(), 0)));
    }

    /// The first file of another archive, deflated as it is there.
    void add_deflated(const PackageFile& file, std::shared_ptr<const std::string> other) {
        Source source(zip_source_buffer_create(other->data(), other->size(), 0, nullptr));
        if (source == nullptr) throw std::bad_alloc();
        Archive opened(zip_open_from_source(source.get(), ZIP_RDONLY, nullptr));
        if (opened == nullptr) throw std::runtime_error("an archive of the shelf cannot be read");
        static_cast<void>(source.release());  // NOLINT(bugprone-unused-return-value): the archive owns it now
        add_entry(archive_.get(), file,
                  Source(zip_source_zip(archive_.get(), opened.get(), 0, ZIP_FL_COMPRESSED, 0, -1)));
        others_.push_back({std::move(other), std::move(opened)});
    }

    std::string finish() {
        if (zip_close(archive_.get()) != 0) fail(archive_.get());
        static_cast<void>(archive_.release());  // NOLINT(bugprone-unused-return-value): closed
        return bytes_of(target_.get());
    }

  private:
    struct Other {
        std::shared_ptr<const std::string> bytes;
        Archive archive;
    };
    Source target_;
    /// They are read when the archive is closed.
    std::vector<Other> others_;
    Archive archive_;
};

std::shared_ptr<const std::string> deflated_once(const PackageFile& file) {
    static Shelf<std::string> shelf(kRepeatedKept);
    return shelf.get(file.bytes, [&] {
        ZipWriter alone;
        alone.add(file);
        return alone.finish();
    });
}

}  // namespace

bool is_repeated(const PackageFile& file) {
    return file.path.starts_with("Doc_0/Tpls/");
}

Result<void> Package::add(std::string path, std::string bytes) {
    if (!name_allowed(path)) {
        return error(Errc::invalid_input, "ofd.name_refused", "OFD 包内有不合规的文件名，请重新获取原文件。");
    }
    for (const PackageFile& file : files_) {
        if (same_without_case(file.path, path)) {
            return error(Errc::invalid_input, "ofd.name_repeated", "OFD 包内有重名的文件，请重新获取原文件。");
        }
    }
    files_.push_back({std::move(path), std::move(bytes)});
    return {};
}

void Package::replace(std::string_view path, std::string bytes) {
    const auto file = std::ranges::find(files_, path, &PackageFile::path);
    if (file == files_.end()) throw std::logic_error("no such file in the package");
    file->bytes = std::move(bytes);
}

const PackageFile* Package::find(std::string_view path) const {
    const auto file =
        std::ranges::find_if(files_, [&](const PackageFile& each) { return same_without_case(each.path, path); });
    return file == files_.end() ? nullptr : &*file;
}

std::string Package::zip() const {
    ZipWriter writer;
    for (const PackageFile& file : files_) {
        if (is_repeated(file)) {
            writer.add_deflated(file, deflated_once(file));
        } else {
            writer.add(file);
        }
    }
    return writer.finish();
}

Result<Package> Package::read(std::string_view zip) {
    if (zip.size() > kPackageBytesMax) {
        return error(Errc::too_large, "ofd.too_large", "OFD 文件超过 32 MB，无法检查，请联系出具单位。");
    }
    KAIGONG_TRY(entries, zip_entries(zip));
    if (entries.empty()) return malformed_zip();
    Package package;
    std::size_t total = 0;
    for (const ZipEntry& entry : entries) {
        total += entry.size;
        if (entry.size > kFileBytesMax || total > kUnpackedBytesMax) return file_too_large();
        if (is_bomb(entry)) {
            return error(Errc::invalid_input, "ofd.compression_refused",
                         "OFD 包内有异常压缩的文件，请重新获取原文件。");
        }
        KAIGONG_TRY(bytes, unpacked(entry));
        if (entry.name.ends_with('/') && bytes.empty()) continue;
        KAIGONG_CHECK(package.add(std::string(entry.name), std::move(bytes)));
    }
    return package;
}

}  // namespace kaigong::ofd
