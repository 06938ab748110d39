// One outline as a simple glyph of a `glyf` table (OpenType 1.9). Cubic curves become quadratic ones, within a third of
// a unit of a thousand: at 12 pt and 600 dpi a thirtieth of a pixel.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kaigong::text {

/// Of the outlines put together so far; what `maxp` and `head` tell.
struct GlyphLimits {
    int x_min = 0;
    int y_min = 0;
    int x_max = 0;
    int y_max = 0;
    std::uint16_t points = 0;
    std::uint16_t contours = 0;

    void add(const GlyphLimits& other);
};

/// Takes an outline step by step, in the units of the font.
class TrueTypeGlyph {
  public:
    void move_to(double x, double y);
    void line_to(double x, double y);
    void quadratic_to(double x1, double y1, double x, double y);
    void cubic_to(double x1, double y1, double x2, double y2, double x, double y);
    void close();

    /// The bytes of the glyph, of an even length; none for an empty outline.
    std::string bytes(GlyphLimits& limits) const;

    /// Left edge of the outline; 0 when it is empty.
    int left() const;

  private:
    struct Point {
        int x = 0;
        int y = 0;
        bool on_curve = true;
    };
    std::vector<std::vector<Point>> contours_;
    double x_ = 0;
    double y_ = 0;

    void add(double x, double y, bool on_curve);
};

/// Big-endian, as all of OpenType.
void append_u16(std::string& into, std::uint32_t value);
void append_u32(std::string& into, std::uint32_t value);

}  // namespace kaigong::text
