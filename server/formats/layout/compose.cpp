// Template::fill: from a template and its values to pages.
#include "formats/layout/flow.hpp"
#include "formats/layout/ornament.hpp"
#include "formats/layout/pattern.hpp"
#include "formats/layout/setting.hpp"
#include "formats/layout/template.hpp"
#include "formats/qr/qr.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

namespace kaigong::layout {
namespace {

using Strips = std::vector<Strip>;

constexpr Colour kTableLine{0x55, 0x55, 0x55};
constexpr Colour kHeadingFill{0xF4, 0xF1, 0xEC};
constexpr Colour kBoxFill{0xF3, 0xF6, 0xFA};
constexpr Colour kBoxLine{0x9F, 0xB3, 0xCB};
constexpr double kMarginTextPt = 9;
/// Above and below the text of a row whose height is given.
constexpr double kTightPadding = 0.6;
/// At 72 dpi a module needs two pixels to be told from its neighbour.
constexpr int kModulePointsMin = 2;

void append(Strips& to, Strips&& from) {
    std::ranges::move(from, std::back_inserter(to));
}

/// Fixed widths as asked, the rest by share.
template <class Columns>
std::vector<double> widths(const Columns& columns, double width_mm, double gap_mm) {
    double rest = width_mm - gap_mm * static_cast<double>(columns.size() - 1);
    double shares = 0;
    for (const auto& column : columns) {
        rest -= column.width_mm;
        if (column.width_mm == 0) shares += column.share;
    }
    std::vector<double> result;
    result.reserve(columns.size());
    for (const auto& column : columns) {
        result.push_back(column.width_mm > 0 ? column.width_mm : std::max(rest, 1.0) * column.share / shares);
    }
    return result;
}

std::string number_text(Numbering numbering, std::size_t number) {
    static constexpr std::array<std::string_view, 11> kDigits = {"〇", "一", "二", "三", "四", "五",
                                                                 "六", "七", "八", "九", "十"};
    if (numbering == Numbering::arabic) return fmt::format("{}.", number);
    if (numbering == Numbering::brackets) return fmt::format("（{}）", number);
    if (number <= 10) return fmt::format("{}、", kDigits[number]);
    const std::string tens = number < 20 ? "十" : fmt::format("{}十", kDigits[number / 10]);
    return fmt::format("{}{}、", tens, number % 10 == 0 ? "" : kDigits[number % 10]);
}

class Composer {
  public:
    /// `fill_mm` is the height of a grid with `fill_page`; without it such a grid is left out, but for its spaces.
    explicit Composer(const text::Shaper& shaper, double fill_mm = 0) : shaper_(shaper), fill_mm_(fill_mm) {}

    Result<Strips> blocks(const std::vector<Block>& source, const Scope& scope, double width_mm) {
        Strips result;
        double space_after = 0;
        for (const Block& block : source) {
            if (!scope.holds(block.when)) continue;
            KAIGONG_TRY(strips,
                        std::visit([&](const auto& content) { return set(content, scope, width_mm); }, block.content));
            if (strips.empty()) continue;
            if (block.keep_with_previous && !result.empty()) result.back().keep_with_next = true;
            strips.front().space_before_mm += block.space_before_mm + space_after;
            space_after = block.space_after_mm;
            append(result, std::move(strips));
        }
        if (!result.empty()) result.back().space_after_mm += space_after;
        return result;
    }

  private:
    const text::Shaper& shaper_;
    double fill_mm_;

    Result<Strips> set(const TextBlock& block, const Scope& scope, double width_mm) {
        if (block.remedies) {
            for (const PatternPart& part : block.text) {
                if (part.name.empty() || !scope.value(part.name).empty()) continue;
                return invalid_field(part.name, "layout.remedies_incomplete",
                                     "救济途径缺少复议机关或管辖法院，请管理员在机构设置中补全后再出具。");
            }
        }
        KAIGONG_TRY(strips, paragraph(shaper_, fill(block.text, scope), block.style, width_mm, block.tag));
        if (block.tag == Tag::heading) strips.back().keep_with_next = true;
        return std::move(strips);
    }

