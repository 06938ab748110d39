// An OFD package (GB/T 33190-2016, 6.1): files by name, in memory, and as ZIP. Knows nothing of what the files say.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::ofd {

/// What a package of strangers may have at most; more is refused, never cut off.
inline constexpr std::size_t kPackageBytesMax = std::size_t{32} << 20;
inline constexpr std::size_t kFilesMax = 2'000;
inline constexpr std::size_t kFileBytesMax = std::size_t{32} << 20;
inline constexpr std::size_t kUnpackedBytesMax = std::size_t{96} << 20;
/// Bytes that one compressed byte may become, for files above a mebibyte.
inline constexpr std::uint64_t kCompressionRatioMax = 200;
inline constexpr std::size_t kNameBytesMax = 240;

struct PackageFile {
    /// Relative to the package, `/` between folders: `Doc_0/Document.xml`.
    std::string path;
    std::string bytes;
};

/// Template pages: the art behind all certificates of one kind, byte by byte the same and more than half of a package.
/// What is made of such a file is worth keeping.
bool is_repeated(const PackageFile& file);

/// Files in the order in which they were added. Names are case-sensitive (GB/T 33190, 6.1), and no two of them differ
/// in case alone, so a reader that folds case sees the same files.
class Package {
  public:
    /// Fails with ofd.name_refused (absolute, `..`, `\`, control characters, too long) and ofd.name_repeated.
    Result<void> add(std::string path, std::string bytes);

    /// Replaces what `add` put there; throws when there is no such file.
    void replace(std::string_view path, std::string bytes);

    /// Nothing when there is no such file. Real files name parts in the wrong case; as names are unique without case,
    /// the one that is meant is found all the same.
    const PackageFile* find(std::string_view path) const;

    const std::vector<PackageFile>& files() const { return files_; }

    /// Deflated where that saves something, with the same dates for every file: the same package gives the same bytes.
    std::string zip() const;

    /// Fails with ofd.too_large, ofd.zip_malformed, ofd.too_many_files, ofd.file_too_large, ofd.compression_refused
    /// (encrypted, an unknown method, a bomb), ofd.name_refused, ofd.name_repeated. Folders are left out.
    static Result<Package> read(std::string_view zip);

  private:
    std::vector<PackageFile> files_;
};

}  // namespace kaigong::ofd
