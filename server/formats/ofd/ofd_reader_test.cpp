#include "formats/ofd/ofd_reader.hpp"
#include "formats/ofd/xml_parts.hpp"

#include <doctest/doctest.h>

using namespace kaigong;

namespace {

/// Another prefix than usual, and locations of both kinds.
ofd::Package small_package(const std::string& page, const std::string& more_bodies = "") {
    ofd::Package package;
    REQUIRE(package.add("OFD.xml",
                        "<o:OFD xmlns:o=\"http://www.ofdspec.org/2016\"><o:DocBody><o:DocInfo><o:DocID>1</o:DocID>"
                        "</o:DocInfo><o:DocRoot>/D/Document.xml</o:DocRoot></o:DocBody>" +
                            more_bodies + "</o:OFD>"));
    REQUIRE(package.add("D/Document.xml",
                        "<Document><CommonData><PageArea><PhysicalBox>0 0 100 50</PhysicalBox></PageArea></CommonData>"
                        "<Pages><Page ID=\"7\" BaseLoc=\"P/../P/Content.xml\"/></Pages></Document>"));
    REQUIRE(package.add("D/P/Content.xml", page));
    return package;
}

std::string text_object(double x, double y, const char* text, const char* delta = "g 3 4") {
    return "<TextObject Boundary=\"" + std::to_string(x) + " " + std::to_string(y) +
           " 50 5\" Size=\"4\"><TextCode X=\"0\" Y=\"4\" DeltaX=\"" + delta + "\">" + text + "</TextCode></TextObject>";
}

std::string page_of(const std::string& objects) {
    return "<Page><Content><Layer>" + objects + "</Layer></Content></Page>";
}

std::string read_text(const std::string& objects) {
    const auto reading = ofd::read(small_package(page_of(objects)));
    REQUIRE(reading.has_value());
    return reading->pages.at(0).text;
}

}  // namespace

TEST_CASE("pieces of one line join, a gap is a space, another base line is a new line") {
    CHECK(read_text(text_object(10, 10, "建设单位") + text_object(26, 10, "名称")) == "建设单位名称");
    CHECK(read_text(text_object(10, 10, "建设单位") + text_object(40, 10, "名称")) == "建设单位 名称");
    CHECK(read_text(text_object(10, 10, "建设单位") + text_object(10, 20, "名称")) == "建设单位\n名称");
    CHECK(read_text(text_object(40, 10, "右边") + text_object(10, 10, "左边")) == "右边\n左边");
}

TEST_CASE("text in blocks is read, invisible text is not") {
    CHECK(read_text("<PageBlock><PageBlock>" + text_object(1, 1, "深") + "</PageBlock></PageBlock>") == "深");
    std::string hidden = text_object(1, 1, "藏");
    hidden.insert(hidden.find(" Size"), " Visible=\"false\"");
    CHECK(read_text(hidden).empty());
}

TEST_CASE("numbers are spelled out, and neither a large count nor nonsense is believed") {
    CHECK(ofd::numbers_of("g 3 3.5 1") == std::vector<double>{3.5, 3.5, 3.5, 1});
    CHECK(ofd::numbers_of("0 0 210 297").size() == 4);
    CHECK(ofd::numbers_of("g 1000000000 1").size() == 1'000);
    CHECK(ofd::numbers_of("g -1 1").empty());
    CHECK(ofd::numbers_of("g 3").empty());
    CHECK(ofd::numbers_of("1 x 2") == std::vector<double>{1});
    CHECK(ofd::numbers_of("nan").empty());
    CHECK(ofd::numbers_of("1e999").empty());
}

TEST_CASE("locations stay inside the package") {
    CHECK(ofd::resolve("Doc_0/Document.xml", "Pages/P.xml") == "Doc_0/Pages/P.xml");
    CHECK(ofd::resolve("Doc_0/Document.xml", "/Doc_1/P.xml") == "Doc_1/P.xml");
    CHECK(ofd::resolve("Doc_0/Signs/S.xml", "../Res/./a") == "Doc_0/Res/a");
    CHECK(ofd::resolve("Doc_0/Document.xml", "../../x") == std::nullopt);
    CHECK(ofd::resolve("OFD.xml", "/..") == std::nullopt);
    CHECK(ofd::resolve("OFD.xml", "") == std::nullopt);
}

TEST_CASE("a package is refused whose parts are missing, malformed, too large or of several documents") {
    const std::string page = page_of("");
    CHECK(ofd::read(small_package(page))->pages.at(0).width_mm == 100);
    CHECK(ofd::read(ofd::Package{}).error().reason == "ofd.file_missing");
    CHECK(ofd::read(small_package(page, "<DocBody/>")).error().reason == "ofd.several_documents");
    CHECK(ofd::read(small_package("<Page><Content>")).error().reason == "ofd.xml_malformed");
    CHECK(ofd::read(small_package("<Document/>")).error().reason == "ofd.xml_malformed");
    CHECK(ofd::read(small_package("<Page>" + std::string(ofd::kXmlBytesMax, ' ') + "</Page>")).error().reason ==
          "ofd.file_too_large");
    auto package = small_package(page);
    package.replace("D/Document.xml", "<Document><Pages><Page BaseLoc=\"Other.xml\"/></Pages></Document>");
    CHECK(ofd::read(package).error().reason == "ofd.file_missing");
}

TEST_CASE("pages and templates that are named again and again do not fill the memory") {
    auto package = small_package(page_of(""));
    const auto with_pages = [&package](const std::string& pages) {
        package.replace("D/Document.xml",
                        "<Document><CommonData><TemplatePage ID=\"1\" BaseLoc=\"T.xml\"/></CommonData><Pages>" + pages +
                            "</Pages></Document>");
    };
    const std::string one = "<Page BaseLoc=\"P/Content.xml\"/>";
    const auto with_templates = [&package](int count) {
        std::string named;
        for (int i = 0; i < count; ++i) named += "<Template TemplateID=\"1\"/>";
        package.replace("D/P/Content.xml", "<Page>" + named + "</Page>");
        return ofd::read(package);
    };
    REQUIRE(package.add("D/T.xml", page_of(text_object(1, 1, "背景"))));
    with_pages(one);
    CHECK(with_templates(16)->pages.at(0).text.starts_with("背景"));
    CHECK(with_templates(17).error().reason == "ofd.too_complex");
    package.replace("D/T.xml", page_of(text_object(1, 1, std::string(1'000'000, 'x').c_str())));
    CHECK(with_templates(4)->pages.at(0).text.size() >= 4'000'000);
    CHECK(with_templates(5).error().reason == "ofd.too_complex");
    REQUIRE(with_templates(4).has_value());
    with_pages(one + one);
    CHECK(ofd::read(package).error().reason == "ofd.page_repeated");
    REQUIRE(package.add("D/P/Other.xml", package.find("D/P/Content.xml")->bytes));
    with_pages(one + "<Page BaseLoc=\"P/Other.xml\"/>");
    CHECK(ofd::read(package).error().reason == "ofd.too_complex");
}