    Result<Strips> set(const ListBlock& block, const Scope& scope, double width_mm) {
        Strips result;
        if (!block.heading.empty()) {
            TextStyle heading = block.style;
            heading.bold = true;
            KAIGONG_TRY(strips, paragraph(shaper_, fill(block.heading, scope), heading, width_mm));
            strips.back().keep_with_next = true;
            append(result, std::move(strips));
        }
        for (std::size_t i = 0; i < block.items.size(); ++i) {
            const RichText number{{{number_text(block.numbering, i + 1), false}}, {}};
            KAIGONG_TRY(strips, numbered(shaper_, number, fill(block.items[i], scope), block.style, width_mm));
            append(result, std::move(strips));
        }
        return result;
    }

    Result<Strips> set(const TableBlock& block, const Scope& scope, double width_mm) {
        const auto* items = scope.list(block.list);
        if (items == nullptr || items->empty()) return Strips{};
        const std::vector<double> column_widths = widths(block.columns, width_mm, 0);
        const auto cells = [&](const Scope& inner, bool heading) {
            std::vector<Cell> row_cells;
            double x = 0;
            for (std::size_t i = 0; i < block.columns.size(); ++i) {
                const TableColumn& column = block.columns[i];
                Cell cell{fill(heading ? column.heading : column.text, inner), column.style, x, column_widths[i],
                          heading};
                if (heading) {
                    cell.style.align = text::Align::center;
                    cell.style.bold = true;
                }
                row_cells.push_back(std::move(cell));
                x += column_widths[i];
            }
            return row_cells;
        };
        const RowShape shape{
            .width_mm = width_mm, .padding_x_mm = 1.5, .border = {.colour = kTableLine}, .heading_fill = kHeadingFill};
        Strips result;
        KAIGONG_TRY(heading, row(shaper_, cells(scope, true), shape));
        heading.keep_with_next = true;
        const auto repeated = std::make_shared<const Strip>(heading);
        heading.elements.insert(heading.elements.begin(), TagOpen{Tag::table});
        result.push_back(std::move(heading));
        for (std::size_t i = 0; i < items->size(); ++i) {
            const Scope inner = scope.item(block.list, (*items)[i].as_object(), i + 1);
            KAIGONG_TRY(strip, row(shaper_, cells(inner, false), shape));
            if (i > 0) strip.repeated_heading = repeated;
            result.push_back(std::move(strip));
        }
        result.back().elements.emplace_back(TagClose{});
        return result;
    }

    std::vector<Cell> grid_cells(const GridBlock& block, const GridRow& source, const Scope& scope, double width_mm,
                                 double scale) {
        std::vector<Cell> cells;
        TextStyle label_style = scaled(block.style, scale);
        label_style.align = block.border ? text::Align::center : text::Align::left;
        label_style.lines_max = 0;
        const double pair = width_mm / static_cast<double>(source.cells.size());
        double x = 0;
        for (const GridCell& cell : source.cells) {
            cells.push_back({fill(cell.label, scope), label_style, x, block.label_width_mm, true});
            TextStyle style = scaled(cell.style, scale);
            if (source.height_mm > 0) style.height_max_mm = source.height_mm - 2 * kTightPadding;
            cells.push_back(
                {fill(cell.text, scope), style, x + block.label_width_mm, pair - block.label_width_mm, false});
            x += pair;
        }
        return cells;
    }

    /// `heights_mm` (one a row, or none) are least heights beside the rows' own.
    Result<Strips> grid_rows(const GridBlock& block, const std::vector<const GridRow*>& rows, const Scope& scope,
                             double width_mm, double scale, const std::vector<double>& heights_mm) {
        Strips result;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            RowShape shape{
                .width_mm = width_mm, .height_min_mm = rows[i]->height_min_mm, .border = {}, .heading_fill = {}};
            shape.border = {.drawn = block.border,
                            .colour = kTableLine,
                            .outer_mm = 0.5,
                            .first = i == 0,
                            .last = i + 1 == rows.size()};
            if (block.fill_page) shape.padding_y_mm = scale;
            if (rows[i]->height_mm > 0) {
                shape.height_min_mm = rows[i]->height_mm;
                shape.padding_y_mm = kTightPadding;
            }
            if (!heights_mm.empty()) shape.height_min_mm = std::max(shape.height_min_mm, heights_mm[i]);
            if (!block.border) shape.padding_x_mm = 0;
            if (!block.border) shape.padding_y_mm = 0.5;
            KAIGONG_TRY(strip, row(shaper_, grid_cells(block, *rows[i], scope, width_mm, scale), shape));
            result.push_back(std::move(strip));
        }
        return result;
    }

