#include "formats/ofd/ofd_reader.hpp"

#include "crypto/encoding.hpp"
#include "formats/ofd/page_text.hpp"
#include "formats/ofd/xml_parts.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace kaigong::ofd {
namespace {

constexpr const char* kSm3Oid = "1.2.156.10197.1.401";

Error malformed_signature() {
    return error(Errc::invalid_input, "ofd.signature_malformed", "OFD 的签章描述不完整，请重新获取原文件。");
}

Error too_complex_pages() {
    return error(Errc::too_large, "ofd.too_complex", "OFD 页面内容过多，无法检查，请联系出具单位。");
}

/// As names are compared in a package.
std::string lower_case(std::string path) {
    for (char& c : path) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return path;
}

/// Template pages are read once each, when the first page asks for them.
struct Template {
    std::string path;
    pugi::xml_document xml;
    bool loaded = false;
};

class Reader {
  public:
    explicit Reader(const Package& package) : package_(package) {}

    Result<Reading> read() {
        pugi::xml_document entry;
        KAIGONG_CHECK(load_xml(entry, package_, "OFD.xml", "OFD"));
        const auto bodies = children(entry.document_element(), "DocBody");
        if (bodies.size() > 1) {
            return error(Errc::invalid_input, "ofd.several_documents",
                         "OFD 包内有多份文档，无法判断以哪一份为准，请索取单份文件。");
        }
        if (bodies.empty()) return missing();
        read_info(child(bodies[0], "DocInfo"));
        KAIGONG_TRY(root, located(package_, "OFD.xml", child_text(bodies[0], "DocRoot")));
        KAIGONG_CHECK(read_document(root));
        const std::string signatures = child_text(bodies[0], "Signatures");
        if (!signatures.empty()) KAIGONG_CHECK(read_signatures(signatures));
        return std::move(reading_);
    }

  private:
    const Package& package_;
    Reading reading_;
    std::map<std::string, Template> templates_;
    std::set<std::string> page_paths_;
    std::size_t text_bytes_ = 0;

    static Error missing() {
        return error(Errc::invalid_input, "ofd.file_missing", "OFD 包缺少必需的文件，请重新获取原文件。");
    }

    void read_info(const pugi::xml_node& node) {
        Info& info = reading_.info;
        info = {child_text(node, "DocID"),
                child_text(node, "Title"),
                child_text(node, "Author"),
                child_text(node, "Subject"),
                child_text(node, "CreationDate"),
                child_text(node, "Creator"),
                {}};
        for (const pugi::xml_node& data : children(child(node, "CustomDatas"), "CustomData")) {
            info.custom_data.push_back({data.attribute("Name").value(), data.text().get()});
        }
    }

    Result<void> read_document(const std::string& path) {
        pugi::xml_document document;
        KAIGONG_CHECK(load_xml(document, package_, path, "Document"));
        const pugi::xml_node root = document.document_element();
        const pugi::xml_node shared = child(root, "CommonData");
        const auto box = numbers_of(child_text(child(shared, "PageArea"), "PhysicalBox"));
        for (const pugi::xml_node& page : children(shared, "TemplatePage")) {
            const auto found = located(package_, path, page.attribute("BaseLoc").value());
            if (found) templates_[page.attribute("ID").value()].path = *found;
        }
        const auto pages = children(child(root, "Pages"), "Page");
        if (pages.size() > kReadPagesMax) {
            return error(Errc::too_large, "ofd.too_many_pages", "OFD 页数过多，无法检查，请联系出具单位。");
        }
        for (const pugi::xml_node& page : pages) {
            KAIGONG_TRY(found, located(package_, path, page.attribute("BaseLoc").value()));
            KAIGONG_CHECK(read_page(page.attribute("ID").value(), found, box));
        }
        const std::string attachments = child_text(root, "Attachments");
        if (!attachments.empty()) KAIGONG_CHECK(read_attachments(path, attachments));
        return {};
    }

    Result<void> read_page(const char* id, const std::string& path, std::vector<double> box) {
        if (!page_paths_.insert(path).second) {
            return error(Errc::invalid_input, "ofd.page_repeated", "OFD 的同一页被重复列出，请重新获取原文件。");
        }
        pugi::xml_document page;
        KAIGONG_CHECK(load_xml(page, package_, path, "Page"));
        const pugi::xml_node root = page.document_element();
        const auto own = numbers_of(child_text(child(root, "Area"), "PhysicalBox"));
        if (own.size() == 4) box = own;
        box.resize(4);
        PageText text;
        if (children(root, "Template").size() > kReadTemplatesMax) return too_complex_pages();
        KAIGONG_CHECK(add_templates(text, root, false));
        text.add_content(root);
        KAIGONG_CHECK(add_templates(text, root, true));
        text_bytes_ += text.size();
        if (text_bytes_ > kReadTextBytesMax) return too_complex_pages();
        reading_.pages.push_back({id, path, box[2], box[3], std::move(text).take()});
        return {};
    }

