#include "formats/pdf/pdf_writer.hpp"

#include "base/civil_date.hpp"

#include <cairo-pdf.h>
#include <fmt/format.h>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace kaigong::pdf {
namespace {

using layout::Colour;
using layout::kMmPerPoint;
using layout::Path;
using layout::PathOp;
using layout::Tag;

struct Release {
    void operator()(cairo_surface_t* surface) const noexcept { cairo_surface_destroy(surface); }
    void operator()(cairo_t* canvas) const noexcept { cairo_destroy(canvas); }
    void operator()(cairo_pattern_t* pattern) const noexcept { cairo_pattern_destroy(pattern); }
};
using Surface = std::unique_ptr<cairo_surface_t, Release>;
using Canvas = std::unique_ptr<cairo_t, Release>;
using Pattern = std::unique_ptr<cairo_pattern_t, Release>;

double points(double mm) {
    return mm / kMmPerPoint;
}

const char* tag_name(Tag tag) {
    switch (tag) {
        case Tag::heading: return "H1";
        case Tag::paragraph: return "P";
        case Tag::table: return "Table";
        case Tag::table_row: return "TR";
        case Tag::table_heading: return "TH";
        case Tag::table_cell: return "TD";
    }
    throw std::logic_error("unknown tag");
}

/// ISO 8601, in UTC: cairo turns it into a PDF date.
std::string instant_text(std::int64_t at_ms) {
    constexpr std::int64_t kDayMs = 86'400'000;
    const std::int64_t days = at_ms >= 0 ? at_ms / kDayMs : (at_ms - kDayMs + 1) / kDayMs;
    const std::int64_t second = (at_ms - days * kDayMs) / 1000;
    return fmt::format("{}T{:02}:{:02}:{:02}Z", to_string(date_of_days(days)), second / 3600, second / 60 % 60,
                       second % 60);
}

class Writer {
  public:
    Writer(cairo_t* canvas, const text::Shaper& shaper) : canvas_(canvas), shaper_(shaper) {}

    Result<void> draw(const layout::Page& page) {
        open_tags_.clear();
        for (const layout::Element& element : page.elements) {
            KAIGONG_CHECK(std::visit([this](const auto& part) { return draw_one(part); }, element));
        }
        return {};
    }

  private:
    cairo_t* canvas_;
    const text::Shaper& shaper_;
    std::vector<Tag> open_tags_;

    void set(cairo_t* canvas, Colour colour) const {
        cairo_set_source_rgb(canvas, colour.red / 255.0, colour.green / 255.0, colour.blue / 255.0);
    }

    void draw_path(cairo_t* canvas, const Path& path) const {
        cairo_new_path(canvas);
        for (const layout::PathStep& step : path.steps) {
            const auto x = [&step](std::size_t i) { return points(step.points[i].x_mm); };
            const auto y = [&step](std::size_t i) { return points(step.points[i].y_mm); };
            switch (step.op) {
                case PathOp::move: cairo_move_to(canvas, x(0), y(0)); break;
                case PathOp::line: cairo_line_to(canvas, x(0), y(0)); break;
                case PathOp::curve: cairo_curve_to(canvas, x(0), y(0), x(1), y(1), x(2), y(2)); break;
                case PathOp::close: cairo_close_path(canvas); break;
            }
        }
        if (path.fill) {
            set(canvas, *path.fill);
            cairo_set_fill_rule(canvas, path.even_odd ? CAIRO_FILL_RULE_EVEN_ODD : CAIRO_FILL_RULE_WINDING);
            cairo_fill_preserve(canvas);
        }
        if (path.stroke) {
            set(canvas, *path.stroke);
            cairo_set_line_width(canvas, points(path.stroke_mm));
            cairo_stroke_preserve(canvas);
        }
        cairo_new_path(canvas);
    }

    Result<void> draw_one(const layout::TextRun& item) {
        const double x = points(item.origin.x_mm);
        const double y = points(item.origin.y_mm);
        std::vector<cairo_glyph_t> glyphs;
        glyphs.reserve(item.run.glyphs.size());
        for (const text::Glyph& glyph : item.run.glyphs) glyphs.push_back({glyph.id, x + glyph.x_pt, y + glyph.y_pt});
        std::vector<cairo_text_cluster_t> clusters;
        clusters.reserve(item.run.clusters.size());
        for (const text::Cluster& cluster : item.run.clusters) {
            clusters.push_back({static_cast<int>(cluster.bytes), static_cast<int>(cluster.glyphs)});
        }
        set(canvas_, item.colour);
        cairo_set_font_face(canvas_, shaper_.cairo_face(item.run.face));
        cairo_set_font_size(canvas_, item.run.size_pt);
        cairo_show_text_glyphs(canvas_, item.run.text.data(), static_cast<int>(item.run.text.size()), glyphs.data(),
                               static_cast<int>(glyphs.size()), clusters.data(), static_cast<int>(clusters.size()),
                               static_cast<cairo_text_cluster_flags_t>(0));
        cairo_new_path(canvas_);
        return {};
    }

