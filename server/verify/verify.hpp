// Judges one certificate file of a stranger: which kind it is, who signed it, what it proves. Bytes, trust and an
// instant in, an answer out: no clock, no network. The contract is docs/proof-formats.md; web/verify/ answers the same.
#pragma once

#include "verify/answer.hpp"
#include "verify/trust.hpp"

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kaigong::verify {

/// A certificate with five hundred buildings and its fonts is far below.
inline constexpr std::size_t kFileBytesMax = 50'000'000;

struct VerifiedFile {
    std::string name;
    std::string_view bytes;
};

/// `now_ms` (UTC) stands for the time of signing where a file tells none. Whatever the bytes are, there is an answer.
Answer verify_file(const VerifiedFile& file, const Trust& trust, std::int64_t now_ms);

}  // namespace kaigong::verify
