// One page of a layout as a content stream (ISO 32000-1, 7.8, 9.4, 14.6). Text of an open tag is content of the
// structure; everything else is marked as decoration.
#pragma once

#include "formats/pdf/art.hpp"
#include "formats/pdf/pdf_fonts.hpp"
#include "formats/pdf/structure.hpp"

namespace kaigong::pdf {

/// What the pages of a document name by short names: `/X3`, `/P1`.
class Resources {
  public:
    explicit Resources(FileWriter& file) : file_(file), object_(file.reserve()) {}

    std::string add_form(const std::string& entries, const std::string& operators);
    std::string add_image(int pixels_wide, int pixels_high, const std::string& rgb, const std::string& alpha);
    std::string add_tile(const layout::Tile& tile, double page_height_mm);
    int object() const { return object_; }
    /// `fonts`: entries for /Font.
    void write(const std::string& fonts);

  private:
    FileWriter& file_;
    int object_;
    std::string objects_;
    std::string patterns_;
    int count_ = 0;

    std::string name(char kind);
};

class PageContent {
  public:
    PageContent(const layout::Page& page, Resources& resources, DocumentFonts& fonts, StructureTree& structure)
        : page_(page), resources_(resources), fonts_(fonts), structure_(structure), art_(page.height_mm) {}

    /// The operators. Fails with pdf.image_unreadable.
    Result<std::string> draw();

  private:
    const layout::Page& page_;
    Resources& resources_;
    DocumentFonts& fonts_;
    StructureTree& structure_;
    std::string operators_;
    Art art_;
    enum class Marked : std::uint8_t { nothing, decoration, content } marked_ = Marked::nothing;
    /// With Marked::content: whose.
    std::size_t marked_element_ = 0;

    Result<void> draw_one(const layout::TextRun& item);
    Result<void> draw_one(const layout::Path& path);
    Result<void> draw_one(const layout::QrCode& code);
    Result<void> draw_one(const layout::Tile& tile);
    Result<void> draw_one(const layout::Image& image);
    Result<void> draw_one(const layout::TagOpen& open);
    Result<void> draw_one(const layout::TagClose& close);

    void flush_art();
    void mark_decoration();
    void mark_content();
    void end_mark();
};

}  // namespace kaigong::pdf
