// Chinese text to glyphs and lines: which glyph, how wide, where a line may break (UAX #14, so no 。 begins a line).
// The only place that talks to Pango; what comes out holds numbers only, for any writer.
#pragma once

#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// As cairo declares it; its header stays out of the layout.
typedef struct _cairo_font_face cairo_font_face_t;  // NOLINT(bugprone-reserved-identifier)

namespace kaigong::text {

/// Noto Serif CJK SC and Noto Sans CJK SC; `rare` is HanaMinB (CJK extensions B to F), for what these lack in names of
/// people and places, whatever the style. No other font is ever used: what none has is reported as missing.
enum class Face : std::uint8_t { serif, serif_bold, sans, sans_bold, rare };
inline constexpr std::size_t kFaces = 5;

struct Glyph {
    std::uint32_t id = 0;
    /// From the beginning of the run, in points.
    double x_pt = 0;
    double y_pt = 0;
};

/// So many bytes of the text are shown by so many glyphs.
struct Cluster {
    std::uint32_t bytes = 0;
    std::uint32_t glyphs = 0;
    double advance_pt = 0;
};

struct Run {
    Face face = Face::serif;
    double size_pt = 12;
    /// In the order in which it is seen, as the clusters are: from right to left, the last letter first.
    std::string text;
    std::vector<Glyph> glyphs;
    std::vector<Cluster> clusters;
    /// From the left edge of the paragraph.
    double x_pt = 0;
    double width_pt = 0;
};

struct Line {
    std::vector<Run> runs;
    double width_pt = 0;
    /// Last of its paragraph: not stretched when justified.
    bool ends_paragraph = false;
};

struct Shaped {
    std::vector<Line> lines;
    /// Characters without a glyph, each once, as UTF-8.
    std::vector<std::string> missing;
};

/// A part of a paragraph in one weight.
struct Span {
    std::string text;
    bool bold = false;
};

enum class Align : std::uint8_t { left, center, right, justify };

struct Style {
    bool sans = false;
    bool bold = false;
    double size_pt = 12;
    double letter_spacing_pt = 0;
    double first_indent_pt = 0;
    Align align = Align::left;
};

/// Outline of text in points, base line at 0, y downwards: `M x y`, `L x y`, `C x1 y1 x2 y2 x y`, `Z` as numbers.
struct OutlineStep {
    char op = 'M';
    std::array<double, 6> numbers{};
};

/// Where a face lies: a file, and its place in a collection.
struct FontFile {
    std::string path;
    unsigned index = 0;
};

/// Fonts of one thread; expensive to make, so each thread keeps one (`of_this_thread`).
class Shaper {
  public:
    /// Fails with layout.font_not_installed.
    static Result<Shaper*> of_this_thread();

    Shaper();
    Shaper(const Shaper&) = delete;
    Shaper& operator=(const Shaper&) = delete;
    ~Shaper();

    /// Lines not wider than `width_pt`, aligned inside it. A line break in a span begins a new paragraph. The last
    /// thousand texts are remembered.
    Shaped shape(const std::vector<Span>& spans, const Style& style, double width_pt) const;

    /// For drawing and embedding; owned by the shaper.
    cairo_font_face_t* cairo_face(Face face) const;

    /// For subsets (subset.hpp); owned by the shaper.
    const FontFile& font_file(Face face) const;

    /// The outline of one glyph at a size, for text that must be seen and not read (watermark, seal).
    std::vector<OutlineStep> outline(Face face, double size_pt, std::uint32_t glyph) const;

  private:
    struct State;
    std::unique_ptr<State> state_;

    std::optional<std::string> missing_family() const;
};

}  // namespace kaigong::text
