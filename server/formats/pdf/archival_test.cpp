#include "formats/pdf/archival.hpp"

#include "formats/pdf/pdf_writer.hpp"
#include "formats/pdf/reader.hpp"

#include <doctest/doctest.h>

using namespace kaigong;

namespace {

layout::Document blank_page() {
    layout::Document document;
    document.title = "许可证 <一> & 二";
    document.author = "某市住房和城乡建设局";
    document.created_at_ms = 1'796'200'000'000;  // 2026-12-02 08:26:40 UTC
    document.pages.emplace_back();
    return document;
}

pdf::Archival with_property(std::string text) {
    pdf::Archival archival;
    archival.properties.push_back({"certificate", std::move(text), "what stands on the certificate"});
    return archival;
}

}  // namespace

TEST_CASE("properties come back exactly as they were given") {
    for (const char* written :
         {R"({"works_name":"翠苑小学 <扩建> & \"二期\"","n":1})", "", " ", "\n", "a\r\nb\rc\td ", "]]>", "&amp;&#10;",
          "\xF0\xA0\xAE\xB7\xEE\x80\x80\xEF\xBF\xBD", "<?xpacket end=\"w\"?>", "</kg:certificate>"}) {
        const std::string text = written;
        CAPTURE(text);
        const auto bytes = pdf::write(blank_page(), with_property(text));
        REQUIRE(bytes.has_value());
        const auto stored = pdf::read(*bytes);
        REQUIRE(stored.has_value());
        CHECK(stored->properties == std::map<std::string, std::string>{{"certificate", text}});
    }
}

TEST_CASE("a property that XML cannot hold is refused, not changed") {
    for (const std::string& text :
         {std::string("\0", 1), std::string("a\x01"), std::string("\x1B"), std::string("\xFF"),
          std::string("\xED\xA0\x80"), std::string("\xEF\xBF\xBE"), std::string("\xC0\x80")}) {
        CHECK(pdf::write(blank_page(), with_property(text)).error().reason == "pdf.property_not_text");
    }
    for (const char* name : {"", "Certificate", "a b", "a:b", "a1"}) {
        auto archival = with_property("x");
        archival.properties[0].name = name;
        CHECK(pdf::write(blank_page(), archival).error().reason == "pdf.property_name_invalid");
    }
}

TEST_CASE("metadata declare the level of the archive and agree with the information dictionary") {
    const auto bytes = *pdf::write(blank_page());
    CHECK(bytes.find("<pdfaid:part>2</pdfaid:part>") != std::string::npos);
    CHECK(bytes.find("<pdfaid:conformance>U</pdfaid:conformance>") != std::string::npos);
    CHECK(bytes.find("许可证 &lt;一&gt; &amp; 二") != std::string::npos);
    CHECK(bytes.find("<xmp:CreateDate>2026-12-02T08:26:40Z</xmp:CreateDate>") != std::string::npos);
    CHECK(bytes.find("/CreationDate (D:20261202082640Z)") != std::string::npos);
    CHECK(bytes.find("dc:description") == std::string::npos);
    CHECK(bytes.find("/Subject") == std::string::npos);
    CHECK(bytes.find("/GTS_PDFA1") != std::string::npos);
    CHECK(bytes.find("/Lang (zh-CN)") != std::string::npos);
}

TEST_CASE("a title with control characters is written without them") {
    auto document = blank_page();
    document.title = "许可\x01证\xFF";
    const auto bytes = *pdf::write(document);
    CHECK(bytes.find("<rdf:li xml:lang=\"x-default\">许可证</rdf:li>") != std::string::npos);
    CHECK(bytes.find("/Title <FEFF8BB853EF8BC1>") != std::string::npos);
}

TEST_CASE("the colour profile is an ICC profile of RGB without a moment of its own") {
    const std::string& profile = pdf::srgb_profile();
    REQUIRE(profile.size() > 128);
    CHECK(profile.substr(16, 4) == "RGB ");
    CHECK(profile.substr(36, 4) == "acsp");
    CHECK(profile.substr(24, 6) == std::string("\x07\xD0\0\1\0\1", 6));
}

TEST_CASE("the identifier of a file is made of its content") {
    const auto identifier = [](const std::string& bytes) { return bytes.substr(bytes.rfind("/ID ["), 40); };
    const auto one = *pdf::write(blank_page(), with_property("a"));
    CHECK(one == *pdf::write(blank_page(), with_property("a")));
    CHECK(identifier(one) != identifier(*pdf::write(blank_page(), with_property("b"))));
}
