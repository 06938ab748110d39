#include "formats/text/truetype_glyph.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kaigong::text {
namespace {

constexpr double kToleranceUnits = 0.3;

/// Bits of a point's flag.
constexpr std::uint8_t kOnCurve = 0x01;
constexpr std::uint8_t kShortX = 0x02;
constexpr std::uint8_t kShortY = 0x04;
constexpr std::uint8_t kRepeat = 0x08;
/// With a short distance: it is positive. Else: it is zero and not written.
constexpr std::uint8_t kSameX = 0x10;
constexpr std::uint8_t kSameY = 0x20;

std::uint8_t append_distance(std::string& into, int distance, std::uint8_t is_short, std::uint8_t is_same) {
    if (distance == 0) return is_same;
    if (std::abs(distance) > 255) {
        append_u16(into, static_cast<std::uint16_t>(distance));
        return 0;
    }
    into += static_cast<char>(std::abs(distance));
    return static_cast<std::uint8_t>(is_short | (distance > 0 ? is_same : 0));
}

void append_flags(std::string& into, const std::vector<std::uint8_t>& flags) {
    for (std::size_t i = 0; i < flags.size();) {
        std::size_t end = i + 1;
        while (end < flags.size() && flags[end] == flags[i] && end - i < 256) ++end;
        if (end - i > 2) {
            into += static_cast<char>(flags[i] | kRepeat);
            into += static_cast<char>(end - i - 1);
        } else {
            into.append(end - i, static_cast<char>(flags[i]));
        }
        i = end;
    }
}

}  // namespace

void GlyphLimits::add(const GlyphLimits& other) {
    x_min = std::min(x_min, other.x_min);
    y_min = std::min(y_min, other.y_min);
    x_max = std::max(x_max, other.x_max);
    y_max = std::max(y_max, other.y_max);
    points = std::max(points, other.points);
    contours = std::max(contours, other.contours);
}

void append_u16(std::string& into, std::uint32_t value) {
    into += static_cast<char>(value >> 8 & 0xFF);
    into += static_cast<char>(value & 0xFF);
}

void append_u32(std::string& into, std::uint32_t value) {
    append_u16(into, value >> 16);
    append_u16(into, value & 0xFFFF);
}

void TrueTypeGlyph::add(double x, double y, bool on_curve) {
    contours_.back().push_back({static_cast<int>(std::lround(x)), static_cast<int>(std::lround(y)), on_curve});
}

void TrueTypeGlyph::move_to(double x, double y) {
    contours_.emplace_back();
    add(x, y, true);
    x_ = x;
    y_ = y;
}

void TrueTypeGlyph::line_to(double x, double y) {
    add(x, y, true);
    x_ = x;
    y_ = y;
}

void TrueTypeGlyph::quadratic_to(double x1, double y1, double x, double y) {
    add(x1, y1, false);
    line_to(x, y);
}

void TrueTypeGlyph::cubic_to(double x1, double y1, double x2, double y2, double x, double y) {
    // How far a quadratic curve strays from the cubic falls with the third power of the number of parts.
    const double bend_x = x - 3 * x2 + 3 * x1 - x_;
    const double bend_y = y - 3 * y2 + 3 * y1 - y_;
    const double stray = std::sqrt(3.0) / 36 * std::hypot(bend_x, bend_y);
    const int parts = std::clamp(static_cast<int>(std::ceil(std::cbrt(stray / kToleranceUnits))), 1, 16);
    const double x0 = x_;
    const double y0 = y_;
    const auto at = [](double t, double a, double b, double c, double d) {
        const double u = 1 - t;
        return u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d;
    };
    const auto slope = [](double t, double a, double b, double c, double d) {
        const double u = 1 - t;
        return 3 * (u * u * (b - a) + 2 * u * t * (c - b) + t * t * (d - c));
    };
    for (int i = 0; i < parts; ++i) {
        const double from = static_cast<double>(i) / parts;
        const double to = static_cast<double>(i + 1) / parts;
        // The control point of a part with the same ends and, on the average, the same tangents.
        const auto control = [&](double a, double b, double c, double d) {
            const double step = to - from;
            return (at(from, a, b, c, d) + at(to, a, b, c, d)) / 2 +
                   (slope(from, a, b, c, d) - slope(to, a, b, c, d)) * step / 4;
        };
        quadratic_to(control(x0, x1, x2, x), control(y0, y1, y2, y), at(to, x0, x1, x2, x), at(to, y0, y1, y2, y));
    }
    x_ = x;
    y_ = y;
}

void TrueTypeGlyph::close() {
    std::vector<Point>& points = contours_.back();
    const Point first = points.front();
    if (points.size() > 1 && points.back().on_curve && points.back().x == first.x && points.back().y == first.y) {
        points.pop_back();
    }
    // A point halfway between two control points need not be written.
    std::vector<Point> kept;
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Point& before = points[(i + points.size() - 1) % points.size()];
        const Point& after = points[(i + 1) % points.size()];
        const bool halfway = i > 0 && points[i].on_curve && !before.on_curve && !after.on_curve &&
                             std::abs(before.x + after.x - 2 * points[i].x) <= 1 &&
                             std::abs(before.y + after.y - 2 * points[i].y) <= 1;
        if (!halfway) kept.push_back(points[i]);
    }
    // TrueType goes round the other way than CFF.
    std::ranges::reverse(kept);
    points = std::move(kept);
    if (points.size() < 3) contours_.pop_back();
}

int TrueTypeGlyph::left() const {
    int left = std::numeric_limits<int>::max();
    for (const auto& contour : contours_) {
        for (const Point& point : contour) left = std::min(left, point.x);
    }
    return contours_.empty() ? 0 : left;
}

std::string TrueTypeGlyph::bytes(GlyphLimits& limits) const {
    if (contours_.empty()) return {};
    std::string ends;
    std::string along_x;
    std::string along_y;
    std::vector<std::uint8_t> flags;
    Point last;
    int x_min = contours_[0][0].x;
    int y_min = contours_[0][0].y;
    int x_max = x_min;
    int y_max = y_min;
    for (const auto& contour : contours_) {
        for (const Point& point : contour) {
            std::uint8_t flag = point.on_curve ? kOnCurve : 0;
            flag |= append_distance(along_x, point.x - last.x, kShortX, kSameX);
            flag |= append_distance(along_y, point.y - last.y, kShortY, kSameY);
            flags.push_back(flag);
            last = point;
            x_min = std::min(x_min, point.x);
            y_min = std::min(y_min, point.y);
            x_max = std::max(x_max, point.x);
            y_max = std::max(y_max, point.y);
        }
        append_u16(ends, static_cast<std::uint32_t>(flags.size() - 1));
    }
    std::string glyph;
    append_u16(glyph, static_cast<std::uint32_t>(contours_.size()));
    for (const int edge : {x_min, y_min, x_max, y_max}) append_u16(glyph, static_cast<std::uint16_t>(edge));
    glyph += ends;
    append_u16(glyph, 0);  // no instructions
    append_flags(glyph, flags);
    glyph += along_x;
    glyph += along_y;
    if (glyph.size() % 2 != 0) glyph += '\0';
    limits.add({x_min, y_min, x_max, y_max, static_cast<std::uint16_t>(flags.size()),
                static_cast<std::uint16_t>(contours_.size())});
    return glyph;
}

}  // namespace kaigong::text
