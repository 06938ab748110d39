#include "formats/ofd/package.hpp"
#include "formats/ofd/testing/zip_edits.hpp"

#include <doctest/doctest.h>
#include <zip.h>
#include <functional>

using namespace kaigong;
using namespace kaigong::ofd::testing;
using ofd::Package;

namespace {

Package two_files() {
    Package package;
    REQUIRE(package.add("OFD.xml", "<OFD/>"));
    REQUIRE(package.add("Doc_0/Document.xml", std::string(5'000, 'x')));
    return package;
}

/// A ZIP as somebody else makes it.
std::string foreign_zip(const std::function<void(zip_t*)>& fill) {
    zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, nullptr);
    zip_source_keep(target);
    zip_t* archive = zip_open_from_source(target, ZIP_TRUNCATE, nullptr);
    fill(archive);
    REQUIRE(zip_close(archive) == 0);
    REQUIRE(zip_source_open(target) == 0);
    zip_source_seek(target, 0, SEEK_END);
    std::string bytes(static_cast<std::size_t>(zip_source_tell(target)), '\0');
    zip_source_seek(target, 0, SEEK_SET);
    zip_source_read(target, bytes.data(), bytes.size());
    zip_source_close(target);
    zip_source_free(target);
    return bytes;
}

zip_int64_t put(zip_t* archive, const char* name, const std::string& bytes) {
    return zip_file_add(archive, name, zip_source_buffer(archive, bytes.data(), bytes.size(), 0), ZIP_FL_ENC_UTF_8);
}

std::string with_name(const char* name) {
    static const std::string kBytes = "bytes";
    return foreign_zip([&](zip_t* archive) { put(archive, name, kBytes); });
}

std::string refused(const std::string& zip) {
    const auto package = Package::read(zip);
    return package ? "" : package.error().reason;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
    for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
    return text;
}

}  // namespace

TEST_CASE("a package is the same after writing and reading, and always the same bytes") {
    const Package package = two_files();
    const std::string zip = package.zip();
    CHECK(zip == two_files().zip());
    CHECK(zip.size() < 500);
    const auto again = Package::read(zip);
    REQUIRE(again.has_value());
    REQUIRE(again->files().size() == 2);
    CHECK(again->files()[0].path == "OFD.xml");
    CHECK(again->files()[1].bytes == std::string(5'000, 'x'));
}

TEST_CASE("a file is found whatever case its name is asked for in, and no two differ in case alone") {
    Package package = two_files();
    CHECK(package.find("DOC_0/document.XML") == &package.files()[1]);
    CHECK(package.find("Doc_0/Other.xml") == nullptr);
    CHECK(package.add("doc_0/Document.xml", "").error().reason == "ofd.name_repeated");
}

TEST_CASE("names that leave the package are refused, when written and when read") {
    for (const char* name :
         {"../OFD.xml", "Doc_0/../../x", "/OFD.xml", "Doc_0//x", "./x", "C:/x", "Doc_0\\x", "a\nb"}) {
        CAPTURE(name);
        Package package;
        CHECK(package.add(name, "x").error().reason == "ofd.name_refused");
        CHECK(refused(with_name(name)) == "ofd.name_refused");
    }
    CHECK(refused(with_name(std::string(300, 'n').c_str())) == "ofd.name_refused");
    CHECK(refused(with_name("Doc_0/x")).empty());
}

TEST_CASE("a name that stands twice in a ZIP is refused") {
    const std::string one = "one";
    const std::string zip = foreign_zip([&](zip_t* archive) {
        put(archive, "OFD.xml", one);
        put(archive, "OFD.xmm", one);
    });
    CHECK(refused(zip).empty());
    CHECK(refused(replaced(zip, "OFD.xmm", "OFD.xml")) == "ofd.name_repeated");
    CHECK(refused(replaced(zip, "OFD.xmm", "OFD.xmL")) == "ofd.name_repeated");
}

TEST_CASE("a ZIP whose two tables disagree is refused") {
    std::string zip = with_name("OFD.xml");
    zip.replace(zip.find("OFD.xml"), 7, "XFD.xml");
    CHECK(refused(zip) == "ofd.zip_malformed");
}

TEST_CASE("an archive in which another reader finds other files is refused") {
    const std::string zip = two_files().zip();
    Package forged = two_files();
    forged.replace("OFD.xml", "<OFD>forged</OFD>");
    const std::string hidden = zip_entries(forged.zip());
    REQUIRE(refused(zip).empty());
    CHECK(refused(with_second_directory(zip, forged.zip())) == "ofd.zip_malformed");
    for (const std::size_t at : {std::size_t{0}, second_entry(zip), zip_directory(zip)}) {
        CAPTURE(at);
        CHECK(refused(with_hidden_bytes(zip, at, hidden)) == "ofd.zip_malformed");
        CHECK(refused(with_hidden_bytes(zip, at, "x")) == "ofd.zip_malformed");
    }
    CHECK(refused(with_bytes_behind_packed(zip, hidden)) == "ofd.zip_malformed");
    CHECK(refused(zip + "x") == "ofd.zip_malformed");
}

TEST_CASE("extra fields that tell some readers another name or size are refused, a time is not") {
    const std::string bytes = "bytes";
    const auto with_extra = [&bytes](zip_uint16_t id, zip_flags_t where) {
        return foreign_zip([&](zip_t* archive) {
            const auto at = static_cast<zip_uint64_t>(put(archive, "OFD.xml", bytes));
            const std::string extra = "\x01\x02\x03\x04\x05";
            const auto* const begin = reinterpret_cast<const zip_uint8_t*>(extra.data());
            REQUIRE(zip_file_extra_field_set(archive, at, id, 0, begin, 5, where) == 0);
        });
    };
    for (const zip_flags_t where : {ZIP_FL_LOCAL, ZIP_FL_CENTRAL}) {
        CHECK(refused(with_extra(0x5455, where)).empty());
        CHECK(refused(replaced(with_extra(0x5475, where), "\x75\x54\x05", "\x75\x70\x05")) == "ofd.zip_malformed");
    }
}

TEST_CASE("a bomb, too many files and what is no ZIP are refused") {
    const std::string zeros(std::size_t{4} << 20, '\0');
    CHECK(refused(foreign_zip([&](zip_t* archive) { put(archive, "OFD.xml", zeros); })) == "ofd.compression_refused");
    const std::string tiny = "x";
    std::vector<std::string> names;
    for (std::size_t i = 0; i <= ofd::kFilesMax; ++i) names.push_back("f" + std::to_string(i));
    CHECK(refused(foreign_zip([&](zip_t* archive) {
              for (const auto& name : names) put(archive, name.c_str(), tiny);
          })) == "ofd.too_many_files");
    CHECK(refused("") == "ofd.zip_malformed");
    CHECK(refused("PK\x03\x04 no package") == "ofd.zip_malformed");
    CHECK(refused(std::string(ofd::kPackageBytesMax + 1, 'P')) == "ofd.too_large");
}

TEST_CASE("a package that is encrypted is refused") {
    const std::string secret = "secret";
    const std::string zip = foreign_zip([&](zip_t* archive) {
        const auto at = static_cast<zip_uint64_t>(put(archive, "OFD.xml", secret));
        REQUIRE(zip_file_set_encryption(archive, at, ZIP_EM_AES_256, "password") == 0);
    });
    CHECK(refused(zip) == "ofd.compression_refused");
}

TEST_CASE("a package cut short anywhere, or with a flipped byte, is refused or says the same") {
    const Package package = two_files();
    const std::string zip = package.zip();
    for (std::size_t size = 0; size < zip.size(); ++size) CHECK_FALSE(refused(zip.substr(0, size)).empty());
    int refusals = 0;
    for (std::size_t i = 0; i < zip.size(); ++i) {
        std::string changed = zip;
        changed[i] = static_cast<char>(changed[i] ^ 0x20);
        const auto read = Package::read(changed);
        if (!read) {
            ++refusals;
            continue;
        }
        const auto* file = read->find("Doc_0/Document.xml");
        if (file != nullptr) CHECK(file->bytes == package.files()[1].bytes);
    }
    CHECK(refusals > 50);
}
