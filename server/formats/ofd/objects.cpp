#include "formats/ofd/objects.hpp"

#include "formats/ofd/xml_text.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <limits>

namespace kaigong::ofd {
namespace {

using layout::kMmPerPoint;
using layout::Point;
using layout::Rect;

/// Half a pixel at the edge of an outline lies outside of it, and a boundary cuts.
constexpr double kMarginMm = 0.2;

struct Bounds {
    double left = std::numeric_limits<double>::max();
    double top = std::numeric_limits<double>::max();
    double right = std::numeric_limits<double>::lowest();
    double bottom = std::numeric_limits<double>::lowest();

    void add(Point point) {
        left = std::min(left, point.x_mm);
        top = std::min(top, point.y_mm);
        right = std::max(right, point.x_mm);
        bottom = std::max(bottom, point.y_mm);
    }

    Rect grown(double by) const { return {left - by, top - by, right - left + 2 * by, bottom - top + 2 * by}; }
};

int points_of(layout::PathOp op) {
    switch (op) {
        case layout::PathOp::move:
        case layout::PathOp::line: return 1;
        case layout::PathOp::curve: return 3;
        case layout::PathOp::close: return 0;
    }
    throw std::logic_error("unknown step of a path");
}

Bounds bounds_of(const std::vector<layout::PathStep>& steps) {
    Bounds bounds;
    for (const layout::PathStep& step : steps) {
        for (int i = 0; i < points_of(step.op); ++i) bounds.add(step.points[i]);
    }
    return bounds;
}

void append_colour(std::string& into, std::string_view element, layout::Colour colour) {
    fmt::format_to(std::back_inserter(into), "<ofd:{} Value=\"{} {} {}\"/>", element, colour.red, colour.green,
                   colour.blue);
}

void append_boundary(std::string& into, const Rect& box) {
    into += " Boundary=\"";
    append_box(into, box);
    into += '"';
}

/// Where a path lies: its boundary, and where the corner of its data is, seen from the corner of the boundary.
struct PathPlace {
    Rect boundary;
    Point corner;
};

void append_place(std::string& into, const PathPlace& place) {
    append_boundary(into, place.boundary);
    if (std::abs(place.corner.x_mm) < 0.0005 && std::abs(place.corner.y_mm) < 0.0005) return;
    into += " CTM=\"1 0 0 1 ";
    append_mm(into, place.corner.x_mm);
    into += ' ';
    append_mm(into, place.corner.y_mm);
    into += '"';
}

/// Outlines of letters to the micrometre; of lines a hundredth of a millimetre is enough, and half of the file.
constexpr int kFillDecimals = 3;
constexpr int kStrokeDecimals = 2;

int decimals_for(const layout::Path& path) {
    return path.fill ? kFillDecimals : kStrokeDecimals;
}

/// Seen from the corner of the boundary.
std::string path_data(const std::vector<layout::PathStep>& steps, Point corner, int decimals) {
    constexpr char kLetters[] = {'M', 'L', 'B', 'C'};
    std::string data;
    data.reserve(steps.size() * 14);
    for (const layout::PathStep& step : steps) {
        if (!data.empty()) data += ' ';
        data += kLetters[static_cast<std::size_t>(step.op)];
        for (int i = 0; i < points_of(step.op); ++i) {
            data += ' ';
            append_number(data, step.points[i].x_mm - corner.x_mm, decimals);
            data += ' ';
            append_number(data, step.points[i].y_mm - corner.y_mm, decimals);
        }
    }
    return data;
}

std::string filled(const PathPlace& place, layout::Colour colour, bool even_odd, std::string_view data) {
    std::string rest;
    rest.reserve(data.size() + 160);
    append_place(rest, place);
    rest += " Stroke=\"false\" Fill=\"true\"";
    if (even_odd) rest += " Rule=\"Even-Odd\"";
    rest += '>';
    append_colour(rest, "FillColor", colour);
    rest += "<ofd:AbbreviatedData>";
    rest += data;
    rest += "</ofd:AbbreviatedData></ofd:PathObject>";
    return rest;
}

std::string stroked(const PathPlace& place, layout::Colour colour, double width_mm, std::string_view data) {
    std::string rest;
    rest.reserve(data.size() + 160);
    append_place(rest, place);
    rest += " LineWidth=\"";
    append_mm(rest, width_mm);
    rest += "\">";
    if (colour != layout::Colour{}) append_colour(rest, "StrokeColor", colour);
    rest += "<ofd:AbbreviatedData>";
    rest += data;
    rest += "</ofd:AbbreviatedData></ofd:PathObject>";
    return rest;
}

/// Distances to the next glyph, with `g n d` for three and more that are equal (GB/T 33190, 11.3).
std::string deltas(const std::vector<double>& distances_mm) {
    std::string result;
    std::vector<std::string> texts;
    for (const double distance : distances_mm) append_number(texts.emplace_back(), distance, 4);
    for (std::size_t i = 0; i < texts.size();) {
        std::size_t end = i + 1;
        while (end < texts.size() && texts[end] == texts[i]) ++end;
        if (!result.empty()) result += ' ';
        if (end - i < 3) {
            result += texts[i];
            end = i + 1;
        } else {
            fmt::format_to(std::back_inserter(result), "g {} {}", end - i, texts[i]);
        }
        i = end;
    }
    return result;
}

/// Distances of the glyphs of a piece, along one axis; nothing when all are zero.
std::string deltas_of(const text::Run& run, const Piece& piece, double text::Glyph::* axis) {
    std::vector<double> distances;
    bool any = false;
    for (std::size_t i = piece.glyph_begin + 1; i < piece.glyph_end; ++i) {
        distances.push_back((run.glyphs[i].*axis - run.glyphs[i - 1].*axis) * kMmPerPoint);
        any = any || std::abs(distances.back()) >= 0.00005;
    }
    return any ? deltas(distances) : std::string();
}

std::size_t utf16_units(std::string_view text) {
    std::size_t units = 0;
    for (const char32_t character : characters_of(text)) units += character > 0xFFFF ? 2 : 1;
    return units;
}

/// Characters are counted as UTF-16 units, as readers on Java, .NET and Windows do. The piece stands alone in its
/// object, so a reader that counts otherwise finds the same glyphs.
std::string glyph_transform(const text::Run& run, const Piece& piece, const text::FontSubset& subset) {
    std::string glyphs;
    for (std::size_t i = piece.glyph_begin; i < piece.glyph_end; ++i) {
        if (!glyphs.empty()) glyphs += ' ';
        glyphs += std::to_string(subset.glyph(run.glyphs[i].id));
    }
    return fmt::format(
        "<ofd:CGTransform CodePosition=\"0\" CodeCount=\"{}\" GlyphCount=\"{}\"><ofd:Glyphs>{}</ofd:Glyphs>"
        "</ofd:CGTransform>",
        utf16_units(piece.text), piece.glyph_end - piece.glyph_begin, glyphs);
}

Object text_object(const layout::TextRun& item, const Piece& piece, const EmbeddedFont& font) {
    const double size = item.run.size_pt * kMmPerPoint;
    const text::Glyph& first = item.run.glyphs[piece.glyph_begin];
    const double x = item.origin.x_mm + first.x_pt * kMmPerPoint;
    const double y = item.origin.y_mm + first.y_pt * kMmPerPoint;
    // Room for strokes that reach over their advance, above the capital line and below the base line.
    const double beside = size * 0.15;
    const double above = size * 1.05;
    std::string rest;
    append_boundary(rest, {x - beside, y - above, piece.advance_pt * kMmPerPoint + 2 * beside, size * 1.45});
    fmt::format_to(std::back_inserter(rest), " Font=\"{}\" Size=\"", font.id);
    append_number(rest, size, 4);
    rest += "\">";
    if (item.colour != layout::Colour{}) append_colour(rest, "FillColor", item.colour);
    if (!piece.by_cmap) rest += glyph_transform(item.run, piece, font.subset);
    rest += "<ofd:TextCode X=\"";
    append_number(rest, beside, 4);
    rest += "\" Y=\"";
    append_number(rest, above, 4);
    rest += '"';
    const std::string along = deltas_of(item.run, piece, &text::Glyph::x_pt);
    const std::string down = deltas_of(item.run, piece, &text::Glyph::y_pt);
    if (!along.empty()) rest += " DeltaX=\"" + along + '"';
    if (!down.empty()) rest += " DeltaY=\"" + down + '"';
    rest += '>';
    append_escaped(rest, piece.text);
    rest += "</ofd:TextCode></ofd:TextObject>";
    return {"TextObject", std::move(rest)};
}

Rect common_part(const Rect& left, const Rect& right) {
    const double x = std::max(left.x_mm, right.x_mm);
    const double y = std::max(left.y_mm, right.y_mm);
    return {x, y, std::min(left.x_mm + left.width_mm, right.x_mm + right.width_mm) - x,
            std::min(left.y_mm + left.height_mm, right.y_mm + right.height_mm) - y};
}

/// A part of a tile that is laid at `origin`, without what lies outside the area.
PathPlace cut(Rect part, Point origin, const Rect& area) {
    part.x_mm += origin.x_mm;
    part.y_mm += origin.y_mm;
    const Rect seen = common_part(part, area);
    return {seen, {part.x_mm - seen.x_mm, part.y_mm - seen.y_mm}};
}

}  // namespace

void append_objects(std::vector<Object>& into, const layout::Path& path) {
    if (path.steps.empty()) return;
    const double margin = kMarginMm + (path.stroke ? path.stroke_mm : 0);
    const Rect boundary = bounds_of(path.steps).grown(margin);
    const std::string data = path_data(path.steps, {boundary.x_mm, boundary.y_mm}, decimals_for(path));
    if (path.fill) into.push_back({"PathObject", filled({boundary, {}}, *path.fill, path.even_odd, data)});
    if (path.stroke) into.push_back({"PathObject", stroked({boundary, {}}, *path.stroke, path.stroke_mm, data)});
}

void append_objects(std::vector<Object>& into, const layout::Tile& tile) {
    if (tile.width_mm <= 0 || tile.height_mm <= 0) throw std::logic_error("a tile has no size");
    const auto repeated = [](double length, double each) { return static_cast<int>(std::ceil(length / each)); };
    for (const layout::Path& path : tile.paths) {
        if (path.steps.empty()) continue;
        const Rect place = bounds_of(path.steps).grown(kMarginMm + (path.stroke ? path.stroke_mm : 0));
        const std::string data = path_data(path.steps, {place.x_mm, place.y_mm}, decimals_for(path));
        for (int row = 0; row < repeated(tile.area.height_mm, tile.height_mm); ++row) {
            for (int column = 0; column < repeated(tile.area.width_mm, tile.width_mm); ++column) {
                const PathPlace here = cut(
                    place, {tile.area.x_mm + column * tile.width_mm, tile.area.y_mm + row * tile.height_mm}, tile.area);
                if (here.boundary.width_mm <= 0 || here.boundary.height_mm <= 0) continue;
                if (path.fill) into.push_back({"PathObject", filled(here, *path.fill, path.even_odd, data)});
                if (path.stroke) into.push_back({"PathObject", stroked(here, *path.stroke, path.stroke_mm, data)});
            }
        }
    }
}

void append_objects(std::vector<Object>& into, const layout::TextRun& run, const std::vector<Piece>& pieces,
                    const EmbeddedFont& font) {
    for (const Piece& piece : pieces) into.push_back(text_object(run, piece, font));
}

void append_object(std::vector<Object>& into, const layout::Image& image, std::uint32_t resource_id) {
    std::string rest;
    append_boundary(rest, image.place);
    rest += " CTM=\"";
    append_mm(rest, image.place.width_mm);
    rest += " 0 0 ";
    append_mm(rest, image.place.height_mm);
    fmt::format_to(std::back_inserter(rest), " 0 0\" ResourceID=\"{}\"/>", resource_id);
    into.push_back({"ImageObject", std::move(rest)});
}

}  // namespace kaigong::ofd
