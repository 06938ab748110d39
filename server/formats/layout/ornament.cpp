#include "formats/layout/ornament.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace kaigong::layout {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr Colour kFrameRed{0x8E, 0x11, 0x16};
constexpr Colour kSealRed{0xC4, 0x16, 0x1C};
constexpr Colour kWaveGold{0xF1, 0xE7, 0xDA};
constexpr Colour kWaveRose{0xF6, 0xE6, 0xE4};

/// Turns, then moves: what places a glyph outline or a meander unit on the page.
struct Placement {
    double cosine = 1;
    double sine = 0;
    Point origin;

    static Placement at(Point origin, double angle) { return {std::cos(angle), std::sin(angle), origin}; }
    Point operator()(double x, double y) const {
        return {origin.x_mm + x * cosine - y * sine, origin.y_mm + x * sine + y * cosine};
    }
};

Path framed(const Rect& rect, Colour colour, double thickness_mm) {
    Path path = rectangle(rect);
    path.stroke = colour;
    path.stroke_mm = thickness_mm;
    return path;
}

void add_polyline(Path& path, std::initializer_list<Point> points) {
    PathOp op = PathOp::move;
    for (const Point& point : points) {
        path.steps.push_back({op, {point, {}, {}}});
        op = PathOp::line;
    }
}

/// One unit of the 回纹: from the base line up, round, and inwards, on a square of side 1.
void add_meander(Path& path, const Placement& place, double side) {
    const auto p = [&](double x, double y) { return place(x * side, y * side); };
    add_polyline(path, {p(0, 0.94), p(0.06, 0.94), p(0.06, 0.06), p(0.86, 0.06), p(0.86, 0.72), p(0.32, 0.72),
                        p(0.32, 0.34), p(0.58, 0.34), p(0.58, 0.50)});
    add_polyline(path, {p(0, 0.94), p(1, 0.94)});
}

/// The corner closes the band: a square in a square.
void add_corner(std::vector<Path>& paths, const Rect& rect) {
    for (const double inset : {0.0, 0.22, 0.38}) {
        const double by = rect.width_mm * inset;
        paths.push_back(framed({rect.x_mm + by, rect.y_mm + by, rect.width_mm - 2 * by, rect.height_mm - 2 * by},
                               kFrameRed, inset == 0.0 ? 0.25 : 0.35));
    }
}

/// Units along one side; their size is chosen so that a whole number fits.
void add_band(Path& path, Point from, double length_mm, double band_mm, double angle) {
    const int units = std::max(1, static_cast<int>(std::round(length_mm / band_mm)));
    const double step = length_mm / units;
    const Placement side = Placement::at(from, angle);
    for (int i = 0; i < units; ++i) {
        Placement unit = side;
        unit.origin = side(i * step, 0);
        add_meander(path, unit, std::min(step, band_mm));
    }
}

/// A sine through cubic curves, one a quarter wave: 0.3642 and 0.5123 fit it to less than a thousandth.
void add_wave(Path& path, const Rect& area, double middle, double amplitude, double length, double phase) {
    const double quarter = length / 4;
    const auto height = [&](double x) { return middle + amplitude * std::sin(2 * kPi * x / length + phase); };
    const auto slope = [&](double x) { return amplitude * 2 * kPi / length * std::cos(2 * kPi * x / length + phase); };
    double x = 0;
    path.steps.push_back({PathOp::move, {{area.x_mm, height(0)}, {}, {}}});
    while (x < area.width_mm - 1e-9) {
        const double next = std::min(x + quarter, area.width_mm);
        const double third = (next - x) / 3;
        path.steps.push_back({PathOp::curve,
                              {{area.x_mm + x + third, height(x) + slope(x) * third},
                               {area.x_mm + next - third, height(next) - slope(next) * third},
                               {area.x_mm + next, height(next)}}});
        x = next;
    }
}

