// Makes of a whole ZIP archive others that two readers see differently, as a forger would.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace kaigong::ofd::testing {

inline constexpr std::size_t kZipEndBytes = 22;

inline std::size_t zip_number(std::string_view zip, std::size_t at, std::size_t bytes) {
    std::size_t value = 0;
    for (std::size_t i = bytes; i-- > 0;) value = value << 8U | static_cast<std::uint8_t>(zip.at(at + i));
    return value;
}

inline void set_zip_number(std::string& zip, std::size_t at, std::size_t bytes, std::size_t value) {
    for (std::size_t i = 0; i < bytes; ++i, value >>= 8U) zip.at(at + i) = static_cast<char>(value & 0xFFU);
}

/// Where the directory begins, of an archive without a comment.
inline std::size_t zip_directory(std::string_view zip) {
    return zip_number(zip, zip.size() - kZipEndBytes + 16, 4);
}

/// Places of the entries from `from` on, as the directory and the end record name them, `by` bytes later.
inline std::string with_moved_places(std::string zip, std::size_t from, std::size_t by, std::size_t directory) {
    const std::size_t end = zip.size() - kZipEndBytes;
    for (std::size_t at = directory; at < end;) {
        const std::size_t local = zip_number(zip, at + 42, 4);
        if (local >= from) set_zip_number(zip, at + 42, 4, local + by);
        at += 46 + zip_number(zip, at + 28, 2) + zip_number(zip, at + 30, 2) + zip_number(zip, at + 32, 2);
    }
    set_zip_number(zip, end + 16, 4, zip_number(zip, end + 16, 4) + by);
    return zip;
}

/// Bytes that the directory does not know, before the entry that begins at `at` (or before the directory itself).
inline std::string with_hidden_bytes(std::string zip, std::size_t at, std::string_view hidden) {
    const std::size_t directory = zip_directory(zip) + hidden.size();
    zip.insert(at, hidden);
    return with_moved_places(std::move(zip), at, hidden.size(), directory);
}

/// The local entries of an archive, without its directory.
inline std::string zip_entries(std::string_view zip) {
    return std::string(zip.substr(0, zip_directory(zip)));
}

/// Where the second entry begins: behind the first, whose sizes stand before it.
inline std::size_t second_entry(std::string_view zip) {
    return 30 + zip_number(zip, 26, 2) + zip_number(zip, 28, 2) + zip_number(zip, 18, 4);
}

/// The other archive stands in the comment of this one, with places that fit.
inline std::string with_second_directory(std::string zip, std::string other) {
    other = with_moved_places(other, 0, zip.size(), zip_directory(other));
    set_zip_number(zip, zip.size() - 2, 2, other.size());
    return zip + other;
}

/// Bytes behind the packed bytes of the first entry, which its sizes count as packed.
inline std::string with_bytes_behind_packed(std::string zip, std::string_view hidden) {
    const std::size_t packed = zip_number(zip, 18, 4) + hidden.size();
    zip = with_hidden_bytes(zip, second_entry(zip), hidden);
    set_zip_number(zip, 18, 4, packed);
    set_zip_number(zip, zip_directory(zip) + 20, 4, packed);
    return zip;
}

}  // namespace kaigong::ofd::testing