    /// All rows in one size: a form whose lines shout and whisper by turns reads badly.
    Result<Strips> fitted_rows(const GridBlock& block, const std::vector<const GridRow*>& rows, const Scope& scope,
                               double width_mm) {
        constexpr double kStepPt = 0.5;
        for (double size = block.style.size_pt;; size = std::max(size - kStepPt, block.size_min_pt)) {
            const double scale = size / block.style.size_pt;
            KAIGONG_TRY(strips, grid_rows(block, rows, scope, width_mm, scale, {}));
            double rest = fill_mm_;
            for (const Strip& strip : strips) rest -= strip.height_mm;
            if (rest >= 0) {
                std::vector<double> heights;
                for (const Strip& strip : strips) {
                    heights.push_back(strip.height_mm + rest / static_cast<double>(strips.size()));
                }
                return grid_rows(block, rows, scope, width_mm, scale, heights);
            }
            if (size > block.size_min_pt) continue;
            return overflow(std::ranges::max_element(strips, {}, &Strip::height_mm)->field);
        }
    }

    Result<Strips> set(const GridBlock& block, const Scope& scope, double width_mm) {
        std::vector<const GridRow*> rows;
        for (const GridRow& candidate : block.rows) {
            if (scope.holds(candidate.when)) rows.push_back(&candidate);
        }
        if (rows.empty()) return Strips{};
        if (block.fill_page && fill_mm_ <= 0) return Strips{Strip{}};
        KAIGONG_TRY(result, block.fill_page ? fitted_rows(block, rows, scope, width_mm)
                                            : grid_rows(block, rows, scope, width_mm, 1, {}));
        auto& first = result.front().elements;
        first.insert(first.begin(), TagOpen{Tag::table});
        result.back().elements.emplace_back(TagClose{});
        return std::move(result);
    }

    Result<Strips> set(const BoxBlock& block, const Scope& scope, double width_mm) {
        constexpr double kPadding = 4;
        Strips inside;
        if (!block.heading.empty()) {
            const TextStyle style{.bold = true, .size_pt = 12, .leading_pt = 21};
            KAIGONG_TRY(strips, paragraph(shaper_, fill(block.heading, scope), style, width_mm - 2 * kPadding));
            append(inside, std::move(strips));
        }
        KAIGONG_TRY(body, blocks(block.blocks, scope, width_mm - 2 * kPadding));
        append(inside, std::move(body));
        Strip strip = stack(std::move(inside));
        for (Element& element : strip.elements) move_by(element, kPadding, kPadding * 0.75);
        strip.height_mm += kPadding * 1.5;
        Path frame = rectangle({0, 0, width_mm, strip.height_mm});
        frame.fill = kBoxFill;
        frame.stroke = kBoxLine;
        frame.stroke_mm = 0.25;
        strip.elements.insert(strip.elements.begin(), std::move(frame));
        return Strips{std::move(strip)};
    }

