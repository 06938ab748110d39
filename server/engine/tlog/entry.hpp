// The entries of the logs, read back by those who watch them (docs/proof-formats.md, The log).
#pragma once

#include "base/civil_date.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace kaigong::tlog {

/// The times that an entry says.
struct EntryTimes {
    std::int64_t logged_at_ms = 0;
    std::optional<CivilDate> issued_on;  ///< of a permit

    bool operator==(const EntryTimes&) const = default;
};

/// Nothing where the text is not one of the entries of the page: canonical JSON (RFC 8785), a known `entry` with `v` 1,
/// all of its members and no others, each of its kind.
std::optional<EntryTimes> read_entry(std::string_view json);

}  // namespace kaigong::tlog
