#include "formats/pdf/archival.hpp"

#include "formats/pdf/pdf_file.hpp"

#include <fmt/format.h>
#include <lcms2.h>
#include <algorithm>
#include <memory>
#include <stdexcept>

namespace kaigong::pdf {
namespace {

/// Bytes of the UTF-8 character that begins here and that XML 1.0 (production 2) allows; 0: none.
std::size_t xml_character(std::string_view text) {
    const auto byte = [&text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80) return lead >= 0x20 || lead == '\t' || lead == '\n' || lead == '\r' ? 1 : 0;
    const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (length == 0 || length > text.size()) return 0;
    std::uint32_t character = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) return 0;
        character = character << 6 | (byte(i) & 0x3FU);
    }
    constexpr std::uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
    const bool outside = character < kSmallest[length] || character > 0x10FFFF;
    return surrogate || outside || character == 0xFFFE || character == 0xFFFF ? 0 : length;
}

bool is_xml_text(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = xml_character(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

/// A reader of XML makes line feeds of carriage returns, unless they are written by number.
std::string escaped(std::string_view text) {
    std::string result;
    result.reserve(text.size() + text.size() / 8);
    for (const char sign : text) {
        switch (sign) {
            case '&': result += "&amp;"; break;
            case '<': result += "&lt;"; break;
            case '>': result += "&gt;"; break;
            case '\r': result += "&#13;"; break;
            default: result += sign;
        }
    }
    return result;
}

std::string alternative(const char* name, std::string_view text) {
    if (text.empty()) return {};
    return fmt::format("<{0}><rdf:Alt><rdf:li xml:lang=\"x-default\">{1}</rdf:li></rdf:Alt></{0}>\n", name,
                       escaped(text));
}

std::string about_document(const layout::Document& document) {
    const std::string author = printable(document.author);
    const std::string instant = iso_instant(document.created_at_ms);
    return "<rdf:Description rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
           "xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\" xmlns:pdfaid=\"http://www.aiim.org/pdfa/ns/id/\" "
           "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">\n"
           "<pdfaid:part>2</pdfaid:part>\n<pdfaid:conformance>U</pdfaid:conformance>\n" +
           alternative("dc:title", printable(document.title)) +
           (author.empty() ? ""
                           : "<dc:creator><rdf:Seq><rdf:li>" + escaped(author) + "</rdf:li></rdf:Seq></dc:creator>\n") +
           alternative("dc:description", printable(document.subject)) +
           "<dc:language><rdf:Bag><rdf:li>zh-CN</rdf:li></rdf:Bag></dc:language>\n"
           "<pdf:Producer>Kaigong</pdf:Producer>\n<xmp:CreatorTool>Kaigong</xmp:CreatorTool>\n"
           "<xmp:CreateDate>" +
           instant + "</xmp:CreateDate>\n<xmp:ModifyDate>" + instant + "</xmp:ModifyDate>\n</rdf:Description>\n";
}

/// ISO 19005-2, 6.6.2.3.3: properties that XMP does not know are declared in the file.
std::string extension_schema(const std::vector<Property>& properties) {
    std::string text =
        "<rdf:Description rdf:about=\"\" xmlns:pdfaExtension=\"http://www.aiim.org/pdfa/ns/extension/\" "
        "xmlns:pdfaSchema=\"http://www.aiim.org/pdfa/ns/schema#\" "
        "xmlns:pdfaProperty=\"http://www.aiim.org/pdfa/ns/property#\">\n"
        "<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">\n"
        "<pdfaSchema:schema>Kaigong certificate</pdfaSchema:schema>\n";
    text += fmt::format(
        "<pdfaSchema:namespaceURI>{}</pdfaSchema:namespaceURI>\n<pdfaSchema:prefix>{}"
        "</pdfaSchema:prefix>\n<pdfaSchema:property><rdf:Seq>\n",
        kPropertySpace, kPropertyPrefix);
    for (const Property& property : properties) {
        text += fmt::format(
            "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>{}</pdfaProperty:name>"
            "<pdfaProperty:valueType>Text</pdfaProperty:valueType><pdfaProperty:category>external"
            "</pdfaProperty:category><pdfaProperty:description>{}</pdfaProperty:description></rdf:li>\n",
            property.name, escaped(property.description));
    }
    return text + "</rdf:Seq></pdfaSchema:property>\n</rdf:li></rdf:Bag></pdfaExtension:schemas>\n</rdf:Description>\n";
}

Result<void> check_property(const Property& property) {
    const auto allowed = [](char sign) { return (sign >= 'a' && sign <= 'z') || sign == '_'; };
    if (property.name.empty() || !std::ranges::all_of(property.name, allowed)) {
        return error(Errc::invalid_input, "pdf.property_name_invalid",
                     "文件属性的名称只能用小写字母和下划线，请修改。");
    }
    if (!is_xml_text(property.text) || !is_xml_text(property.description)) {
        return error(Errc::invalid_input, "pdf.property_not_text",
                     "文件属性含有无法写入的字符，请删去控制字符后重试。");
    }
    return {};
}

}  // namespace

std::string printable(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const std::size_t length = xml_character(text);
        result += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result;
}

Result<std::string> metadata_packet(const layout::Document& document, const std::vector<Property>& properties) {
    std::string packet =
        "<?xpacket begin=\"\xEF\xBB\xBF\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n"
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n" +
        about_document(document);
    if (!properties.empty()) {
        packet += extension_schema(properties);
        packet += fmt::format("<rdf:Description rdf:about=\"\" xmlns:{}=\"{}\">\n", kPropertyPrefix, kPropertySpace);
        for (const Property& property : properties) {
            KAIGONG_CHECK(check_property(property));
            packet += fmt::format("<{0}:{1}>{2}</{0}:{1}>\n", kPropertyPrefix, property.name, escaped(property.text));
        }
        packet += "</rdf:Description>\n";
    }
    return packet + "</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>";
}

const std::string& srgb_profile() {
    static const std::string profile = [] {
        const std::unique_ptr<void, decltype([](void* made) { cmsCloseProfile(made); })> made(cmsCreate_sRGBProfile());
        cmsUInt32Number size = 0;
        if (made == nullptr || !cmsSaveProfileToMem(made.get(), nullptr, &size)) {
            throw std::runtime_error("the sRGB profile cannot be made");
        }
        std::string bytes(size, '\0');
        if (!cmsSaveProfileToMem(made.get(), bytes.data(), &size)) {
            throw std::runtime_error("the sRGB profile cannot be written");
        }
        // ICC.1, 7.2.8: when it was made, as six numbers of two bytes. Ours is always of 2000-01-01.
        constexpr unsigned char kMade[] = {0x07, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0};
        std::ranges::copy(kMade, reinterpret_cast<unsigned char*>(bytes.data()) + 24);
        return bytes;
    }();
    return profile;
}

}  // namespace kaigong::pdf