    /// The seal is drawn first: ink that shows through the letters reads the same on paper, and the text stays black.
    Result<Strips> set(const SealBlock& block, const Scope& scope, double width_mm) {
        constexpr double kSpaceRight = 8;
        constexpr double kStarClear = 0.34;  // of the radius: the star and a little air
        const double radius = block.diameter_mm / 2;
        TextStyle natural = block.style;
        natural.align = text::Align::left;
        double widest = 0;
        for (const Pattern& pattern : block.lines) {
            KAIGONG_TRY(set, set_text(shaper_, fill(pattern, scope), natural, width_mm - kSpaceRight));
            for (const text::Line& line : set.lines) widest = std::max(widest, line.width_pt * kMmPerPoint);
        }
        widest += kMmPerPoint;  // a point to spare, so that rounding does not break the widest line
        std::vector<SetText> lines;
        double text_height = 0;
        for (const Pattern& pattern : block.lines) {
            KAIGONG_TRY(set, set_text(shaper_, fill(pattern, scope), block.style, widest));
            text_height += set.height_mm();
            lines.push_back(std::move(set));
        }
        Strip strip;
        strip.height_mm = std::max(block.diameter_mm, text_height);
        const double left = width_mm - kSpaceRight - widest;
        const double middle = strip.height_mm / 2;
        // 骑年盖月: over the date, which is the last line, and reaching up to the name.
        Point centre{width_mm - std::max(kSpaceRight + widest / 2, radius), middle};
        double y = (strip.height_mm - text_height) / 2 + radius * 0.16;
        if (block.place == SealPlace::line_end && !lines.empty()) {
            const SetText& last = lines.back();
            const auto& runs = last.lines.back().runs;
            const double line_end = left + (runs.empty() ? 0 : runs.back().x_pt + runs.back().width_pt) * kMmPerPoint;
            centre.x_mm = std::min(line_end + radius * kStarClear, width_mm - radius);
            y = std::max(0.0, middle + last.leading_mm / 2 - text_height);
        }
        KAIGONG_TRY(paths, seal(shaper_, centre, block.diameter_mm, fill_plain(block.authority, scope),
                                fill_plain(block.legend, scope)));
        for (Path& path : paths) {
            path.seal = true;
            strip.elements.emplace_back(std::move(path));
        }
        strip.elements.emplace_back(TagOpen{Tag::paragraph});
        for (const SetText& line : lines) {
            draw_lines(strip.elements, line, {left, y}, block.style.colour);
            y += line.height_mm();
        }
        strip.elements.emplace_back(TagClose{});
        const double lift = std::min(block.lift_mm, strip.height_mm);
        for (Element& element : strip.elements) move_by(element, 0, -lift);
        strip.height_mm -= lift;
        return Strips{std::move(strip)};
    }

    Result<Strips> set(const QrBlock& block, const Scope& scope, double width_mm) {
        const std::string field = fill(block.text, scope).field;
        KAIGONG_TRY(modules, qr::encode(fill_plain(block.text, scope)));
        const int across = modules.size + 2 * qr::kQuietZone;
        const int module_points = std::max(kModulePointsMin, static_cast<int>(block.size_mm / kMmPerPoint / across));
        const double module_mm = module_points * kMmPerPoint;
        const double size_mm = module_mm * across;
        const double free = width_mm - size_mm;
        if (free < 0) return invalid_field(field, "layout.text_overflow", "二维码放不下，请缩短验真网址。");
        const double x = block.align == text::Align::right ? free : block.align == text::Align::center ? free / 2 : 0;
        Strip strip;
        strip.field = field;
        strip.height_mm = size_mm;
        Path ground = rectangle({x, 0, size_mm, size_mm});
        ground.fill = Colour{0xFF, 0xFF, 0xFF};
        strip.elements.emplace_back(std::move(ground));
        const double quiet = module_mm * qr::kQuietZone;
        strip.elements.emplace_back(QrCode{{x + quiet, quiet}, module_mm, modules.size, std::move(modules.dark)});
        if (block.caption.empty()) return Strips{std::move(strip)};
        const TextStyle style{.size_pt = 9, .leading_pt = 13, .align = text::Align::center};
        KAIGONG_TRY(caption, paragraph(shaper_, fill(block.caption, scope), style, size_mm));
        Strips parts{std::move(strip)};
        append(parts, std::move(caption));
        for (std::size_t i = 1; i < parts.size(); ++i) {
            for (Element& element : parts[i].elements) move_by(element, x, 0);
        }
        return Strips{stack(std::move(parts))};
    }

    Result<Strips> set(const ColumnsBlock& block, const Scope& scope, double width_mm) {
        const std::vector<double> column_widths = widths(block.columns, width_mm, block.gap_mm);
        Strip whole;
        double x = 0;
        for (std::size_t i = 0; i < block.columns.size(); ++i) {
            KAIGONG_TRY(strips, blocks(block.columns[i].blocks, scope, column_widths[i]));
            Strip column = stack(std::move(strips));
            for (Element& element : column.elements) {
                move_by(element, x, 0);
                whole.elements.push_back(std::move(element));
            }
            whole.height_mm = std::max(whole.height_mm, column.height_mm);
            if (whole.field.empty()) whole.field = column.field;
            x += column_widths[i] + block.gap_mm;
        }
        return Strips{std::move(whole)};
    }

