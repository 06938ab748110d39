// A ZIP archive of a stranger (APPNOTE.TXT), of which no two readers see different files. One goes by the directory,
// another from entry to entry, a third looks for the last end record: so nothing may stand before, between or behind
// the entries, and both places that describe an entry say the same. Not here: what a package may hold.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kaigong::ofd {

/// Refers to the archive's bytes.
struct ZipEntry {
    std::string_view name;
    bool is_deflated = false;
    std::uint32_t checksum = 0;
    std::uint32_t size = 0;
    std::string_view packed;
};

Error malformed_zip();

/// In the order of the directory. ZIP64 is refused: a package is far below its limits.
/// Fails with ofd.zip_malformed, ofd.too_many_files, ofd.compression_refused (encrypted, an unknown method).
Result<std::vector<ZipEntry>> zip_entries(std::string_view zip);

/// Exactly `size` bytes, made of every packed byte. Fails with ofd.zip_malformed.
Result<std::string> unpacked(const ZipEntry& entry);

}  // namespace kaigong::ofd
