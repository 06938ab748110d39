// The fonts of one document that is being written: which characters each face shows, then the subsets of them.
#pragma once

#include "formats/layout/document.hpp"
#include "formats/text/subset.hpp"

#include <array>
#include <optional>
#include <set>

namespace kaigong::ofd {

/// A part of a run that becomes one TextObject: either clusters of one character and the glyph that the cmap gives for
/// it, or one cluster whose glyphs must be named (variants, ligatures, characters beyond the BMP, which readers count
/// as one or as two).
struct Piece {
    std::string_view text;
    /// Into the glyphs of the run.
    std::size_t glyph_begin = 0;
    std::size_t glyph_end = 0;
    double advance_pt = 0;
    bool by_cmap = true;
};

struct EmbeddedFont {
    text::Face face = text::Face::serif;
    text::FontSubset subset;
    std::uint32_t id = 0;
};

class Fonts {
  public:
    explicit Fonts(const text::Shaper& shaper) : shaper_(shaper) {}

    /// The run in pieces, in its order. Fails with layout.font_not_installed.
    Result<std::vector<Piece>> pieces(const text::Run& run);

    /// Everything that `pieces` saw.
    void take(const text::Run& run, const std::vector<Piece>& pieces);

    /// One for each face that was taken, numbered from `id` on, which is left behind the last.
    std::vector<EmbeddedFont> embed(std::uint32_t& id) const;

  private:
    struct Used {
        const text::SubsetSource* source = nullptr;
        std::set<char32_t> characters;
        std::set<std::uint32_t> glyphs;
    };

    const text::Shaper& shaper_;
    std::array<Used, text::kFaces> used_;

    Result<const text::SubsetSource*> source(text::Face face);
};

/// Name and family as readers show them, when the embedded file does not suit them.
struct FontName {
    const char* name;
    const char* family;
    const char* file;
    bool serif;
    bool bold;
};
FontName font_name(text::Face face);

/// Characters of UTF-8; what is malformed becomes U+FFFD.
std::vector<char32_t> characters_of(std::string_view utf8);

}  // namespace kaigong::ofd
