// Every template of the catalogue as OFD beside the same as PDF: they must look the same. With KAIGONG_RENDER_TO set to
// a folder, files and pictures are kept there for looking at.
#include "formats/layout/template.hpp"
#include "formats/ofd/ofd_writer.hpp"
#include "formats/ofd/testing/raster.hpp"
#include "formats/pdf/pdf_writer.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace kaigong;

namespace {

namespace fs = std::filesystem;
using ofd::testing::Raster;

constexpr std::int64_t kLookCreatedAtMs = 1'796'200'000'000;

std::string bytes_of_file(const fs::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

void write_file(const fs::path& path, const std::string& bytes) {
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
}

/// A folder of this test alone: the one to look into, or one that is removed at the end.
class LookFolder {
  public:
    LookFolder() {
        if (const char* kept = std::getenv("KAIGONG_RENDER_TO")) {
            path_ = fs::path(kept) / "ofd";
            fs::create_directories(path_);
            return;
        }
        std::string made = (fs::temp_directory_path() / "kaigong_ofd_XXXXXX").string();
        REQUIRE(mkdtemp(made.data()) != nullptr);
        path_ = made;
        passing_ = true;
    }
    LookFolder(const LookFolder&) = delete;
    LookFolder& operator=(const LookFolder&) = delete;
    ~LookFolder() {
        if (passing_) fs::remove_all(path_);
    }
    const fs::path& path() const { return path_; }

  private:
    fs::path path_;
    bool passing_ = false;
};

bool program_there(const char* name) {
    return std::system(fmt::format("command -v {} >/dev/null 2>&1", name).c_str()) == 0;
}

/// Where a judge is missing, the test says so; on the build server that is a failure.
bool judges_there() {
    const bool there = program_there("pdftoppm") && program_there("zbarimg");
    if (!there) {
        REQUIRE_MESSAGE(std::getenv("CI") == nullptr, "pdftoppm and zbarimg are needed");
        MESSAGE("skipped: pdftoppm (poppler-utils) and zbarimg (zbar-tools) are not installed");
    }
    return there;
}

std::vector<fs::path> catalogue() {
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(KAIGONG_SOURCE_DIR) / "catalog")) {
        const auto& path = entry.path();
        const bool letter = path.parent_path().filename() == "letters" && path.extension() == ".json";
        if (letter || path.filename() == "certificate.json") files.push_back(path);
    }
    std::ranges::sort(files);
    return files;
}

layout::Document example_of(const fs::path& path) {
    const auto parsed = *layout::Template::parse(bytes_of_file(path));
    return *parsed.fill(parsed.example_values(), kLookCreatedAtMs);
}

ofd::Package ofd_of(const layout::Document& document) {
    ofd::Options options;
    options.doc_id = "0123456789abcdef0123456789abcdef";
    // What a reader gets: written, zipped, read again.
    return *ofd::Package::read(ofd::write(document, options)->zip());
}

/// By pdftoppm, or by pdftocairo, which draws with the same library as the raster of this project.
Raster pdf_page(const fs::path& pdf, std::size_t page, int dpi, const char* program) {
    const std::string root = pdf.string() + ".page";
    const std::string command = fmt::format("{} -png -r {} -f {} -l {} -singlefile '{}' '{}'", program, dpi, page + 1,
                                            page + 1, pdf.string(), root);
    REQUIRE(std::system(command.c_str()) == 0);
    const Raster raster = ofd::testing::from_png(bytes_of_file(root + ".png"));
    fs::remove(root + ".png");
    return raster;
}

struct Difference {
    /// Of all channels, 0–255.
    double mean = 0;
    /// Pixels of which a channel differs by more than a third of the range.
    double strong_share = 0;
    /// The same, after both pictures were made coarser (blocks of 4 × 4): what moves by half a pixel goes away.
    double coarse_strong_share = 0;
};

std::vector<double> blocks(const Raster& raster, int block) {
    std::vector<double> sums;
    for (int y = 0; y + block <= raster.height; y += block) {
        for (int x = 0; x + block <= raster.width; x += block) {
            for (int c = 0; c < 3; ++c) {
                double sum = 0;
                for (int i = 0; i < block * block; ++i) {
                    const int at = (y + i / block) * raster.width + x + i % block;
                    sum += raster.rgb[static_cast<std::size_t>(at) * 3 + static_cast<std::size_t>(c)];
                }
                sums.push_back(sum / (block * block));
            }
        }
    }
    return sums;
}

