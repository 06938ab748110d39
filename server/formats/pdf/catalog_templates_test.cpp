// Every template of the catalogue, filled with its own examples and written as PDF. With KAIGONG_RENDER_TO set to a
// folder, the files are kept there for looking at, each with the text that is read from it, and tests/pdf judges them.
#include "formats/layout/template.hpp"
#include "formats/pdf/pdf_writer.hpp"
#include "formats/pdf/reader.hpp"

#include <doctest/doctest.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace kaigong;

namespace {

constexpr std::int64_t kCreatedAtMs = 1'796'200'000'000;

std::string file_text(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

std::filesystem::path catalog_folder() {
    return std::filesystem::path(KAIGONG_SOURCE_DIR) / "catalog";
}

std::vector<std::filesystem::path> template_files() {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(catalog_folder())) {
        const auto& path = entry.path();
        const bool letter = path.parent_path().filename() == "letters" && path.extension() == ".json";
        if (letter || path.filename() == "certificate.json") files.push_back(path);
    }
    std::ranges::sort(files);
    return files;
}

void keep(const std::string& name, const std::string& bytes) {
    if (const char* folder = std::getenv("KAIGONG_RENDER_TO")) {
        const auto path = std::filesystem::path(folder) / (name + ".pdf");
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << bytes;
        std::ofstream text(std::filesystem::path(path).replace_extension(".txt"), std::ios::binary);
        const auto stored = *pdf::read(bytes);
        for (const std::string& page : stored.pages) text << page;
    }
}

/// What the layout says is text, without blanks, which a reader may see in other places.
std::string words_of(const layout::Page& page) {
    std::string words;
    for (const auto& element : page.elements) {
        if (const auto* item = std::get_if<layout::TextRun>(&element)) words += item->run.text;
    }
    return words;
}

std::string without_blanks(std::string text) {
    std::erase_if(text, [](char sign) { return sign == ' ' || sign == '\n'; });
    return text;
}

}  // namespace

TEST_CASE("every template of the catalogue prints its examples") {
    const auto files = template_files();
    REQUIRE(files.size() >= 9);
    for (const auto& path : files) {
        CAPTURE(path.string());
        const auto parsed = layout::Template::parse(file_text(path));
        if (!parsed) FAIL_CHECK(parsed.error().message);
        REQUIRE(parsed.has_value());
        const auto document = parsed->fill(parsed->example_values(), kCreatedAtMs);
        if (!document) FAIL_CHECK(document.error().reason, " ", document.error().message);
        REQUIRE(document.has_value());
        const auto bytes = pdf::write(*document);
        REQUIRE(bytes.has_value());
        CHECK(bytes->starts_with("%PDF-1.7"));
        CHECK(*pdf::write(*document) == *bytes);
        const auto stored = pdf::read(*bytes);
        REQUIRE(stored.has_value());
        REQUIRE(stored->pages.size() == document->pages.size());
        for (std::size_t page = 0; page < stored->pages.size(); ++page) {
            CHECK(without_blanks(stored->pages[page]) == without_blanks(words_of(document->pages[page])));
        }
        keep(std::filesystem::relative(path, catalog_folder()).replace_extension().string(), *bytes);
    }
}

TEST_CASE("a certificate with the longest names still is one page and an annex") {
    const auto files = template_files();
    const auto path = std::ranges::find_if(
        files, [](const auto& file) { return file.string().ends_with("construction-permit/certificate.json"); });
    REQUIRE(path != files.end());
    const auto parsed = *layout::Template::parse(file_text(*path));
    auto values = parsed.example_values();
    const auto repeated = [](std::string_view word, int times) {
        std::string text;
        for (int i = 0; i < times; ++i) text += word;
        return text;
    };
    for (const char* name : {"owner_name", "works_name", "surveyor_name", "designer_name", "resident_engineer_name"}) {
        values[name] = repeated("示例建设集团有限公司", 10);
    }
    values["contractor_name"] = repeated("样本第一建筑工程公司", 10);
    values["works_address"] = repeated("西湖区翠苑街道", 14);
    values["remark"] = repeated("分期建设，明细见附页。", 18);
    const auto document = parsed.fill(values, kCreatedAtMs);
    if (!document) FAIL_CHECK(document.error().reason, " ", document.error().fields.at(0).field);
    REQUIRE(document.has_value());
    CHECK(document->pages.size() == 2);
    keep("certificate_long", *pdf::write(*document));
    values["owner_name"] = repeated("示例建设集团有限公司", 11);
    CHECK(parsed.fill(values, kCreatedAtMs).error().fields.at(0).field == "owner_name");
}