void add_rosette(Path& path, Point centre, double radius) {
    constexpr int kCurves = 24;
    constexpr int kPoints = 48;
    for (int i = 0; i < kCurves; ++i) {
        const double turn = 2 * kPi * i / kCurves;
        for (int j = 0; j <= kPoints; ++j) {
            const double t = 2 * kPi * j / kPoints;
            const double x = radius * (0.55 + 0.45 * std::cos(t));
            const double y = radius * 0.34 * std::sin(t);
            const Point point = Placement::at(centre, turn)(x, y);
            path.steps.push_back({j == 0 ? PathOp::move : PathOp::line, {point, {}, {}}});
        }
    }
}

/// Outlines of a line of text; `place` is given each glyph's place along the line, in millimetres.
template <class Place>
Path outlines(const text::Shaper& shaper, const text::Line& line, Colour colour, Place place) {
    Path path;
    path.fill = colour;
    for (const text::Run& run : line.runs) {
        for (const text::Glyph& glyph : run.glyphs) {
            const Placement at = place((run.x_pt + glyph.x_pt) * kMmPerPoint);
            for (const text::OutlineStep& step : shaper.outline(run.face, run.size_pt, glyph.id)) {
                const auto p = [&](std::size_t i) {
                    return at(step.numbers[i] * kMmPerPoint, step.numbers[i + 1] * kMmPerPoint);
                };
                switch (step.op) {
                    case 'M': path.steps.push_back({PathOp::move, {p(0), {}, {}}}); break;
                    case 'L': path.steps.push_back({PathOp::line, {p(0), {}, {}}}); break;
                    case 'C': path.steps.push_back({PathOp::curve, {p(0), p(2), p(4)}}); break;
                    default: path.steps.push_back({PathOp::close, {}}); break;
                }
            }
        }
    }
    return path;
}

/// As many lines as the width asks for, each from 0.
Result<std::vector<text::Line>> drawn_lines(const text::Shaper& shaper, std::string_view words,
                                            const text::Style& style, double width_pt) {
    text::Shaped shaped = shaper.shape({{std::string(words), false}}, style, width_pt);
    if (!shaped.missing.empty()) {
        return error(Errc::invalid_input, "layout.glyph_missing",
                     fmt::format("字体中没有这些字：{}。请改用通用写法。", fmt::join(shaped.missing, " ")));
    }
    return std::move(shaped.lines);
}

Result<text::Line> one_line(const text::Shaper& shaper, std::string_view words, double size_pt, bool bold,
                            double letter_spacing_pt) {
    constexpr double kVeryWidePt = 10'000;
    const text::Style style{.bold = bold, .size_pt = size_pt, .letter_spacing_pt = letter_spacing_pt};
    KAIGONG_TRY(lines, drawn_lines(shaper, words, style, kVeryWidePt));
    return std::move(lines.front());
}

Path ring(Point centre, double radius, double thickness_mm) {
    constexpr double kArc = 0.5522847498;  // of the radius: a quarter circle as one curve
    const auto p = [&](double x, double y) { return Point{centre.x_mm + x * radius, centre.y_mm + y * radius}; };
    Path path;
    path.stroke = kSealRed;
    path.stroke_mm = thickness_mm;
    path.steps = {{PathOp::move, {p(1, 0), {}, {}}},
                  {PathOp::curve, {p(1, kArc), p(kArc, 1), p(0, 1)}},
                  {PathOp::curve, {p(-kArc, 1), p(-1, kArc), p(-1, 0)}},
                  {PathOp::curve, {p(-1, -kArc), p(-kArc, -1), p(0, -1)}},
                  {PathOp::curve, {p(kArc, -1), p(1, -kArc), p(1, 0)}},
                  {PathOp::close, {}}};
    return path;
}

Path star(Point centre, double radius) {
    constexpr double kInner = 0.381966;  // of the radius, for a star with straight arms
    Path path;
    path.fill = kSealRed;
    for (int i = 0; i < 10; ++i) {
        const double angle = -kPi / 2 + i * kPi / 5;
        const double r = i % 2 == 0 ? radius : radius * kInner;
        const Point point{centre.x_mm + r * std::cos(angle), centre.y_mm + r * std::sin(angle)};
        path.steps.push_back({i == 0 ? PathOp::move : PathOp::line, {point, {}, {}}});
    }
    path.steps.push_back({PathOp::close, {}});
    return path;
}

