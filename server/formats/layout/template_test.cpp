#include "formats/layout/template.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

using namespace kaigong;
using namespace kaigong::layout;
namespace json = boost::json;

namespace {

constexpr std::int64_t kCreatedAtMs = 1'796'200'000'000;

const Template& every_block() {
    static const Template parsed = [] {
        std::ostringstream text;
        text << std::ifstream(KAIGONG_SOURCE_DIR "/server/formats/layout/samples/every_block.json").rdbuf();
        return *Template::parse(text.str());
    }();
    return parsed;
}

std::string text_of(const Page& page) {
    std::string text;
    for (const Element& element : page.elements) {
        if (const auto* run = std::get_if<TextRun>(&element)) text += run->run.text;
    }
    return text;
}

std::string text_of(const Document& document) {
    std::string text;
    for (const Page& page : document.pages) text += text_of(page);
    return text;
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// A template with one block and the placeholders `name` and, in the list `points`, `what`.
Result<Template> with_block(std::string_view block, std::string_view section_members = "") {
    return Template::parse(fmt::format(
        R"({{"template_version":1,"kind":"k","title":"t","placeholders":[
            {{"name":"name","title":"名称","characters_max":5000}},
            {{"name":"points","title":"事项","list":true,"items_max":500,"fields":[{{"name":"what","title":"问题","characters_max":5000}}]}}],
            "sections":[{{{}"blocks":[{}]}}]}})",
        section_members, block));
}

json::object long_list(std::size_t count, std::string_view what) {
    json::array points;
    for (std::size_t i = 0; i < count; ++i) points.push_back(json::object{{"what", what}});
    return {{"points", std::move(points)}};
}

}  // namespace

TEST_CASE("every block of the language prints, in the order of the template") {
    const auto document = every_block().fill(every_block().example_values(), kCreatedAtMs);
    REQUIRE(document.has_value());
    CHECK(document->title == "样张 示许〔2026〕1号");
    const std::string text = text_of(*document);
    std::size_t at = 0;
    for (const char* part : {"样张", "示例置业有限公司", "{原样}", "有文号", "一、", "第一条", "序号", "缺少公章",
                             "接下来", "（3）", "如不服本决定", "扫码", "最后一页"}) {
        CAPTURE(part);
        const std::size_t found = text.find(part, at);
        CHECK(found != std::string::npos);
        at = found;
    }
    CHECK_FALSE(contains(text, "没有文号"));
}

TEST_CASE("each page says which of how many it is") {
    const auto document = *every_block().fill(every_block().example_values(), kCreatedAtMs);
    REQUIRE(document.pages.size() >= 2);
    CHECK(contains(text_of(document.pages[0]), fmt::format("第 1 页 共 {} 页", document.pages.size())));
    CHECK(contains(text_of(document.pages.back()), fmt::format("第 {0} 页 共 {0} 页", document.pages.size())));
}

TEST_CASE("seal and watermark are drawn and not written") {
    auto values = every_block().example_values();
    values["authority_name"] = "天枢机关";
    const auto document = *every_block().fill(values, kCreatedAtMs);
    const std::string text = text_of(document);
    CHECK_FALSE(contains(text, "演示印章"));
    std::size_t paths = 0;
    for (const Page& page : document.pages) {
        paths += static_cast<std::size_t>(std::ranges::count_if(
            page.elements, [](const Element& element) { return std::holds_alternative<Path>(element); }));
    }
    CHECK(paths > 20);
}

TEST_CASE("a condition on a list or a text leaves the block out when it is empty") {
    auto values = every_block().example_values();
    values["points"] = json::array{};
    values.erase("letter_number");
    const std::string text = text_of(*every_block().fill(values, kCreatedAtMs));
    CHECK(contains(text, "没有文号"));
    CHECK_FALSE(contains(text, "序号"));
}

TEST_CASE("a value never becomes markup") {
    auto values = every_block().example_values();
    values["owner_name"] = "{authority_name} **甲** {{";
    CHECK(contains(text_of(*every_block().fill(values, kCreatedAtMs)), "{authority_name} **甲** {{"));
}

