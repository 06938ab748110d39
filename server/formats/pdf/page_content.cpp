#include "formats/pdf/page_content.hpp"

#include <cairo.h>
#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <cstring>

namespace kaigong::pdf {
namespace {

/// Shorter art stands in the page itself.
constexpr std::size_t kFormBytesMin = 16UL * 1024;
constexpr int kImagePixelsMax = 4096 * 4096;

std::string number(double value, int decimals = 2) {
    std::string text;
    append_number(text, value, decimals);
    return text;
}

/// The glyphs of one run as operators: each stands where the layout put it, to a thousandth of its size.
class GlyphLine {
  public:
    GlyphLine(std::string& out, double size_pt) : out_(out), size_pt_(size_pt) {}

    void place(std::uint32_t glyph, double x_pt, double y_pt, double advance) {
        if (!placed_ || std::abs(y_pt - y_pt_) > 0.0005) {
            flush();
            out_ += "1 0 0 1 " + number(x_pt, 3) + " " + number(y_pt, 3) + " Tm\n";
            pen_pt_ = std::round(x_pt * 1000) / 1000;
            y_pt_ = y_pt;
            placed_ = true;
        }
        const auto gap = std::llround((pen_pt_ - x_pt) * 1000 / size_pt_);
        if (!open_) out_ += "[";
        if (gap != 0) {
            if (digits_) out_ += '>';
            digits_ = false;
            append_number(out_, static_cast<double>(gap), 0);
            pen_pt_ -= static_cast<double>(gap) * size_pt_ / 1000;
        }
        if (!digits_) out_ += '<';
        constexpr char kDigits[] = "0123456789ABCDEF";
        for (int shift = 12; shift >= 0; shift -= 4) out_ += kDigits[glyph >> static_cast<unsigned>(shift) & 0xFU];
        open_ = digits_ = true;
        pen_pt_ += advance * size_pt_ / 1000;
    }

    void flush() {
        if (open_) out_ += "> ]TJ\n";
        open_ = digits_ = false;
    }

  private:
    std::string& out_;
    double size_pt_;
    double pen_pt_ = 0;
    double y_pt_ = 0;
    bool placed_ = false;
    bool open_ = false;
    bool digits_ = false;
};

struct Pixels {
    int wide = 0;
    int high = 0;
    std::string rgb;
    /// Empty: opaque.
    std::string alpha;
};

cairo_status_t read_png(void* closure, unsigned char* into, unsigned int size) {
    auto& source = *static_cast<std::string_view*>(closure);
    if (size > source.size()) return CAIRO_STATUS_READ_ERROR;
    std::memcpy(into, source.data(), size);
    source.remove_prefix(size);
    return CAIRO_STATUS_SUCCESS;
}

/// cairo keeps colours multiplied with the opacity; PDF wants them apart.
Pixels separate(const unsigned char* rows, int stride, int wide, int high, bool has_alpha) {
    Pixels pixels{wide, high, {}, {}};
    for (int row = 0; row < high; ++row) {
        for (int column = 0; column < wide; ++column) {
            std::uint32_t pixel = 0;
            std::memcpy(&pixel, rows + static_cast<std::ptrdiff_t>(row) * stride + std::ptrdiff_t{4} * column, 4);
            const std::uint32_t alpha = has_alpha ? pixel >> 24 : 255;
            for (const unsigned shift : {16U, 8U, 0U}) {
                const std::uint32_t part = pixel >> shift & 0xFFU;
                pixels.rgb += static_cast<char>(alpha == 0 ? 0 : std::min(255U, (part * 255 + alpha / 2) / alpha));
            }
            if (has_alpha) pixels.alpha += static_cast<char>(alpha);
        }
    }
    return pixels;
}

Result<Pixels> pixels_of(std::string_view png) {
    using Surface = std::unique_ptr<cairo_surface_t, decltype([](cairo_surface_t* s) { cairo_surface_destroy(s); })>;
    const Surface surface(cairo_image_surface_create_from_png_stream(read_png, &png));
    const int wide = cairo_image_surface_get_width(surface.get());
    const int high = cairo_image_surface_get_height(surface.get());
    const auto format = cairo_image_surface_get_format(surface.get());
    const bool known = format == CAIRO_FORMAT_ARGB32 || format == CAIRO_FORMAT_RGB24;
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS || !known || wide > kImagePixelsMax / high) {
        return error(Errc::invalid_input, "pdf.image_unreadable", "版面中的图片不是有效的 PNG，请更换图片。");
    }
    return separate(cairo_image_surface_get_data(surface.get()), cairo_image_surface_get_stride(surface.get()), wide,
                    high, format == CAIRO_FORMAT_ARGB32);
}

}  // namespace