    Result<void> add_templates(PageText& text, const pugi::xml_node& page, bool in_front) {
        for (const pugi::xml_node& each : children(page, "Template")) {
            const bool foreground = std::string_view(each.attribute("ZOrder").value()) == "Foreground";
            const auto found = templates_.find(each.attribute("TemplateID").value());
            if (foreground != in_front || found == templates_.end()) continue;
            Template& used = found->second;
            if (!used.loaded) KAIGONG_CHECK(load_xml(used.xml, package_, used.path, "Page"));
            used.loaded = true;
            text.add_content(used.xml.document_element());
            if (text_bytes_ + text.size() > kReadTextBytesMax) return too_complex_pages();
        }
        return {};
    }

    Result<void> read_attachments(const std::string& naming_file, const std::string& location) {
        KAIGONG_TRY(path, located(package_, naming_file, location));
        pugi::xml_document list;
        KAIGONG_CHECK(load_xml(list, package_, path, "Attachments"));
        for (const pugi::xml_node& node : children(list.document_element(), "Attachment")) {
            KAIGONG_TRY(file, located(package_, path, child_text(node, "FileLoc")));
            reading_.attachments.push_back({node.attribute("Name").value(), node.attribute("Format").value(), file});
        }
        return {};
    }

    Result<void> read_signatures(const std::string& location) {
        KAIGONG_TRY(path, located(package_, "OFD.xml", location));
        reading_.signatures_path = path;
        pugi::xml_document list;
        KAIGONG_CHECK(load_xml(list, package_, path, "Signatures"));
        const auto nodes = children(list.document_element(), "Signature");
        if (nodes.size() > kReadSignaturesMax) {
            return error(Errc::too_large, "ofd.too_many_signatures", "OFD 签章过多，无法检查，请联系出具单位。");
        }
        for (const pugi::xml_node& node : nodes) {
            KAIGONG_TRY(file, located(package_, path, node.attribute("BaseLoc").value()));
            SignatureRecord record;
            record.id = node.attribute("ID").value();
            record.type = node.attribute("Type").as_string("Seal");
            record.path = file;
            KAIGONG_CHECK(read_signature(record));
            reading_.signatures.push_back(std::move(record));
        }
        return {};
    }

    Result<void> read_signature(SignatureRecord& record) const {
        pugi::xml_document xml;
        KAIGONG_CHECK(load_xml(xml, package_, record.path, "Signature"));
        const pugi::xml_node info = child(xml.document_element(), "SignedInfo");
        record.provider = child(info, "Provider").attribute("ProviderName").value();
        record.method = child_text(info, "SignatureMethod");
        record.signed_at = child_text(info, "SignatureDateTime");
        const pugi::xml_node references = child(info, "References");
        const std::string_view method = references.attribute("CheckMethod").value();
        if (method == kSm3Oid || method == "SM3" || method == "sm3") record.check_method = CheckMethod::sm3;
        const auto named = children(references, "Reference");
        if (named.size() > kFilesMax) return malformed_signature();
        std::set<std::string> paths;
        for (const pugi::xml_node& node : named) {
            auto path = resolve(record.path, node.attribute("FileRef").value());
            auto digest = crypto::from_base64(child_text(node, "CheckValue"));
            // A file that is named again would be hashed again, however large it is.
            if (!path || !digest || !paths.insert(lower_case(*path)).second) return malformed_signature();
            record.references.push_back({std::move(*path), std::move(*digest)});
        }
        for (const pugi::xml_node& node : children(info, "StampAnnot")) {
            const auto box = numbers_of(node.attribute("Boundary").value());
            if (box.size() != 4) return malformed_signature();
            record.stamps.push_back({node.attribute("PageRef").value(), {box[0], box[1], box[2], box[3]}});
        }
        const std::string seal = child_text(child(info, "Seal"), "BaseLoc");
        if (!seal.empty()) {
            KAIGONG_TRY(path, located(package_, record.path, seal));
            record.seal_path = path;
        }
        KAIGONG_TRY(value, located(package_, record.path, child_text(xml.document_element(), "SignedValue")));
        record.value_path = value;
        return {};
    }
};

}  // namespace

Result<Reading> read(const Package& package) {
    return Reader(package).read();
}

}  // namespace kaigong::ofd
