#include "formats/sniff/sniff.hpp"

#include "formats/layout/document.hpp"
#include "formats/pdf/pdf_writer.hpp"

#include <doctest/doctest.h>
#include <zlib.h>
#include <string>

using namespace kaigong;
using namespace kaigong::sniff;
using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

std::string number(std::size_t value, int size) {
    std::string bytes;
    for (int i = 0; i < size; ++i, value >>= 8) bytes.push_back(static_cast<char>(value & 0xFF));
    return bytes;
}

/// A ZIP with empty entries of these names, as far as a directory reader looks.
std::string zip_of(const std::vector<std::string>& names) {
    std::string bytes = "PK\x03\x04 local part";
    const std::size_t directory = bytes.size();
    for (const auto& name : names) {
        bytes += "PK\x01\x02" + std::string(24, '\0') + number(name.size(), 2) + std::string(16, '\0') + name;
    }
    return bytes + "PK\x05\x06"s + number(0, 4) + number(names.size(), 2) + number(names.size(), 2) +
           number(bytes.size() - directory, 4) + number(directory, 4) + number(0, 2);
}

std::string pdf_of(std::string_view body) {
    return "%PDF-1.7\n" + std::string(body) + "\ntrailer\n%%EOF\n";
}

std::string deflated(std::string_view plain) {
    std::string bytes(plain.size() + 128, '\0');
    uLongf size = bytes.size();
    REQUIRE(compress(reinterpret_cast<Bytef*>(bytes.data()), &size, reinterpret_cast<const Bytef*>(plain.data()),
                     plain.size()) == Z_OK);
    bytes.resize(size);
    return bytes;
}

}  // namespace

TEST_CASE("a file is known by what it holds and not by how it begins alone") {
    CHECK(file_kind(pdf_of("")) == FileKind::pdf);
    CHECK(file_kind("\n\n" + pdf_of("")) == FileKind::pdf);
    CHECK(file_kind("\xFF\xD8\xFF\xE0 image \xFF\xD9"sv) == FileKind::jpeg);
    CHECK(file_kind("\x89PNG\r\n\x1A\n\0\0\0\rIHDR .... IEND"sv) == FileKind::png);
    CHECK(file_kind(zip_of({"Doc_0/Document.xml", "OFD.xml"})) == FileKind::ofd);
    CHECK(file_kind(zip_of({"word/document.xml"})) == FileKind::zip);
    CHECK(file_kind(zip_of({"x/OFD.xml", "ofd.XML"})) == FileKind::zip);
}

TEST_CASE("files that were cut off or only pretend are unknown") {
    CHECK(file_kind("") == FileKind::unknown);
    CHECK(file_kind("%PDF-1.7 without an end") == FileKind::unknown);
    CHECK(file_kind("\xFF\xD8\xFF\xE0 image"sv) == FileKind::unknown);
    CHECK(file_kind("\x89PNG\r\n\x1A\n"sv) == FileKind::unknown);
    CHECK(file_kind("PK\x03\x04 something"sv) == FileKind::unknown);
    CHECK(file_kind("<html><script>alert(1)</script>") == FileKind::unknown);
    CHECK(file_kind(std::string(2'000, ' ') + pdf_of("")) == FileKind::unknown);
    std::string zip = zip_of({"OFD.xml"});
    zip[zip.size() - 6] = '\x7F';  // directory elsewhere
    CHECK(file_kind(zip) == FileKind::unknown);
}

TEST_CASE("the page count of a PDF is that of its whole page tree") {
    CHECK(pdf_page_count(pdf_of("<< /Type /Pages /Kids [1 0 R] /Count 2 >>\n<</Count 12/Type/Pages/Kids[]>>")) == 12);
    CHECK(pdf_page_count(pdf_of("<< /Type /Catalog /Pages 2 0 R >> << /Type /Outlines /Count 99 >>")) == std::nullopt);
    CHECK(pdf_page_count(pdf_of("<< /Type /Pages /Count -5 >>")) == std::nullopt);
    CHECK(pdf_page_count(pdf_of("<< /Type /Pages /Count 99999999999999 >>")) == std::nullopt);
    CHECK(pdf_page_count("not a pdf") == std::nullopt);
}

TEST_CASE("a page tree in a compressed object stream is found") {
    const std::string stream = deflated("1 0 <</Type/Pages/Count 36/Kids[]>>");
    CHECK(pdf_page_count(pdf_of("<</Type/ObjStm/Filter/FlateDecode>>\nstream\r\n" + stream + "\nendstream")) == 36);
    CHECK(pdf_page_count(pdf_of("<</Type/ObjStm>>\nstream\ngarbage\nendstream")) == std::nullopt);
}

TEST_CASE("a stream that unpacks to gigabytes is left after sixteen megabytes") {
    std::string plain(std::size_t{40} << 20, ' ');
    plain += "<</Type/Pages/Count 3>>";
    const std::string bomb = deflated(plain);
    CHECK(pdf_page_count(pdf_of("<</Type/ObjStm>>\nstream\n" + bomb + "\nendstream")) == std::nullopt);
}

TEST_CASE("the pages of our own PDF are counted") {
    layout::Document document;
    document.pages.resize(3);
    const auto bytes = pdf::write(document);
    REQUIRE(bytes.has_value());
    CHECK(file_kind(*bytes) == FileKind::pdf);
    CHECK(page_count(*bytes) == 3);
    CHECK(media_type(file_kind(*bytes)) == "application/pdf");
    CHECK(format_name(file_kind(*bytes)) == "pdf");
}

TEST_CASE("an image has one page and an archive none that we know") {
    CHECK(page_count("\xFF\xD8\xFF\xE0 image \xFF\xD9"sv) == 1);
    CHECK(page_count(zip_of({"OFD.xml"})) == std::nullopt);
}
