#include "formats/ofd/ofd_writer.hpp"

#include "base/civil_date.hpp"
#include "formats/ofd/objects.hpp"
#include "formats/ofd/xml_text.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <map>

namespace kaigong::ofd {
namespace {

/// IDs are unique in the document, pages, fonts and layers included (GB/T 33190, 7.2).
struct Counter {
    std::uint32_t next = 1;
    std::uint32_t take() { return next++; }
};

struct Picture {
    std::string_view png;
    std::uint32_t id = 0;
};

/// One page as it will be written, without what stands in the template page.
struct Sheet {
    double width_mm = 0;
    double height_mm = 0;
    std::vector<Object> objects;
};

Result<void> check(const layout::Document& document, const Options& options) {
    if (document.pages.empty()) return error(Errc::invalid_input, "ofd.no_pages", "文书没有内容，请检查模板。");
    if (document.pages.size() > layout::kPagesMax) {
        return error(Errc::too_large, "ofd.too_many_pages", "文书超过 64 页，请精简内容或改为附件。");
    }
    const auto hexadecimal = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    if (options.doc_id.size() != 32 || !std::ranges::all_of(options.doc_id, hexadecimal)) {
        return error(Errc::invalid_input, "ofd.doc_id_malformed", "文件标识须为 32 位十六进制数字，请联系管理员。");
    }
    const auto plain = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '_' ||
               c == '-';
    };
    for (const AttachedFile& file : options.attachments) {
        if (file.name.empty() || file.name.size() > 100 || !std::ranges::all_of(file.name, plain)) {
            return error(Errc::invalid_input, "ofd.name_refused", "附件名只能用字母、数字、点、横线，请改名后重试。");
        }
    }
    return {};
}

bool is_png(std::string_view bytes) {
    using namespace std::string_view_literals;
    return bytes.size() > 45 && bytes.starts_with("\x89PNG\r\n\x1A\n"sv) && bytes.substr(12, 4) == "IHDR"sv &&
           bytes.ends_with("IEND\xAE\x42\x60\x82"sv);
}

/// Everything of one document while it is being written.
class DocumentWriter {
  public:
    DocumentWriter(const layout::Document& document, const Options& options, const text::Shaper& shaper)
        : document_(document), options_(options), fonts_(shaper) {}

    Result<Package> write() {
        KAIGONG_CHECK(gather());
        embedded_ = fonts_.embed(ids_.next);
        for (Picture& picture : pictures_) picture.id = ids_.take();
        for (const layout::Page& page : document_.pages) sheets_.push_back(sheet_of(page));
        if (sheets_.size() > 1) take_common_objects();
        return package();
    }

  private:
    const layout::Document& document_;
    const Options& options_;
    Fonts fonts_;
    Counter ids_;
    /// Of every run of the document, in its order.
    std::vector<std::vector<Piece>> pieces_;
    std::size_t run_ = 0;
    std::vector<Picture> pictures_;
    std::vector<EmbeddedFont> embedded_;
    std::vector<Sheet> sheets_;
    std::vector<Object> common_;

    Result<void> gather() {
        for (const layout::Page& page : document_.pages) {
            for (const layout::Element& element : page.elements) {
                if (const auto* item = std::get_if<layout::TextRun>(&element)) {
                    KAIGONG_TRY(pieces, fonts_.pieces(item->run));
                    fonts_.take(item->run, pieces);
                    pieces_.push_back(std::move(pieces));
                } else if (const auto* image = std::get_if<layout::Image>(&element)) {
                    KAIGONG_CHECK(gather(*image));
                }
            }
        }
        return {};
    }

    Result<void> gather(const layout::Image& image) {
        if (!is_png(image.png)) {
            return error(Errc::invalid_input, "ofd.image_unreadable", "版面中的图片不是有效的 PNG，请更换图片。");
        }
        if (find_picture(image) == pictures_.end()) pictures_.push_back({image.png, 0});
        return {};
    }

    std::vector<Picture>::const_iterator find_picture(const layout::Image& image) const {
        return std::ranges::find(pictures_, std::string_view(image.png), &Picture::png);
    }

    const EmbeddedFont& font_of(text::Face face) const {
        return *std::ranges::find(embedded_, face, &EmbeddedFont::face);
    }

    Sheet sheet_of(const layout::Page& page) {
        Sheet sheet{page.width_mm, page.height_mm, {}};
        for (const layout::Element& element : page.elements) {
            if (const auto* item = std::get_if<layout::TextRun>(&element)) {
                const std::vector<Piece>& pieces = pieces_[run_++];
                if (!pieces.empty()) append_objects(sheet.objects, *item, pieces, font_of(item->run.face));
            } else if (const auto* path = std::get_if<layout::Path>(&element)) {
                append_objects(sheet.objects, *path);
            } else if (const auto* tile = std::get_if<layout::Tile>(&element)) {
                append_objects(sheet.objects, *tile);
            } else if (const auto* code = std::get_if<layout::QrCode>(&element)) {
                append_objects(sheet.objects, layout::path_of(*code));
            } else if (const auto* image = std::get_if<layout::Image>(&element)) {
                append_object(sheet.objects, *image, find_picture(*image)->id);
            }
        }
        return sheet;
    }