    Result<Strips> set(const RepeatBlock& block, const Scope& scope, double width_mm) {
        Strips result;
        const auto* items = scope.list(block.list);
        for (std::size_t i = 0; items != nullptr && i < items->size(); ++i) {
            KAIGONG_TRY(strips, blocks(block.blocks, scope.item(block.list, (*items)[i].as_object(), i + 1), width_mm));
            append(result, std::move(strips));
        }
        return result;
    }

    Result<Strips> set(const RuleBlock& block, const Scope&, double width_mm) {
        Strip strip;
        strip.height_mm = block.thickness_mm;
        const double y = block.thickness_mm / 2;
        strip.elements.emplace_back(line({0, y}, {width_mm, y}, block.colour, block.thickness_mm));
        return Strips{std::move(strip)};
    }

    Result<Strips> set(const SpacerBlock& block, const Scope&, double) {
        Strip strip;
        strip.height_mm = block.height_mm;
        return Strips{std::move(strip)};
    }

    Result<Strips> set(const PageBreakBlock&, const Scope&, double) {
        Strip strip;
        strip.break_before = true;
        return Strips{std::move(strip)};
    }
};

/// Codes are read from a screen at 72 dpi only when each module covers whole pixels, that is whole points.
void snap_to_points(Element& element) {
    auto* code = std::get_if<QrCode>(&element);
    if (code == nullptr) return;
    code->origin.x_mm = std::round(code->origin.x_mm / kMmPerPoint) * kMmPerPoint;
    code->origin.y_mm = std::round(code->origin.y_mm / kMmPerPoint) * kMmPerPoint;
}

/// What lies under the text of every page of a section.
Result<std::vector<Element>> ground_of(const text::Shaper& shaper, const Section& section, const Scope& scope) {
    constexpr double kFrameMargin = 7;
    constexpr double kFrameWidth = 7.2;
    const double inset = section.certificate_frame ? kFrameMargin + kFrameWidth : 0;
    const Rect inside{inset, inset, kA4WidthMm - 2 * inset, kA4HeightMm - 2 * inset};
    std::vector<Element> elements;
    const auto add = [&](std::vector<Path> paths) {
        for (Path& path : paths) elements.emplace_back(std::move(path));
    };
    if (section.guilloche) add(guilloche(inside));
    for (const Watermark& mark : section.watermarks) {
        if (!scope.holds(mark.when)) continue;
        KAIGONG_TRY(tile, watermark(shaper, inside, fill_plain(mark.text, scope), mark.size_pt, mark.colour));
        elements.emplace_back(std::move(tile));
    }
    if (section.certificate_frame) add(certificate_frame(kA4WidthMm, kA4HeightMm, kFrameMargin));
    return elements;
}

Result<void> set_margin(const text::Shaper& shaper, const MarginText& margin, const Scope& scope, Rect place,
                        std::vector<Element>& elements) {
    const std::pair<const Pattern*, text::Align> parts[] = {
        {&margin.left, text::Align::left}, {&margin.center, text::Align::center}, {&margin.right, text::Align::right}};
    for (const auto& [pattern, align] : parts) {
        if (pattern->empty()) continue;
        const TextStyle style{.size_pt = kMarginTextPt,
                              .leading_pt = 13,
                              .colour = {0x44, 0x44, 0x44},
                              .align = align,
                              .lines_max = 1,
                              .size_min_pt = 6};
        KAIGONG_TRY(set, set_text(shaper, fill(*pattern, scope), style, place.width_mm));
        elements.emplace_back(TagOpen{Tag::paragraph});
        draw_lines(elements, set, {place.x_mm, place.y_mm}, style.colour);
        elements.emplace_back(TagClose{});
    }
    return {};
}

/// What the blocks beside the grid with `fill_page` leave of the column.
Result<double> room_for_grid(const text::Shaper& shaper, const Section& section, const Scope& scope, Rect column) {
    constexpr double kRoundingMm = 0.01;
    KAIGONG_TRY(strips, Composer(shaper).blocks(section.blocks, scope, column.width_mm));
    const double room = column.height_mm - stack(std::move(strips)).height_mm - kRoundingMm;
    if (room > 0) return room;
    return error(Errc::too_large, "layout.too_many_pages", "这一页除表格外的内容太多，请精简文字。");
}

Result<std::vector<Page>> pages_of(const text::Shaper& shaper, const Section& section, const Scope& scope) {
    const double width = kA4WidthMm - section.left_mm - section.right_mm;
    // For its height only: what it says of the page is known when all pages are there.
    KAIGONG_TRY(bottom_strips, Composer(shaper).blocks(section.bottom, scope.page(1, 1), width));
    const Strip bottom = stack(std::move(bottom_strips));
    PageShape shape;
    shape.column = {section.left_mm, section.top_mm, width,
                    kA4HeightMm - section.top_mm - section.bottom_mm - bottom.height_mm};
    shape.pages_max = section.pages_max;
    double fill_mm = 0;
    if (section.fills_page) {
        KAIGONG_TRY(room, room_for_grid(shaper, section, scope, shape.column));
        fill_mm = room;
    }
    KAIGONG_TRY(strips, Composer(shaper, fill_mm).blocks(section.blocks, scope, width));
    KAIGONG_TRY(pages, flow(std::move(strips), shape));
    KAIGONG_TRY(ground, ground_of(shaper, section, scope));
    for (Page& page : pages) {
        page.elements.insert(page.elements.begin(), ground.begin(), ground.end());
        for (Element& element : page.elements) snap_to_points(element);
    }
    return std::move(pages);
}

Result<void> set_bottom(const text::Shaper& shaper, const Section& section, const Scope& scope,
                        std::vector<Element>& elements) {
    KAIGONG_TRY(strips,
                Composer(shaper).blocks(section.bottom, scope, kA4WidthMm - section.left_mm - section.right_mm));
    Strip bottom = stack(std::move(strips));
    for (Element& element : bottom.elements) {
        move_by(element, section.left_mm, kA4HeightMm - section.bottom_mm - bottom.height_mm);
        snap_to_points(element);
        elements.push_back(std::move(element));
    }
    return {};
}

}  // namespace