std::string Resources::name(char kind) {
    return fmt::format("{}{}", kind, count_++);
}

std::string Resources::add_form(const std::string& entries, const std::string& operators) {
    const int form = file_.reserve();
    file_.put_stream(form, "/Type /XObject /Subtype /Form /Resources << >> " + entries, *deflated_art(operators),
                     Packing::already_deflated);
    const std::string form_name = name('X');
    objects_ += "/" + form_name + " " + reference(form) + " ";
    return form_name;
}

std::string Resources::add_image(int pixels_wide, int pixels_high, const std::string& rgb, const std::string& alpha) {
    const std::string entries = fmt::format("/Type /XObject /Subtype /Image /Width {} /Height {} /BitsPerComponent 8",
                                            pixels_wide, pixels_high);
    std::string mask;
    if (!alpha.empty()) {
        const int object = file_.reserve();
        file_.put_stream(object, entries + " /ColorSpace /DeviceGray", alpha, Packing::deflate);
        mask = " /SMask " + reference(object);
    }
    const int image = file_.reserve();
    file_.put_stream(image, entries + " /ColorSpace /DeviceRGB" + mask, rgb, Packing::deflate);
    const std::string image_name = name('X');
    objects_ += "/" + image_name + " " + reference(image) + " ";
    return image_name;
}

std::string Resources::add_tile(const layout::Tile& tile, double page_height_mm) {
    Art art(tile.height_mm);
    for (const layout::Path& path : tile.paths) art.add(path);
    const int pattern = file_.reserve();
    const std::string wide = number(points(tile.width_mm));
    const std::string high = number(points(tile.height_mm));
    file_.put_stream(
        pattern,
        fmt::format("/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 {0} {1}] /XStep {0} "
                    "/YStep {1} /Matrix [1 0 0 1 {2} {3}] /Resources << >>",
                    wide, high, number(points(tile.area.x_mm)),
                    number(points(page_height_mm - tile.area.y_mm - tile.height_mm))),
        *deflated_art(art.operators()), Packing::already_deflated);
    const std::string pattern_name = name('P');
    patterns_ += "/" + pattern_name + " " + reference(pattern) + " ";
    return pattern_name;
}

void Resources::write(const std::string& fonts) {
    file_.put(object_,
              fmt::format("<< /Font << {}>> /XObject << {}>> /Pattern << {}>> >>", fonts, objects_, patterns_));
}

Result<std::string> PageContent::draw() {
    for (const layout::Element& element : page_.elements) {
        KAIGONG_CHECK(std::visit([this](const auto& part) { return draw_one(part); }, element));
    }
    flush_art();
    end_mark();
    return std::move(operators_);
}

void PageContent::end_mark() {
    if (marked_ != Marked::nothing) operators_ += "EMC\n";
    marked_ = Marked::nothing;
}

void PageContent::mark_decoration() {
    if (marked_ == Marked::decoration) return;
    end_mark();
    operators_ += "/Artifact BMC\n";
    marked_ = Marked::decoration;
}

