#include "formats/text/shaper.hpp"

#include <cairo-ft.h>
#include <fmt/format.h>
#include <pango/pangocairo.h>
#include <pango/pangofc-font.h>
#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace kaigong::text {
namespace {

template <auto release>
struct Release {
    template <class T>
    void operator()(T* object) const noexcept {
        release(object);
    }
};
using FontMap = std::unique_ptr<PangoFontMap, Release<g_object_unref>>;
using Context = std::unique_ptr<PangoContext, Release<g_object_unref>>;
using FontOptions = std::unique_ptr<cairo_font_options_t, Release<cairo_font_options_destroy>>;
using Description = std::unique_ptr<PangoFontDescription, Release<pango_font_description_free>>;
using LayoutHandle = std::unique_ptr<PangoLayout, Release<g_object_unref>>;
using Attributes = std::unique_ptr<PangoAttrList, Release<pango_attr_list_unref>>;
using FontHandle = std::unique_ptr<PangoFont, Release<g_object_unref>>;
using FaceHandle = std::unique_ptr<cairo_font_face_t, Release<cairo_font_face_destroy>>;

constexpr const char* kSerif = "Noto Serif CJK SC";
constexpr const char* kSans = "Noto Sans CJK SC";
constexpr const char* kRare = "HanaMinB";

Face face_of(const Style& style, bool bold_span) {
    const bool bold = style.bold || bold_span;
    if (style.sans) return bold ? Face::sans_bold : Face::sans;
    return bold ? Face::serif_bold : Face::serif;
}

const char* family_of(Face face) {
    if (face == Face::rare) return kRare;
    return face == Face::serif || face == Face::serif_bold ? kSerif : kSans;
}

const char* package_of(std::string_view family) {
    return family == kRare ? "fonts-hanazono" : "fonts-noto-cjk";
}

Description describe(Face face, double size_pt) {
    Description description(pango_font_description_new());
    pango_font_description_set_family_static(description.get(), family_of(face));
    const bool bold = face == Face::serif_bold || face == Face::sans_bold;
    pango_font_description_set_weight(description.get(), bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_font_description_set_absolute_size(description.get(), std::round(size_pt * PANGO_SCALE));
    return description;
}

double points(int pango_units) {
    return static_cast<double>(pango_units) / PANGO_SCALE;
}

void add(PangoAttrList* list, PangoAttribute* attribute, std::size_t begin, std::size_t end) {
    attribute->start_index = static_cast<guint>(begin);
    attribute->end_index = static_cast<guint>(end);
    pango_attr_list_insert(list, attribute);
}

/// Which face a byte of the paragraph is set in: Pango keeps spans apart by font, so a run never has two.
struct SpanEnd {
    std::size_t end;
    Face face;
};

struct FacedText {
    std::string whole;
    std::vector<SpanEnd> ends;

    Face face_at(std::size_t offset) const {
        return std::ranges::find_if(ends, [&](const SpanEnd& span) { return offset < span.end; })->face;
    }
};

FacedText faced(const std::vector<Span>& spans, const Style& style) {
    FacedText text;
    for (const Span& span : spans) {
        text.whole += span.text;
        text.ends.push_back({text.whole.size(), face_of(style, span.bold)});
    }
    return text;
}

/// All that the shape of a text depends on.
std::string key_of(const std::vector<Span>& spans, const Style& style, double width_pt) {
    std::string key = fmt::format("{:d}{:d}{:d} {} {} {} {}", style.sans, style.bold, static_cast<int>(style.align),
                                  style.size_pt, style.letter_spacing_pt, style.first_indent_pt, width_pt);
    for (const Span& span : spans) key += fmt::format(" {:d}{} {}", span.bold, span.text.size(), span.text);
    return key;
}

/// The same text with the rare face wherever one of `words` stands.
FacedText with_rare(const FacedText& text, const std::vector<std::string>& words) {
    FacedText result{text.whole, {}};
    const std::string_view whole = text.whole;
    for (std::size_t at = 0; at < whole.size();) {
        const auto word =
            std::ranges::find_if(words, [&](const auto& one) { return whole.substr(at).starts_with(one); });
        const Face face = word != words.end() ? Face::rare : text.face_at(at);
        at += word != words.end() ? word->size() : 1;
        if (!result.ends.empty() && result.ends.back().face == face) {
            result.ends.back().end = at;
        } else {
            result.ends.push_back({at, face});
        }
    }
    return result;
}

/// Collects the glyphs of one Pango run. Clusters that show nothing (line ends, zero-width spaces) are left out.
class RunBuilder {
  public:
    RunBuilder(Run& run, const char* run_text, int run_bytes, std::vector<std::string>& missing)
        : run_(run), text_(run_text), bytes_(run_bytes), missing_(missing) {}

    /// Glyphs come in the order in which they are seen: from right to left the text of a cluster ends where that of
    /// the cluster before it began.
    void take(const PangoGlyphString& glyphs, bool right_to_left) {
        int begin = 0;
        int seen_last = bytes_;
        while (begin < glyphs.num_glyphs) {
            int end = begin + 1;
            const int from = glyphs.log_clusters[begin];
            while (end < glyphs.num_glyphs && glyphs.log_clusters[end] == from) ++end;
            const int next = end < glyphs.num_glyphs ? glyphs.log_clusters[end] : bytes_;
            const int to = right_to_left ? seen_last : next;
            cluster(glyphs, begin, end, std::string_view(text_ + from, static_cast<std::size_t>(to - from)));
            seen_last = from;
            begin = end;
        }
    }

  private:
    Run& run_;
    const char* text_;
    int bytes_;
    std::vector<std::string>& missing_;

    void cluster(const PangoGlyphString& glyphs, int begin, int end, std::string_view source) {
        Cluster result;
        for (int i = begin; i < end; ++i) {
            const PangoGlyphInfo& glyph = glyphs.glyphs[i];
            const double at = run_.width_pt + result.advance_pt;
            result.advance_pt += points(glyph.geometry.width);
            if (glyph.glyph == PANGO_GLYPH_EMPTY) continue;
            if ((glyph.glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0) {
                report_missing(source);
                continue;
            }
            run_.glyphs.push_back({glyph.glyph, at + points(glyph.geometry.x_offset), points(glyph.geometry.y_offset)});
            ++result.glyphs;
        }
        run_.width_pt += result.advance_pt;
        if (result.glyphs == 0) return;
        result.bytes = static_cast<std::uint32_t>(source.size());
        run_.text += source;
        run_.clusters.push_back(result);
    }

    void report_missing(std::string_view source) {
        if (std::ranges::find(missing_, source) == missing_.end()) missing_.emplace_back(source);
    }
};

/// Chinese is set flush on both sides by widening every gap a little, not only the spaces.
void justify(Line& line, double width_pt) {
    std::size_t gaps = 0;
    for (const Run& run : line.runs) gaps += run.clusters.size();
    const double start = line.runs.empty() ? 0 : line.runs.front().x_pt;
    const double rest = width_pt - start - line.width_pt;
    if (gaps < 2 || rest <= 0) return;
    const double extra = rest / static_cast<double>(gaps - 1);
    double shift = 0;
    for (Run& run : line.runs) {
        run.x_pt += shift;
        std::size_t glyph = 0;
        const double run_shift = shift;
        for (Cluster& cluster : run.clusters) {
            for (std::uint32_t i = 0; i < cluster.glyphs; ++i) run.glyphs[glyph++].x_pt += shift - run_shift;
            cluster.advance_pt += extra;
            shift += extra;
        }
        run.width_pt += shift - run_shift;
    }
    line.width_pt = width_pt - start;
}

void align(Line& line, Align how, double width_pt) {
    if (how == Align::justify && !line.ends_paragraph) return justify(line, width_pt);
    if (how == Align::left || how == Align::justify) return;
    const double shift = (width_pt - line.width_pt) / (how == Align::center ? 2 : 1);
    for (Run& run : line.runs) run.x_pt += shift;
}

FontFile file_of(PangoFont* font) {
    FcPattern* pattern = pango_fc_font_get_pattern(PANGO_FC_FONT(font));
    FcChar8* path = nullptr;
    int index = 0;
    if (FcPatternGetString(pattern, FC_FILE, 0, &path) != FcResultMatch) return {};
    if (FcPatternGetInteger(pattern, FC_INDEX, 0, &index) != FcResultMatch) index = 0;
    return {reinterpret_cast<const char*>(path), static_cast<unsigned>(index)};
}

}  // namespace

struct Shaper::State {
    FontMap map;
    Context context;
    std::array<FaceHandle, kFaces> faces;
    std::array<FontFile, kFaces> files;

    /// Most text of a form is the same in each copy, and a page is set more than once until it fits.
    std::unordered_map<std::string, Shaped> known;

    Shaped shape(const FacedText& text, const Style& style, double width_pt) const;
};

Shaper::Shaper() : state_(std::make_unique<State>()) {
    state_->map.reset(pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT));
    pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(state_->map.get()), 72);
    state_->context.reset(pango_font_map_create_context(state_->map.get()));
    pango_context_set_language(state_->context.get(), pango_language_from_string("zh-cn"));
    pango_context_set_base_dir(state_->context.get(), PANGO_DIRECTION_LTR);
    // Paper has no pixels: widths must not be rounded to a grid, or the PDF and a later OFD drift apart.
    pango_context_set_round_glyph_positions(state_->context.get(), FALSE);
    const FontOptions options(cairo_font_options_create());
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(state_->context.get(), options.get());
    for (std::size_t i = 0; i < kFaces; ++i) {
        const Description description = describe(static_cast<Face>(i), 12);
        const FontHandle font(pango_font_map_load_font(state_->map.get(), state_->context.get(), description.get()));
        if (font == nullptr) continue;
        cairo_scaled_font_t* scaled = pango_cairo_font_get_scaled_font(PANGO_CAIRO_FONT(font.get()));
        state_->faces[i].reset(cairo_font_face_reference(cairo_scaled_font_get_font_face(scaled)));
        state_->files[i] = file_of(font.get());
    }
}

