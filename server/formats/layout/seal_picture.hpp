// The picture of a round seal as PNG, as electronic seals carry it (GB/T 38540: picture of SES_SealInfo); the same
// paths as `layout::seal` draws on the page.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace kaigong::layout {

/// On a transparent ground, square, at 300 dots an inch. Fails with layout.font_not_installed, layout.glyph_missing,
/// layout.text_overflow.
Result<std::string> seal_picture(std::string_view authority, std::string_view legend, double diameter_mm);

}  // namespace kaigong::layout
