#include "formats/text/subset.hpp"

#include "formats/text/truetype_glyph.hpp"

#include <cairo-ft.h>
#include <doctest/doctest.h>
#include <freetype/ftoutln.h>
#include <cmath>

using namespace kaigong;

namespace {

const text::SubsetSource& serif_source() {
    const auto* shaper = *text::Shaper::of_this_thread();
    return **text::SubsetSource::of(shaper->font_file(text::Face::serif));
}

/// A font as another library reads it.
class OpenedFont {
  public:
    explicit OpenedFont(const std::string& bytes) {
        REQUIRE(FT_Init_FreeType(&library_) == 0);
        REQUIRE(FT_New_Memory_Face(library_, reinterpret_cast<const FT_Byte*>(bytes.data()),
                                   static_cast<FT_Long>(bytes.size()), 0, &face_) == 0);
    }
    OpenedFont(const OpenedFont&) = delete;
    OpenedFont& operator=(const OpenedFont&) = delete;
    ~OpenedFont() {
        FT_Done_Face(face_);
        FT_Done_FreeType(library_);
    }
    FT_Face face() const { return face_; }

  private:
    FT_Library library_ = nullptr;
    FT_Face face_ = nullptr;
};

}  // namespace

TEST_CASE("a subset has the characters asked for, their widths and names, and nothing else") {
    const auto& source = serif_source();
    const auto subset = source.subset({U'施', U'工', U'1', U'𠮷'}, {});
    CHECK(subset.opentype == source.subset({U'𠮷', U'1', U'工', U'施', U'施'}, {}).opentype);
    CHECK(subset.opentype.size() < 5'000);
    const OpenedFont font(subset.opentype);
    CHECK(font.face()->num_glyphs == 5);
    CHECK(std::string(font.face()->family_name) == "Noto Serif CJK SC");
    for (const char32_t character : {U'施', U'工', U'1', U'𠮷'}) {
        CHECK(FT_Get_Char_Index(font.face(), character) == subset.glyph(source.nominal_glyph(character)));
        CHECK(FT_Get_Char_Index(font.face(), character) != 0);
    }
    CHECK(FT_Get_Char_Index(font.face(), U'許') == 0);
    REQUIRE(FT_Load_Char(font.face(), U'施', FT_LOAD_NO_SCALE) == 0);
    CHECK(font.face()->glyph->metrics.horiAdvance == 1'000);
    CHECK(font.face()->glyph->outline.n_contours > 1);
}

TEST_CASE("glyphs can be asked for by number, and characters that the face lacks are left out") {
    const auto& source = serif_source();
    const std::uint32_t wanted = source.nominal_glyph(U'证');
    const auto subset = source.subset({U'许', U'\uE000'}, {wanted});
    const OpenedFont font(subset.opentype);
    CHECK(FT_Get_Char_Index(font.face(), U'证') == 0);
    CHECK(FT_Get_Char_Index(font.face(), U'\uE000') == 0);
    REQUIRE(FT_Load_Glyph(font.face(), subset.glyph(wanted), FT_LOAD_NO_SCALE) == 0);
    CHECK(font.face()->glyph->outline.n_contours > 0);
    CHECK_THROWS(subset.glyph(source.nominal_glyph(U'证') + 1));
}

TEST_CASE("outlines of a subset are those of the face, turned the way that TrueType goes round") {
    const auto* shaper = *text::Shaper::of_this_thread();
    const auto& file = shaper->font_file(text::Face::serif);
    FT_Library library = nullptr;
    FT_Face whole = nullptr;
    REQUIRE(FT_Init_FreeType(&library) == 0);
    REQUIRE(FT_New_Face(library, file.path.c_str(), static_cast<FT_Long>(file.index), &whole) == 0);
    const std::u32string characters = U"建筑工程施工许可证08Aag，。（）《》中华人民共和国";
    const OpenedFont font(serif_source().subset({characters.begin(), characters.end()}, {}).opentype);
    for (const char32_t character : characters) {
        CAPTURE(static_cast<unsigned>(character));
        FT_BBox wanted;
        FT_BBox got;
        REQUIRE(FT_Load_Char(whole, character, FT_LOAD_NO_SCALE) == 0);
        FT_Outline_Get_CBox(&whole->glyph->outline, &wanted);
        const FT_Orientation wanted_orientation = FT_Outline_Get_Orientation(&whole->glyph->outline);
        const auto wanted_contours = whole->glyph->outline.n_contours;
        REQUIRE(FT_Load_Char(font.face(), character, FT_LOAD_NO_SCALE) == 0);
        FT_Outline_Get_CBox(&font.face()->glyph->outline, &got);
        CHECK(font.face()->glyph->outline.n_contours == wanted_contours);
        CHECK(std::abs(wanted.yMax - got.yMax) <= 12);  // boxes of control points: the quadratic ones lie elsewhere
        CHECK(std::abs(wanted.xMin - got.xMin) <= 12);
        CHECK(FT_Outline_Get_Orientation(&font.face()->glyph->outline) != wanted_orientation);
    }
    FT_Done_Face(whole);
    FT_Done_FreeType(library);
}

TEST_CASE("a font file that is not there is told, not thrown") {
    CHECK(text::SubsetSource::of({"/nowhere/font.ttc", 0}).error().reason == "layout.font_not_installed");
    const auto* shaper = *text::Shaper::of_this_thread();
    CHECK(text::SubsetSource::of({shaper->font_file(text::Face::serif).path, 99}).error().reason ==
          "layout.font_not_installed");
}

TEST_CASE("a cubic curve becomes quadratic ones that stay within half a unit of it") {
    text::TrueTypeGlyph glyph;
    glyph.move_to(0, 0);
    glyph.cubic_to(0, 552, 448, 1'000, 1'000, 1'000);  // a quarter of a circle around (1000, 0)
    glyph.line_to(1'000, 0);
    glyph.close();
    text::GlyphLimits limits;
    const std::string bytes = glyph.bytes(limits);
    CHECK(limits.contours == 1);
    CHECK(limits.points >= 6);
    CHECK(limits.points <= 14);
    CHECK(limits.x_max == 1'000);
    CHECK(limits.y_max == 1'000);
    CHECK(bytes.size() % 2 == 0);
    CHECK(glyph.left() == 0);
}
