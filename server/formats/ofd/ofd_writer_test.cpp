#include "formats/ofd/ofd_writer.hpp"
#include "crypto/bytes.hpp"
#include "formats/ofd/ofd_reader.hpp"
#include "formats/ofd/testing/raster.hpp"

#include <doctest/doctest.h>
#include <algorithm>
#include <regex>

using namespace kaigong;
using namespace kaigong::layout;

namespace {

constexpr const char* kWriterDocId = "0123456789abcdef0123456789abcdef";

void add_line(Page& page, std::string_view words, Point at, const text::Style& style = {}) {
    const auto* shaper = *text::Shaper::of_this_thread();
    for (const auto& line : shaper->shape({{std::string(words), false}}, style, 400).lines) {
        for (const auto& run : line.runs) {
            page.elements.emplace_back(TextRun{{at.x_mm + run.x_pt * kMmPerPoint, at.y_mm}, run, {}});
        }
    }
}

Document lines(const std::vector<std::string>& words) {
    Document document;
    document.title = "标题 <一> & “二”";
    document.author = "示例机关";
    document.created_at_ms = 1'796'200'000'000;  // 2026-12-02 16:26:40 in the office
    Page& page = document.pages.emplace_back();
    for (std::size_t i = 0; i < words.size(); ++i) add_line(page, words[i], {20, 20 + 10 * static_cast<double>(i)});
    return document;
}

ofd::Options options() {
    return {kWriterDocId, {{"证照编号", "330106202612020101"}}, {{"certificate.json", "json", "{\"a\":1}"}}};
}

const std::string& content_of(const ofd::Package& package, const char* path = "Doc_0/Pages/Page_0/Content.xml") {
    const ofd::PackageFile* file = package.find(path);
    REQUIRE(file != nullptr);
    return file->bytes;
}

std::size_t count(const std::string& text, std::string_view what) {
    std::size_t found = 0;
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
    return found;
}

/// A PNG of one red pixel.
constexpr unsigned char kOneRedPixel[] = {
    0x89, 'P',  'N',  'G', 0x0D, 0x0A, 0x1A, 0x0A, 0,    0,    0,    0x0D, 'I',  'H',  'D',  'R',  0,    0,
    0,    1,    0,    0,   0,    1,    8,    2,    0,    0,    0,    0x90, 0x77, 0x53, 0xDE, 0,    0,    0,
    0x0C, 'I',  'D',  'A', 'T',  0x08, 0xD7, 0x63, 0xF8, 0xCF, 0xC0, 0x00, 0x00, 0x03, 0x01, 0x01, 0x00, 0x18,
    0xDD, 0x8D, 0xB0, 0,   0,    0,    0,    'I',  'E',  'N',  'D',  0xAE, 0x42, 0x60, 0x82};

}  // namespace

TEST_CASE("what is written as OFD is read back: properties, custom data, attachment, text") {
    const auto document = lines({"准予施工", "第 3 条：A&B < C", "共 12 页"});
    const auto package = *ofd::write(document, options());
    CHECK(package.zip() == ofd::write(document, options())->zip());
    const auto reading = *ofd::read(*ofd::Package::read(package.zip()));
    CHECK(reading.info.doc_id == kWriterDocId);
    CHECK(reading.info.title == document.title);
    CHECK(reading.info.author == "示例机关");
    CHECK(reading.info.creation_date == "2026-12-02");
    REQUIRE(reading.info.custom_data.size() == 1);
    CHECK(reading.info.custom_data[0].name == "证照编号");
    CHECK(reading.info.custom_data[0].value == "330106202612020101");
    REQUIRE(reading.attachments.size() == 1);
    CHECK(reading.attachments[0].name == "certificate.json");
    CHECK(package.find(reading.attachments[0].path)->bytes == "{\"a\":1}");
    REQUIRE(reading.pages.size() == 1);
    CHECK(reading.pages[0].text == "准予施工\n第 3 条：A&B < C\n共 12 页");
    CHECK(reading.pages[0].width_mm == 210);
    CHECK(reading.signatures.empty());
}

TEST_CASE("every ID of an OFD document is its own, and none is above MaxUnitID") {
    auto document = lines({"一", "二"});
    document.pages.push_back(document.pages[0]);
    add_line(document.pages[1], "三", {20, 80});
    const auto package = *ofd::write(document, options());
    std::vector<int> ids;
    for (const auto& file : package.files()) {
        if (!file.path.ends_with(".xml") || file.path.find("Attachs") != std::string::npos) continue;
        const std::regex id(" ID=\"([0-9]+)\"");
        for (std::sregex_iterator i(file.bytes.begin(), file.bytes.end(), id), end; i != end; ++i) {
            ids.push_back(std::stoi((*i)[1]));
        }
    }
    std::ranges::sort(ids);
    CHECK(ids.size() > 8);
    CHECK(std::ranges::adjacent_find(ids) == ids.end());
    CHECK(content_of(package, "Doc_0/Document.xml").find("<ofd:MaxUnitID>" + std::to_string(ids.back()) + "<") !=
          std::string::npos);
}

