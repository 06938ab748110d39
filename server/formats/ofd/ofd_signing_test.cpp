#include "formats/ofd/ofd_signing.hpp"
#include "crypto/digest.hpp"

#include <doctest/doctest.h>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace kaigong;

namespace {

ofd::Package unsigned_package() {
    layout::Document document;
    layout::Page& page = document.pages.emplace_back();
    const auto* shaper = *text::Shaper::of_this_thread();
    for (const auto& line : shaper->shape({{"准予施工", false}}, {}, 400).lines) {
        for (const auto& run : line.runs) page.elements.emplace_back(layout::TextRun{{20, 20}, run, {}});
    }
    const ofd::Options options{"0123456789abcdef0123456789abcdef", {}, {{"certificate.json", "json", "{}"}}};
    return *ofd::write(document, options);
}

/// Stands for a signature: the digest of what is to be signed.
Result<crypto::Bytes> digest_as_signature(crypto::BytesView bytes) {
    const auto digest = crypto::sm3(bytes);
    return crypto::Bytes(digest.begin(), digest.end());
}

const crypto::Bytes kSealBytes{1, 2, 3};
constexpr std::int64_t kSignedAtMs = 1'796'200'000'000;

ofd::Package sealed_package() {
    return *ofd::seal(unsigned_package(), {0, {130, 60, 40, 40}}, kSealBytes, kSignedAtMs, digest_as_signature);
}

ofd::ReferenceCheck check_first(const ofd::Package& package, const ofd::Reading& reading) {
    REQUIRE(reading.signatures.size() == 1);
    const auto checked = ofd::check_references(package, reading, reading.signatures[0]);
    REQUIRE(checked.has_value());
    return *checked;
}

/// A public sample; nothing where the samples are not laid out.
std::optional<std::string> sample(const char* name) {
    const auto path = std::filesystem::path(KAIGONG_SOURCE_DIR) / "../shared/conformance/ofd" / name;
    if (!std::filesystem::exists(path)) {
        REQUIRE_MESSAGE(std::getenv("CI") == nullptr, path.string() << " is needed");
        MESSAGE("skipped: " << path.string() << " is missing");
        return std::nullopt;
    }
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

}  // namespace

TEST_CASE("a seal covers every file but its own three, and the signer sees the bytes that are kept") {
    std::string signed_bytes;
    const auto package =
        *ofd::seal(unsigned_package(), {0, {130, 60, 40, 40}}, kSealBytes, kSignedAtMs, [&](crypto::BytesView bytes) {
            signed_bytes = crypto::to_text(bytes);
            return digest_as_signature(bytes);
        });
    const auto again = *ofd::Package::read(package.zip());
    const auto reading = *ofd::read(again);
    const auto checked = check_first(again, reading);
    CHECK(checked.whole());
    CHECK(checked.signed_bytes == signed_bytes);
    const auto& signature = reading.signatures[0];
    CHECK("/" + signature.path == ofd::kSignatureLocation);
    CHECK(signature.type == "Seal");
    CHECK(signature.method == "1.2.156.10197.1.501");
    CHECK(signature.signed_at == "20261202162640");
    CHECK(signature.references.size() == again.files().size() - 3);
    REQUIRE(signature.stamps.size() == 1);
    CHECK(signature.stamps[0].page_id == reading.pages[0].id);
    CHECK(signature.stamps[0].place.x_mm == 130);
    CHECK(signature.stamps[0].place.width_mm == 40);
    CHECK(again.find(*signature.seal_path)->bytes == "\x01\x02\x03");
    CHECK(again.find(signature.value_path)->bytes.size() == 32);
    CHECK(reading.pages[0].text == "准予施工");
}

TEST_CASE("a flipped byte in any covered file is named") {
    const auto package = sealed_package();
    const auto reading = *ofd::read(package);
    for (const auto& reference : reading.signatures[0].references) {
        CAPTURE(reference.path);
        auto changed = package;
        std::string bytes = changed.find(reference.path)->bytes;
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
        changed.replace(reference.path, std::move(bytes));
        const auto checked = check_first(changed, reading);
        CHECK(checked.changed == std::vector<std::string>{reference.path});
        CHECK(checked.not_covered.empty());
        CHECK_FALSE(checked.whole());
    }
}

TEST_CASE("a file that is added after the seal is named, and so is one that is gone") {
    auto package = sealed_package();
    REQUIRE(package.add("Doc_0/Attachs/more.xml", "<more/>"));
    const auto added = check_first(package, *ofd::read(package));
    CHECK(added.not_covered == std::vector<std::string>{"Doc_0/Attachs/more.xml"});
    CHECK(added.changed.empty());
    const auto whole = sealed_package();
    ofd::Package fewer;
    for (const auto& file : whole.files()) {
        if (!file.path.ends_with("serif.ttf")) REQUIRE(fewer.add(file.path, file.bytes));
    }
    CHECK(check_first(fewer, *ofd::read(fewer)).changed == std::vector<std::string>{"Doc_0/Res/serif.ttf"});
}

TEST_CASE("a second seal, a page that is not there and a signer that fails stop the sealing") {
    const auto twice = ofd::seal(sealed_package(), {0, {}}, kSealBytes, kSignedAtMs, digest_as_signature);
    CHECK(twice.error().reason == "ofd.already_sealed");
    const auto nowhere = ofd::seal(unsigned_package(), {1, {}}, kSealBytes, kSignedAtMs, digest_as_signature);
    CHECK(nowhere.error().reason == "ofd.no_such_page");
    const auto failed = ofd::seal(unsigned_package(), {0, {}}, kSealBytes, kSignedAtMs, [](crypto::BytesView) {
        return Result<crypto::Bytes>(error(Errc::unavailable, "seal.device_gone", "印章设备不可用，请稍后重试。"));
    });
    CHECK(failed.error().reason == "seal.device_gone");
}

TEST_CASE("a file that is named twice, or more names than a package has files, is no list of references") {
    auto package = sealed_package();
    const std::string path(ofd::kSignatureLocation.substr(1));
    const std::string xml = package.find(path)->bytes;
    const std::size_t begin = xml.find("<ofd:Reference ");
    const std::size_t end = xml.find("</ofd:Reference>") + 16;
    const auto with_more = [&](const std::string& more) {
        package.replace(path, xml.substr(0, begin) + more + xml.substr(begin));
        return ofd::read(package);
    };
    CHECK(with_more("").has_value());
    std::string again = xml.substr(begin, end - begin);
    CHECK(with_more(again).error().reason == "ofd.signature_malformed");
    again.replace(again.find("OFD.xml"), 7, "ofd.XML");
    CHECK(with_more(again).error().reason == "ofd.signature_malformed");
    std::string many;
    for (std::size_t i = 0; i <= ofd::kFilesMax; ++i) many += "<Reference FileRef=\"/none\"/>";
    CHECK(with_more(many).error().reason == "ofd.signature_malformed");
}

TEST_CASE("a list of signatures says nothing but where the one is") {
    const auto whole = sealed_package();
    const auto reading = *ofd::read(whole);
    CHECK(ofd::lists_one_signature(whole, reading));
    const std::string xml = whole.find(reading.signatures_path)->bytes;
    const auto with = [&](std::string_view before, std::string_view added) {
        auto changed = whole;
        std::string text = xml;
        changed.replace(reading.signatures_path, text.insert(text.find(before), added));
        return ofd::lists_one_signature(changed, *ofd::read(changed));
    };
    CHECK(with("</ofd:Signatures>", ""));
    CHECK_FALSE(with("</ofd:Signatures>", "<!-- more -->"));
    CHECK_FALSE(with("</ofd:Signatures>", "<more/>"));
    CHECK(with("</ofd:Signatures>", "\n"));
    CHECK_FALSE(with("<ofd:Signatures", "<?more?>"));
    CHECK_FALSE(with(" ID=", " More=\"1\""));
    CHECK_FALSE(with("<ofd:Signature ID", "<ofd:Signature ID=\"2\" BaseLoc=\"Sign_0/Signature.xml\"/>"));
    for (const char* name : {"reader_SESV4SignDoc.ofd", "sign_v4signed.ofd"}) {
        const auto bytes = sample(name);
        if (!bytes) return;
        const auto package = *ofd::Package::read(*bytes);
        CHECK(ofd::lists_one_signature(package, *ofd::read(package)));
    }
}

TEST_CASE("another digest than SM3 is not taken for a check") {
    auto package = sealed_package();
    const std::string path(ofd::kSignatureLocation.substr(1));
    std::string xml = package.find(path)->bytes;
    const std::string oid = "1.2.156.10197.1.401";
    xml.replace(xml.find(oid), oid.size(), "MD5");
    package.replace(path, xml);
    const auto reading = *ofd::read(package);
    CHECK(ofd::check_references(package, reading, reading.signatures[0]).error().reason == "ofd.check_method_unknown");
}

TEST_CASE("the references of the public samples check out, and a change in them is named") {
    for (const char* name : {"reader_SESV4SignDoc.ofd", "sign_v4signed.ofd"}) {
        const auto bytes = sample(name);
        if (!bytes) return;
        CAPTURE(name);
        auto package = *ofd::Package::read(*bytes);
        const auto reading = ofd::read(package);
        if (!reading) FAIL_CHECK(reading.error().reason);
        REQUIRE(reading.has_value());
        CHECK(check_first(package, *reading).whole());
        CHECK(reading->signatures[0].check_method == ofd::CheckMethod::sm3);
        std::string page = package.find(reading->pages.at(0).path)->bytes;
        page.back() = page.back() == '>' ? ' ' : '>';
        package.replace(reading->pages[0].path, page);
        CHECK(check_first(package, *reading).changed == std::vector<std::string>{reading->pages[0].path});
    }
}

TEST_CASE("the public samples are read: text, custom data, attachment") {
    const auto hello = sample("reader_helloworld.ofd");
    if (!hello) return;
    const auto greeting = *ofd::read(*ofd::Package::read(*hello));
    CHECK(greeting.pages.at(0).text == "你好呀，OFD Reader&Writer！");
    CHECK(greeting.signatures.empty());
    const auto invoice = *ofd::read(*ofd::Package::read(*sample("sign_v4signed.ofd")));
    CHECK(invoice.info.custom_data.size() == 10);
    CHECK(invoice.info.custom_data[0].name == "价税合计");
    CHECK(invoice.info.custom_data[0].value == "318.00");
    CHECK(invoice.attachments.at(0).path == "Doc_0/Attachs/original_invoice.xml");
    CHECK(invoice.pages.at(0).height_mm == 140);
    CHECK(invoice.pages[0].text.find("科游迈利有限公司") != std::string::npos);
    CHECK(invoice.signatures.at(0).provider == "gomain_eseal");
    CHECK_FALSE(invoice.signatures[0].seal_path.has_value());
    CHECK(ofd::read(*ofd::Package::read(*sample("archive_test-ofda.ofd"))).has_value());
}
