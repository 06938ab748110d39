#include "formats/layout/setting.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>

namespace kaigong::layout {
namespace {

constexpr double kLeadingOfSize = 1.75;
constexpr double kSizeStepPt = 0.5;
/// A Chinese glyph fills its square; the middle of the square is this part of the size above the base line.
constexpr double kMiddleAboveBaseline = 0.38;

text::Style shaping(const TextStyle& style, double size_pt) {
    return {.sans = style.sans,
            .bold = style.bold,
            .size_pt = size_pt,
            .letter_spacing_pt = style.letter_spacing_pt,
            .first_indent_pt = style.indent_characters * size_pt,
            .align = style.align};
}

bool fits(const SetText& set, const TextStyle& style) {
    if (style.lines_max > 0 && set.lines.size() > static_cast<std::size_t>(style.lines_max)) return false;
    return style.height_max_mm == 0 || set.height_mm() <= style.height_max_mm;
}

double leading_pt(const TextStyle& style, double size_pt) {
    const double at_full_size = style.leading_pt > 0 ? style.leading_pt : style.size_pt * kLeadingOfSize;
    return at_full_size * size_pt / style.size_pt;
}

void outline_row(std::vector<Element>& elements, const std::vector<Cell>& cells, const RowShape& shape, double height) {
    const Border& border = shape.border;
    if (!border.drawn) return;
    const auto horizontal = [&](double y, bool outer) {
        elements.emplace_back(
            line({0, y}, {shape.width_mm, y}, border.colour, outer ? border.outer_mm : border.inner_mm));
    };
    const auto vertical = [&](double x, bool outer) {
        elements.emplace_back(line({x, 0}, {x, height}, border.colour, outer ? border.outer_mm : border.inner_mm));
    };
    horizontal(0, border.first);
    horizontal(height, border.last);
    vertical(0, true);
    vertical(shape.width_mm, true);
    for (std::size_t i = 1; i < cells.size(); ++i) vertical(cells[i].x_mm, false);
}

}  // namespace

TextStyle scaled(TextStyle style, double factor) {
    style.size_pt *= factor;
    style.leading_pt *= factor;
    return style;
}

Error overflow(const std::string& field) {
    return invalid_field(field, "layout.text_overflow", "文字太长，版面上放不下，请缩短后重试。");
}

bool RichText::empty() const {
    return std::ranges::all_of(spans, [](const text::Span& span) { return span.text.empty(); });
}

Result<SetText> set_text(const text::Shaper& shaper, const RichText& text, const TextStyle& style, double width_mm) {
    const bool limited = style.lines_max > 0 || style.height_max_mm > 0;
    const double size_min = limited && style.size_min_pt > 0 ? style.size_min_pt : style.size_pt;
    for (double size = style.size_pt;; size = std::max(size - kSizeStepPt, size_min)) {
        text::Shaped shaped = shaper.shape(text.spans, shaping(style, size), width_mm / kMmPerPoint);
        if (!shaped.missing.empty()) {
            return invalid_field(text.field, "layout.glyph_missing",
                                 fmt::format("字体中没有这些字：{}。请改用通用写法，或请管理员安装补充字体。",
                                             fmt::join(shaped.missing, " ")));
        }
        SetText set{std::move(shaped.lines), size, leading_pt(style, size) * kMmPerPoint};
        if (fits(set, style)) return set;
        if (size <= size_min) return overflow(text.field);
    }
}

void draw_lines(std::vector<Element>& elements, const SetText& text, Point top_left, Colour colour) {
    double top = top_left.y_mm;
    for (const text::Line& line : text.lines) {
        const double baseline = top + text.leading_mm / 2 + kMiddleAboveBaseline * text.size_pt * kMmPerPoint;
        for (const text::Run& run : line.runs) {
            elements.emplace_back(TextRun{{top_left.x_mm + run.x_pt * kMmPerPoint, baseline}, run, colour});
        }
        top += text.leading_mm;
    }
}

Result<std::vector<Strip>> paragraph(const text::Shaper& shaper, const RichText& text, const TextStyle& style,
                                     double width_mm, Tag tag) {
    KAIGONG_TRY(set, set_text(shaper, text, style, width_mm));
    std::vector<Strip> strips;
    const std::size_t count = set.lines.size();
    for (std::size_t i = 0; i < count; ++i) {
        Strip strip;
        strip.height_mm = set.leading_mm;
        strip.field = text.field;
        strip.keep_with_next = i + 1 < count && (i == 0 || i + 2 == count);
        if (i == 0) strip.elements.emplace_back(TagOpen{tag});
        draw_lines(strip.elements, {{std::move(set.lines[i])}, set.size_pt, set.leading_mm}, {}, style.colour);
        if (i + 1 == count) strip.elements.emplace_back(TagClose{});
        strips.push_back(std::move(strip));
    }
    return strips;
}

Result<std::vector<Strip>> numbered(const text::Shaper& shaper, const RichText& number, const RichText& text,
                                    const TextStyle& style, double width_mm) {
    TextStyle number_style = style;
    number_style.lines_max = 1;
    number_style.align = text::Align::left;
    KAIGONG_TRY(set, set_text(shaper, number, number_style, width_mm / 2));
    const double hanging = (set.lines.at(0).width_pt + style.size_pt * 0.25) * kMmPerPoint;
    KAIGONG_TRY(strips, paragraph(shaper, text, style, width_mm - hanging));
    for (Strip& strip : strips) {
        for (Element& element : strip.elements) move_by(element, hanging, 0);
    }
    std::vector<Element> label;
    draw_lines(label, set, {}, style.colour);
    // After the opening tag, so that the number is read with its sentence.
    strips.front().elements.insert(strips.front().elements.begin() + 1, label.begin(), label.end());
    return std::move(strips);
}

Result<Strip> row(const text::Shaper& shaper, const std::vector<Cell>& cells, const RowShape& shape) {
    Strip strip;
    strip.is_table_row = true;
    std::vector<SetText> texts;
    double height = shape.height_min_mm;
    for (const Cell& cell : cells) {
        KAIGONG_TRY(set, set_text(shaper, cell.text, cell.style, cell.width_mm - 2 * shape.padding_x_mm));
        const double needed = set.height_mm() + 2 * shape.padding_y_mm;
        if (needed > height || strip.field.empty()) strip.field = cell.text.field;
        height = std::max(height, needed);
        texts.push_back(std::move(set));
    }
    strip.height_mm = height;
    for (const Cell& cell : cells) {
        if (!cell.heading || !shape.heading_fill) continue;
        Path fill = rectangle({cell.x_mm, 0, cell.width_mm, height});
        fill.fill = shape.heading_fill;
        strip.elements.emplace_back(std::move(fill));
    }
    outline_row(strip.elements, cells, shape, height);
    strip.elements.emplace_back(TagOpen{Tag::table_row});
    for (std::size_t i = 0; i < cells.size(); ++i) {
        strip.elements.emplace_back(TagOpen{cells[i].heading ? Tag::table_heading : Tag::table_cell});
        draw_lines(strip.elements, texts[i], {cells[i].x_mm + shape.padding_x_mm, (height - texts[i].height_mm()) / 2},
                   cells[i].style.colour);
        strip.elements.emplace_back(TagClose{});
    }
    strip.elements.emplace_back(TagClose{});
    return strip;
}

}  // namespace kaigong::layout