Result<Document> Template::fill(const boost::json::object& values, std::int64_t created_at_ms) const {
    KAIGONG_CHECK(check_values(placeholders_, values));
    KAIGONG_TRY(shaper, text::Shaper::of_this_thread());
    const Scope scope(values);
    Document document;
    document.title = fill_plain(title_, scope);
    document.author = fill_plain(author_, scope);
    document.created_at_ms = created_at_ms;
    std::vector<const Section*> section_of_page;
    for (const Section& section : sections_) {
        if (!scope.holds(section.when)) continue;
        KAIGONG_TRY(pages, pages_of(*shaper, section, scope));
        for (Page& page : pages) {
            document.pages.push_back(std::move(page));
            section_of_page.push_back(&section);
        }
    }
    if (document.pages.size() > kPagesMax) {
        return error(Errc::too_large, "layout.too_many_pages", "文书超过 64 页，请精简文字或减少条目。");
    }
    for (std::size_t i = 0; i < document.pages.size(); ++i) {
        const Section& section = *section_of_page[i];
        const Scope numbered = scope.page(i + 1, document.pages.size());
        auto& elements = document.pages[i].elements;
        const double width = kA4WidthMm - section.left_mm - section.right_mm;
        KAIGONG_CHECK(set_bottom(*shaper, section, numbered, elements));
        KAIGONG_CHECK(set_margin(*shaper, section.header, numbered, {section.left_mm, section.top_mm / 2 - 2, width, 5},
                                 elements));
        KAIGONG_CHECK(set_margin(*shaper, section.footer, numbered,
                                 {section.left_mm, kA4HeightMm - section.bottom_mm / 2 - 2, width, 5}, elements));
        if (elements.size() > kElementsPerPageMax) {
            return error(Errc::too_large, "layout.block_too_tall", "一页的内容太密，请减少条目。");
        }
    }
    return document;
}

}  // namespace kaigong::layout
