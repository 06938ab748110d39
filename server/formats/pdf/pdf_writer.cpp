#include "formats/pdf/pdf_writer.hpp"

#include "formats/pdf/page_content.hpp"

#include <fmt/format.h>

namespace kaigong::pdf {
namespace {

/// Printed (4) and locked against moving (128); ISO 32000-1, 12.5.3.
constexpr int kWidgetFlags = 4 + 128;

class DocumentWriter {
  public:
    DocumentWriter(const layout::Document& document, const Archival& archival, const text::Shaper& shaper)
        : document_(document), archival_(archival), fonts_(shaper) {}

    Result<std::string> write() {
        KAIGONG_TRY(packet, metadata_packet(document_, archival_.properties));
        for (std::size_t i = 0; i < document_.pages.size(); ++i) page_objects_.push_back(file_.reserve());
        for (std::size_t i = 0; i < document_.pages.size(); ++i) KAIGONG_CHECK(add_page(i));
        resources_.write(fonts_.embed(file_));
        const int metadata = file_.reserve();
        file_.put_stream(metadata, "/Type /Metadata /Subtype /XML", packet, Packing::plain);
        write_page_tree();
        const std::string form = write_form();
        write_catalog(metadata, form);
        return file_.finish(catalog_, write_information());
    }

  private:
    const layout::Document& document_;
    const Archival& archival_;
    FileWriter file_;
    int catalog_ = file_.reserve();
    int page_tree_ = file_.reserve();
    int widget_ = archival_.signature ? file_.reserve() : 0;
    DocumentFonts fonts_;
    Resources resources_{file_};
    StructureTree structure_{file_};
    std::vector<int> page_objects_;

    bool bears_signature(std::size_t page) const { return archival_.signature && archival_.signature->page == page; }

    Result<void> add_page(std::size_t index) {
        const layout::Page& page = document_.pages[index];
        const int parents = structure_.begin_page(page_objects_[index]);
        KAIGONG_TRY(operators, PageContent(page, resources_, fonts_, structure_).draw());
        const int content = file_.reserve();
        file_.put_stream(content, "", operators, Packing::deflate);
        std::string box;
        append_number(box, points(page.width_mm), 2);
        box += ' ';
        append_number(box, points(page.height_mm), 2);
        file_.put(page_objects_[index],
                  fmt::format("<< /Type /Page /Parent {} /MediaBox [0 0 {}] /Resources {} /Contents {} "
                              "/StructParents {} /Tabs /S{} >>",
                              reference(page_tree_), box, reference(resources_.object()), reference(content), parents,
                              bears_signature(index) ? " /Annots [" + reference(widget_) + "]" : ""));
        return {};
    }

    void write_page_tree() {
        std::string kids;
        for (const int page : page_objects_) kids += reference(page) + " ";
        file_.put(page_tree_, fmt::format("<< /Type /Pages /Count {} /Kids [{}] >>", page_objects_.size(), kids));
    }

    /// The field and its widget are one object, so that signing changes one object only. Its appearance is empty: the
    /// printed seal is part of the page. Returns the entry of the catalogue.
    std::string write_form() {
        if (!archival_.signature) return {};
        const SignatureField& field = *archival_.signature;
        const layout::Rect& place = field.place;
        const double bottom_mm = document_.pages[field.page].height_mm - place.y_mm - place.height_mm;
        std::string rectangle;
        for (const double mm : {place.x_mm, bottom_mm, place.x_mm + place.width_mm, bottom_mm + place.height_mm}) {
            append_number(rectangle, points(mm), 2);
            rectangle += ' ';
        }
        const int appearance = file_.reserve();
        file_.put_stream(appearance, "/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << >>", "",
                         Packing::plain);
        const int page = page_objects_[field.page];
        file_.put(widget_, fmt::format("<< /Type /Annot /Subtype /Widget /FT /Sig /T {} /TU {} /Rect [{}] /F {} /P {} "
                                       "/StructParent {} /AP << /N {} >> >>",
                                       text_string(field.name), text_string(field.description), rectangle, kWidgetFlags,
                                       reference(page), structure_.add_field(widget_, page), reference(appearance)));
        return fmt::format(" /AcroForm << /Fields [{}] /SigFlags 3 >>", reference(widget_));
    }

    int write_intent() {
        const int profile = file_.reserve();
        file_.put_stream(profile, "/N 3 /Alternate /DeviceRGB", srgb_profile(), Packing::plain);
        const int intent = file_.reserve();
        file_.put(intent, fmt::format("<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info "
                                      "(sRGB IEC61966-2.1) /DestOutputProfile {} >>",
                                      reference(profile)));
        return intent;
    }

    void write_catalog(int metadata, const std::string& form) {
        const int intent = write_intent();
        file_.put(catalog_,
                  fmt::format("<< /Type /Catalog /Pages {} /Metadata {} /OutputIntents [{}] /Lang (zh-CN) /MarkInfo << "
                              "/Marked true >> /StructTreeRoot {} /ViewerPreferences << /DisplayDocTitle true >>{} >>",
                              reference(page_tree_), reference(metadata), reference(intent),
                              reference(structure_.write()), form));
    }

    int write_information() {
        std::string entries;
        const auto add = [&entries](const char* name, const std::string& text) {
            if (const std::string shown = printable(text); !shown.empty()) {
                entries += fmt::format("/{} {} ", name, text_string(shown));
            }
        };
        add("Title", document_.title);
        add("Author", document_.author);
        add("Subject", document_.subject);
        const std::string instant = date_string(document_.created_at_ms);
        const int information = file_.reserve();
        file_.put(information,
                  fmt::format("<< {}/Creator (Kaigong) /Producer (Kaigong) /CreationDate {} /ModDate {} >>", entries,
                              instant, instant));
        return information;
    }
};

}  // namespace

Result<std::string> write(const layout::Document& document, const Archival& archival) {
    if (document.pages.empty()) return error(Errc::invalid_input, "pdf.no_pages", "文书没有内容，请检查模板。");
    if (document.pages.size() > layout::kPagesMax) {
        return error(Errc::too_large, "pdf.too_many_pages", "文书超过 64 页，请精简内容或改为附件。");
    }
    if (archival.signature && archival.signature->page >= document.pages.size()) {
        return error(Errc::invalid_input, "pdf.signature_page_missing", "签名所在的页不存在，请检查模板。");
    }
    KAIGONG_TRY(shaper, text::Shaper::of_this_thread());
    return DocumentWriter(document, archival, *shaper).write();
}

}  // namespace kaigong::pdf
