#include "formats/text/subset.hpp"

#include "formats/text/truetype_glyph.hpp"

#include <hb.h>
#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <unordered_map>

namespace kaigong::text {
namespace {

template <auto destroy>
struct HbDestroy {
    template <class T>
    void operator()(T* object) const noexcept {
        destroy(object);
    }
};
using HbBlob = std::unique_ptr<hb_blob_t, HbDestroy<hb_blob_destroy>>;
using HbFace = std::unique_ptr<hb_face_t, HbDestroy<hb_face_destroy>>;
using HbFont = std::unique_ptr<hb_font_t, HbDestroy<hb_font_destroy>>;
using HbDraw = std::unique_ptr<hb_draw_funcs_t, HbDestroy<hb_draw_funcs_destroy>>;

TrueTypeGlyph& glyph_in(void* data) {
    return *static_cast<TrueTypeGlyph*>(data);
}

/// How HarfBuzz tells an outline.
HbDraw make_drawing() {
    HbDraw draw(hb_draw_funcs_create());
    hb_draw_funcs_set_move_to_func(
        draw.get(),
        [](hb_draw_funcs_t*, void* data, hb_draw_state_t*, float x, float y, void*) { glyph_in(data).move_to(x, y); },
        nullptr, nullptr);
    hb_draw_funcs_set_line_to_func(
        draw.get(),
        [](hb_draw_funcs_t*, void* data, hb_draw_state_t*, float x, float y, void*) { glyph_in(data).line_to(x, y); },
        nullptr, nullptr);
    hb_draw_funcs_set_quadratic_to_func(
        draw.get(),
        [](hb_draw_funcs_t*, void* data, hb_draw_state_t*, float x1, float y1, float x, float y, void*) {
            glyph_in(data).quadratic_to(x1, y1, x, y);
        },
        nullptr, nullptr);
    hb_draw_funcs_set_cubic_to_func(
        draw.get(),
        [](hb_draw_funcs_t*, void* data, hb_draw_state_t*, float x1, float y1, float x2, float y2, float x, float y,
           void*) { glyph_in(data).cubic_to(x1, y1, x2, y2, x, y); },
        nullptr, nullptr);
    hb_draw_funcs_set_close_path_func(
        draw.get(), [](hb_draw_funcs_t*, void* data, hb_draw_state_t*, void*) { glyph_in(data).close(); }, nullptr,
        nullptr);
    hb_draw_funcs_make_immutable(draw.get());
    return draw;
}

hb_tag_t tag_of(const char* name) {
    return hb_tag_from_string(name, 4);
}

std::string table_of(hb_face_t* face, const char* name) {
    const HbBlob blob(hb_face_reference_table(face, tag_of(name)));
    unsigned size = 0;
    const char* bytes = hb_blob_get_data(blob.get(), &size);
    return {bytes, size};
}

void put_u16(std::string& table, std::size_t at, std::uint32_t value) {
    table.at(at) = static_cast<char>(value >> 8 & 0xFF);
    table.at(at + 1) = static_cast<char>(value & 0xFF);
}

using CharacterMap = std::vector<std::pair<char32_t, std::uint32_t>>;

/// A run of characters whose glyphs follow each other, too.
struct Segment {
    char32_t first = 0;
    char32_t last = 0;
    std::uint32_t glyph = 0;
};

std::vector<Segment> segments_of(const CharacterMap& map, char32_t most) {
    std::vector<Segment> segments;
    for (const auto& [character, glyph] : map) {
        if (character > most) break;
        const bool next = !segments.empty() && segments.back().last + 1 == character &&
                          segments.back().glyph + (character - segments.back().first) == glyph;
        if (next) {
            segments.back().last = character;
        } else {
            segments.push_back({character, character, glyph});
        }
    }
    return segments;
}

/// Format 4: what every reader knows, for the BMP.
std::string cmap_format_4(const CharacterMap& map) {
    std::vector<Segment> segments = segments_of(map, 0xFFFE);
    segments.push_back({0xFFFF, 0xFFFF, 0});
    const auto count = static_cast<std::uint32_t>(segments.size());
    std::uint32_t power = 0;
    while ((2U << power) <= count) ++power;
    const std::uint32_t range = 2U << power;
    std::string table;
    for (const std::uint32_t value : {4U, 16 + 8 * count, 0U, 2 * count, range, power, 2 * count - range}) {
        append_u16(table, value);
    }
    for (const Segment& segment : segments) append_u16(table, segment.last);
    append_u16(table, 0);
    for (const Segment& segment : segments) append_u16(table, segment.first);
    for (const Segment& segment : segments) append_u16(table, segment.glyph - segment.first);
    // The last one leads from 0xFFFF to glyph 0.
    put_u16(table, table.size() - 2, 1);
    for (std::uint32_t i = 0; i < count; ++i) append_u16(table, 0);
    return table;
}

/// Format 12: all planes.
std::string cmap_format_12(const CharacterMap& map) {
    const std::vector<Segment> segments = segments_of(map, 0x10FFFF);
    std::string table;
    append_u16(table, 12);
    append_u16(table, 0);
    append_u32(table, static_cast<std::uint32_t>(16 + 12 * segments.size()));
    append_u32(table, 0);
    append_u32(table, static_cast<std::uint32_t>(segments.size()));
    for (const Segment& segment : segments) {
        append_u32(table, segment.first);
        append_u32(table, segment.last);
        append_u32(table, segment.glyph);
    }
    return table;
}

std::string cmap_table(const CharacterMap& map) {
    const std::string bmp = cmap_format_4(map);
    const bool beyond = !map.empty() && map.back().first > 0xFFFF;
    std::string table;
    append_u16(table, 0);
    append_u16(table, beyond ? 2 : 1);
    const std::uint32_t begin = beyond ? 20 : 12;
    append_u16(table, 3);
    append_u16(table, 1);
    append_u32(table, begin);
    if (beyond) {
        append_u16(table, 3);
        append_u16(table, 10);
        append_u32(table, begin + static_cast<std::uint32_t>(bmp.size()));
    }
    table += bmp;
    if (beyond) table += cmap_format_12(map);
    return table;
}

/// One glyph as every subset of its face has it.
struct ReadyGlyph {
    std::string outline;
    /// Of this glyph alone.
    GlyphLimits limits;
    std::uint32_t advance = 0;
    int left = 0;
};

ReadyGlyph ready_glyph(hb_font_t* font, std::uint32_t number) {
    static const HbDraw draw = make_drawing();
    TrueTypeGlyph glyph;
    // The first is the empty one that stands for what is missing.
    if (number > 0) hb_font_get_glyph_shape(font, number, draw.get(), &glyph);
    ReadyGlyph ready;
    ready.outline = glyph.bytes(ready.limits);
    ready.advance = static_cast<std::uint32_t>(hb_font_get_glyph_h_advance(font, number));
    ready.left = glyph.left();
    return ready;
}

/// Glyphs of one face by number: certificates are written with the same few hundred characters.
class GlyphShelf {
  public:
    std::shared_ptr<const ReadyGlyph> get(hb_font_t* font, std::uint32_t number) {
        {
            const std::lock_guard lock(mutex_);
            const auto known = glyphs_.find(number);
            if (known != glyphs_.end()) return known->second;
        }
        auto made = std::make_shared<const ReadyGlyph>(ready_glyph(font, number));
        const std::lock_guard lock(mutex_);
        if (glyphs_.size() >= kGlyphsKept) glyphs_.clear();
        glyphs_[number] = made;
        return made;
    }