Shaper::~Shaper() = default;

std::optional<std::string> Shaper::missing_family() const {
    for (std::size_t i = 0; i < kFaces; ++i) {
        const char* wanted = family_of(static_cast<Face>(i));
        const Description description = describe(static_cast<Face>(i), 12);
        const FontHandle font(pango_font_map_load_font(state_->map.get(), state_->context.get(), description.get()));
        if (font == nullptr) return wanted;
        const Description loaded(pango_font_describe(font.get()));
        const char* family = pango_font_description_get_family(loaded.get());
        if (family == nullptr || std::string_view(family) != wanted) return wanted;
    }
    return std::nullopt;
}

Result<Shaper*> Shaper::of_this_thread() {
    static thread_local std::unique_ptr<Shaper> shaper;
    if (shaper != nullptr) return shaper.get();
    auto fresh = std::make_unique<Shaper>();
    if (const auto family = fresh->missing_family()) {
        return error(Errc::unavailable, "layout.font_not_installed",
                     "服务器缺少字体“" + *family + "”，请管理员安装软件包 " + package_of(*family) + " 后重试。");
    }
    shaper = std::move(fresh);
    return shaper.get();
}

Shaped Shaper::State::shape(const FacedText& text, const Style& style, double width_pt) const {
    const std::string& whole = text.whole;
    const Attributes attributes(pango_attr_list_new());
    std::size_t begin = 0;
    for (const SpanEnd& span : text.ends) {
        const Description description = describe(span.face, style.size_pt);
        add(attributes.get(), pango_attr_font_desc_new(description.get()), begin, span.end);
        begin = span.end;
    }
    add(attributes.get(), pango_attr_fallback_new(FALSE), 0, whole.size());
    if (style.letter_spacing_pt != 0) {
        const int spacing = static_cast<int>(style.letter_spacing_pt * PANGO_SCALE);
        add(attributes.get(), pango_attr_letter_spacing_new(spacing), 0, whole.size());
    }
    const LayoutHandle layout(pango_layout_new(context.get()));
    pango_layout_set_text(layout.get(), whole.data(), static_cast<int>(whole.size()));
    pango_layout_set_attributes(layout.get(), attributes.get());
    pango_layout_set_width(layout.get(), static_cast<int>(width_pt * PANGO_SCALE));
    pango_layout_set_indent(layout.get(), static_cast<int>(style.first_indent_pt * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);

    Shaped shaped;
    for (GSList* at = pango_layout_get_lines_readonly(layout.get()); at != nullptr; at = at->next) {
        const auto* source = static_cast<PangoLayoutLine*>(at->data);
        Line line;
        const double start = source->is_paragraph_start != 0 ? style.first_indent_pt : 0;
        for (GSList* item = source->runs; item != nullptr; item = item->next) {
            const auto* glyph_item = static_cast<PangoGlyphItem*>(item->data);
            const auto offset = static_cast<std::size_t>(glyph_item->item->offset);
            Run run;
            run.face = text.face_at(offset);
            run.size_pt = style.size_pt;
            run.x_pt = start + line.width_pt;
            const bool right_to_left = glyph_item->item->analysis.level % 2 == 1;
            RunBuilder(run, whole.data() + offset, glyph_item->item->length, shaped.missing)
                .take(*glyph_item->glyphs, right_to_left);
            line.width_pt += run.width_pt;
            if (!run.clusters.empty()) line.runs.push_back(std::move(run));
        }
        const auto end = static_cast<std::size_t>(source->start_index) + static_cast<std::size_t>(source->length);
        line.ends_paragraph = end >= whole.size() || whole[end] == '\n';
        align(line, style.align, width_pt);
        shaped.lines.push_back(std::move(line));
    }
    return shaped;
}

Shaped Shaper::shape(const std::vector<Span>& spans, const Style& style, double width_pt) const {
    constexpr std::size_t kKnownMax = 1000;
    auto& known = state_->known;
    std::string key = key_of(spans, style, width_pt);
    if (const auto found = known.find(key); found != known.end()) return found->second;
    const FacedText text = faced(spans, style);
    Shaped shaped = state_->shape(text, style, width_pt);
    if (!shaped.missing.empty()) shaped = state_->shape(with_rare(text, shaped.missing), style, width_pt);
    if (known.size() >= kKnownMax) known.clear();
    return known.emplace(std::move(key), std::move(shaped)).first->second;
}

cairo_font_face_t* Shaper::cairo_face(Face face) const {
    return state_->faces[static_cast<std::size_t>(face)].get();
}

const FontFile& Shaper::font_file(Face face) const {
    return state_->files[static_cast<std::size_t>(face)];
}

std::vector<OutlineStep> Shaper::outline(Face face, double size_pt, std::uint32_t glyph) const {
    using Surface = std::unique_ptr<cairo_surface_t, Release<cairo_surface_destroy>>;
    using Canvas = std::unique_ptr<cairo_t, Release<cairo_destroy>>;
    const Surface surface(cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, nullptr));
    const Canvas canvas(cairo_create(surface.get()));
    const FontOptions options(cairo_font_options_create());
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    cairo_set_font_options(canvas.get(), options.get());
    cairo_set_font_face(canvas.get(), cairo_face(face));
    cairo_set_font_size(canvas.get(), size_pt);
    const cairo_glyph_t one{glyph, 0, 0};
    cairo_glyph_path(canvas.get(), &one, 1);
    cairo_path_t* path = cairo_copy_path(canvas.get());
    std::vector<OutlineStep> steps;
    for (int i = 0; i < path->num_data; i += path->data[i].header.length) {
        const cairo_path_data_t* data = &path->data[i];
        constexpr std::string_view kOps = "MLCZ";
        OutlineStep step{kOps[static_cast<std::size_t>(data->header.type)], {}};
        for (int j = 1; j < data->header.length; ++j) {
            step.numbers[static_cast<std::size_t>(j - 1) * 2] = data[j].point.x;
            step.numbers[static_cast<std::size_t>(j - 1) * 2 + 1] = data[j].point.y;
        }
        steps.push_back(step);
    }
    cairo_path_destroy(path);
    return steps;
}

}  // namespace kaigong::text