TEST_CASE("a missing, long or malformed value is named by its field") {
    const auto reason_with = [](const char* name, json::value value) {
        auto values = every_block().example_values();
        values[name] = std::move(value);
        const auto document = every_block().fill(values, kCreatedAtMs);
        return document ? std::string("filled") : document.error().reason + " " + document.error().fields.at(0).field;
    };
    CHECK(reason_with("authority_name", "") == "layout.value_missing authority_name");
    CHECK(reason_with("authority_name", nullptr) == "layout.value_missing authority_name");
    CHECK(reason_with("authority_name", true) == "layout.value_malformed authority_name");
    CHECK(reason_with("letter_number", json::value(std::string(41, 'x'))) == "layout.value_too_long letter_number");
    CHECK(reason_with("owner_name", "甲\u202E乙") == "layout.character_refused owner_name");
    CHECK(reason_with("owner_name", "甲\u0007") == "layout.character_refused owner_name");
    CHECK(reason_with("points", "x") == "layout.value_malformed points");
    CHECK(reason_with("points", json::array{json::object{{"basis", "x"}}}) == "layout.value_missing points[0].what");
    CHECK(reason_with("points", long_list(301, "x")["points"]) == "layout.too_many_items points");
    CHECK(reason_with("owner_name", 7) == "filled");
}

TEST_CASE("a character that the font lacks is reported with its field and never printed as a box") {
    auto values = every_block().example_values();
    values["points"] = json::array{json::object{{"what", "好"}}, json::object{{"what", "\U0001F600"}}};
    const auto document = every_block().fill(values, kCreatedAtMs);
    REQUIRE_FALSE(document.has_value());
    CHECK(document.error().reason == "layout.glyph_missing");
    CHECK(document.error().fields.at(0).field == "points[1].what");
    CHECK(contains(document.error().message, "\U0001F600"));
}

TEST_CASE("remedies without the reconsideration body cannot be printed") {
    auto values = every_block().example_values();
    values["reconsideration_body"] = "";
    const auto document = every_block().fill(values, kCreatedAtMs);
    REQUIRE_FALSE(document.has_value());
    CHECK(document.error().reason == "layout.remedies_incomplete");
    CHECK(document.error().fields.at(0).field == "reconsideration_body");
}

TEST_CASE("text that does not fit its row is set smaller and then refused") {
    const auto parsed = with_block(
        R"({"block":"grid","rows":[{"height_mm":9,"cells":[{"label":"名称","text":"{name}","size_min_pt":7}]}]})");
    REQUIRE(parsed.has_value());
    const auto size_of = [&](std::size_t characters) {
        std::string name;
        for (std::size_t i = 0; i < characters; ++i) name += "长";
        const auto document = parsed->fill({{"name", name}}, 0);
        if (!document) return document.error().fields.at(0).field == "name" ? -1.0 : -2.0;
        for (const Element& element : document->pages[0].elements) {
            const auto* run = std::get_if<TextRun>(&element);
            if (run != nullptr && contains(run->run.text, "长")) return run->run.size_pt;
        }
        return 0.0;
    };
    CHECK(size_of(10) == 10.5);
    CHECK(size_of(60) < 10.5);
    CHECK(size_of(60) >= 7);
    CHECK(size_of(400) == -1);
}

TEST_CASE("a long table goes on with its headings on the next page and balanced tags on each") {
    const auto parsed =
        *with_block(R"({"block":"table","repeat":"points","columns":[{"heading":"标题","text":"{index} {what}"}]})");
    const auto document = *parsed.fill(long_list(120, "内容"), 0);
    CHECK(document.pages.size() >= 3);
    for (const Page& page : document.pages) {
        CHECK(text_of(page).starts_with("标题"));
        int open = 0;
        for (const Element& element : page.elements) {
            if (std::holds_alternative<TagOpen>(element)) ++open;
            if (std::holds_alternative<TagClose>(element)) --open;
            CHECK(open >= 0);
        }
        CHECK(open == 0);
    }
    CHECK(contains(text_of(document.pages.back()), "120 内容"));
}

