#include "formats/pdf/art.hpp"

#include "base/shelf.hpp"
#include "formats/pdf/pdf_file.hpp"

namespace kaigong::pdf {
namespace {

using layout::Path;
using layout::PathOp;

/// A hundredth of a point is 3.5 µm: finer than any printer.
constexpr int kPlaceDecimals = 2;
constexpr std::size_t kArtsKept = 16;

}  // namespace

void append_colour(std::string& content, layout::Colour colour, const char* colour_operator) {
    for (const std::uint8_t part : {colour.red, colour.green, colour.blue}) {
        append_number(content, part / 255.0, 4);
        content += ' ';
    }
    content += colour_operator;
    content += '\n';
}

void Art::append_point(layout::Point point) {
    append_number(operators_, points(point.x_mm), kPlaceDecimals);
    operators_ += ' ';
    append_number(operators_, height_pt_ - points(point.y_mm), kPlaceDecimals);
    operators_ += ' ';
}

void Art::set_colours(const Path& path) {
    if (path.fill && fill_ != path.fill) append_colour(operators_, *path.fill, "rg");
    if (path.stroke && stroke_ != path.stroke) append_colour(operators_, *path.stroke, "RG");
    if (path.stroke && stroke_mm_ != path.stroke_mm) {
        append_number(operators_, points(path.stroke_mm), 3);
        operators_ += " w\n";
        stroke_mm_ = path.stroke_mm;
    }
    if (path.fill) fill_ = path.fill;
    if (path.stroke) stroke_ = path.stroke;
}

/// Five steps around an upright rectangle are one operator: a square code has hundreds.
bool Art::append_rectangle(const Path& path, std::size_t first) {
    if (first + 5 > path.steps.size()) return false;
    const auto* step = &path.steps[first];
    const bool around = step[0].op == PathOp::move && step[1].op == PathOp::line && step[2].op == PathOp::line &&
                        step[3].op == PathOp::line && step[4].op == PathOp::close;
    if (!around) return false;
    const layout::Point a = step[0].points[0];
    const layout::Point b = step[1].points[0];
    const layout::Point c = step[2].points[0];
    const layout::Point d = step[3].points[0];
    if (a.y_mm != b.y_mm || b.x_mm != c.x_mm || c.y_mm != d.y_mm || d.x_mm != a.x_mm) return false;
    append_point(a);
    append_number(operators_, points(c.x_mm - a.x_mm), kPlaceDecimals);
    operators_ += ' ';
    append_number(operators_, points(a.y_mm - c.y_mm), kPlaceDecimals);
    operators_ += " re\n";
    return true;
}

void Art::append_steps(const Path& path) {
    for (std::size_t i = 0; i < path.steps.size(); ++i) {
        if (append_rectangle(path, i)) {
            i += 4;
            continue;
        }
        const layout::PathStep& step = path.steps[i];
        const int count = step.op == PathOp::close ? 0 : step.op == PathOp::curve ? 3 : 1;
        for (int j = 0; j < count; ++j) append_point(step.points[j]);
        constexpr std::string_view kOperators[] = {"m\n", "l\n", "c\n", "h\n"};
        operators_ += kOperators[static_cast<std::size_t>(step.op)];
    }
}

void Art::add(const Path& path) {
    if (path.steps.empty() || (!path.fill && !path.stroke)) return;
    set_colours(path);
    append_steps(path);
    if (!path.fill) {
        operators_ += "S\n";
    } else if (path.stroke) {
        operators_ += path.even_odd ? "B*\n" : "B\n";
    } else {
        operators_ += path.even_odd ? "f*\n" : "f\n";
    }
}

std::shared_ptr<const std::string> deflated_art(const std::string& operators) {
    static Shelf<std::string> shelf(kArtsKept);
    return shelf.get(operators, [&] { return deflated(operators); });
}

}  // namespace kaigong::pdf
