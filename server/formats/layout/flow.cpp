#include "formats/layout/flow.hpp"

#include <fmt/format.h>
#include <algorithm>

namespace kaigong::layout {
namespace {

/// Rounding of millimetres must not push a last line to a new page.
constexpr double kToleranceMm = 0.01;

class Flow {
  public:
    Flow(std::vector<Strip> strips, const PageShape& shape) : strips_(std::move(strips)), shape_(shape) {}

    Result<std::vector<Page>> run() {
        begin_page();
        std::size_t at = 0;
        while (at < strips_.size()) {
            const std::size_t end = group_end(at);
            if (strips_[at].break_before && !at_top_) KAIGONG_CHECK(next_page());
            if (!at_top_ && y_mm_ + height_of(at, end) > bottom() + kToleranceMm) KAIGONG_CHECK(next_page());
            // A group taller than a page is not kept together: its strips are set one by one.
            if (y_mm_ + height_of(at, end) > bottom() + kToleranceMm && end > at + 1) {
                KAIGONG_CHECK(place_checked(at));
                ++at;
                continue;
            }
            for (; at < end; ++at) KAIGONG_CHECK(place_checked(at));
        }
        return std::move(pages_);
    }

  private:
    std::vector<Strip> strips_;
    const PageShape& shape_;
    std::vector<Page> pages_;
    std::vector<Tag> open_tags_;
    double y_mm_ = 0;
    bool at_top_ = true;

    double bottom() const { return shape_.column.y_mm + shape_.column.height_mm; }

    std::size_t group_end(std::size_t at) const {
        std::size_t end = at + 1;
        while (end < strips_.size() && strips_[end - 1].keep_with_next && !strips_[end].break_before) ++end;
        return end;
    }

    double height_of(std::size_t begin, std::size_t end) const {
        const auto& heading = strips_[begin].repeated_heading;
        double height = at_top_ && heading ? heading->height_mm : 0;
        for (std::size_t i = begin; i < end; ++i) {
            if (i > begin || !at_top_) height += strips_[i].space_before_mm;
            height += strips_[i].height_mm;
            if (i + 1 < end) height += strips_[i].space_after_mm;
        }
        return height;
    }

    void begin_page() {
        pages_.push_back({shape_.width_mm, shape_.height_mm, {}});
        y_mm_ = shape_.column.y_mm;
        at_top_ = true;
    }

    /// Tags are balanced on each page, so an open table ends here and begins again there.
    Result<void> next_page() {
        for (std::size_t i = 0; i < open_tags_.size(); ++i) pages_.back().elements.emplace_back(TagClose{});
        if (pages_.size() >= shape_.pages_max) {
            return error(Errc::too_large, "layout.too_many_pages",
                         fmt::format("内容超过 {} 页，请精简文字或减少条目。", shape_.pages_max));
        }
        begin_page();
        for (const Tag tag : open_tags_) pages_.back().elements.emplace_back(TagOpen{tag});
        return {};
    }

    Result<void> place_checked(std::size_t at) {
        const Strip& strip = strips_[at];
        if (!at_top_ && y_mm_ + height_of(at, at + 1) > bottom() + kToleranceMm) KAIGONG_CHECK(next_page());
        if (at_top_ && strip.repeated_heading) place(*strip.repeated_heading);
        if (y_mm_ + strip.height_mm > bottom() + kToleranceMm) {
            return invalid_field(strip.field, strip.is_table_row ? "layout.row_too_tall" : "layout.block_too_tall",
                                 "这一段内容一页放不下，请缩短文字或分成几条。");
        }
        place(strip);
        return {};
    }

    void place(const Strip& strip) {
        if (!at_top_) y_mm_ += strip.space_before_mm;
        for (Element element : strip.elements) {
            move_by(element, shape_.column.x_mm, y_mm_);
            if (const auto* open = std::get_if<TagOpen>(&element)) open_tags_.push_back(open->tag);
            if (std::holds_alternative<TagClose>(element)) open_tags_.pop_back();
            pages_.back().elements.push_back(std::move(element));
        }
        y_mm_ += strip.height_mm + strip.space_after_mm;
        if (strip.height_mm > 0) at_top_ = false;
    }
};

}  // namespace

Result<std::vector<Page>> flow(std::vector<Strip> strips, const PageShape& shape) {
    return Flow(std::move(strips), shape).run();
}

Strip stack(std::vector<Strip> strips) {
    Strip whole;
    for (Strip& strip : strips) {
        if (whole.height_mm > 0) whole.height_mm += strip.space_before_mm;
        for (Element& element : strip.elements) {
            move_by(element, 0, whole.height_mm);
            whole.elements.push_back(std::move(element));
        }
        whole.height_mm += strip.height_mm;
        if (&strip != &strips.back()) whole.height_mm += strip.space_after_mm;
        if (whole.field.empty()) whole.field = strip.field;
    }
    return whole;
}

}  // namespace kaigong::layout
