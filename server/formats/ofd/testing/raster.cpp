#include "formats/ofd/testing/raster.hpp"

#include "formats/layout/document.hpp"
#include "formats/ofd/xml_parts.hpp"

#include <cairo-ft.h>
#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>

namespace kaigong::ofd::testing {
namespace {

using SurfaceHandle = std::unique_ptr<cairo_surface_t, decltype([](cairo_surface_t* s) { cairo_surface_destroy(s); })>;
using CanvasHandle = std::unique_ptr<cairo_t, decltype([](cairo_t* c) { cairo_destroy(c); })>;
using FaceHandle =
    std::unique_ptr<cairo_font_face_t, decltype([](cairo_font_face_t* f) { cairo_font_face_destroy(f); })>;

template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().reason);
    return std::move(*result);
}

/// An embedded font; cairo keeps it as long as it likes, so its bytes go with it.
struct LoadedFont {
    std::string bytes;
    FT_Face face = nullptr;
};

FT_Library library() {
    static FT_Library instance = [] {
        FT_Library made = nullptr;
        if (FT_Init_FreeType(&made) != 0) throw std::runtime_error("FreeType does not start");
        return made;
    }();
    return instance;
}

struct Font {
    FaceHandle face;
    LoadedFont* loaded = nullptr;
};

Font load_font(std::string bytes) {
    auto loaded = std::make_unique<LoadedFont>(LoadedFont{std::move(bytes), nullptr});
    if (FT_New_Memory_Face(library(), reinterpret_cast<const FT_Byte*>(loaded->bytes.data()),
                           static_cast<FT_Long>(loaded->bytes.size()), 0, &loaded->face) != 0) {
        throw std::runtime_error("an embedded font cannot be read");
    }
    Font font{FaceHandle(cairo_ft_font_face_create_for_ft_face(loaded->face, FT_LOAD_NO_HINTING)), loaded.get()};
    static const cairo_user_data_key_t kKey{};
    cairo_font_face_set_user_data(font.face.get(), &kKey, loaded.release(), [](void* closure) {
        const std::unique_ptr<LoadedFont> gone(static_cast<LoadedFont*>(closure));
        FT_Done_Face(gone->face);
    });
    return font;
}

/// UTF-16 as CodePosition and CodeCount count it.
std::vector<std::uint32_t> utf16_of(const std::string& utf8) {
    std::vector<std::uint32_t> units;
    for (std::size_t i = 0; i < utf8.size();) {
        const auto first = static_cast<unsigned char>(utf8[i]);
        const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        std::uint32_t character = length == 1 ? first : first & (0x7FU >> length);
        for (std::size_t j = 1; j < length; ++j) {
            character = (character << 6) | (static_cast<unsigned char>(utf8.at(i + j)) & 0x3FU);
        }
        i += length;
        if (character > 0xFFFF) {
            units.push_back(0xD800 + ((character - 0x10000) >> 10));
            units.push_back(0xDC00 + ((character - 0x10000) & 0x3FF));
        } else {
            units.push_back(character);
        }
    }
    return units;
}

Raster pixels(cairo_surface_t* surface) {
    cairo_surface_flush(surface);
    Raster raster{cairo_image_surface_get_width(surface), cairo_image_surface_get_height(surface), {}};
    raster.rgb.reserve(static_cast<std::size_t>(raster.width) * static_cast<std::size_t>(raster.height) * 3);
    for (int y = 0; y < raster.height; ++y) {
        const unsigned char* row = cairo_image_surface_get_data(surface) +
                                   static_cast<std::ptrdiff_t>(y) * cairo_image_surface_get_stride(surface);
        for (int x = 0; x < raster.width; ++x) {
            std::uint32_t pixel = 0;
            std::memcpy(&pixel, row + static_cast<std::ptrdiff_t>(x) * 4, 4);
            for (const int shift : {16, 8, 0}) raster.rgb.push_back(static_cast<std::uint8_t>(pixel >> shift));
        }
    }
    return raster;
}

SurfaceHandle png_surface(std::string_view bytes) {
    const auto read = [](void* closure, unsigned char* into, unsigned int size) {
        auto& source = *static_cast<std::string_view*>(closure);
        if (size > source.size()) return CAIRO_STATUS_READ_ERROR;
        std::memcpy(into, source.data(), size);
        source.remove_prefix(size);
        return CAIRO_STATUS_SUCCESS;
    };
    SurfaceHandle surface(cairo_image_surface_create_from_png_stream(read, &bytes));
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) throw std::runtime_error("no PNG");
    return surface;
}

