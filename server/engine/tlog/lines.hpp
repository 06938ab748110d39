// What the text formats of C2SP share: lines that end in U+000A, and numbers written in one way only.
#pragma once

#include "engine/tlog/hash.hpp"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace kaigong::tlog {

/// Sizes of trees, indexes and POSIX times. The bound is that of cosignatures (tlog-cosignature, `timestamp`), and
/// other programs keep sizes in 64 bits with a sign.
inline constexpr std::uint64_t kNumberMax = 0x7FFF'FFFF'FFFF'FFFF;
/// A tree of 2^63 leaves has no longer proof (tlog-witness, add-checkpoint).
inline constexpr std::size_t kProofHashesMax = 63;

/// The first line without its newline, taken off `rest`; nothing when no newline is left.
std::optional<std::string_view> take_line(std::string_view& rest);

/// ASCII decimal without sign and leading zeroes, up to `kNumberMax`.
std::optional<std::uint64_t> parse_number(std::string_view text);

/// Lines of one hash each, up to and with the empty line that ends them; both are taken off `rest`. Nothing for a line
/// that is no hash, for more than `kProofHashesMax` and for a missing empty line.
std::optional<std::vector<Hash>> take_hashes(std::string_view& rest);

}  // namespace kaigong::tlog