    Result<void> draw_one(const Path& path) {
        draw_path(canvas_, path);
        return {};
    }

    Result<void> draw_one(const layout::QrCode& code) {
        draw_path(canvas_, layout::path_of(code));
        return {};
    }

    /// Recorded once and repeated by the reader: the file stays small and the extracted text clean.
    Result<void> draw_one(const layout::Tile& tile) {
        const cairo_rectangle_t extents{0, 0, points(tile.width_mm), points(tile.height_mm)};
        const Surface recording(cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &extents));
        const Canvas canvas(cairo_create(recording.get()));
        for (const Path& path : tile.paths) draw_path(canvas.get(), path);
        const Pattern pattern(cairo_pattern_create_for_surface(recording.get()));
        cairo_pattern_set_extend(pattern.get(), CAIRO_EXTEND_REPEAT);
        cairo_matrix_t to_tile;
        cairo_matrix_init_translate(&to_tile, -points(tile.area.x_mm), -points(tile.area.y_mm));
        cairo_pattern_set_matrix(pattern.get(), &to_tile);
        cairo_save(canvas_);
        cairo_rectangle(canvas_, points(tile.area.x_mm), points(tile.area.y_mm), points(tile.area.width_mm),
                        points(tile.area.height_mm));
        cairo_set_source(canvas_, pattern.get());
        cairo_fill(canvas_);
        cairo_restore(canvas_);
        return {};
    }

    Result<void> draw_one(const layout::Image& image) {
        std::string_view rest = image.png;
        const auto read = [](void* closure, unsigned char* into, unsigned int size) {
            auto& source = *static_cast<std::string_view*>(closure);
            if (size > source.size()) return CAIRO_STATUS_READ_ERROR;
            std::memcpy(into, source.data(), size);
            source.remove_prefix(size);
            return CAIRO_STATUS_SUCCESS;
        };
        const Surface png(cairo_image_surface_create_from_png_stream(read, &rest));
        if (cairo_surface_status(png.get()) != CAIRO_STATUS_SUCCESS) {
            return error(Errc::invalid_input, "pdf.image_unreadable", "版面中的图片不是有效的 PNG，请更换图片。");
        }
        cairo_save(canvas_);
        cairo_translate(canvas_, points(image.place.x_mm), points(image.place.y_mm));
        cairo_scale(canvas_, points(image.place.width_mm) / cairo_image_surface_get_width(png.get()),
                    points(image.place.height_mm) / cairo_image_surface_get_height(png.get()));
        cairo_set_source_surface(canvas_, png.get(), 0, 0);
        cairo_paint(canvas_);
        cairo_restore(canvas_);
        return {};
    }

    Result<void> draw_one(const layout::TagOpen& open) {
        cairo_tag_begin(canvas_, tag_name(open.tag), nullptr);
        open_tags_.push_back(open.tag);
        return {};
    }

    Result<void> draw_one(const layout::TagClose&) {
        if (open_tags_.empty()) throw std::logic_error("layout closes a tag that is not open");
        cairo_tag_end(canvas_, tag_name(open_tags_.back()));
        open_tags_.pop_back();
        return {};
    }
};

cairo_status_t append(void* closure, const unsigned char* bytes, unsigned int size) {
    static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(bytes), size);
    return CAIRO_STATUS_SUCCESS;
}

void set_metadata(cairo_surface_t* surface, const layout::Document& document) {
    const std::string created = instant_text(document.created_at_ms);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, document.title.c_str());
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, document.author.c_str());
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, document.subject.c_str());
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "Kaigong");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, created.c_str());
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, created.c_str());
}

}  // namespace

Result<std::string> write(const layout::Document& document) {
    if (document.pages.empty()) return error(Errc::invalid_input, "pdf.no_pages", "文书没有内容，请检查模板。");
    if (document.pages.size() > layout::kPagesMax) {
        return error(Errc::too_large, "pdf.too_many_pages", "文书超过 64 页，请精简内容或改为附件。");
    }
    KAIGONG_TRY(shaper, text::Shaper::of_this_thread());
    std::string bytes;
    {
        const Surface surface(cairo_pdf_surface_create_for_stream(append, &bytes, points(document.pages[0].width_mm),
                                                                  points(document.pages[0].height_mm)));
        set_metadata(surface.get(), document);
        const Canvas canvas(cairo_create(surface.get()));
        Writer writer(canvas.get(), *shaper);
        for (const layout::Page& page : document.pages) {
            cairo_pdf_surface_set_size(surface.get(), points(page.width_mm), points(page.height_mm));
            KAIGONG_CHECK(writer.draw(page));
            cairo_show_page(canvas.get());
        }
        cairo_surface_finish(surface.get());
        if (cairo_status(canvas.get()) != CAIRO_STATUS_SUCCESS) {
            throw std::runtime_error(cairo_status_to_string(cairo_status(canvas.get())));
        }
        if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) {
            throw std::runtime_error(cairo_status_to_string(cairo_surface_status(surface.get())));
        }
    }
    return bytes;
}

}  // namespace kaigong::pdf