  private:
    /// Half a kilobyte each.
    static constexpr std::size_t kGlyphsKept = 4'096;
    std::mutex mutex_;
    std::unordered_map<std::uint32_t, std::shared_ptr<const ReadyGlyph>> glyphs_;
};

/// Outlines and widths of the glyphs in their new order.
struct Outlines {
    std::string glyf;
    std::string loca;
    std::string hmtx;
    GlyphLimits limits;
};

Outlines outlines_of(hb_font_t* font, GlyphShelf& shelf, const std::vector<std::uint32_t>& order) {
    Outlines outlines;
    for (const std::uint32_t number : order) {
        const auto glyph = shelf.get(font, number);
        append_u32(outlines.loca, static_cast<std::uint32_t>(outlines.glyf.size()));
        outlines.glyf += glyph->outline;
        outlines.limits.add(glyph->limits);
        append_u16(outlines.hmtx, glyph->advance);
        append_u16(outlines.hmtx, static_cast<std::uint16_t>(glyph->left));
    }
    append_u32(outlines.loca, static_cast<std::uint32_t>(outlines.glyf.size()));
    if (outlines.glyf.empty()) outlines.glyf.assign(2, '\0');
    return outlines;
}

std::string maxp_table(std::size_t glyphs, const GlyphLimits& limits) {
    std::string table;
    append_u32(table, 0x00010000);
    append_u16(table, static_cast<std::uint32_t>(glyphs));
    append_u16(table, limits.points);
    append_u16(table, limits.contours);
    for (const std::uint32_t value : {0U, 0U, 2U, 0U, 0U, 0U, 0U, 0U, 0U, 0U, 0U}) append_u16(table, value);
    return table;
}

}  // namespace

struct SubsetSource::State {
    HbFace face;
    HbFont font;
    GlyphShelf shelf;
};

SubsetSource::SubsetSource(std::unique_ptr<State> state) : state_(std::move(state)) {}
SubsetSource::~SubsetSource() = default;

Result<const SubsetSource*> SubsetSource::of(const FontFile& file) {
    static std::mutex mutex;
    static std::map<std::pair<std::string, unsigned>, std::unique_ptr<SubsetSource>> sources;
    const std::lock_guard lock(mutex);
    std::unique_ptr<SubsetSource>& source = sources[{file.path, file.index}];
    if (source != nullptr) return source.get();
    const HbBlob blob(hb_blob_create_from_file_or_fail(file.path.c_str()));
    if (blob == nullptr || hb_face_count(blob.get()) <= file.index) {
        return error(Errc::unavailable, "layout.font_not_installed",
                     "服务器的字体文件读不出来，请管理员安装软件包 fonts-noto-cjk 后重试。");
    }
    auto state = std::make_unique<State>();
    state->face.reset(hb_face_create(blob.get(), file.index));
    hb_face_make_immutable(state->face.get());
    state->font.reset(hb_font_create(state->face.get()));
    hb_font_make_immutable(state->font.get());
    source.reset(new SubsetSource(std::move(state)));
    return source.get();
}

std::uint32_t SubsetSource::nominal_glyph(char32_t character) const {
    hb_codepoint_t glyph = 0;
    return hb_font_get_nominal_glyph(state_->font.get(), character, &glyph) != 0 ? glyph : 0;
}

FontSubset SubsetSource::subset(const std::vector<char32_t>& characters,
                                const std::vector<std::uint32_t>& glyphs) const {
    std::set<std::uint32_t> wanted(glyphs.begin(), glyphs.end());
    for (const char32_t character : characters) wanted.insert(nominal_glyph(character));
    wanted.insert(0);
    const std::vector<std::uint32_t> order(wanted.begin(), wanted.end());
    FontSubset subset;
    for (std::uint32_t i = 0; i < order.size(); ++i) subset.glyphs.emplace_back(order[i], i);
    CharacterMap map;
    for (const char32_t character : std::set<char32_t>(characters.begin(), characters.end())) {
        if (const std::uint32_t glyph = nominal_glyph(character)) map.emplace_back(character, subset.glyph(glyph));
    }

    const Outlines outlines = outlines_of(state_->font.get(), state_->shelf, order);
    std::string head = table_of(state_->face.get(), "head");
    const GlyphLimits& limits = outlines.limits;
    put_u16(head, 36, static_cast<std::uint16_t>(limits.x_min));
    put_u16(head, 38, static_cast<std::uint16_t>(limits.y_min));
    put_u16(head, 40, static_cast<std::uint16_t>(limits.x_max));
    put_u16(head, 42, static_cast<std::uint16_t>(limits.y_max));
    put_u16(head, 50, 1);  // loca has 32 bits
    std::string hhea = table_of(state_->face.get(), "hhea");
    put_u16(hhea, 34, static_cast<std::uint32_t>(order.size()));

    const HbFace built(hb_face_builder_create());
    const auto add = [&built](const char* name, const std::string& table) {
        const HbBlob blob(hb_blob_create(table.data(), static_cast<unsigned>(table.size()), HB_MEMORY_MODE_DUPLICATE,
                                         nullptr, nullptr));
        if (hb_face_builder_add_table(built.get(), tag_of(name), blob.get()) == 0) throw std::bad_alloc();
    };
    add("head", head);
    add("hhea", hhea);
    add("maxp", maxp_table(order.size(), limits));
    add("hmtx", outlines.hmtx);
    add("cmap", cmap_table(map));
    add("loca", outlines.loca);
    add("glyf", outlines.glyf);
    // Names carry the licence; OS/2 and post are as short as they can be.
    for (const char* name : {"name", "OS/2", "post"}) add(name, table_of(state_->face.get(), name));
    const HbBlob blob(hb_face_reference_blob(built.get()));
    unsigned size = 0;
    const char* bytes = hb_blob_get_data(blob.get(), &size);
    subset.opentype.assign(bytes, size);
    return subset;
}

std::uint32_t FontSubset::glyph(std::uint32_t of_the_face) const {
    const auto found = std::ranges::lower_bound(glyphs, of_the_face, {}, [](const auto& pair) { return pair.first; });
    if (found == glyphs.end() || found->first != of_the_face) throw std::logic_error("glyph is not in the subset");
    return found->second;
}

}  // namespace kaigong::text
