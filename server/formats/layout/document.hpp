// Pages as every fixed-layout format has them: things with a place, in millimetres, origin top left, y downwards.
// Knows no file format and no fonts library. The order of the elements is the reading order and the drawing order.
#pragma once

#include "formats/text/shaper.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace kaigong::layout {

inline constexpr double kMmPerPoint = 25.4 / 72.0;
inline constexpr double kA4WidthMm = 210.0;
inline constexpr double kA4HeightMm = 297.0;
inline constexpr std::size_t kPagesMax = 64;
inline constexpr std::size_t kElementsPerPageMax = 20'000;

struct Point {
    double x_mm = 0;
    double y_mm = 0;
};

struct Rect {
    double x_mm = 0;
    double y_mm = 0;
    double width_mm = 0;
    double height_mm = 0;
};

struct Colour {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;

    bool operator==(const Colour&) const = default;
};

/// Glyphs on one base line, in one face, size and colour; `origin` is where the base line begins. The text of the run
/// is what a reader selects and copies.
struct TextRun {
    Point origin;
    text::Run run;
    Colour colour;
};

enum class PathOp : std::uint8_t { move, line, curve, close };

/// `points[0]` is the end of a move or line; a curve has two control points and its end in `points[2]`.
struct PathStep {
    PathOp op = PathOp::move;
    Point points[3];
};

struct Path {
    std::vector<PathStep> steps;
    std::optional<Colour> fill;
    std::optional<Colour> stroke;
    double stroke_mm = 0.2;
    bool even_odd = false;
    /// Part of the picture of a seal: where an electronic seal has its place.
    bool seal = false;
};

/// PNG bytes, stretched into the rectangle.
struct Image {
    Rect place;
    std::string png;
};

/// A pattern that fills an area by repeating one tile: drawn once, used often (watermark).
struct Tile {
    Rect area;
    double width_mm = 0;
    double height_mm = 0;
    std::vector<Path> paths;
};

/// Dark modules of a square code, row by row, without the quiet zone. `origin` is the corner of the first module.
struct QrCode {
    Point origin;
    double module_mm = 0;
    int modules = 0;
    std::vector<bool> dark;
};

/// What a part is for a screen reader. Open and close are balanced on each page.
enum class Tag : std::uint8_t { heading, paragraph, table, table_row, table_heading, table_cell };
struct TagOpen {
    Tag tag;
};
struct TagClose {};

using Element = std::variant<TextRun, Path, Image, Tile, QrCode, TagOpen, TagClose>;

struct Page {
    double width_mm = kA4WidthMm;
    double height_mm = kA4HeightMm;
    std::vector<Element> elements;
};

struct Document {
    std::string title;
    std::string author;
    std::string subject;
    /// UTC milliseconds; written as the creation date. Never the present time: the same input gives the same bytes.
    std::int64_t created_at_ms = 0;
    std::vector<Page> pages;
};

/// The same element elsewhere.
void move_by(Element& element, double dx_mm, double dy_mm);
void move_by(Path& path, double dx_mm, double dy_mm);

/// The dark modules as one filled path; neighbours in a row are one rectangle, so no hairlines appear between them.
Path path_of(const QrCode& code);
/// Smallest rectangle round the path's points; curves stay inside that of their control points.
Rect bounds(const Path& path);
/// The square of each seal on the page, in drawing order.
std::vector<Rect> seal_places(const Page& page);
Path rectangle(const Rect& rect);
Path line(Point from, Point to, Colour colour, double thickness_mm);

}  // namespace kaigong::layout
