#include "formats/layout/document.hpp"

#include <algorithm>

namespace kaigong::layout {

void move_by(Path& path, double dx_mm, double dy_mm) {
    for (PathStep& step : path.steps) {
        for (Point& point : step.points) {
            point.x_mm += dx_mm;
            point.y_mm += dy_mm;
        }
    }
}

void move_by(Element& element, double dx_mm, double dy_mm) {
    const auto shift = [&](Point& point) {
        point.x_mm += dx_mm;
        point.y_mm += dy_mm;
    };
    if (auto* run = std::get_if<TextRun>(&element)) shift(run->origin);
    if (auto* path = std::get_if<Path>(&element)) move_by(*path, dx_mm, dy_mm);
    if (auto* code = std::get_if<QrCode>(&element)) shift(code->origin);
    if (auto* image = std::get_if<Image>(&element)) {
        image->place.x_mm += dx_mm;
        image->place.y_mm += dy_mm;
    }
    if (auto* tile = std::get_if<Tile>(&element)) {
        tile->area.x_mm += dx_mm;
        tile->area.y_mm += dy_mm;
    }
}

Rect bounds(const Path& path) {
    if (path.steps.empty()) return {};
    Point low{1e9, 1e9};
    Point high{-1e9, -1e9};
    for (const PathStep& step : path.steps) {
        const std::size_t count = step.op == PathOp::close ? 0 : step.op == PathOp::curve ? 3 : 1;
        for (std::size_t i = 0; i < count; ++i) {
            low = {std::min(low.x_mm, step.points[i].x_mm), std::min(low.y_mm, step.points[i].y_mm)};
            high = {std::max(high.x_mm, step.points[i].x_mm), std::max(high.y_mm, step.points[i].y_mm)};
        }
    }
    return {low.x_mm, low.y_mm, high.x_mm - low.x_mm, high.y_mm - low.y_mm};
}

std::vector<Rect> seal_places(const Page& page) {
    std::vector<Rect> places;
    const auto inside = [](const Rect& part, const Rect& whole) {
        return part.x_mm >= whole.x_mm && part.y_mm >= whole.y_mm &&
               part.x_mm + part.width_mm <= whole.x_mm + whole.width_mm &&
               part.y_mm + part.height_mm <= whole.y_mm + whole.height_mm;
    };
    for (const Element& element : page.elements) {
        const auto* path = std::get_if<Path>(&element);
        if (path == nullptr || !path->seal) continue;
        Rect place = bounds(*path);
        const double outside = path->stroke ? path->stroke_mm / 2 : 0;
        place = {place.x_mm - outside, place.y_mm - outside, place.width_mm + 2 * outside,
                 place.height_mm + 2 * outside};
        // The ring is drawn first and holds all the rest.
        if (places.empty() || !inside(place, places.back())) places.push_back(place);
    }
    return places;
}

Path rectangle(const Rect& rect) {
    const double right = rect.x_mm + rect.width_mm;
    const double bottom = rect.y_mm + rect.height_mm;
    Path path;
    path.steps = {{PathOp::move, {{rect.x_mm, rect.y_mm}, {}, {}}},
                  {PathOp::line, {{right, rect.y_mm}, {}, {}}},
                  {PathOp::line, {{right, bottom}, {}, {}}},
                  {PathOp::line, {{rect.x_mm, bottom}, {}, {}}},
                  {PathOp::close, {}}};
    return path;
}

Path line(Point from, Point to, Colour colour, double thickness_mm) {
    Path path;
    path.steps = {{PathOp::move, {from, {}, {}}}, {PathOp::line, {to, {}, {}}}};
    path.stroke = colour;
    path.stroke_mm = thickness_mm;
    return path;
}

Path path_of(const QrCode& code) {
    Path path;
    path.fill = Colour{};
    const auto is_dark = [&](int row, int column) {
        return code.dark[static_cast<std::size_t>(row) * static_cast<std::size_t>(code.modules) +
                         static_cast<std::size_t>(column)];
    };
    for (int row = 0; row < code.modules; ++row) {
        for (int column = 0; column < code.modules; ++column) {
            if (!is_dark(row, column)) continue;
            int end = column + 1;
            while (end < code.modules && is_dark(row, end)) ++end;
            const Path run =
                rectangle({code.origin.x_mm + column * code.module_mm, code.origin.y_mm + row * code.module_mm,
                           (end - column) * code.module_mm, code.module_mm});
            path.steps.insert(path.steps.end(), run.steps.begin(), run.steps.end());
            column = end;
        }
    }
    return path;
}

}  // namespace kaigong::layout
