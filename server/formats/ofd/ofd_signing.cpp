#include "formats/ofd/ofd_signing.hpp"

#include "base/civil_date.hpp"
#include "base/shelf.hpp"
#include "crypto/digest.hpp"
#include "crypto/encoding.hpp"
#include "formats/ofd/xml_text.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <regex>
#include <set>

namespace kaigong::ofd {
namespace {

constexpr std::string_view kSignaturesPath = "Doc_0/Signs/Signatures.xml";
constexpr std::string_view kSignaturePath = kSignatureLocation.substr(1);
constexpr std::string_view kSealPath = "Doc_0/Signs/Sign_0/Seal.esl";
constexpr std::string_view kValuePath = "Doc_0/Signs/Sign_0/SignedValue.dat";
constexpr std::size_t kDigestsKept = 8;
/// SM2 with SM3 (GM/T 0006), and SM3 itself.
constexpr std::string_view kSignMethod = "1.2.156.10197.1.501";
constexpr std::string_view kDigestMethod = "1.2.156.10197.1.401";

/// `YYYYMMDDhhmmss` in Asia/Shanghai, as invoices have it.
std::string office_second(std::int64_t at_ms) {
    const CivilDate day = office_date(at_ms);
    const std::int64_t second = (at_ms - office_midnight_ms(day)) / 1000;
    return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", day.year, day.month, day.day, second / 3600, second / 60 % 60,
                       second % 60);
}

std::string signatures_xml() {
    return fmt::format(
        "{}<ofd:Signatures {}><ofd:MaxSignId>1</ofd:MaxSignId><ofd:Signature ID=\"1\" Type=\"Seal\" BaseLoc=\"{}\"/>"
        "</ofd:Signatures>",
        kXmlHead, kNamespace, kSignatureLocation);
}

/// Before anything is hashed, as OFD.xml is covered too. By text: what a document says may not be changed on the way.
Result<void> announce_signatures(Package& package) {
    std::string xml = package.find("OFD.xml")->bytes;
    const std::size_t end = xml.rfind("</ofd:DocBody>");
    if (end == std::string::npos) {
        return error(Errc::invalid_input, "ofd.xml_malformed", "OFD 包内的描述文件格式不正确，请重新获取原文件。");
    }
    xml.insert(end, fmt::format("<ofd:Signatures>/{}</ofd:Signatures>", kSignaturesPath));
    package.replace("OFD.xml", std::move(xml));
    return {};
}

crypto::Digest digest_of(const PackageFile& file) {
    const auto digest = [&] { return crypto::sm3(crypto::view(file.bytes)); };
    if (!is_repeated(file)) return digest();
    static Shelf<crypto::Digest> shelf(kDigestsKept);
    return *shelf.get(file.bytes, digest);
}

std::string reference_xml(const PackageFile& file) {
    const crypto::Digest digest = digest_of(file);
    return fmt::format("<ofd:Reference FileRef=\"/{}\"><ofd:CheckValue>{}</ofd:CheckValue></ofd:Reference>",
                       escaped(file.path), crypto::to_base64(digest));
}

std::string signature_xml(const Package& package, const std::string& page_id, const layout::Rect& place,
                          std::int64_t signed_at_ms) {
    std::string xml(kXmlHead);
    fmt::format_to(std::back_inserter(xml),
                   "<ofd:Signature {}><ofd:SignedInfo><ofd:Provider ProviderName=\"Kaigong\" Version=\"1.0\"/>"
                   "<ofd:SignatureMethod>{}</ofd:SignatureMethod><ofd:SignatureDateTime>{}</ofd:SignatureDateTime>"
                   "<ofd:References CheckMethod=\"{}\">",
                   kNamespace, kSignMethod, office_second(signed_at_ms), kDigestMethod);
    for (const PackageFile& file : package.files()) xml += reference_xml(file);
    std::string box;
    append_box(box, place);
    fmt::format_to(std::back_inserter(xml),
                   "</ofd:References><ofd:StampAnnot ID=\"1\" PageRef=\"{}\" Boundary=\"{}\"/>"
                   "<ofd:Seal><ofd:BaseLoc>/{}</ofd:BaseLoc></ofd:Seal></ofd:SignedInfo>"
                   "<ofd:SignedValue>/{}</ofd:SignedValue></ofd:Signature>",
                   escaped(page_id), box, kSealPath, kValuePath);
    return xml;
}

}  // namespace