void PageContent::mark_content() {
    const auto element = structure_.current();
    if (!element) return mark_decoration();
    if (marked_ == Marked::content && marked_element_ == *element) return;
    end_mark();
    operators_ +=
        fmt::format("/{} << /MCID {} >> BDC\n", structure_.type_of(*element), structure_.add_content(*element));
    marked_ = Marked::content;
    marked_element_ = *element;
}

void PageContent::flush_art() {
    if (art_.empty()) return;
    mark_decoration();
    if (art_.operators().size() < kFormBytesMin) {
        operators_ += "q\n" + art_.operators() + "Q\n";
    } else {
        const std::string box =
            fmt::format("/BBox [0 0 {} {}]", number(points(page_.width_mm)), number(points(page_.height_mm)));
        operators_ += "/" + resources_.add_form(box, art_.operators()) + " Do\n";
    }
    art_ = Art(page_.height_mm);
}

Result<void> PageContent::draw_one(const layout::Path& path) {
    art_.add(path);
    return {};
}

Result<void> PageContent::draw_one(const layout::QrCode& code) {
    art_.add(layout::path_of(code));
    return {};
}

Result<void> PageContent::draw_one(const layout::Tile& tile) {
    flush_art();
    mark_decoration();
    const layout::Rect& area = tile.area;
    operators_ += fmt::format("q /Pattern cs /{} scn {} {} {} {} re f Q\n", resources_.add_tile(tile, page_.height_mm),
                              number(points(area.x_mm)), number(points(page_.height_mm - area.y_mm - area.height_mm)),
                              number(points(area.width_mm)), number(points(area.height_mm)));
    return {};
}

Result<void> PageContent::draw_one(const layout::Image& image) {
    flush_art();
    mark_content();
    KAIGONG_TRY(pixels, pixels_of(image.png));
    const layout::Rect& place = image.place;
    operators_ +=
        fmt::format("q {} 0 0 {} {} {} cm /{} Do Q\n", number(points(place.width_mm)), number(points(place.height_mm)),
                    number(points(place.x_mm)), number(points(page_.height_mm - place.y_mm - place.height_mm)),
                    resources_.add_image(pixels.wide, pixels.high, pixels.rgb, pixels.alpha));
    return {};
}

Result<void> PageContent::draw_one(const layout::TextRun& item) {
    flush_art();
    mark_content();
    const double x_pt = points(item.origin.x_mm);
    const double y_pt = points(page_.height_mm - item.origin.y_mm);
    operators_ += fmt::format("BT\n/F{} {} Tf\n", static_cast<int>(item.run.face), number(item.run.size_pt, 3));
    append_colour(operators_, item.colour, "rg");
    GlyphLine line(operators_, item.run.size_pt);
    std::size_t glyph = 0;
    std::string_view rest = item.run.text;
    for (const text::Cluster& cluster : item.run.clusters) {
        const std::string_view shown = rest.substr(0, cluster.bytes);
        rest.remove_prefix(shown.size());
        bool plain = cluster.glyphs == 1;
        for (std::uint32_t i = 0; i < cluster.glyphs; ++i) {
            plain = fonts_.use(item.run.face, item.run.glyphs[glyph + i].id, shown) && plain;
        }
        if (!plain) {
            line.flush();
            operators_ += "/Span << /ActualText " + text_string(shown) + " >> BDC\n";
        }
        for (std::uint32_t i = 0; i < cluster.glyphs; ++i, ++glyph) {
            const text::Glyph& one = item.run.glyphs[glyph];
            line.place(one.id, x_pt + one.x_pt, y_pt - one.y_pt, fonts_.advance(item.run.face, one.id));
        }
        if (!plain) {
            line.flush();
            operators_ += "EMC\n";
        }
    }
    line.flush();
    operators_ += "ET\n";
    return {};
}

Result<void> PageContent::draw_one(const layout::TagOpen& open) {
    flush_art();
    structure_.open(open.tag);
    return {};
}

Result<void> PageContent::draw_one(const layout::TagClose&) {
    flush_art();
    structure_.close();
    return {};
}

}  // namespace kaigong::pdf
