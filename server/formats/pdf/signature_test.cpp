#include "formats/pdf/signature.hpp"

#include "formats/pdf/pdf_writer.hpp"
#include "formats/pdf/reader.hpp"

#include <doctest/doctest.h>

using namespace kaigong;

namespace {

std::string unsigned_file(bool with_field = true) {
    layout::Document document;
    document.pages.resize(2);
    pdf::Archival archival;
    if (with_field) {
        archival.signature.emplace();
        archival.signature->description = "签发机关的电子签名";
        archival.signature->page = 1;
        archival.signature->place = {120, 200, 40, 40};
    }
    return *pdf::write(document, archival);
}

pdf::SignatureFields fields_of_test() {
    return {"某市住房和城乡建设局", "签发施工许可证", "某市", 1'796'200'000'000, 64};
}

/// A DER SEQUENCE of the wanted length, up to 129 bytes.
crypto::Bytes der(std::size_t size) {
    crypto::Bytes bytes(size, 0xAB);
    bytes[0] = 0x30;
    bytes[1] = static_cast<std::uint8_t>(size - 2);
    return bytes;
}

std::string signed_file() {
    return *pdf::embed_signature(*pdf::prepare_signature(unsigned_file(), fields_of_test()), der(40));
}

void patch(std::string& bytes, std::string_view from, std::string_view to) {
    const std::size_t at = bytes.rfind(from);
    REQUIRE(at != std::string::npos);
    REQUIRE(from.size() == to.size());
    bytes.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a signature is added behind the file and covers all but itself") {
    const std::string original = unsigned_file();
    const auto prepared = *pdf::prepare_signature(original, fields_of_test());
    CHECK(prepared.pdf.starts_with(original));
    CHECK(prepared.pdf.size() == prepared.byte_range[2] + prepared.byte_range[3]);
    CHECK(prepared.byte_range[2] - prepared.byte_range[1] == 2 * 64 + 2);
    const auto digest = prepared.sha256();
    const auto bytes = *pdf::embed_signature(prepared, der(40));
    CHECK(bytes.size() == prepared.pdf.size());
    const auto stored = *pdf::read(bytes);
    CHECK(stored.revisions == 2);
    REQUIRE(stored.signatures.size() == 1);
    const auto& signature = stored.signatures[0];
    CHECK(stored.last_signature_covers_whole_file());
    CHECK(signature.cms == der(40));
    CHECK(signature.sub_filter == "ETSI.CAdES.detached");
    CHECK(signature.field == "issuer");
    CHECK(signature.name == "某市住房和城乡建设局");
    CHECK(signature.signed_at == "D:20261202082640Z");
    crypto::Hasher hasher(crypto::DigestKind::sha256);
    for (const auto part : pdf::signed_parts(bytes, signature.byte_range)) hasher.update(crypto::view(part));
    CHECK(hasher.finish() == digest);
}

TEST_CASE("what does not fit is refused") {
    const auto prepared = *pdf::prepare_signature(unsigned_file(), fields_of_test());
    CHECK(pdf::embed_signature(prepared, der(64)).has_value());
    CHECK(pdf::embed_signature(prepared, der(65)).error().reason == "pdf.signature_too_long");
}

TEST_CASE("only an unsigned file with a field is signed") {
    CHECK(pdf::prepare_signature(unsigned_file(false), {}).error().reason == "pdf.signature_field_missing");
    CHECK(pdf::prepare_signature(signed_file(), {}).error().reason == "pdf.already_signed");
    CHECK(pdf::prepare_signature("", {}).error().reason == "pdf.unreadable");
    CHECK(pdf::prepare_signature("%PDF-1.7\nstartxref\n0\n%%EOF", {}).error().reason == "pdf.form_not_plain");
    layout::Document document;
    document.pages.resize(1);
    pdf::Archival archival;
    archival.signature.emplace().page = 1;
    CHECK(pdf::write(document, archival).error().reason == "pdf.signature_page_missing");
}

TEST_CASE("bytes behind the signature are seen") {
    for (const std::string_view added : {"\n", "%", "\n%%EOF\n"}) {
        const auto stored = pdf::read(signed_file() + std::string(added));
        REQUIRE(stored.has_value());
        CHECK(stored->signatures[0].range_sound);
        CHECK_FALSE(stored->last_signature_covers_whole_file());
    }
}

TEST_CASE("an update behind the signature is a revision and is not covered") {
    std::string bytes = signed_file();
    const std::size_t newest = bytes.rfind("startxref\n") + 10;
    const std::string before = bytes.substr(newest, bytes.find('\n', newest) - newest);
    const std::string root = bytes.substr(bytes.rfind("/Root "), 12);
    const std::string size = bytes.substr(bytes.rfind("/Size "), 9);
    const std::size_t table = bytes.size();
    bytes += "xref\n0 0\ntrailer\n<< " + size + " " + root + " /Prev " + before + " >>\nstartxref\n" +
             std::to_string(table) + "\n%%EOF\n";
    const auto stored = pdf::read(bytes);
    REQUIRE(stored.has_value());
    CHECK(stored->revisions == 3);
    CHECK_FALSE(stored->last_signature_covers_whole_file());
}

TEST_CASE("a range that leaves out more than the signature is not sound") {
    const auto prepared = *pdf::prepare_signature(unsigned_file(), fields_of_test());
    const auto range = prepared.byte_range;
    const auto text = [](std::uint64_t begin, std::uint64_t end, std::uint64_t rest) {
        return std::to_string(begin) + " " + std::to_string(end) + " " + std::to_string(rest);
    };
    const auto claims = [&](const std::string& other) {
        std::string bytes = *pdf::embed_signature(prepared, der(40));
        patch(bytes, text(range[1], range[2], range[3]), other);
        const auto stored = *pdf::read(bytes);
        return stored.signatures.at(0).range_sound || stored.last_signature_covers_whole_file();
    };
    CHECK(claims(text(range[1], range[2], range[3])));
    CHECK_FALSE(claims(text(range[1] - 1, range[2], range[3])));
    CHECK_FALSE(claims(text(range[1], range[2] + 1, range[3] - 1)));
    CHECK_FALSE(claims(text(range[1], range[2], 999)));
    CHECK_FALSE(claims(text(range[2], range[1], range[3])));
}

TEST_CASE("what stands behind the CMS in its place must be zeros") {
    const auto prepared = *pdf::prepare_signature(unsigned_file(), fields_of_test());
    auto cms = der(40);
    cms.push_back(0);
    CHECK(pdf::read(*pdf::embed_signature(prepared, cms))->signatures[0].cms == der(40));
    cms.push_back(1);
    CHECK(pdf::read(*pdf::embed_signature(prepared, cms))->signatures[0].cms.empty());
    for (const crypto::Bytes& broken :
         {crypto::Bytes{}, crypto::Bytes{0x30, 0x80, 0, 0}, crypto::Bytes{0x30, 0x84, 1, 0, 0, 0},
          crypto::Bytes{0x04, 0x01, 0}, crypto::Bytes{0x30, 0x85, 0, 0, 0, 0, 1}}) {
        CHECK(pdf::read(*pdf::embed_signature(prepared, broken))->signatures[0].cms.empty());
    }
}