Result<Package> seal(Package package, const SealPlace& where, crypto::BytesView seal_bytes, std::int64_t signed_at_ms,
                     const Sign& sign) {
    KAIGONG_TRY(reading, read(package));
    if (!reading.signatures_path.empty()) {
        return error(Errc::conflict, "ofd.already_sealed", "该 OFD 已加盖电子印章，不能再次盖章。");
    }
    if (where.page >= reading.pages.size()) {
        return error(Errc::invalid_input, "ofd.no_such_page", "盖章位置不在文件的页内，请检查印章位置。");
    }
    KAIGONG_CHECK(announce_signatures(package));
    KAIGONG_CHECK(package.add(std::string(kSealPath), crypto::to_text(seal_bytes)));
    const std::string xml = signature_xml(package, reading.pages[where.page].id, where.place, signed_at_ms);
    KAIGONG_TRY(value, sign(crypto::view(xml)));
    KAIGONG_CHECK(package.add(std::string(kSignaturesPath), signatures_xml()));
    KAIGONG_CHECK(package.add(std::string(kSignaturePath), xml));
    KAIGONG_CHECK(package.add(std::string(kValuePath), crypto::to_text(value)));
    return package;
}

bool lists_one_signature(const Package& package, const Reading& reading) {
    // As this program writes it, and as the writers of the public samples do.
    static const std::regex kList(
        R"((<\?xml version="1\.0" encoding="UTF-8"\?>[ \t\r\n]*)?<ofd:Signatures xmlns:ofd="http://www\.ofdspec\.org/2016">)"
        R"([ \t\r\n]*(<ofd:MaxSignId>[0-9]{1,9}</ofd:MaxSignId>[ \t\r\n]*)?)"
        R"(<ofd:Signature ID="[0-9]{1,9}"( Type="Seal")? BaseLoc="[^"<&]{1,240}"/>)"
        R"([ \t\r\n]*(<ofd:MaxSignId>[0-9]{1,9}</ofd:MaxSignId>[ \t\r\n]*)?</ofd:Signatures>[ \t\r\n]*)");
    constexpr std::size_t kListBytesMax = 1'024;
    const PackageFile* const list = package.find(reading.signatures_path);
    return list != nullptr && list->bytes.size() <= kListBytesMax && std::regex_match(list->bytes, kList);
}

Result<ReferenceCheck> check_references(const Package& package, const Reading& reading,
                                        const SignatureRecord& signature) {
    if (signature.check_method != CheckMethod::sm3) {
        return error(Errc::invalid_input, "ofd.check_method_unknown",
                     "OFD 签章未使用国密摘要算法 SM3，无法确认文件是否被改动，请联系出具单位。");
    }
    ReferenceCheck result;
    std::set<const PackageFile*> covered;
    for (const Reference& reference : signature.references) {
        const PackageFile* file = package.find(reference.path);
        covered.insert(file);
        const bool same =
            file != nullptr && std::ranges::equal(crypto::sm3(crypto::view(file->bytes)), reference.digest);
        if (!same) result.changed.push_back(reference.path);
    }
    for (const PackageFile& file : package.files()) {
        const bool own =
            file.path == reading.signatures_path || file.path == signature.path || file.path == signature.value_path;
        if (!own && !covered.contains(&file)) result.not_covered.push_back(file.path);
    }
    if (const PackageFile* file = package.find(signature.path)) result.signed_bytes = file->bytes;
    return result;
}

}  // namespace kaigong::ofd
