// Setting of text into strips: paragraphs, rows of cells, numbered lists. Widths in millimetres, sizes in points.
#pragma once

#include "formats/layout/flow.hpp"
#include "formats/text/shaper.hpp"

#include <string>
#include <vector>

namespace kaigong::layout {

inline constexpr Colour kInk{0x14, 0x14, 0x14};

struct TextStyle {
    bool sans = false;
    bool bold = false;
    double size_pt = 12;
    /// 0: one and three quarters of the size.
    double leading_pt = 0;
    Colour colour = kInk;
    text::Align align = text::Align::left;
    double letter_spacing_pt = 0;
    double indent_characters = 0;
    /// 0: any number. Else the text is set smaller down to `size_min_pt` until it fits.
    int lines_max = 0;
    double size_min_pt = 0;
    /// 0: any height. Else the text is set smaller until it is not higher, as for `lines_max`.
    double height_max_mm = 0;
};

/// The same style with size and leading so many times as large.
TextStyle scaled(TextStyle style, double factor);

/// Text does not fit its place: layout.text_overflow.
Error overflow(const std::string& field);

struct RichText {
    std::vector<text::Span> spans;
    /// The placeholder to name when the text does not fit or lacks glyphs.
    std::string field;

    bool empty() const;
};

/// Text that has its lines.
struct SetText {
    std::vector<text::Line> lines;
    double size_pt = 0;
    double leading_mm = 0;

    double height_mm() const { return static_cast<double>(lines.size()) * leading_mm; }
};

/// Fails with layout.glyph_missing and layout.text_overflow, naming `text.field`.
Result<SetText> set_text(const text::Shaper& shaper, const RichText& text, const TextStyle& style, double width_mm);

/// Appends the lines from `top_left` on.
void draw_lines(std::vector<Element>& elements, const SetText& text, Point top_left, Colour colour);

/// One strip a line, so that a long paragraph may go on on the next page; never one line alone at either side.
Result<std::vector<Strip>> paragraph(const text::Shaper& shaper, const RichText& text, const TextStyle& style,
                                     double width_mm, Tag tag = Tag::paragraph);

/// A paragraph with a number hanging left of it.
Result<std::vector<Strip>> numbered(const text::Shaper& shaper, const RichText& number, const RichText& text,
                                    const TextStyle& style, double width_mm);

struct Cell {
    RichText text;
    TextStyle style;
    double x_mm = 0;
    double width_mm = 0;
    bool heading = false;
};

struct Border {
    bool drawn = true;
    Colour colour{0x55, 0x55, 0x55};
    double inner_mm = 0.2;
    double outer_mm = 0.2;
    /// Which horizontal edge is the table's own.
    bool first = false;
    bool last = false;
};

struct RowShape {
    double width_mm = 0;
    double height_min_mm = 0;
    double padding_x_mm = 2;
    double padding_y_mm = 1.4;
    Border border;
    std::optional<Colour> heading_fill;
};

/// One row; cells are centred vertically.
Result<Strip> row(const text::Shaper& shaper, const std::vector<Cell>& cells, const RowShape& shape);

}  // namespace kaigong::layout