TEST_CASE("nothing is printed outside the margins") {
    const auto parsed =
        *with_block(R"({"block":"repeat","over":"points","blocks":[{"block":"paragraph","text":"{what}"}]})",
                    R"("margins_mm":{"top":30,"right":20,"bottom":40,"left":20},)");
    const auto document = *parsed.fill(
        long_list(60, "一段足够长的文字，用来占满一整行并且换到下一行，看看会不会超出版心。Latin words too"), 0);
    CHECK(document.pages.size() > 1);
    for (const Page& page : document.pages) {
        for (const Element& element : page.elements) {
            const auto* run = std::get_if<TextRun>(&element);
            if (run == nullptr) continue;
            CHECK(run->origin.x_mm >= 19.9);
            CHECK(run->origin.x_mm + run->run.width_pt * kMmPerPoint <= 190.6);
            CHECK(run->origin.y_mm >= 30);
            CHECK(run->origin.y_mm <= 257);
        }
    }
}

TEST_CASE("no line begins with a closing mark") {
    std::string words;
    for (int i = 0; i < 300; ++i) words += "字，";
    const auto document = *(*with_block(R"({"block":"paragraph","text":"{name}"})")).fill({{"name", words}}, 0);
    double last_y = -1;
    for (const Element& element : document.pages[0].elements) {
        const auto* run = std::get_if<TextRun>(&element);
        if (run == nullptr || run->origin.y_mm == last_y) continue;
        last_y = run->origin.y_mm;
        CHECK_FALSE(run->run.text.starts_with("，"));
    }
    CHECK(last_y > 40);
}

TEST_CASE("content past the page limit or taller than a page is refused") {
    const auto many = with_block(
        R"({"block":"repeat","over":"points","blocks":[{"block":"paragraph","text":"{what}"}]})", R"("pages_max":2,)");
    CHECK(many->fill(long_list(500, "行"), 0).error().reason == "layout.too_many_pages");
    std::string words;
    for (int i = 0; i < 4'000; ++i) words += "字";
    const auto tall = with_block(R"({"block":"table","repeat":"points","columns":[{"heading":"h","text":"{what}"}]})");
    const auto refused = tall->fill(long_list(1, words), 0);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().reason == "layout.row_too_tall");
    CHECK(refused.error().fields.at(0).field == "points[0].what");
    const auto box = with_block(R"({"block":"box","blocks":[{"block":"paragraph","text":"{name}"}]})");
    CHECK(box->fill({{"name", words}}, 0).error().reason == "layout.block_too_tall");
}

TEST_CASE("a long verification address makes the code larger and never unreadable") {
    const auto parsed = *with_block(R"({"block":"qr","text":"{name}","size_mm":20})");
    const auto document = *parsed.fill({{"name", "https://permits.example.gov.cn/v?c=" + std::string(120, 'x')}}, 0);
    for (const Element& element : document.pages[0].elements) {
        const auto* code = std::get_if<QrCode>(&element);
        if (code == nullptr) continue;
        CHECK(code->module_mm == doctest::Approx(2 * kMmPerPoint));
        const double origin_pt = code->origin.x_mm / kMmPerPoint;
        CHECK(origin_pt == doctest::Approx(std::round(origin_pt)));
    }
    CHECK(parsed.fill({{"name", std::string(601, 'x')}}, 0).error().reason == "qr.text_too_long");
    CHECK(parsed.fill({{"name", ""}}, 0).error().reason == "qr.text_empty");
}

