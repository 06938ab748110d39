#include "formats/pdf/reader.hpp"

#include "formats/pdf/pdf_file.hpp"
#include "formats/pdf/pdf_writer.hpp"

#include <doctest/doctest.h>
#include <functional>

using namespace kaigong;

namespace {

/// A file of one page, whose parts a test chooses.
struct SmallFile {
    std::string content;
    std::string map =
        "1 beginbfchar <0001> <65BD> endbfchar 1 beginbfrange <0010> <0012> <0041> endbfrange\n"
        "1 beginbfrange <0020> <0021> [<5DE5> <D842DFB7>] endbfrange";
    std::string catalog_entries = {};
    std::string metadata = {};
    pdf::Packing packing = pdf::Packing::plain;
    bool resources_above = false;
    std::string form_entries = "/Subtype /Form /Resources";

    std::string write() const {
        pdf::FileWriter file;
        for (int i = 0; i < 7; ++i) file.reserve();
        file.put(1, "<< /Type /Catalog /Pages 2 0 R /Metadata 7 0 R " + catalog_entries + " >>");
        const std::string resources =
            " /Resources << /Font << /F 5 0 R /L << /Type /Font /Subtype /Type1 >> >> /XObject << /X 4 0 R >> >>";
        file.put(2, "<< /Type /Pages /Count 1 /Kids [3 0 R]" + (resources_above ? resources : "") + " >>");
        file.put(3, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R" +
                        (resources_above ? "" : resources) + " >>");
        file.put_stream(4, form_entries + " << /Font << /F 5 0 R >> /XObject << /X 4 0 R >> >>", content, packing);
        file.put(5, "<< /Type /Font /Subtype /Type0 /ToUnicode 6 0 R >>");
        file.put_stream(6, "", map, packing);
        file.put_stream(7, "", metadata, packing);
        return file.finish(1, 3);
    }
    Result<pdf::StoredPdf> read() const { return pdf::read(write()); }
    std::string text() const { return read()->pages.at(0); }
};

std::string metadata_of(std::string_view properties) {
    return "<x:xmpmeta xmlns:x='adobe:ns:meta/'><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
           "<r:Description xmlns:c='urn:kaigong:certificate:1' xmlns:d='urn:other'>" +
           std::string(properties) + "</r:Description></r:RDF></x:xmpmeta>";
}

}  // namespace

TEST_CASE("codes become text through the map of their font") {
    CHECK(SmallFile{"BT /F 9 Tf <0001> Tj [<0010> -20 <0011 0012>] TJ ET"}.text() == "施ABC\n");
    CHECK(SmallFile{"BT /F 9 Tf <0020 0021> ' ET"}.text() == "工𠮷\n");
    CHECK(SmallFile{"BT /F 9 Tf <0999> Tj ET"}.text() == "\xEF\xBF\xBD\n");
    CHECK(SmallFile{"BT /L 9 Tf (No. 1) Tj ET"}.text() == "No. 1\n");
    CHECK(SmallFile{"BT <0001> Tj ET"}.text().empty());
    CHECK(SmallFile{"q BT /F 9 Tf ET Q BT <0001> Tj ET"}.text().empty());
}

TEST_CASE("text that the page gives for a mark replaces what is inside") {
    CHECK(SmallFile{"BT /F 9 Tf /Span << /ActualText <FEFF5DE5> >> BDC <0001> Tj EMC <0001> Tj ET"}.text() == "工施\n");
    CHECK(SmallFile{"BT /F 9 Tf /P << /MCID 0 >> BDC <0001> Tj EMC ET"}.text() == "施\n");
    CHECK(SmallFile{"EMC EMC BT /F 9 Tf <0001> Tj ET"}.text() == "施\n");
}

TEST_CASE("a form that draws itself ends") {
    const SmallFile file{"BT /F 9 Tf <0001> Tj ET /X Do"};
    CHECK(file.text().size() < 64);
    std::string many;
    for (int i = 0; i < 200; ++i) many += "/X Do ";
    CHECK(SmallFile{many}.read().error().reason == "pdf.too_complex");
}

TEST_CASE("a stream that unpacks without end is refused") {
    SmallFile file{std::string(17 * 1024 * 1024, ' ')};
    file.packing = pdf::Packing::deflate;
    CHECK(file.read().error().reason == "pdf.too_complex");
}

TEST_CASE("properties are those of our namespace, whatever its prefix") {
    SmallFile file;
    file.metadata =
        metadata_of("<c:certificate>一&lt;</c:certificate><d:certificate>x</d:certificate><c:copy><b/></c:copy>");
    CHECK(file.read()->properties == std::map<std::string, std::string>{{"certificate", "一<"}});
    file.metadata = metadata_of("<c:certificate>1</c:certificate><c:certificate>1</c:certificate>");
    CHECK(file.read().error().reason == "pdf.metadata_ambiguous");
    file.metadata = "<no";
    CHECK(file.read()->properties.empty());
}

TEST_CASE("files that are not in the plain form are refused") {
    const std::string good = SmallFile{}.write();
    REQUIRE(pdf::read(good).has_value());
    const auto with = [&good](std::string_view from, std::string_view to) {
        std::string bytes = good;
        bytes.replace(bytes.rfind(from), from.size(), to);
        return pdf::read(bytes).error().reason;
    };
    CHECK(with("/ID", "/Encrypt << >> /ID") == "pdf.form_not_plain");
    CHECK(with("/ID", "/XRefStm 9 /ID") == "pdf.form_not_plain");
    CHECK(with("xref\n0 8", "yref\n0 8") == "pdf.form_not_plain");
    CHECK(with("xref\n0 8", "xref\n0 9") == "pdf.unreadable");
    CHECK(with("/ID", "/Prev 99999999 /ID") == "pdf.unreadable");
    CHECK(with("%%EOF", "%%EO") == "pdf.unreadable");
    CHECK(pdf::read(good.substr(1)).error().reason == "pdf.unreadable");
    CHECK(pdf::read(good.substr(0, good.size() / 2)).error().reason == "pdf.unreadable");
    CHECK(pdf::read(std::string(33 * 1024 * 1024, ' ')).error().reason == "pdf.too_large");
}