class PageDrawer {
  public:
    explicit PageDrawer(const Package& package) : package_(package) {
        load(entry_, "OFD.xml", "OFD");
        root_ = must(located(package_, "OFD.xml", child_text(child(entry_.document_element(), "DocBody"), "DocRoot")));
        load(document_, root_, "Document");
        load_resources("PublicRes");
        load_resources("DocumentRes");
    }

    Raster draw(std::size_t number, double dpi) {
        const auto pages = children(child(document_.document_element(), "Pages"), "Page");
        const std::string path = must(located(package_, root_, pages.at(number).attribute("BaseLoc").value()));
        pugi::xml_document page;
        load(page, path, "Page");
        const auto box = numbers_of(child_text(child(page.document_element(), "Area"), "PhysicalBox"));
        const double scale = dpi / 25.4;
        const int width = static_cast<int>(std::ceil(box.at(2) * scale - 0.01));
        const int height = static_cast<int>(std::ceil(box.at(3) * scale - 0.01));
        const SurfaceHandle surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
        const CanvasHandle canvas(cairo_create(surface.get()));
        canvas_ = canvas.get();
        cairo_set_source_rgb(canvas_, 1, 1, 1);
        cairo_paint(canvas_);
        cairo_scale(canvas_, scale, scale);
        draw_templates(page.document_element());
        draw_content(page.document_element());
        if (cairo_status(canvas_) != CAIRO_STATUS_SUCCESS) {
            throw std::runtime_error(cairo_status_to_string(cairo_status(canvas_)));
        }
        return pixels(surface.get());
    }

  private:
    const Package& package_;
    pugi::xml_document entry_;
    pugi::xml_document document_;
    std::string root_;
    std::map<std::string, Font> fonts_;
    std::map<std::string, std::string> images_;
    cairo_t* canvas_ = nullptr;

    void load(pugi::xml_document& into, const std::string& path, std::string_view root) const {
        if (const auto loaded = load_xml(into, package_, path, root); !loaded) {
            throw std::runtime_error(path + ": " + loaded.error().reason);
        }
    }

    void load_resources(std::string_view name) {
        const std::string location = child_text(child(document_.document_element(), "CommonData"), name);
        if (location.empty()) return;
        const std::string path = must(located(package_, root_, location));
        pugi::xml_document resources;
        load(resources, path, "Res");
        const pugi::xml_node res = resources.document_element();
        const std::string base = std::string(res.attribute("BaseLoc").value()) + "/";
        for (const auto& font : children(child(res, "Fonts"), "Font")) {
            const std::string file = must(located(package_, path, base + child_text(font, "FontFile")));
            fonts_[font.attribute("ID").value()] = load_font(package_.find(file)->bytes);
        }
        for (const auto& media : children(child(res, "MultiMedias"), "MultiMedia")) {
            images_[media.attribute("ID").value()] =
                must(located(package_, path, base + child_text(media, "MediaFile")));
        }
    }

    void draw_templates(const pugi::xml_node& page) {
        const auto known = children(child(document_.document_element(), "CommonData"), "TemplatePage");
        for (const auto& used : children(page, "Template")) {
            const auto found = std::ranges::find_if(known, [&](const pugi::xml_node& each) {
                return std::string_view(each.attribute("ID").value()) == used.attribute("TemplateID").value();
            });
            if (found == known.end()) throw std::runtime_error("a template page is missing");
            pugi::xml_document page_xml;
            load(page_xml, must(located(package_, root_, found->attribute("BaseLoc").value())), "Page");
            draw_content(page_xml.document_element());
        }
    }

    void draw_content(const pugi::xml_node& page) {
        for (const auto& layer : children(child(page, "Content"), "Layer")) draw_block(layer);
    }

    void draw_block(const pugi::xml_node& block) {
        for (const auto& object : block.children()) {
            const std::string_view name = local_name(object);
            if (name == "PageBlock") {
                draw_block(object);
            } else {
                cairo_save(canvas_);
                enter(object);
                if (name == "PathObject") draw_path(object);
                if (name == "TextObject") draw_text(object);
                if (name == "ImageObject") draw_image(object);
                cairo_restore(canvas_);
            }
        }
    }

