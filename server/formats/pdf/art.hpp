// Lines and shapes as operators of a content stream (ISO 32000-1, 8.5), from millimetres with y downwards to points
// with y upwards.
#pragma once

#include "formats/layout/document.hpp"

#include <memory>
#include <optional>
#include <string>

namespace kaigong::pdf {

inline double points(double mm) {
    return mm / layout::kMmPerPoint;
}

/// `r g b rg` or, for strokes, `r g b RG`.
void append_colour(std::string& content, layout::Colour colour, const char* colour_operator);

/// Operators for many paths that stand on nothing before them: every colour and width is set in them.
class Art {
  public:
    explicit Art(double height_mm) : height_pt_(points(height_mm)) {}

    void add(const layout::Path& path);
    bool empty() const { return operators_.empty(); }
    const std::string& operators() const { return operators_; }

  private:
    double height_pt_;
    std::string operators_;
    std::optional<layout::Colour> fill_;
    std::optional<layout::Colour> stroke_;
    double stroke_mm_ = -1;

    void set_colours(const layout::Path& path);
    void append_steps(const layout::Path& path);
    void append_point(layout::Point point);
    bool append_rectangle(const layout::Path& path, std::size_t first);
};

/// The same operators, deflated. What many files share (the ornament of a certificate) is deflated once: the last few
/// are kept for all threads.
std::shared_ptr<const std::string> deflated_art(const std::string& operators);

}  // namespace kaigong::pdf
