#include "formats/pdf/pdf_writer.hpp"

#include "formats/pdf/reader.hpp"

#include <doctest/doctest.h>

using namespace kaigong;
using namespace kaigong::layout;

namespace {

Document one_line(std::string_view words, bool bold = false) {
    const auto shaper = *text::Shaper::of_this_thread();
    text::Style style;
    style.bold = bold;
    Document document;
    document.title = "标题";
    document.pages.emplace_back();
    for (const auto& line : shaper->shape({{std::string(words), false}}, style, 400).lines) {
        for (const auto& run : line.runs) document.pages[0].elements.emplace_back(TextRun{{20, 20}, run, {}});
    }
    return document;
}

/// A PNG of one red pixel.
constexpr unsigned char kRedPixel[] = {
    0x89, 'P',  'N',  'G', 0x0D, 0x0A, 0x1A, 0x0A, 0,    0,    0,    0x0D, 'I',  'H',  'D',  'R',  0,    0,
    0,    1,    0,    0,   0,    1,    8,    2,    0,    0,    0,    0x90, 0x77, 0x53, 0xDE, 0,    0,    0,
    0x0C, 'I',  'D',  'A', 'T',  0x08, 0xD7, 0x63, 0xF8, 0xCF, 0xC0, 0x00, 0x00, 0x03, 0x01, 0x01, 0x00, 0x18,
    0xDD, 0x8D, 0xB0, 0,   0,    0,    0,    'I',  'E',  'N',  'D',  0xAE, 0x42, 0x60, 0x82};

/// One red pixel, half seen through.
constexpr unsigned char kHalfRedPixel[] = {
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00,
    0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1F, 0x15, 0xC4, 0x89, 0x00, 0x00, 0x00,
    0x0D, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9C, 0x63, 0xF8, 0xCF, 0xC0, 0xD0, 0x00, 0x00, 0x04, 0x81, 0x01, 0x80,
    0x2C, 0x55, 0xCE, 0xB0, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82};

}  // namespace

TEST_CASE("the same document gives the same bytes and its date is the one it carries") {
    auto document = one_line("准予施工");
    document.created_at_ms = 1'796'200'000'000;  // 2026-12-02 08:26:40 UTC
    const auto bytes = *pdf::write(document);
    CHECK(bytes == *pdf::write(document));
    CHECK(bytes.find("20261202082640Z") != std::string::npos);
    document.created_at_ms += 1'000;
    CHECK(bytes != *pdf::write(document));
}

TEST_CASE("fonts are embedded as subsets of the faces that the page uses") {
    const auto regular = *pdf::write(one_line("施工许可"));
    CHECK(regular.find("NotoSerifCJKsc-Regular") != std::string::npos);
    CHECK(regular.find("NotoSerifCJKsc-Bold") == std::string::npos);
    CHECK(regular.find("/FontFile3") != std::string::npos);
    CHECK(pdf::write(one_line("施工许可", true))->find("NotoSerifCJKsc-Bold") != std::string::npos);
}

TEST_CASE("two characters that share a glyph are read as what they are") {
    // U+2F00 and U+4E00 look the same and are one glyph in the font.
    const auto bytes = *pdf::write(one_line("\u4E00\u2F00\u4E00"));
    CHECK(pdf::read(bytes)->pages.at(0) == "\u4E00\u2F00\u4E00\n");
}

TEST_CASE("ornaments that files share are the same bytes as when they were first drawn") {
    Document document;
    document.pages.emplace_back();
    for (int i = 0; i < 2'000; ++i) {
        document.pages[0].elements.emplace_back(line({10, 10 + i * 0.1}, {100.5, 20 + i * 0.1}, {200, 0, 0}, 0.2));
    }
    const auto first = *pdf::write(document);
    CHECK(first.find("/Subtype /Form") != std::string::npos);
    CHECK(first == *pdf::write(document));
}

TEST_CASE("an image is embedded and a broken one is refused") {
    Document document;
    document.pages.emplace_back();
    Element& element = document.pages[0].elements.emplace_back(Image{});
    auto& image = std::get<Image>(element);
    image.place = {10, 10, 20, 20};
    image.png.assign(std::begin(kRedPixel), std::end(kRedPixel));
    const auto bytes = pdf::write(document);
    REQUIRE(bytes.has_value());
    CHECK(bytes->find("/Subtype /Image") != std::string::npos);
    CHECK(bytes->find("/SMask") == std::string::npos);
    image.png.assign(std::begin(kHalfRedPixel), std::end(kHalfRedPixel));
    CHECK(pdf::write(document)->find("/SMask") != std::string::npos);
    image.png = "not a png";
    CHECK(pdf::write(document).error().reason == "pdf.image_unreadable");
}

TEST_CASE("a document without pages or with too many is refused") {
    CHECK(pdf::write({}).error().reason == "pdf.no_pages");
    Document document;
    document.pages.resize(kPagesMax + 1);
    CHECK(pdf::write(document).error().reason == "pdf.too_many_pages");
}

TEST_CASE("titles and structure tags are written") {
    auto document = one_line("一");
    document.pages[0].elements.insert(document.pages[0].elements.begin(), TagOpen{Tag::paragraph});
    document.pages[0].elements.emplace_back(TagClose{});
    const auto bytes = *pdf::write(document);
    CHECK(bytes.find("/StructTreeRoot") != std::string::npos);
    CHECK(bytes.find("/Title") != std::string::npos);
}
