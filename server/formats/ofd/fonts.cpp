#include "formats/ofd/fonts.hpp"

#include <cmath>

namespace kaigong::ofd {

std::vector<char32_t> characters_of(std::string_view utf8) {
    std::vector<char32_t> characters;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto first = static_cast<unsigned char>(utf8[i++]);
        std::size_t more = 0;
        if (first >= 0xF0) {
            more = 3;
        } else if (first >= 0xE0) {
            more = 2;
        } else if (first >= 0xC0) {
            more = 1;
        }
        char32_t character = more == 0 ? first : first & (0x3FU >> more);
        bool whole = first < 0x80 || (first >= 0xC2 && first <= 0xF4);
        for (; more > 0 && i < utf8.size() && (static_cast<unsigned char>(utf8[i]) & 0xC0) == 0x80; --more) {
            character = (character << 6) | (static_cast<unsigned char>(utf8[i++]) & 0x3FU);
        }
        whole = whole && more == 0;
        characters.push_back(whole ? character : U'\uFFFD');
    }
    return characters;
}

FontName font_name(text::Face face) {
    switch (face) {
        case text::Face::serif: return {"NotoSerifCJKsc-Regular", "Noto Serif CJK SC", "serif.ttf", true, false};
        case text::Face::serif_bold: return {"NotoSerifCJKsc-Bold", "Noto Serif CJK SC", "serif_bold.ttf", true, true};
        case text::Face::sans: return {"NotoSansCJKsc-Regular", "Noto Sans CJK SC", "sans.ttf", false, false};
        case text::Face::sans_bold: return {"NotoSansCJKsc-Bold", "Noto Sans CJK SC", "sans_bold.ttf", false, true};
        case text::Face::rare: return {"HanaMinB", "HanaMinB", "rare.ttf", true, false};
    }
    throw std::logic_error("unknown face");
}

Result<const text::SubsetSource*> Fonts::source(text::Face face) {
    Used& used = used_[static_cast<std::size_t>(face)];
    if (used.source == nullptr) {
        KAIGONG_TRY(found, text::SubsetSource::of(shaper_.font_file(face)));
        used.source = found;
    }
    return used.source;
}

Result<std::vector<Piece>> Fonts::pieces(const text::Run& run) {
    KAIGONG_TRY(font, source(run.face));
    std::vector<Piece> pieces;
    std::size_t byte = 0;
    std::size_t glyph = 0;
    for (const text::Cluster& cluster : run.clusters) {
        const std::string_view text = std::string_view(run.text).substr(byte, cluster.bytes);
        const std::vector<char32_t> characters = characters_of(text);
        const bool by_cmap = characters.size() == 1 && characters[0] <= 0xFFFF && cluster.glyphs == 1 &&
                             std::abs(run.glyphs[glyph].y_pt) < 0.001 &&
                             font->nominal_glyph(characters[0]) == run.glyphs[glyph].id;
        if (by_cmap && !pieces.empty() && pieces.back().by_cmap) {
            Piece& last = pieces.back();
            last.text = std::string_view(last.text.data(), last.text.size() + text.size());
            last.glyph_end += 1;
            last.advance_pt += cluster.advance_pt;
        } else {
            pieces.push_back({text, glyph, glyph + cluster.glyphs, cluster.advance_pt, by_cmap});
        }
        byte += cluster.bytes;
        glyph += cluster.glyphs;
    }
    return pieces;
}

void Fonts::take(const text::Run& run, const std::vector<Piece>& pieces) {
    Used& used = used_[static_cast<std::size_t>(run.face)];
    for (const Piece& piece : pieces) {
        for (const char32_t character : characters_of(piece.text)) used.characters.insert(character);
        if (piece.by_cmap) continue;
        for (std::size_t i = piece.glyph_begin; i < piece.glyph_end; ++i) used.glyphs.insert(run.glyphs[i].id);
    }
}

std::vector<EmbeddedFont> Fonts::embed(std::uint32_t& id) const {
    std::vector<EmbeddedFont> fonts;
    for (std::size_t i = 0; i < used_.size(); ++i) {
        const Used& used = used_[i];
        if (used.characters.empty()) continue;
        fonts.push_back({static_cast<text::Face>(i),
                         used.source->subset({used.characters.begin(), used.characters.end()},
                                             {used.glyphs.begin(), used.glyphs.end()}),
                         id++});
    }
    return fonts;
}

}  // namespace kaigong::ofd