    /// The boundary cuts, and its corner is the origin; the matrix works inside.
    void enter(const pugi::xml_node& object) {
        const auto box = numbers_of(object.attribute("Boundary").value());
        cairo_rectangle(canvas_, box.at(0), box.at(1), box.at(2), box.at(3));
        cairo_clip(canvas_);
        cairo_translate(canvas_, box.at(0), box.at(1));
        const auto ctm = numbers_of(object.attribute("CTM").value());
        if (ctm.empty()) return;
        const cairo_matrix_t matrix{ctm.at(0), ctm.at(1), ctm.at(2), ctm.at(3), ctm.at(4), ctm.at(5)};
        cairo_transform(canvas_, &matrix);
    }

    void colour(const pugi::xml_node& object, std::string_view which) {
        const auto value = numbers_of(child(object, which).attribute("Value").value());
        if (value.empty()) return cairo_set_source_rgb(canvas_, 0, 0, 0);
        cairo_set_source_rgb(canvas_, value.at(0) / 255, value.at(1) / 255, value.at(2) / 255);
    }

    void draw_path(const pugi::xml_node& object) {
        std::istringstream words(child_text(object, "AbbreviatedData"));
        std::string word;
        double n[6];
        const auto take = [&](int count) {
            for (int i = 0; i < count; ++i) {
                if (!(words >> n[i])) throw std::runtime_error("a path ends too early");
            }
        };
        while (words >> word) {
            if (word == "M" || word == "S")
                take(2), cairo_move_to(canvas_, n[0], n[1]);
            else if (word == "L")
                take(2), cairo_line_to(canvas_, n[0], n[1]);
            else if (word == "B")
                take(6), cairo_curve_to(canvas_, n[0], n[1], n[2], n[3], n[4], n[5]);
            else if (word == "C")
                cairo_close_path(canvas_);
            else
                throw std::runtime_error("unknown step of a path: " + word);
        }
        if (object.attribute("Fill").as_bool(false)) {
            const bool even_odd = std::string_view(object.attribute("Rule").value()) == "Even-Odd";
            cairo_set_fill_rule(canvas_, even_odd ? CAIRO_FILL_RULE_EVEN_ODD : CAIRO_FILL_RULE_WINDING);
            colour(object, "FillColor");
            cairo_fill_preserve(canvas_);
        }
        if (object.attribute("Stroke").as_bool(true)) {
            cairo_set_line_width(canvas_, object.attribute("LineWidth").as_double(0.353));
            cairo_set_miter_limit(canvas_, object.attribute("MiterLimit").as_double(3.528));
            colour(object, "StrokeColor");
            cairo_stroke_preserve(canvas_);
        }
        cairo_new_path(canvas_);
    }

    std::vector<unsigned long> glyphs_of(const pugi::xml_node& object, const std::string& text,
                                         const Font& font) const {
        const auto units = utf16_of(text);
        const auto transforms = children(object, "CGTransform");
        std::vector<unsigned long> glyphs;
        for (std::size_t at = 0; at < units.size();) {
            const auto transform = std::ranges::find_if(
                transforms, [&](const pugi::xml_node& each) { return each.attribute("CodePosition").as_uint() == at; });
            if (transform == transforms.end()) {
                const FT_UInt glyph = FT_Get_Char_Index(font.loaded->face, units[at++]);
                if (glyph == 0) throw std::runtime_error("a character is not in the embedded font: " + text);
                glyphs.push_back(glyph);
                continue;
            }
            const auto named = numbers_of(child_text(*transform, "Glyphs"));
            if (named.size() != transform->attribute("GlyphCount").as_uint()) throw std::runtime_error("GlyphCount");
            for (const double glyph : named) glyphs.push_back(static_cast<unsigned long>(glyph));
            at += transform->attribute("CodeCount").as_uint();
        }
        return glyphs;
    }

