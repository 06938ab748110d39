#include "formats/pdf/pdf_fonts.hpp"

#include "crypto/digest.hpp"

#include <cairo-ft.h>
#include <fmt/format.h>
#include <hb-subset.h>
#include <hb.h>
#include FT_CID_H
#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <mutex>
#include <stdexcept>

namespace kaigong::pdf {
namespace {

template <auto release>
struct ReleaseFont {
    template <class T>
    void operator()(T* object) const noexcept {
        release(object);
    }
};
using BlobHandle = std::unique_ptr<hb_blob_t, ReleaseFont<hb_blob_destroy>>;
using FontFace = std::unique_ptr<hb_face_t, ReleaseFont<hb_face_destroy>>;
using FontMeasure = std::unique_ptr<hb_font_t, ReleaseFont<hb_font_destroy>>;
using SubsetInput = std::unique_ptr<hb_subset_input_t, ReleaseFont<hb_subset_input_destroy>>;
using SubsetPlan = std::unique_ptr<hb_subset_plan_t, ReleaseFont<hb_subset_plan_destroy>>;
using ScaledFont = std::unique_ptr<cairo_scaled_font_t, ReleaseFont<cairo_scaled_font_destroy>>;

constexpr hb_tag_t kOutlinesCff = HB_TAG('C', 'F', 'F', ' ');

/// What a font inside a PDF needs. Without the tables for shaping, above all cmap, a plan is made in a third of the
/// time.
constexpr std::array kTables{kOutlinesCff,
                             HB_TAG('g', 'l', 'y', 'f'),
                             HB_TAG('l', 'o', 'c', 'a'),
                             HB_TAG('h', 'e', 'a', 'd'),
                             HB_TAG('h', 'h', 'e', 'a'),
                             HB_TAG('h', 'm', 't', 'x'),
                             HB_TAG('m', 'a', 'x', 'p')};

hb_blob_t* table_for_pdf(hb_face_t*, hb_tag_t tag, void* whole) {
    if (std::ranges::find(kTables, tag) == kTables.end()) return hb_blob_get_empty();
    return hb_face_reference_table(static_cast<hb_face_t*>(whole), tag);
}

/// FreeType's view of a face of the shaper, for as long as it lives.
class LockedFace {
  public:
    explicit LockedFace(cairo_font_face_t* face) {
        cairo_matrix_t unit;
        cairo_matrix_init_identity(&unit);
        const std::unique_ptr<cairo_font_options_t, ReleaseFont<cairo_font_options_destroy>> options(
            cairo_font_options_create());
        scaled_.reset(cairo_scaled_font_create(face, &unit, &unit, options.get()));
        face_ = cairo_ft_scaled_font_lock_face(scaled_.get());
        if (face_ == nullptr) throw std::runtime_error("a font of the shaper cannot be opened");
    }
    LockedFace(const LockedFace&) = delete;
    LockedFace& operator=(const LockedFace&) = delete;
    ~LockedFace() { cairo_ft_scaled_font_unlock_face(scaled_.get()); }

    FT_Face operator->() const { return face_; }
    FT_Face get() const { return face_; }

