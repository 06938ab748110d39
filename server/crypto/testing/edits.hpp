// A valid sample with bytes changed as a fuzzer says: what it finds lies deeper than in bytes of its own.
#pragma once

#include "crypto/bytes.hpp"

namespace kaigong::crypto::testing {

/// Each three bytes of `edits` are a place (big-endian, around the end again) and the byte to put there.
inline Bytes edited(Bytes sample, BytesView edits) {
    for (std::size_t i = 0; i + 3 <= edits.size() && !sample.empty(); i += 3) {
        const std::size_t place = (std::size_t{edits[i]} << 8) | edits[i + 1];
        sample[place % sample.size()] = edits[i + 2];
    }
    return sample;
}

}  // namespace kaigong::crypto::testing
