// QR codes (GB/T 18284, ISO/IEC 18004) as modules; drawing is the layout's task.
#pragma once

#include "base/result.hpp"

#include <string_view>
#include <vector>

namespace kaigong::qr {

struct Modules {
    /// Modules a side, without the quiet zone of 4 that must stay free around.
    int size = 0;
    /// Row by row; true is dark.
    std::vector<bool> dark;
};

inline constexpr std::size_t kTextBytesMax = 600;
inline constexpr int kQuietZone = 4;

/// Error correction M (15 %). Digits and capitals cost less than other characters, so the same text may be cut into
/// parts of different modes. Fails with qr.text_empty, qr.text_too_long.
Result<Modules> encode(std::string_view text);

}  // namespace kaigong::qr