  private:
    ScaledFont scaled_;
    FT_Face face_ = nullptr;
};

}  // namespace

/// One face, opened once and shared by all threads: HarfBuzz only reads it.
struct FontSource {
    FontFace face;
    FontMeasure measure;
    std::string postscript_name;
    std::string metrics;
    double unit = 1;
    bool cff = false;
};

namespace {

std::unique_ptr<FontSource> open_source(cairo_font_face_t* cairo_face) {
    const LockedFace locked(cairo_face);
    const auto* path = static_cast<const char*>(locked->stream->pathname.pointer);
    const BlobHandle blob(hb_blob_create_from_file_or_fail(path == nullptr ? "" : path));
    if (blob == nullptr) throw std::runtime_error("the file of a font cannot be read");
    auto source = std::make_unique<FontSource>();
    hb_face_t* whole = hb_face_create(blob.get(), static_cast<unsigned>(locked->face_index) & 0xFFFFU);
    source->face.reset(hb_face_create_for_tables(table_for_pdf, whole,
                                                 [](void* face) { hb_face_destroy(static_cast<hb_face_t*>(face)); }));
    hb_face_set_upem(source->face.get(), hb_face_get_upem(whole));
    hb_face_make_immutable(source->face.get());
    source->measure.reset(hb_font_create(source->face.get()));
    hb_font_make_immutable(source->measure.get());
    source->unit = 1000.0 / hb_face_get_upem(whole);
    source->cff = hb_blob_get_length(BlobHandle(hb_face_reference_table(whole, kOutlinesCff)).get()) > 0;
    source->postscript_name = FT_Get_Postscript_Name(locked.get());
    const auto scaled = [&source](auto units) { return std::lround(static_cast<double>(units) * source->unit); };
    source->metrics = fmt::format(
        "/Flags 4 /ItalicAngle 0 /StemV 80 /FontBBox [{} {} {} {}] /Ascent {} /Descent {} "
        "/CapHeight {}",
        scaled(locked->bbox.xMin), scaled(locked->bbox.yMin), scaled(locked->bbox.xMax), scaled(locked->bbox.yMax),
        scaled(locked->ascender), scaled(locked->descender), scaled(locked->ascender));
    // A subset keeps the CIDs, and the content names glyphs by number: both have to be the same.
    for (FT_Long glyph = 0; source->cff && glyph < locked->num_glyphs; ++glyph) {
        FT_UInt cid = 0;
        const auto number = static_cast<FT_UInt>(glyph);
        if (FT_Get_CID_From_Glyph_Index(locked.get(), number, &cid) != 0 || cid != number) {
            throw std::runtime_error("a font of the shaper numbers its glyphs in a way of its own");
        }
    }
    return source;
}

const FontSource& source_of(const text::Shaper& shaper, text::Face face) {
    static std::mutex mutex;
    static std::array<std::unique_ptr<FontSource>, text::kFaces> sources;
    const std::scoped_lock lock(mutex);
    auto& source = sources[static_cast<std::size_t>(face)];
    if (source == nullptr) source = open_source(shaper.cairo_face(face));
    return *source;
}

using ShownByGlyph = std::map<std::uint32_t, std::string>;

/// Six capital letters, by which two subsets of one font are told apart (ISO 32000-1, 9.6.4).
std::string subset_tag(const ShownByGlyph& shown) {
    std::string glyphs;
    for (const auto& [glyph, text] : shown) glyphs += fmt::format("{},", glyph);
    const auto digest = crypto::sha256(crypto::view(glyphs));
    std::string tag;
    for (std::size_t i = 0; i < 6; ++i) tag += static_cast<char>('A' + digest[i] % 26);
    return tag;
}

std::string unicode_map(const ShownByGlyph& shown) {
    std::string map =
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n/CIDSystemInfo << /Registry (Adobe) "
        "/Ordering (UCS) /Supplement 0 >> def\n/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n";
    constexpr std::size_t kBlockMax = 100;
    std::size_t left = shown.size();
    std::size_t in_block = 0;
    for (const auto& [glyph, text] : shown) {
        if (in_block == 0) fmt::format_to(std::back_inserter(map), "{} beginbfchar\n", std::min(left, kBlockMax));
        fmt::format_to(std::back_inserter(map), "<{:04X}> <{}>\n", glyph, utf16_hex(text));
        --left;
        if (++in_block == kBlockMax || left == 0) {
            map += "endbfchar\n";
            in_block = 0;
        }
    }
    return map + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";
}

/// /W: what is not 1000 wide, which most characters are.
std::string width_array(const FontSource& source, const ShownByGlyph& shown) {
    std::string widths = "[";
    for (const auto& [glyph, text] : shown) {
        const double width = hb_font_get_glyph_h_advance(source.measure.get(), glyph) * source.unit;
        if (width == 1000) continue;
        fmt::format_to(std::back_inserter(widths), "{} [", glyph);
        append_number(widths, width, 2);
        widths += "] ";
    }
    return widths + "]";
}

struct Subset {
    std::string program;
    /// For TrueType: glyph of the subset by glyph of the whole font, two bytes each.
    std::string glyph_map;
};

std::string bytes_of(hb_blob_t* taken) {
    const BlobHandle blob(taken);
    unsigned size = 0;
    const char* data = hb_blob_get_data(blob.get(), &size);
    return {data, size};
}

Subset subset(const FontSource& source, const ShownByGlyph& shown) {
    const SubsetInput input(hb_subset_input_create_or_fail());
    if (input == nullptr) throw std::bad_alloc();
    hb_subset_input_set_flags(input.get(), static_cast<unsigned>(HB_SUBSET_FLAGS_DESUBROUTINIZE) |
                                               static_cast<unsigned>(HB_SUBSET_FLAGS_NO_HINTING));
    for (const auto& [glyph, text] : shown) hb_set_add(hb_subset_input_glyph_set(input.get()), glyph);
    const SubsetPlan plan(hb_subset_plan_create_or_fail(source.face.get(), input.get()));
    const FontFace made(plan == nullptr ? nullptr : hb_subset_plan_execute_or_fail(plan.get()));
    if (made == nullptr) throw std::runtime_error("a font cannot be cut down to its used glyphs");
    if (source.cff) return {bytes_of(hb_face_reference_table(made.get(), kOutlinesCff)), {}};
    Subset result{bytes_of(hb_face_reference_blob(made.get())), {}};
    result.glyph_map.resize(2 * (shown.empty() ? 1 : shown.rbegin()->first + 1));
    const hb_map_t* numbers = hb_subset_plan_old_to_new_glyph_mapping(plan.get());
    for (const auto& [glyph, text] : shown) {
        const hb_codepoint_t number = hb_map_get(numbers, glyph);
        result.glyph_map[2 * glyph] = static_cast<char>(number >> 8);
        result.glyph_map[2 * glyph + 1] = static_cast<char>(number);
    }
    return result;
}

}  // namespace

DocumentFonts::Used& DocumentFonts::used(text::Face face) {
    Used& used = used_[face];
    if (used.source == nullptr) used.source = &source_of(shaper_, face);
    return used;
}

bool DocumentFonts::use(text::Face face, std::uint32_t glyph, std::string_view shown) {
    const auto [at, fresh] = used(face).shown.try_emplace(glyph, shown);
    return fresh || at->second == shown;
}

double DocumentFonts::advance(text::Face face, std::uint32_t glyph) {
    const FontSource& source = *used(face).source;
    return hb_font_get_glyph_h_advance(source.measure.get(), glyph) * source.unit;
}

int DocumentFonts::embed_one(FileWriter& file, const Used& used) const {
    const FontSource& source = *used.source;
    const std::string name = subset_tag(used.shown) + "+" + source.postscript_name;
    const Subset made = subset(source, used.shown);
    const int program = file.reserve();
    // Outlines lose only a seventh by deflate, which takes longer than making the subset.
    file.put_stream(program, source.cff ? "/Subtype /CIDFontType0C" : fmt::format("/Length1 {}", made.program.size()),
                    made.program, Packing::plain);
    const int descriptor = file.reserve();
    file.put(descriptor, fmt::format("<< /Type /FontDescriptor /FontName /{} {} /{} {} >>", name, source.metrics,
                                     source.cff ? "FontFile3" : "FontFile2", reference(program)));
    std::string glyph_map;
    if (!source.cff) {
        const int map = file.reserve();
        file.put_stream(map, "", made.glyph_map, Packing::deflate);
        glyph_map = " /CIDToGIDMap " + reference(map);
    }
    const int descendant = file.reserve();
    file.put(descendant,
             fmt::format("<< /Type /Font /Subtype /{} /BaseFont /{} /CIDSystemInfo << /Registry (Adobe) /Ordering "
                         "(Identity) /Supplement 0 >> /FontDescriptor {} /DW 1000 /W {}{} >>",
                         source.cff ? "CIDFontType0" : "CIDFontType2", name, reference(descriptor),
                         width_array(source, used.shown), glyph_map));
    const int unicode = file.reserve();
    file.put_stream(unicode, "", unicode_map(used.shown), Packing::deflate);
    const int font = file.reserve();
    file.put(font, fmt::format("<< /Type /Font /Subtype /Type0 /BaseFont /{} /Encoding /Identity-H /DescendantFonts "
                               "[{}] /ToUnicode {} >>",
                               name, reference(descendant), reference(unicode)));
    return font;
}

std::string DocumentFonts::embed(FileWriter& file) const {
    std::string entries;
    for (const auto& [face, used] : used_) {
        entries += fmt::format("/F{} {} ", static_cast<int>(face), reference(embed_one(file, used)));
    }
    return entries;
}

}  // namespace kaigong::pdf