/// Names of 4 to 30 characters fill the same arc: long ones get smaller letters.
Result<Path> arc_text(const text::Shaper& shaper, Point centre, double diameter_mm, std::string_view words) {
    constexpr double kArcMax = 1.36 * kPi;
    const double radius = diameter_mm * 0.345;
    for (double size_pt = diameter_mm * 0.30; size_pt >= diameter_mm * 0.1; size_pt -= 0.25) {
        KAIGONG_TRY(line, one_line(shaper, words, size_pt, true, 0));
        const double glyph_width = size_pt * kMmPerPoint;
        const double natural = line.width_pt * kMmPerPoint / radius;
        if (natural > kArcMax) continue;
        const double count = line.width_pt / size_pt;
        const double spread = std::clamp(kArcMax / natural, 1.0, count < 8 ? 1.9 : 1.35);
        return outlines(shaper, line, kSealRed, [&](double x) {
            // Each glyph stands upright on the arc at its own middle.
            const double middle = (x + glyph_width / 2) / radius * spread - natural * spread / 2;
            const Placement turned = Placement::at({}, middle);
            const Point offset = turned(-glyph_width / 2, -radius);
            Placement place = turned;
            place.origin = {centre.x_mm + offset.x_mm, centre.y_mm + offset.y_mm};
            return place;
        });
    }
    return error(Errc::invalid_input, "layout.text_overflow", "印章上的机关名称太长，请使用规范简称。");
}

/// A little more than `least`, so that whole tiles fill the side and none is cut at its end.
double dividing(double side_mm, double least_mm) {
    const double count = std::floor(side_mm / least_mm);
    return count < 1 ? least_mm : side_mm / count;
}

}  // namespace

std::vector<Path> certificate_frame(double width_mm, double height_mm, double margin_mm) {
    constexpr double kBand = 4.2;
    const double left = margin_mm;
    const double right = width_mm - margin_mm;
    const double bottom = height_mm - margin_mm;
    std::vector<Path> paths;
    paths.push_back(framed({left, left, right - left, bottom - left}, kFrameRed, 0.9));
    Path band;
    band.stroke = kFrameRed;
    band.stroke_mm = 0.36;
    const double a = left + 0.9;  // outer edge of the band
    const double across = right - left - 1.8;
    const double down = bottom - left - 1.8;
    add_band(band, {a + kBand, a}, across - 2 * kBand, kBand, 0);
    add_band(band, {a + across, a + kBand}, down - 2 * kBand, kBand, kPi / 2);
    add_band(band, {a + across - kBand, a + down}, across - 2 * kBand, kBand, kPi);
    add_band(band, {a, a + down - kBand}, down - 2 * kBand, kBand, -kPi / 2);
    paths.push_back(std::move(band));
    for (const double x : {a, a + across - kBand}) {
        for (const double y : {a, a + down - kBand}) add_corner(paths, {x, y, kBand, kBand});
    }
    const auto inner = [&](double by, double thickness) {
        const double at = left + by;
        paths.push_back(framed({at, at, right - left - 2 * by, bottom - left - 2 * by}, kFrameRed, thickness));
    };
    inner(5.9, 0.35);
    inner(6.9, 0.16);
    return paths;
}

std::vector<Path> guilloche(const Rect& area) {
    constexpr double kSpacing = 3.1;
    constexpr double kWaveLength = 21;
    Path gold;
    gold.stroke = kWaveGold;
    gold.stroke_mm = 0.16;
    Path rose = gold;
    rose.stroke = kWaveRose;
    const int rows = static_cast<int>(area.height_mm / kSpacing);
    for (int i = 0; i < rows; ++i) {
        const double middle = area.y_mm + (i + 0.5) * area.height_mm / rows;
        const double phase = 2 * kPi * i / 17;
        add_wave(gold, area, middle, 1.5, kWaveLength, phase);
        add_wave(rose, area, middle, 1.5, kWaveLength, kPi - phase);
    }
    Path rosette = rose;
    rosette.steps.clear();
    add_rosette(rosette, {area.x_mm + area.width_mm / 2, area.y_mm + area.height_mm / 2}, area.width_mm * 0.36);
    return {std::move(gold), std::move(rose), std::move(rosette)};
}

