#include "formats/text/shaper.hpp"

#include <doctest/doctest.h>
#include <algorithm>

using namespace kaigong;
using namespace kaigong::text;

namespace {

Shaped shaped(const std::string& text) {
    const auto shaper = Shaper::of_this_thread();
    REQUIRE(shaper.has_value());
    return (*shaper)->shape({{text, false}}, {}, 300);
}

/// Every run's clusters must cover exactly its text and its glyphs: a writer of PDF walks all three together.
void check_covered(const Shaped& result) {
    for (const Line& line : result.lines) {
        for (const Run& run : line.runs) {
            std::size_t bytes = 0;
            std::size_t glyphs = 0;
            for (const Cluster& cluster : run.clusters) {
                bytes += cluster.bytes;
                glyphs += cluster.glyphs;
            }
            CHECK(bytes == run.text.size());
            CHECK(glyphs == run.glyphs.size());
        }
    }
}

std::string text_of(const Shaped& result) {
    std::string text;
    for (const Line& line : result.lines) {
        for (const Run& run : line.runs) text += run.text;
    }
    return text;
}

}  // namespace

TEST_CASE("letters of a script that runs from right to left are reported one by one") {
    const Shaped result = shaped("项目 שלום 名称");
    CHECK(result.missing.size() == 4);
    for (const char* letter : {"ש", "ל", "ו", "ם"}) {
        CHECK(std::ranges::find(result.missing, letter) != result.missing.end());
    }
    CHECK(text_of(result) == "项目  名称");
    check_covered(result);
}

TEST_CASE("a letter with its marks is one, also from right to left") {
    const Shaped result = shaped("\uFB2C 页");
    CHECK_FALSE(result.missing.empty());
    check_covered(result);
}

TEST_CASE("what is turned round by a direction mark still covers its text") {
    const Shaped result = shaped("\u202E(一) 楼 12\u202C 号");
    CHECK(result.missing.empty());
    check_covered(result);
    for (const char* part : {"(", "一", ")", "楼", "1", "2", "号"})
        CHECK(text_of(result).find(part) != std::string::npos);
}

TEST_CASE("a character under hundreds of marks keeps all its bytes") {
    std::string text = "e";
    for (int i = 0; i < 300; ++i) text += "\u0301";
    check_covered(shaped(text + " 页"));
}

TEST_CASE("a character that Noto lacks comes from the rare face, in every style, and the rest stays as it was") {
    const auto shaper = *Shaper::of_this_thread();
    // Of extensions B, C, D, E and F.
    const std::string rare = "\U00020000\U0002A6D6\U0002B740\U0002CEB0\U0002EBE0";
    for (const bool sans : {false, true}) {
        for (const bool bold : {false, true}) {
            const Shaped result =
                shaper->shape({{"王" + rare + "公司", bold}, {"李", false}}, {.sans = sans, .size_pt = 11}, 400);
            CHECK(result.missing.empty());
            check_covered(result);
            CHECK(text_of(result) == "王" + rare + "公司李");
            for (const Run& run : result.lines.at(0).runs) {
                const bool of_rare = rare.find(run.text) != std::string::npos;
                CHECK((run.face == Face::rare) == of_rare);
                CHECK(run.size_pt == 11);
                for (const Glyph& glyph : run.glyphs) CHECK(glyph.id != 0);
            }
        }
    }
}

TEST_CASE("what no face has is missing, also beside a rare character") {
    const Shaped result = shaped("\U00020000\U00030000 甲\U0001F600");
    CHECK(result.missing == std::vector<std::string>{"\U00030000", "\U0001F600"});
    CHECK(text_of(result) == "\U00020000 甲");
}

TEST_CASE("a text that is remembered is not taken for one of another size, weight, width or cut") {
    const auto shaper = *Shaper::of_this_thread();
    const auto width = [&](const std::vector<Span>& spans, const Style& style, double width_pt = 300) {
        return shaper->shape(spans, style, width_pt).lines.at(0).width_pt;
    };
    for (int round = 0; round < 2; ++round) {
        CHECK(width({{"许可证", false}}, {}) == doctest::Approx(36));
        CHECK(width({{"许可证", false}}, {.size_pt = 10}) == doctest::Approx(30));
        CHECK(width({{"许可证", false}}, {.letter_spacing_pt = 2}) == doctest::Approx(40));
        CHECK(width({{"许可证", false}}, {}, 25) == doctest::Approx(24));
        CHECK(width({{"许可证 1 0", false}}, {}) == width({{"许可证", false}, {" 1 0", false}}, {}));
        CHECK(shaper->shape({{"许可证", true}}, {}, 300).lines.at(0).runs.at(0).face == Face::serif_bold);
        CHECK(shaper->shape({{"许可证", false}}, {.sans = true}, 300).lines.at(0).runs.at(0).face == Face::sans);
    }
    for (int i = 0; i < 2'500; ++i) (void)width({{std::to_string(i), false}}, {});
    CHECK(width({{"许可证", false}}, {}) == doctest::Approx(36));
}
