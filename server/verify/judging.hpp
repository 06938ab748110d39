// The checks that are the same for every kind of file: the certificate object, its entry, the log, the times.
#pragma once

#include "verify/answer.hpp"
#include "verify/contents.hpp"
#include "verify/trust.hpp"

#include <cstdint>
#include <optional>

namespace kaigong::verify {

struct Judged {
    std::optional<CertificateObject> certificate;
    std::optional<Entry> entry;
    bool has_evidence = false;
    /// When witnesses saw the log last, or else when the entry was made.
    std::optional<std::int64_t> proved_at_ms;
};

/// Finds `data`, `content`, `proof`, `checkpoint` and `times`. No `contents`: what should hold them could not be read.
Judged judge_contents(const std::optional<Contents>& contents, const Trust& trust, Findings& findings);

}  // namespace kaigong::verify
