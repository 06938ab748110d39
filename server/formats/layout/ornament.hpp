// What makes a certificate look like one: border, guilloche, watermark, seal. All of it paths; letters in it are
// outlines, so none of it turns up in the text that a reader extracts.
#pragma once

#include "base/result.hpp"
#include "formats/layout/document.hpp"

#include <string_view>
#include <vector>

namespace kaigong::layout {

/// Meander band between a thick outer and two thin inner lines, `margin_mm` inside the page.
std::vector<Path> certificate_frame(double width_mm, double height_mm, double margin_mm);

/// Waves that run through each other with a slowly changing phase, pale enough to read over.
std::vector<Path> guilloche(const Rect& area);

/// Text repeated at a slant all over the area, in several centred lines where it is long. Fails with
/// layout.glyph_missing.
Result<Tile> watermark(const text::Shaper& shaper, const Rect& area, std::string_view words, double size_pt,
                       Colour colour);

/// A round seal around `centre`: ring, star, the authority's name on the arc, `legend` under the star.
/// Legends say what the seal is worth (「演示印章」). Fails with layout.glyph_missing, layout.text_overflow.
Result<std::vector<Path>> seal(const text::Shaper& shaper, Point centre, double diameter_mm, std::string_view authority,
                               std::string_view legend);

}  // namespace kaigong::layout