TEST_CASE("a template that is not right is refused when it is read") {
    for (const char* block :
         {R"({"block":"paragraph","text":"{unknown}"})", R"({"block":"paragraph","text":"{name"})",
          R"({"block":"paragraph","text":"**open"})", R"({"block":"paragraph","text":"{points}"})",
          R"({"block":"paragraph","text":"{what}"})", R"({"block":"paragraph","text":"{page}"})",
          R"({"block":"paragraph"})", R"({"block":"paragraph","text":"x","size_pt":500})",
          R"({"block":"paragraph","text":"x","colour":"red"})",
          R"({"block":"paragraph","text":"x","colour":"#12345G"})", R"({"block":"paragraph","text":"x","surprise":1})",
          R"({"block":"paragraph","text":"x","when":"unknown"})", R"({"block":"script","text":"x"})",
          R"({"block":"table","repeat":"name","columns":[]})", R"({"block":"table","repeat":"points","columns":[]})",
          R"({"block":"columns","columns":[]})",
          R"({"block":"repeat","over":"points","blocks":[{"block":"repeat","over":"points","blocks":[]}]})",
          R"("text")", "7"}) {
        CAPTURE(block);
        const auto parsed = with_block(block);
        REQUIRE_FALSE(parsed.has_value());
        CHECK(parsed.error().reason == "layout.template_malformed");
    }
    std::string nested = R"({"block":"spacer"})";
    for (int i = 0; i < 8; ++i) nested = fmt::format(R"({{"block":"box","blocks":[{}]}})", nested);
    CHECK_FALSE(with_block(nested).has_value());
    CHECK(with_block(R"({"block":"spacer"})").has_value());
    CHECK_FALSE(Template::parse("{").has_value());
    CHECK_FALSE(Template::parse("{}").has_value());
}

TEST_CASE("conditions look at the size of lists and texts, and are joined") {
    const auto shown = [](std::string_view when, const json::object& values) {
        const auto parsed = with_block(fmt::format(R"({{"block":"paragraph","when":{},"text":"见"}})", when));
        REQUIRE(parsed.has_value());
        return contains(text_of(*parsed->fill(values, 0)), "见");
    };
    const json::object two = [] {
        json::object values = long_list(2, "四个汉字");
        values["name"] = "三个字";
        return values;
    }();
    for (const char* holds : {R"("points")", R"("points>1")", R"("points<=2")", R"("name>2")", R"("name<=3")",
                              R"("points.what>8")", R"(["points>1","name"])", R"({"any":["!points","name>2"]})",
                              R"(["points",{"any":["!name","points.count>0"]}])"}) {
        CAPTURE(holds);
        CHECK(shown(holds, two));
    }
    for (const char* fails : {R"("!points")", R"("points>2")", R"("points<=1")", R"("name>3")", R"("points.what>9")",
                              R"(["points>2","name"])", R"({"any":["!points","name>3"]})"}) {
        CAPTURE(fails);
        CHECK_FALSE(shown(fails, two));
    }
    CHECK(shown(R"("points<=1")", {}));
    CHECK(shown(R"("name<=0")", {}));
    for (const char* malformed : {R"("points<2")", R"("points>")", R"("points>x")", R"("name>-1")", R"("!name>1")",
                                  R"([])", R"({"all":["name"]})", R"({"any":[]})", R"([["x"]])", R"("points.where>1")",
                                  R"(7)", R"("unknown>1")", R"("name|x")", R"([[[[["name"]]]]])"}) {
        CAPTURE(malformed);
        CHECK_FALSE(with_block(fmt::format(R"({{"block":"paragraph","when":{},"text":"见"}})", malformed)).has_value());
    }
}

TEST_CASE("a text says something for an empty value, and the whole of a list in one line") {
    const auto parsed =
        *with_block(R"({"block":"paragraph","text":"{name|无}，{points.what|没有}，共 {points.count} 件"})");
    CHECK(text_of(*parsed.fill({}, 0)) == "无，没有，共  件");
    auto values = long_list(2, "缺页");
    values["name"] = "甲";
    CHECK(text_of(*parsed.fill(values, 0)) == "甲，缺页、缺页，共 2 件");
    for (const char* text : {"{points.}", "{.what}", "{points.where}", "{name.what}", "{|x}", "{points.what.more}"}) {
        CAPTURE(text);
        CHECK_FALSE(with_block(fmt::format(R"({{"block":"paragraph","text":"{}"}})", text)).has_value());
    }
}

TEST_CASE("a grid that fills the page leaves no gap and sets all its rows in one size") {
    constexpr std::string_view kBlocks = R"({"block":"paragraph","text":"上"},
        {"block":"grid","fill_page":true,"size_min_pt":6,"rows":[{"cells":[{"label":"一","text":"{name}"}]},{"cells":[{"label":"二","text":"乙"}]}]},
        {"block":"paragraph","text":"下"})";
    const auto parsed =
        *with_block(kBlocks, R"("margins_mm":{"top":100,"right":20,"bottom":100,"left":20},"pages_max":1,)");
    const auto facts = [&](std::size_t characters) {
        std::string name;
        for (std::size_t i = 0; i < characters; ++i) name += "长";
        return parsed.fill({{"name", name}}, 0);
    };
    for (const std::size_t characters : {1U, 700U}) {
        const auto document = facts(characters);
        REQUIRE(document.has_value());
        CHECK(document->pages.size() == 1);
        double last = 0;
        std::vector<double> sizes;
        for (const Element& element : document->pages[0].elements) {
            const auto* run = std::get_if<TextRun>(&element);
            if (run == nullptr) continue;
            last = run->origin.y_mm;
            if (run->run.text != "上" && run->run.text != "下") sizes.push_back(run->run.size_pt);
        }
        // The last line ends with the column, at 197 mm.
        CHECK(last > 191);
        CHECK(last < 197);
        CHECK(std::ranges::all_of(sizes, [&](double size) { return size == sizes.front(); }));
        CHECK(sizes.front() == (characters == 1 ? 10.5 : doctest::Approx(8.0).epsilon(0.3)));
    }
    CHECK(facts(3000).error().reason == "layout.text_overflow");
    CHECK(facts(3000).error().fields.at(0).field == "name");
    const std::string grid = R"({"block":"grid","fill_page":true,"rows":[{"cells":[{"label":"一","text":"甲"}]}]})";
    CHECK_FALSE(with_block(grid + "," + grid).has_value());
    CHECK_FALSE(with_block(fmt::format(R"({{"block":"box","blocks":[{}]}})", grid)).has_value());
    const auto crowded = with_block(R"({"block":"spacer","height_mm":245},)" + grid);
    CHECK(crowded->fill({}, 0).error().reason == "layout.too_many_pages");
}