Result<Tile> watermark(const text::Shaper& shaper, const Rect& area, std::string_view words, double size_pt,
                       Colour colour) {
    constexpr double kSlant = -28 * kPi / 180;
    constexpr double kLeading = 1.5;
    // Long words go on in a second line, so that the whole stands on every page more than once.
    const double widest_pt = area.width_mm * 0.46 / kMmPerPoint;
    KAIGONG_TRY(lines, drawn_lines(shaper, words, {.size_pt = size_pt, .letter_spacing_pt = size_pt / 8}, widest_pt));
    double length = 0;
    for (const text::Line& line : lines) length = std::max(length, line.width_pt * kMmPerPoint);
    const double line_height = size_pt * kMmPerPoint * kLeading;
    const double height = line_height * static_cast<double>(lines.size());
    // The second text stands half a tile on, and each wholly inside the tile: a cut word would show a seam.
    const double across = length * std::cos(kSlant) + height * -std::sin(kSlant);
    const double down = length * -std::sin(kSlant) + height * std::cos(kSlant);
    Tile tile;
    tile.area = area;
    tile.width_mm = dividing(area.width_mm, 2 * across + 8);
    tile.height_mm = dividing(area.height_mm, 2 * down + 4);
    const double middle_x = tile.width_mm / 2 + 2;
    const double middle_y = tile.height_mm / 2 + 1;
    std::vector<Point> corners = {{2, 1}, {middle_x, middle_y}};
    // What tells a use of its own, in several lines, must not be cut off with a strip of the page.
    if (lines.size() > 1) corners.insert(corners.end(), {{middle_x, 1}, {2, middle_y}});
    for (const Point& corner : corners) {
        // The text's own corner: turned, the block hangs from its upper right.
        const Placement block = Placement::at({corner.x_mm, corner.y_mm + length * -std::sin(kSlant)}, kSlant);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const double left = (length - lines[i].width_pt * kMmPerPoint) / 2;
            const double base = line_height * (static_cast<double>(i) + 0.75);
            tile.paths.push_back(outlines(shaper, lines[i], colour, [&](double x) {
                Placement place = block;
                place.origin = block(left + x, base);
                return place;
            }));
        }
    }
    return tile;
}

Result<std::vector<Path>> seal(const text::Shaper& shaper, Point centre, double diameter_mm, std::string_view authority,
                               std::string_view legend) {
    const double ring_mm = diameter_mm * 0.03;
    KAIGONG_TRY(arc, arc_text(shaper, centre, diameter_mm, authority));
    std::vector<Path> paths;
    paths.push_back(ring(centre, (diameter_mm - ring_mm) / 2, ring_mm));
    paths.push_back(star(centre, diameter_mm * 0.135));
    paths.push_back(std::move(arc));
    if (!legend.empty()) {
        // Between the two ends of the arc there is room for this much.
        const double room_pt = diameter_mm * 0.5 / kMmPerPoint;
        double size_pt = diameter_mm * 0.27;
        KAIGONG_TRY(probe, one_line(shaper, legend, size_pt, true, 0));
        size_pt *= std::min(1.0, room_pt / (probe.width_pt * 1.1));
        KAIGONG_TRY(line, one_line(shaper, legend, size_pt, true, size_pt / 10));
        const double width = line.width_pt * kMmPerPoint;
        paths.push_back(outlines(shaper, line, kSealRed, [&](double x) {
            return Placement::at({centre.x_mm - width / 2 + x, centre.y_mm + diameter_mm * 0.34}, 0);
        }));
    }
    return paths;
}

}  // namespace kaigong::layout