TEST_CASE("a chain of tables that comes back to itself ends") {
    std::string bytes = SmallFile{}.write();
    const std::string own = bytes.substr(bytes.rfind("startxref\n") + 10, bytes.size());
    bytes.insert(bytes.rfind("/ID"), "/Prev " + own.substr(0, own.find('\n')) + " ");
    CHECK(pdf::read(bytes).error().reason == "pdf.unreadable");
}

TEST_CASE("a form whose fields are nested is none of ours") {
    SmallFile file;
    file.catalog_entries = "/AcroForm << /Fields [<< /T (a) /Kids [<< /FT /Sig >>] >>] >>";
    CHECK(file.read().error().reason == "pdf.form_not_plain");
    file.catalog_entries = "/AcroForm << /Fields [<< /T (a) /FT /Tx /V (b) >>] >>";
    CHECK(file.read()->signatures.empty());
}

TEST_CASE("a page has the fonts of the pages above it") {
    SmallFile file;
    file.content = "BT /L 9 Tf (abc) Tj ET";
    const std::string own = file.text();
    file.resources_above = true;
    CHECK(file.text() == own);
    CHECK(own == "abc\n");
}

TEST_CASE("pages that cannot be read do not hide what else the file says") {
    SmallFile file;
    file.metadata = metadata_of("<c:certificate>{}</c:certificate>");
    file.content = std::string(20 * 1024 * 1024, ' ');
    file.packing = pdf::Packing::deflate;
    CHECK_FALSE(file.read().has_value());
    const auto rest = pdf::read_without_pages(file.write());
    REQUIRE(rest.has_value());
    CHECK(rest->properties.at("certificate") == "{}");
    CHECK(rest->pages.empty());
}

namespace {

/// `chain` objects, each written by `link` from the number of the next, and a catalog that begins with the first.
std::string file_of_chain(int chain, const std::string& catalog, const std::function<std::string(int)>& link) {
    pdf::FileWriter file;
    for (int i = 0; i < chain + 3; ++i) file.reserve();
    file.put(1, "<< /Type /Catalog " + catalog + " >>");
    file.put(2, "<< /Type /Pages /Count 0 /Kids [] >>");
    for (int i = 0; i < chain; ++i) file.put(3 + i, link(4 + i));
    file.put(3 + chain, "<< /Type /Page /MediaBox [0 0 9 9] >>");
    return file.finish(1, 3);
}

constexpr int kLongChain = 60'000;

}  // namespace

TEST_CASE("pages below pages without end are refused before the stack ends") {
    const auto nested = [](int next) { return "<< /Type /Pages /Count 1 /Kids [" + std::to_string(next) + " 0 R] >>"; };
    CHECK(pdf::read(file_of_chain(kLongChain, "/Pages 3 0 R", nested)).error().reason == "pdf.form_not_plain");
    CHECK(pdf::read(file_of_chain(2, "/Pages 3 0 R", nested)).error().reason == "pdf.form_not_plain");
    CHECK(pdf::read(file_of_chain(1, "/Pages 3 0 R", nested))->pages.size() == 1);
    const auto around = [](int) { return std::string("<< /Type /Pages /Count 1 /Kids [3 0 R] >>"); };
    CHECK(pdf::read(file_of_chain(1, "/Pages 3 0 R", around)).error().reason == "pdf.form_not_plain");
}

TEST_CASE("streams whose length is the next stream are refused before the stack ends") {
    const auto stream = [](int next) { return "<< /Length " + std::to_string(next) + " 0 R >>\nstream\nx\nendstream"; };
    const std::string bytes = file_of_chain(kLongChain, "/Pages 2 0 R /Metadata 3 0 R", stream);
    CHECK(pdf::read(bytes).error().reason == "pdf.form_not_plain");
    CHECK(pdf::read_without_pages(bytes).error().reason == "pdf.form_not_plain");
    SmallFile file;
    file.metadata = metadata_of("<c:copy>1</c:copy>");
    CHECK(file.read()->properties.size() == 1);
}

TEST_CASE("a text that one code stands for is short, and shown a limited number of times") {
    const std::string long_text = "1 beginbfchar <0001> <" + std::string(400, '4') + "> endbfchar";
    SmallFile file{"BT /F 9 Tf <0001> Tj ET", long_text};
    CHECK(file.text() == "\xEF\xBF\xBD\n");
    file.map = "1 beginbfrange <0000> <00FF> <" + std::string(1'000'000, '4') + "> endbfrange";
    CHECK(file.text() == "\xEF\xBF\xBD\n");
    std::string codes;
    for (int i = 0; i < 300'000; ++i) codes += "0001";
    file = SmallFile{"BT /F 9 Tf <" + codes + "> Tj ET", "1 beginbfchar <0001> <65BD65BD65BD65BD65BD> endbfchar"};
    CHECK(file.read().error().reason == "pdf.too_complex");
}

TEST_CASE("a stream with parameters for its filter is none of ours") {
    SmallFile file{"BT ET"};
    file.packing = pdf::Packing::deflate;
    REQUIRE(file.read().has_value());
    file.form_entries = "/DecodeParms << /Columns 1000000000 /Predictor 12 >> /Resources";
    CHECK(file.read().error().reason == "pdf.form_not_plain");
}
