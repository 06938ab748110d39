// What a module says of the places where it keeps sealed values, so that `app` can carry them over to a new key and say
// what an old one still protects. The module knows the SQL and the form of its rows, `app` the order and the pace.
#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace kaigong::crypto {

struct SealedRow {
    std::string row_id;  ///< rows come in its order
    std::string text;    ///< as it is stored
    std::string kind;    ///< what else the module must know to read it
};

struct ResealedRow {
    SealedRow before;
    std::string text;
};

/// One column of a table, or the files. The calls are for any thread.
struct SealedColumn {
    std::string name;  ///< `permits.record`
    /// At most `limit` rows after the one named; empty at the end.
    std::function<Result<std::vector<SealedRow>>(const std::string& after, int limit)> page;
    /// The keys that its values are sealed with, and how many with each. Text that somebody typed is never taken for a
    /// sealed value.
    std::function<Result<std::map<std::string, std::int64_t>>(const SealedRow& row)> keys;
    /// The text under the current key; nothing is written. Fails as `open_field`.
    std::function<Result<std::string>(const SealedRow& row)> reseal;
    /// Writes in one transaction where the row still is what it was: what somebody else has written meanwhile stays.
    /// Gives how many were written.
    std::function<Result<std::int64_t>(const std::vector<ResealedRow>& rows)> replace;
};

}  // namespace kaigong::crypto
