// A certificate signed by the openssl program with a key of the moment, judged by poppler's pdfsig. With
// KAIGONG_RENDER_TO set to a folder the signed file is kept there, and tests/pdf judges it further.
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

std::string bytes_of_file(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

class WorkFolder {
  public:
    WorkFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "kaigong-signature-XXXXXX").string();
        path_ = mkdtemp(name.data());
    }
    WorkFolder(const WorkFolder&) = delete;
    WorkFolder& operator=(const WorkFolder&) = delete;
    ~WorkFolder() { std::filesystem::remove_all(path_); }

    std::filesystem::path operator/(const char* name) const { return path_ / name; }
    bool run(const std::string& command) const {
        return std::system(("cd '" + path_.string() + "' && " + command + " 2>>problems").c_str()) == 0;  // NOLINT
    }
    void write(const char* name, std::string_view bytes) const {
        std::ofstream(path_ / name, std::ios::binary) << bytes;
    }

  private:
    std::filesystem::path path_;
};

std::string certificate_to_sign() {
    const auto parsed = *layout::Template::parse(
        bytes_of_file(std::filesystem::path(KAIGONG_SOURCE_DIR) / "catalog/construction-permit/certificate.json"));
    pdf::Archival archival;
    archival.properties = {
        {"certificate", R"({"works_name":"翠苑小学 <扩建> & 二期"})", "what stands on the certificate"},
        {"evidence", "{\"proof\":\"line\\nline\"}\n", "proof that it is in the log"}};
    archival.signature.emplace();
    archival.signature->description = "发证机关的电子签名";
    archival.signature->place = {125, 62, 40, 40};
    return *pdf::write(*parsed.fill(parsed.example_values(), 1'796'200'000'000), archival);
}

}  // namespace

TEST_CASE("a certificate signed by the openssl program is valid and whole for poppler") {
    const WorkFolder folder;
    if (!folder.run("(pdfsig -v && openssl version) >found 2>&1")) {
        REQUIRE(std::getenv("CI") == nullptr);
        MESSAGE("skipped: pdfsig (poppler-utils) or openssl is not installed");
        return;
    }
    const auto prepared = *pdf::prepare_signature(
        certificate_to_sign(), {"某市住房和城乡建设局", "签发建筑工程施工许可证", "某市", 1'796'200'000'000, 4096});
    folder.write("parts", std::string(prepared.signed_parts()[0]) + std::string(prepared.signed_parts()[1]));
    REQUIRE(
        folder.run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -out signer "
                   "-subj '/CN=Kaigong test' -days 2 -addext keyUsage=digitalSignature"));
    REQUIRE(
        folder.run("openssl cms -sign -binary -cades -md sha256 -in parts -signer signer -inkey key -outform DER "
                   "-out cms"));
    const std::string cms = bytes_of_file(folder / "cms");
    std::string bytes = *pdf::embed_signature(prepared, crypto::view(cms));
    folder.write("signed.pdf", bytes);
    REQUIRE(folder.run("pdfsig -nocert signed.pdf >verdict"));
    const std::string verdict = bytes_of_file(folder / "verdict");
    CAPTURE(verdict);
    CHECK(verdict.find("Signature is Valid") != std::string::npos);
    CHECK(verdict.find("Total document signed") != std::string::npos);
    CHECK(verdict.find("ETSI.CAdES.detached") != std::string::npos);

    const auto stored = *pdf::read(bytes);
    CHECK(stored.last_signature_covers_whole_file());
    CHECK(crypto::to_text(stored.signatures[0].cms) == cms);
    CHECK(stored.properties.at("certificate") == R"({"works_name":"翠苑小学 <扩建> & 二期"})");
    if (const char* kept = std::getenv("KAIGONG_RENDER_TO")) {
        std::filesystem::create_directories(kept);
        std::ofstream(std::filesystem::path(kept) / "certificate_signed.pdf", std::ios::binary) << bytes;
    }

    bytes[bytes.find("/Producer") + 12] ^= 1;
    folder.write("signed.pdf", bytes);
    CHECK((!folder.run("pdfsig -nocert signed.pdf >verdict") ||
           bytes_of_file(folder / "verdict").find("Signature is Valid") == std::string::npos));
}
