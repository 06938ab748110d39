#include "formats/text/subset.hpp"

#include <hb-subset.h>
#include <algorithm>
#include <map>
#include <mutex>
#include <stdexcept>

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
using HbInput = std::unique_ptr<hb_subset_input_t, HbDestroy<hb_subset_input_destroy>>;
using HbPlan = std::unique_ptr<hb_subset_plan_t, HbDestroy<hb_subset_plan_destroy>>;

/// Lines are set when a document is written; whoever reads it places glyphs and never shapes.
constexpr const char* kDroppedTables[] = {"GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG"};

HbInput input_of(const std::vector<char32_t>& characters, const std::vector<std::uint32_t>& glyphs) {
    HbInput input(hb_subset_input_create_or_fail());
    if (input == nullptr) throw std::bad_alloc();
    for (const char32_t character : characters) hb_set_add(hb_subset_input_unicode_set(input.get()), character);
    for (const std::uint32_t glyph : glyphs) hb_set_add(hb_subset_input_glyph_set(input.get()), glyph);
    hb_set_t* dropped = hb_subset_input_set(input.get(), HB_SUBSET_SETS_DROP_TABLE_TAG);
    for (const char* table : kDroppedTables) hb_set_add(dropped, hb_tag_from_string(table, 4));
    // Without subroutines the outlines compress better, and small readers of CFF have less to get wrong.
    hb_subset_input_set_flags(input.get(), HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_DESUBROUTINIZE);
    return input;
}

}  // namespace

struct SubsetSource::State {
    HbFace face;
    HbFont font;
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
    const HbInput input = input_of(characters, glyphs);
    const HbPlan plan(hb_subset_plan_create_or_fail(state_->face.get(), input.get()));
    if (plan == nullptr) throw std::runtime_error("no subset of the font can be planned");
    const HbFace face(hb_subset_plan_execute_or_fail(plan.get()));
    if (face == nullptr) throw std::runtime_error("no subset of the font can be made");
    const HbBlob blob(hb_face_reference_blob(face.get()));
    unsigned size = 0;
    const char* bytes = hb_blob_get_data(blob.get(), &size);
    FontSubset subset;
    subset.opentype.assign(bytes, size);
    const hb_map_t* map = hb_subset_plan_old_to_new_glyph_mapping(plan.get());
    for (const std::uint32_t glyph : glyphs) subset.glyphs.emplace_back(glyph, hb_map_get(map, glyph));
    std::ranges::sort(subset.glyphs);
    return subset;
}

std::uint32_t FontSubset::glyph(std::uint32_t of_the_face) const {
    const auto found =
        std::ranges::lower_bound(glyphs, of_the_face, {}, &std::pair<std::uint32_t, std::uint32_t>::first);
    if (found == glyphs.end() || found->first != of_the_face) throw std::logic_error("glyph is not in the subset");
    return found->second;
}

}  // namespace kaigong::text
