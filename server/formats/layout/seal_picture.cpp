#include "formats/layout/seal_picture.hpp"

#include <cairo.h>
#include <cmath>
#include <memory>
#include <stdexcept>

#include "formats/layout/ornament.hpp"

namespace kaigong::layout {
namespace {

constexpr double kDotsPerMm = 300 / 25.4;

struct ReleaseCairo {
    void operator()(cairo_surface_t* surface) const noexcept { cairo_surface_destroy(surface); }
    void operator()(cairo_t* canvas) const noexcept { cairo_destroy(canvas); }
};

void paint(cairo_t* canvas, const Path& path) {
    const auto x = [](const PathStep& step, std::size_t i) { return step.points[i].x_mm; };
    const auto y = [](const PathStep& step, std::size_t i) { return step.points[i].y_mm; };
    for (const auto& step : path.steps) {
        switch (step.op) {
            case PathOp::move: cairo_move_to(canvas, x(step, 0), y(step, 0)); break;
            case PathOp::line: cairo_line_to(canvas, x(step, 0), y(step, 0)); break;
            case PathOp::curve:
                cairo_curve_to(canvas, x(step, 0), y(step, 0), x(step, 1), y(step, 1), x(step, 2), y(step, 2));
                break;
            case PathOp::close: cairo_close_path(canvas); break;
        }
    }
    const auto ink = [&](Colour colour) {
        cairo_set_source_rgb(canvas, colour.red / 255.0, colour.green / 255.0, colour.blue / 255.0);
    };
    cairo_set_fill_rule(canvas, path.even_odd ? CAIRO_FILL_RULE_EVEN_ODD : CAIRO_FILL_RULE_WINDING);
    if (path.fill) {
        ink(*path.fill);
        cairo_fill_preserve(canvas);
    }
    if (path.stroke) {
        ink(*path.stroke);
        cairo_set_line_width(canvas, path.stroke_mm);
        cairo_stroke_preserve(canvas);
    }
    cairo_new_path(canvas);
}

cairo_status_t take_bytes(void* closure, const unsigned char* bytes, unsigned int size) {
    static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(bytes), size);
    return CAIRO_STATUS_SUCCESS;
}

}  // namespace

Result<std::string> seal_picture(std::string_view authority, std::string_view legend, double diameter_mm) {
    KAIGONG_TRY(shaper, text::Shaper::of_this_thread());
    // A hair of room around the ring, so that its edge is not cut.
    const double side_mm = diameter_mm + 1;
    KAIGONG_TRY(paths, seal(*shaper, {side_mm / 2, side_mm / 2}, diameter_mm, authority, legend));
    const int dots = static_cast<int>(std::ceil(side_mm * kDotsPerMm));
    const std::unique_ptr<cairo_surface_t, ReleaseCairo> surface(
        cairo_image_surface_create(CAIRO_FORMAT_ARGB32, dots, dots));
    const std::unique_ptr<cairo_t, ReleaseCairo> canvas(cairo_create(surface.get()));
    cairo_scale(canvas.get(), kDotsPerMm, kDotsPerMm);
    for (const auto& path : paths) paint(canvas.get(), path);
    std::string png;
    if (cairo_surface_write_to_png_stream(surface.get(), take_bytes, &png) != CAIRO_STATUS_SUCCESS) {
        throw std::runtime_error("cairo_surface_write_to_png_stream");
    }
    return png;
}

}  // namespace kaigong::layout