TEST_CASE("what all pages begin with stands once, in a template page, and is read and drawn with each") {
    auto document = lines({"抬头"});
    document.pages.push_back(document.pages[0]);
    add_line(document.pages[0], "第一页", {20, 60});
    add_line(document.pages[1], "第二页", {20, 60});
    const auto package = *ofd::write(document, options());
    CHECK(content_of(package, "Doc_0/Tpls/Tpl_0/Content.xml").find("抬头") != std::string::npos);
    CHECK(content_of(package).find("抬头") == std::string::npos);
    const auto reading = *ofd::read(package);
    CHECK(reading.pages.at(0).text == "抬头\n第一页");
    CHECK(reading.pages.at(1).text == "抬头\n第二页");
    const auto whole = *ofd::write({"", "", "", 0, {document.pages[1]}}, options());
    CHECK(ofd::testing::compare(ofd::testing::draw_page(package, 1, 50), ofd::testing::draw_page(whole, 0, 50)).mean ==
          0);
}

TEST_CASE("glyphs that the cmap does not give are named, alone in their object") {
    // U+20BB7 lies beyond the BMP; the face has it.
    const auto package = *ofd::write(lines({"野𠮷家"}), options());
    const std::string& xml = content_of(package);
    CHECK(count(xml, "<ofd:TextObject") == 3);
    CHECK(count(xml, "<ofd:CGTransform CodePosition=\"0\" CodeCount=\"2\" GlyphCount=\"1\">") == 1);
    CHECK(ofd::read(package)->pages[0].text == "野𠮷家");
    const auto drawn = ofd::testing::draw_page(package, 0, 100);
    CHECK(std::ranges::any_of(drawn.rgb, [](std::uint8_t value) { return value < 60; }));
    CHECK(count(content_of(*ofd::write(lines({"施工许可"}), options())), "CGTransform") == 0);
}

TEST_CASE("distances that repeat are written once") {
    const std::string xml = content_of(*ofd::write(lines({"建筑工程施工许可证"}), options()));
    CHECK(xml.find("DeltaX=\"g 8 4.2333\"") != std::string::npos);
}

TEST_CASE("a tile repeats the same data, and is cut where its area ends") {
    Document document;
    Page& page = document.pages.emplace_back();
    Path dot = rectangle({1, 1, 3, 3});
    dot.fill = Colour{255, 0, 0};
    page.elements.emplace_back(Tile{{10, 10, 12, 7}, 5, 5, {dot}});
    const auto package = *ofd::write(document, options());
    CHECK(count(content_of(package), "<ofd:PathObject") == 6);
    const auto drawn = ofd::testing::draw_page(package, 0, 254);
    const auto red = [&](int x_tenths, int y_tenths) {
        const auto at = static_cast<std::size_t>(y_tenths * drawn.width + x_tenths) * 3;
        return drawn.rgb[at] == 255 && drawn.rgb[at + 1] == 0;
    };
    CHECK(red(120, 120));
    CHECK(red(170, 120));
    CHECK(red(215, 120));
    CHECK_FALSE(red(222, 120));
    CHECK(red(120, 165));
    CHECK_FALSE(red(120, 172));
    CHECK_FALSE(red(147, 120));
}

TEST_CASE("one image used twice is in the package once, and a broken one is refused") {
    Document document;
    Page& page = document.pages.emplace_back();
    const std::string png(std::begin(kOneRedPixel), std::end(kOneRedPixel));
    page.elements.emplace_back(Image{{10, 10, 20, 20}, png});
    page.elements.emplace_back(Image{{50, 10, 20, 20}, png});
    const auto package = *ofd::write(document, options());
    CHECK(count(content_of(package), "<ofd:ImageObject") == 2);
    CHECK(std::ranges::count_if(package.files(), [](const auto& file) { return file.path.ends_with(".png"); }) == 1);
    const auto drawn = ofd::testing::draw_page(package, 0, 25.4);
    const auto at = static_cast<std::size_t>(15 * drawn.width + 55) * 3;
    CHECK(drawn.rgb[at] == 255);
    CHECK(drawn.rgb[at + 1] == 0);
    std::get<Image>(page.elements[0]).png = "not a png";
    CHECK(ofd::write(document, options()).error().reason == "ofd.image_unreadable");
}

TEST_CASE("a document without pages or with too many, a bad identifier and bad attachment names are refused as OFD") {
    CHECK(ofd::write({}, options()).error().reason == "ofd.no_pages");
    Document many;
    many.pages.resize(kPagesMax + 1);
    CHECK(ofd::write(many, options()).error().reason == "ofd.too_many_pages");
    const auto document = lines({"一"});
    for (const char* id : {"", "0123", "0123456789ABCDEF0123456789abcdef", "0123456789abcdef0123456789abcde\""}) {
        auto bad = options();
        bad.doc_id = id;
        CHECK(ofd::write(document, bad).error().reason == "ofd.doc_id_malformed");
    }
    auto bad = options();
    bad.attachments[0].name = "../x";
    CHECK(ofd::write(document, bad).error().reason == "ofd.name_refused");
    bad.attachments = {{"a.json", "json", ""}, {"A.json", "json", ""}};
    CHECK(ofd::write(document, bad).error().reason == "ofd.name_repeated");
}
