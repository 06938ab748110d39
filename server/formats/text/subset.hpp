// Small fonts: the part of a face that one document needs, as an OpenType file of its own.
// The faces have CFF outlines, which wide-spread readers of OFD (ofdrw to 2.3, those on FontBox) take for empty glyphs;
// so a subset has TrueType outlines, which all of them draw. Works on any thread; the same request, the same bytes.
#pragma once

#include "base/result.hpp"
#include "formats/text/shaper.hpp"

#include <string>
#include <utility>
#include <vector>

namespace kaigong::text {

struct FontSubset {
    /// Outlines, widths, names, and a cmap of the characters asked for; neither layout tables nor hints.
    std::string opentype;
    /// Glyph of the face → glyph of the subset, sorted by the first.
    std::vector<std::pair<std::uint32_t, std::uint32_t>> glyphs;

    /// Throws for a glyph that was not asked for.
    std::uint32_t glyph(std::uint32_t of_the_face) const;
};

/// One face, mapped once for the process and kept: its file has 20 MB and is read where it is touched only.
class SubsetSource {
  public:
    /// Fails with layout.font_not_installed.
    static Result<const SubsetSource*> of(const FontFile& file);

    /// What the cmap of the face says; 0 when it lacks the character.
    std::uint32_t nominal_glyph(char32_t character) const;

    /// A subset with these characters (reached by its cmap) and these glyphs besides. Characters that the face lacks
    /// are left out. Glyphs are renumbered.
    FontSubset subset(const std::vector<char32_t>& characters, const std::vector<std::uint32_t>& glyphs) const;

    ~SubsetSource();
    SubsetSource(const SubsetSource&) = delete;
    SubsetSource& operator=(const SubsetSource&) = delete;

  private:
    struct State;
    explicit SubsetSource(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace kaigong::text