    /// What every page begins with lies below everything else, so it may stand once, behind the pages.
    void take_common_objects() {
        const Sheet& first = sheets_.front();
        std::size_t count = first.objects.size();
        for (const Sheet& sheet : sheets_) {
            if (sheet.width_mm != first.width_mm || sheet.height_mm != first.height_mm) return;
            const auto differ = std::ranges::mismatch(first.objects, sheet.objects);
            count = std::min(count, static_cast<std::size_t>(differ.in1 - first.objects.begin()));
        }
        const auto end = static_cast<std::ptrdiff_t>(count);
        common_.assign(first.objects.begin(), first.objects.begin() + end);
        for (Sheet& sheet : sheets_) sheet.objects.erase(sheet.objects.begin(), sheet.objects.begin() + end);
    }

    std::string layer(const std::vector<Object>& objects, std::string_view type) {
        std::size_t size = 300;
        for (const Object& object : objects) size += object.rest.size() + 32;
        std::string xml;
        xml.reserve(size);
        fmt::format_to(std::back_inserter(xml), "<ofd:Content><ofd:Layer ID=\"{}\" Type=\"{}\">", ids_.take(), type);
        for (const Object& object : objects) {
            xml += "<ofd:";
            xml += object.kind;
            fmt::format_to(std::back_inserter(xml), " ID=\"{}\"", ids_.take());
            xml += object.rest;
        }
        xml += "</ofd:Layer></ofd:Content>";
        return xml;
    }

    std::string page_area(const Sheet& sheet) const {
        std::string box;
        append_box(box, {0, 0, sheet.width_mm, sheet.height_mm});
        return fmt::format("<ofd:PhysicalBox>{}</ofd:PhysicalBox>", box);
    }

    std::string page_xml(const Sheet& sheet, std::uint32_t template_id) {
        std::string xml(kXmlHead);
        fmt::format_to(std::back_inserter(xml), "<ofd:Page {}><ofd:Area>{}</ofd:Area>", kNamespace, page_area(sheet));
        if (template_id != 0) {
            fmt::format_to(std::back_inserter(xml), "<ofd:Template TemplateID=\"{}\" ZOrder=\"Background\"/>",
                           template_id);
        }
        xml += layer(sheet.objects, "Body");
        xml += "</ofd:Page>";
        return xml;
    }

    std::string public_resources() const {
        std::string xml(kXmlHead);
        fmt::format_to(std::back_inserter(xml), "<ofd:Res {} BaseLoc=\"Res\"><ofd:Fonts>", kNamespace);
        for (const EmbeddedFont& font : embedded_) {
            const FontName name = font_name(font.face);
            fmt::format_to(std::back_inserter(xml),
                           "<ofd:Font ID=\"{}\" FontName=\"{}\" FamilyName=\"{}\" Charset=\"unicode\"{}{}>"
                           "<ofd:FontFile>{}</ofd:FontFile></ofd:Font>",
                           font.id, name.name, name.family, name.serif ? " Serif=\"true\"" : "",
                           name.bold ? " Bold=\"true\"" : "", name.file);
        }
        xml += "</ofd:Fonts></ofd:Res>";
        return xml;
    }

    static std::string picture_file(std::size_t index) { return fmt::format("image_{}.png", index); }

    std::string document_resources() const {
        std::string xml(kXmlHead);
        fmt::format_to(std::back_inserter(xml), "<ofd:Res {} BaseLoc=\"Res\"><ofd:MultiMedias>", kNamespace);
        for (std::size_t i = 0; i < pictures_.size(); ++i) {
            fmt::format_to(std::back_inserter(xml),
                           "<ofd:MultiMedia ID=\"{}\" Type=\"Image\" Format=\"PNG\"><ofd:MediaFile>{}</ofd:MediaFile>"
                           "</ofd:MultiMedia>",
                           pictures_[i].id, picture_file(i));
        }
        xml += "</ofd:MultiMedias></ofd:Res>";
        return xml;
    }

    std::string attachments_xml() const {
        std::string xml(kXmlHead);
        fmt::format_to(std::back_inserter(xml), "<ofd:Attachments {}>", kNamespace);
        for (std::size_t i = 0; i < options_.attachments.size(); ++i) {
            const AttachedFile& file = options_.attachments[i];
            std::string kilobytes;
            append_number(kilobytes, static_cast<double>(file.bytes.size()) / 1024, 4);
            fmt::format_to(std::back_inserter(xml),
                           "<ofd:Attachment ID=\"A{}\" Name=\"{}\" Format=\"{}\" CreationDate=\"{}T00:00:00\" "
                           "Size=\"{}\" Visible=\"true\"><ofd:FileLoc>{}</ofd:FileLoc></ofd:Attachment>",
                           i + 1, file.name, escaped(file.format), to_string(office_date(document_.created_at_ms)),
                           kilobytes, file.name);
        }
        xml += "</ofd:Attachments>";
        return xml;
    }