TEST_CASE("the foot of each page knows its number, and a watermark is drawn when its condition holds") {
    const auto parsed =
        *with_block(R"({"block":"repeat","over":"points","blocks":[{"block":"paragraph","text":"{what}"}]})",
                    R"("bottom":[{"block":"paragraph","text":"第 {page} 页 共 {pages} 页"}],
           "watermark":[{"when":"name","text":"甲\n乙"},{"when":["!name","points"],"text":"丙"}],)");
    auto values = long_list(60, "一行");
    values["name"] = "有";
    const auto tiles = [](const Document& document) {
        std::size_t paths = 0;
        for (const Element& element : document.pages[0].elements) {
            if (const auto* tile = std::get_if<Tile>(&element)) paths += tile->paths.size();
        }
        return paths;
    };
    const auto document = *parsed.fill(values, 0);
    REQUIRE(document.pages.size() > 1);
    for (std::size_t i = 0; i < document.pages.size(); ++i) {
        CHECK(contains(text_of(document.pages[i]), fmt::format("第 {} 页 共 {} 页", i + 1, document.pages.size())));
    }
    CHECK(tiles(document) == 8);  // two lines, four times a tile
    values.erase("name");
    CHECK(tiles(*parsed.fill(values, 0)) == 2);
    CHECK(tiles(*parsed.fill({}, 0)) == 0);
}

TEST_CASE("the star of a seal at the line's end stands clear of the date") {
    const auto seal_with = [](const char* place) {
        const auto parsed = *with_block(fmt::format(
            R"({{"block":"seal","authority":"示例局","legend":"印","place":"{}","lines":["发证机关 示例市住房和城乡建设局","2026年12月2日"]}})",
            place));
        const auto document = *parsed.fill({}, 0);
        const auto& page = document.pages.at(0);
        REQUIRE(seal_places(page).size() == 1);
        const Rect seal = seal_places(page).front();
        CHECK(seal.width_mm == doctest::Approx(40));
        double line_end = 0;
        for (const Element& element : page.elements) {
            if (const auto* run = std::get_if<TextRun>(&element)) {
                line_end = run->origin.x_mm + run->run.width_pt * kMmPerPoint;
            }
        }
        return seal.x_mm + seal.width_mm / 2 - line_end;
    };
    CHECK(seal_with("line_end") > 40 * 0.135);
    CHECK(seal_with("middle") < 0);
}

TEST_CASE("a list brings its own examples") {
    const auto parsed = Template::parse(R"({"template_version":1,"kind":"k","title":"t","placeholders":[
        {"name":"a","title":"甲","list":true,"examples":[],"fields":[{"name":"b","title":"乙","required":true}]},
        {"name":"c","title":"丙","list":true,"examples":[{"b":"一"}],"fields":[{"name":"b","title":"乙","required":true}]}],
        "sections":[{"blocks":[{"block":"table","repeat":"c","columns":[{"heading":"乙","text":"{b}"}]}]}]})");
    REQUIRE(parsed.has_value());
    CHECK(json::serialize(parsed->example_values()) == R"({"a":[],"c":[{"b":"一"}]})");
    CHECK(parsed->fill(parsed->example_values(), 0).has_value());
}
