// The fonts of one PDF document: which glyphs it uses and which text they stand for, then each face as a subset that
// holds those only, with widths and the way back to Unicode (ISO 32000-1, 9.7 and 9.10.3).
// HarfBuzz makes the subsets: cairo copies the whole font first, 20 MB a face and 150 ms a certificate.
#pragma once

#include "formats/pdf/pdf_file.hpp"
#include "formats/text/shaper.hpp"

#include <map>

namespace kaigong::pdf {

struct FontSource;

class DocumentFonts {
  public:
    explicit DocumentFonts(const text::Shaper& shaper) : shaper_(shaper) {}

    /// The glyph is used and shows this text. False: it stands for another text already, so a reader must be told by
    /// /ActualText.
    bool use(text::Face face, std::uint32_t glyph, std::string_view shown);
    /// In thousandths of the size.
    double advance(text::Face face, std::uint32_t glyph);
    /// Writes the fonts. Entries for /Font of the resources: `/F0 12 0 R …`.
    std::string embed(FileWriter& file) const;

  private:
    struct Used {
        const FontSource* source = nullptr;
        /// By glyph; codes in the content are glyph numbers of the whole font.
        std::map<std::uint32_t, std::string> shown;
    };
    const text::Shaper& shaper_;
    std::map<text::Face, Used> used_;

    Used& used(text::Face face);
    int embed_one(FileWriter& file, const Used& used) const;
};

}  // namespace kaigong::pdf