double strong_share(const std::vector<double>& left, const std::vector<double>& right, double from) {
    std::size_t strong = 0;
    for (std::size_t i = 0; i < left.size(); i += 3) {
        bool differs = false;
        for (std::size_t c = i; c < i + 3; ++c) differs = differs || std::abs(left[c] - right[c]) > from;
        strong += differs ? 1 : 0;
    }
    return static_cast<double>(strong) / (static_cast<double>(left.size()) / 3);
}

Difference compare(const Raster& left, const Raster& right) {
    REQUIRE(left.width == right.width);
    REQUIRE(left.height == right.height);
    const std::vector<double> fine_left = blocks(left, 1);
    const std::vector<double> fine_right = blocks(right, 1);
    Difference difference;
    for (std::size_t i = 0; i < fine_left.size(); ++i) difference.mean += std::abs(fine_left[i] - fine_right[i]);
    difference.mean /= static_cast<double>(fine_left.size());
    difference.strong_share = strong_share(fine_left, fine_right, 85);
    difference.coarse_strong_share = strong_share(blocks(left, 4), blocks(right, 4), 40);
    return difference;
}

std::string code_read_from(const fs::path& picture) {
    const fs::path told = picture.string() + ".txt";
    const std::string command = fmt::format("zbarimg -q --raw '{}' > '{}'", picture.string(), told.string());
    const bool read = std::system(command.c_str()) == 0;
    std::string text = bytes_of_file(told);
    fs::remove(told);
    return read ? text : std::string();
}

}  // namespace

TEST_CASE("every template of the catalogue looks the same as OFD and as PDF") {
    if (!judges_there()) return;
    const LookFolder folder;
    const auto files = catalogue();
    REQUIRE(files.size() >= 9);
    for (const auto& file : files) {
        const std::string name = file.parent_path().parent_path().filename().string() + "_" +
                                 file.parent_path().filename().string() + "_" + file.stem().string();
        CAPTURE(name);
        const layout::Document document = example_of(file);
        const ofd::Package package = ofd_of(document);
        write_file(folder.path() / (name + ".pdf"), *pdf::write(document));
        write_file(folder.path() / (name + ".ofd"), package.zip());
        for (std::size_t page = 0; page < document.pages.size(); ++page) {
            const Raster drawn = ofd::testing::draw_page(package, page, 100);
            const Raster wanted = pdf_page(folder.path() / (name + ".pdf"), page, 100, "pdftocairo");
            const Raster other = pdf_page(folder.path() / (name + ".pdf"), page, 100, "pdftoppm");
            write_file(folder.path() / fmt::format("{}_{}_ofd.png", name, page), ofd::testing::png_of(drawn));
            write_file(folder.path() / fmt::format("{}_{}_pdf.png", name, page), ofd::testing::png_of(wanted));
            const Difference difference = compare(drawn, wanted);
            const Difference programs = compare(other, wanted);
            const Difference second = compare(drawn, other);
            MESSAGE("programs mean ", programs.mean, " strong ", programs.strong_share, " coarse ",
                    programs.coarse_strong_share, " second ", second.mean, " ", second.strong_share, " ",
                    second.coarse_strong_share);
            MESSAGE(name, " page ", page, ": mean ", difference.mean, " strong ", difference.strong_share, " coarse ",
                    difference.coarse_strong_share);
            CHECK(difference.mean < 2.0);
        }
    }
}

TEST_CASE("the code on a certificate reads at 72 dpi from OFD and from PDF") {
    if (!judges_there()) return;
    const LookFolder folder;
    const auto files = catalogue();
    const auto path = std::ranges::find_if(
        files, [](const auto& file) { return file.string().ends_with("construction-permit/certificate.json"); });
    REQUIRE(path != files.end());
    const layout::Document document = example_of(*path);
    write_file(folder.path() / "code.pdf", *pdf::write(document));
    write_file(folder.path() / "code_ofd.png", ofd::testing::png_of(ofd::testing::draw_page(ofd_of(document), 0, 72)));
    write_file(folder.path() / "code_pdf.png",
               ofd::testing::png_of(pdf_page(folder.path() / "code.pdf", 0, 72, "pdftoppm")));
    const std::string from_ofd = code_read_from(folder.path() / "code_ofd.png");
    CHECK(from_ofd.starts_with("http"));
    CHECK(from_ofd == code_read_from(folder.path() / "code_pdf.png"));
}