    std::string entry_xml() const {
        std::string xml(kXmlHead);
        fmt::format_to(
            std::back_inserter(xml),
            "<ofd:OFD {} Version=\"1.1\" DocType=\"OFD\"><ofd:DocBody><ofd:DocInfo><ofd:DocID>{}</ofd:DocID>",
            kNamespace, options_.doc_id);
        const auto element = [&xml](std::string_view name, std::string_view value) {
            if (value.empty()) return;
            fmt::format_to(std::back_inserter(xml), "<ofd:{0}>{1}</ofd:{0}>", name, escaped(value));
        };
        element("Title", document_.title);
        element("Author", document_.author);
        element("Subject", document_.subject);
        element("CreationDate", to_string(office_date(document_.created_at_ms)));
        element("Creator", "Kaigong");
        if (!options_.custom_data.empty()) {
            xml += "<ofd:CustomDatas>";
            for (const CustomData& data : options_.custom_data) {
                fmt::format_to(std::back_inserter(xml), "<ofd:CustomData Name=\"{}\">{}</ofd:CustomData>",
                               escaped(data.name), escaped(data.value));
            }
            xml += "</ofd:CustomDatas>";
        }
        xml += "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>";
        return xml;
    }

    /// The IDs that Document.xml names; the rest of it is known only when the last object has its ID.
    struct Roots {
        std::uint32_t template_id = 0;
        std::vector<std::uint32_t> pages;
    };

    std::string document_xml(const Roots& roots) const {
        std::string xml(kXmlHead);
        fmt::format_to(std::back_inserter(xml),
                       "<ofd:Document {}><ofd:CommonData><ofd:MaxUnitID>{}</ofd:MaxUnitID><ofd:PageArea>{}"
                       "</ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>",
                       kNamespace, ids_.next - 1, page_area(sheets_.front()));
        if (!pictures_.empty()) xml += "<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>";
        if (roots.template_id != 0) {
            fmt::format_to(std::back_inserter(xml), "<ofd:TemplatePage ID=\"{}\" BaseLoc=\"Tpls/Tpl_0/Content.xml\"/>",
                           roots.template_id);
        }
        xml += "</ofd:CommonData><ofd:Pages>";
        for (std::size_t i = 0; i < roots.pages.size(); ++i) {
            fmt::format_to(std::back_inserter(xml), "<ofd:Page ID=\"{}\" BaseLoc=\"Pages/Page_{}/Content.xml\"/>",
                           roots.pages[i], i);
        }
        xml += "</ofd:Pages>";
        if (!options_.attachments.empty()) xml += "<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>";
        xml += "</ofd:Document>";
        return xml;
    }

    Result<Package> package() {
        Roots roots;
        std::string template_xml;
        if (!common_.empty()) {
            roots.template_id = ids_.take();
            template_xml = page_xml({sheets_.front().width_mm, sheets_.front().height_mm, common_}, 0);
        }
        std::vector<std::string> pages;
        for (const Sheet& sheet : sheets_) {
            roots.pages.push_back(ids_.take());
            pages.push_back(page_xml(sheet, roots.template_id));
        }
        Package package;
        KAIGONG_CHECK(package.add("OFD.xml", entry_xml()));
        KAIGONG_CHECK(package.add("Doc_0/Document.xml", document_xml(roots)));
        KAIGONG_CHECK(package.add("Doc_0/PublicRes.xml", public_resources()));
        if (!pictures_.empty()) KAIGONG_CHECK(package.add("Doc_0/DocumentRes.xml", document_resources()));
        if (roots.template_id != 0) KAIGONG_CHECK(package.add("Doc_0/Tpls/Tpl_0/Content.xml", std::move(template_xml)));
        for (std::size_t i = 0; i < pages.size(); ++i) {
            KAIGONG_CHECK(package.add(fmt::format("Doc_0/Pages/Page_{}/Content.xml", i), std::move(pages[i])));
        }
        KAIGONG_CHECK(add_files(package));
        return package;
    }

    Result<void> add_files(Package& package) {
        for (EmbeddedFont& font : embedded_) {
            KAIGONG_CHECK(
                package.add(fmt::format("Doc_0/Res/{}", font_name(font.face).file), std::move(font.subset.opentype)));
        }
        for (std::size_t i = 0; i < pictures_.size(); ++i) {
            KAIGONG_CHECK(package.add("Doc_0/Res/" + picture_file(i), std::string(pictures_[i].png)));
        }
        if (options_.attachments.empty()) return {};
        KAIGONG_CHECK(package.add("Doc_0/Attachs/Attachments.xml", attachments_xml()));
        for (const AttachedFile& file : options_.attachments) {
            KAIGONG_CHECK(package.add("Doc_0/Attachs/" + file.name, file.bytes));
        }
        return {};
    }
};

}  // namespace

Result<Package> write(const layout::Document& document, const Options& options) {
    KAIGONG_CHECK(check(document, options));
    KAIGONG_TRY(shaper, text::Shaper::of_this_thread());
    return DocumentWriter(document, options, *shaper).write();
}

}  // namespace kaigong::ofd