    void draw_text(const pugi::xml_node& object) {
        const Font& font = fonts_.at(object.attribute("Font").value());
        cairo_set_font_face(canvas_, font.face.get());
        cairo_set_font_size(canvas_, object.attribute("Size").as_double());
        cairo_font_options_t* options = cairo_font_options_create();
        cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
        cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
        cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
        cairo_set_font_options(canvas_, options);
        cairo_font_options_destroy(options);
        colour(object, "FillColor");
        for (const auto& code : children(object, "TextCode")) {
            const auto glyphs = glyphs_of(object, code.text().get(), font);
            const auto along = numbers_of(code.attribute("DeltaX").value());
            const auto down = numbers_of(code.attribute("DeltaY").value());
            double x = code.attribute("X").as_double();
            double y = code.attribute("Y").as_double();
            std::vector<cairo_glyph_t> placed;
            for (std::size_t i = 0; i < glyphs.size(); ++i) {
                if (i > 0 && !along.empty()) x += along.at(i - 1);
                if (i > 0 && !down.empty()) y += down.at(i - 1);
                placed.push_back({glyphs[i], x, y});
            }
            // As outlines: glyph images would be set on whole pixels.
            cairo_glyph_path(canvas_, placed.data(), static_cast<int>(placed.size()));
            cairo_fill(canvas_);
        }
    }

    void draw_image(const pugi::xml_node& object) {
        const PackageFile* file = package_.find(images_.at(object.attribute("ResourceID").value()));
        const SurfaceHandle image = png_surface(file->bytes);
        cairo_scale(canvas_, 1.0 / cairo_image_surface_get_width(image.get()),
                    1.0 / cairo_image_surface_get_height(image.get()));
        cairo_set_source_surface(canvas_, image.get(), 0, 0);
        cairo_pattern_set_extend(cairo_get_source(canvas_), CAIRO_EXTEND_PAD);
        cairo_paint(canvas_);
    }
};

}  // namespace

Difference compare(const Raster& left, const Raster& right) {
    if (left.width != right.width || left.height != right.height) throw std::runtime_error("pictures differ in size");
    constexpr int kBlock = 4;
    const int across = left.width / kBlock;
    const int down = left.height / kBlock;
    std::vector<int> block_sums(static_cast<std::size_t>(across * down) * 3);
    std::int64_t sum = 0;
    std::int64_t strong = 0;
    for (int y = 0; y < left.height; ++y) {
        for (int x = 0; x < left.width; ++x) {
            const auto at = static_cast<std::size_t>(y * left.width + x) * 3;
            const bool whole_block = x / kBlock < across && y / kBlock < down;
            const auto block = static_cast<std::size_t>(y / kBlock * across + x / kBlock) * 3;
            int most = 0;
            for (std::size_t c = 0; c < 3; ++c) {
                const int difference = left.rgb[at + c] - right.rgb[at + c];
                sum += std::abs(difference);
                most = std::max(most, std::abs(difference));
                if (whole_block) block_sums[block + c] += difference;
            }
            strong += most > 85 ? 1 : 0;
        }
    }
    std::int64_t blocks = 0;
    for (std::size_t i = 0; i < block_sums.size(); i += 3) {
        const auto far = [](int block_sum) { return std::abs(block_sum) > 42 * kBlock * kBlock; };
        blocks += std::any_of(&block_sums[i], &block_sums[i] + 3, far) ? 1 : 0;
    }
    const auto pixels_all = static_cast<double>(left.width) * left.height;
    return {static_cast<double>(sum) / pixels_all / 3, static_cast<double>(strong) / pixels_all,
            static_cast<double>(blocks) / (static_cast<double>(across) * down)};
}

Raster draw_page(const Package& package, std::size_t page, double dpi) {
    return PageDrawer(package).draw(page, dpi);
}

std::string png_of(const Raster& raster) {
    const SurfaceHandle surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, raster.width, raster.height));
    for (int y = 0; y < raster.height; ++y) {
        unsigned char* row = cairo_image_surface_get_data(surface.get()) +
                             static_cast<std::ptrdiff_t>(y) * cairo_image_surface_get_stride(surface.get());
        for (int x = 0; x < raster.width; ++x) {
            const std::uint8_t* from = &raster.rgb[static_cast<std::size_t>(y * raster.width + x) * 3];
            const std::uint32_t pixel =
                static_cast<std::uint32_t>(from[0]) << 16 | static_cast<std::uint32_t>(from[1]) << 8 | from[2];
            std::memcpy(row + static_cast<std::ptrdiff_t>(x) * 4, &pixel, 4);
        }
    }
    cairo_surface_mark_dirty(surface.get());
    std::string bytes;
    const auto append = [](void* closure, const unsigned char* data, unsigned int size) {
        static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), size);
        return CAIRO_STATUS_SUCCESS;
    };
    cairo_surface_write_to_png_stream(surface.get(), append, &bytes);
    return bytes;
}

Raster from_png(std::string_view bytes) {
    return pixels(png_surface(bytes).get());
}

}  // namespace kaigong::ofd::testing
