#include "verify/testing/desk.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/canonical_json.hpp"
#include "crypto/cms.hpp"
#include "crypto/encoding.hpp"
#include "crypto/jws.hpp"
#include "crypto/seal.hpp"
#include "engine/tlog/checkpoint.hpp"
#include "engine/tlog/cosignature.hpp"
#include "engine/tlog/inclusion_text.hpp"
#include "engine/tlog/testing/sample_tree.hpp"
#include "formats/certificate/xml_file.hpp"
#include "formats/identifier/identifier.hpp"
#include "formats/ofd/ofd_signing.hpp"
#include "formats/ofd/ofd_writer.hpp"
#include "formats/pdf/pdf_writer.hpp"
#include "formats/pdf/signature.hpp"
#include "formats/text/shaper.hpp"
#include "verify/fields.hpp"

namespace kaigong::verify::testing {
namespace {

using boost::json::object;
using crypto::testing::Identity;

constexpr const char* kSaltHex = "00112233445566778899aabbccddeeff";
constexpr const char* kTypeCode = "11100000000013338W009";
constexpr const char* kIssuerCode = "11330106002500287C";
constexpr std::int64_t kSealedAtMs = kLoggedAtMs + 2'000;
constexpr std::uint64_t kEntriesBefore = 4;
constexpr std::uint64_t kEntriesAfter = 6;

tlog::SignerKey key_of(const std::string& name, tlog::SignatureType type, const std::string& owner) {
    return tlog::SignerKey::from_seed(name, type, crypto::sha256(crypto::view(owner + " " + name))).value();
}

layout::Document document_of(const std::vector<std::string>& lines) {
    layout::Document document;
    document.title = "施工许可证";
    document.created_at_ms = kLoggedAtMs;
    layout::Page& page = document.pages.emplace_back();
    const auto* shaper = *text::Shaper::of_this_thread();
    double y = 20;
    for (const std::string& line : lines) {
        for (const auto& shaped : shaper->shape({{line, false}}, {}, 480).lines) {
            for (const auto& run : shaped.runs) page.elements.emplace_back(layout::TextRun{{20, y}, run, {}});
            y += 7;
        }
    }
    return document;
}

object entry_of(const object& certificate, const object& changes) {
    object entry{{"entry", "permit"},
                 {"v", 1},
                 {"certificate_identifier", certificate.at("certificate_identifier")},
                 {"certificate_version", certificate.at("certificate_version")},
                 {"permit_number", certificate.at("permit_number")},
                 {"state", certificate.at("state")},
                 {"issuer_code", certificate.at("issuer").at("code")},
                 {"issued_on", certificate.at("issued_on")},
                 {"decided_at_ms", kLoggedAtMs - 3'600'000},
                 {"logged_at_ms", kLoggedAtMs},
                 {"works_name", certificate.at("project").at("works_name")},
                 {"owner_name", certificate.at("holder").at("name")},
                 {"sandbox", certificate.at("sandbox")},
                 {"content", crypto::commitment(kSaltHex, canonical_json(certificate))}};
    for (const auto& [name, value] : changes) {
        if (value.is_null())
            entry.erase(name);
        else
            entry[name] = value;
    }
    return entry;
}

crypto::NewCertificate former(const std::string& name) {
    auto request = crypto::testing::wanted(name + "旧证照签名", 9, false);
    request.not_after_ms = kLoggedAtMs - 1'000;
    return request;
}

crypto::NewCertificate for_time_stamps(const std::string& name) {
    auto request = crypto::testing::wanted(name + "时间戳", 10, false);
    request.time_stamping = true;
    return request;
}

/// Hashes of complete subtrees, counted from the leaves.
tlog::ReadHashes reader_of(const std::vector<tlog::Hash>& leaves) {
    return [&leaves](std::span<const tlog::SubtreePlace> places) -> Result<std::vector<tlog::Hash>> {
        std::vector<tlog::Hash> hashes;
        for (const auto& place : places) {
            const std::size_t width = std::size_t{1} << place.height;
            hashes.push_back(tlog::complete_root(std::span(leaves).subspan(place.index * width, width)));
        }
        return hashes;
    };
}

}  // namespace

object Held::content() const {
    object whole{{"certificate", certificate}, {"evidence", evidence}};
    if (copy) whole["copy"] = *copy;
    return whole;
}

std::string identifier_of(int version) {
    return identifier::compose(identifier::CertificateIdentifier{kTypeCode, kIssuerCode, "330106202612020101", version})
        .value();
}

object certificate_object() {
    return {
        {"certificate_identifier", identifier_of(1)},
        {"certificate_name", "中华人民共和国建筑工程施工许可证"},
        {"certificate_type_code", kTypeCode},
        {"certificate_version", 1},
        {"permit_number", "330106202612020101"},
        {"state", "in_force"},
        {"issued_on", "2026-12-02"},
        {"issuer", {{"name", "示例市西湖区住房和城乡建设局"}, {"code", kIssuerCode}}},
        {"holder", {{"name", "示例教育建设中心"}, {"code", "11330105002500287C"}}},
        {"project",
         {{"works_name", "翠苑小学扩建工程"},
          {"works_address", "示例市西湖区翠苑街道学院路77号"},
          {"scale_text", "12345.67平方米"},
          {"contract_price_text", "8260万元"},
          {"duration_text", "540天"}}},
        {"units", boost::json::array{object{{"role", "contractor"},
                                            {"role_name", "施工单位"},
                                            {"name", "浙江示例建设有限公司"},
                                            {"lead_name", "李样例"}}}},
        {"buildings", boost::json::array{object{{"building_name", "教学楼"}, {"floor_area_text", "4115.22平方米"}}}},
        {"remark", "单体工程1个。"},
        {"sandbox", false},
        {"verify_url", "https://permits.example/v?c=1"}};
}

std::vector<std::string> printed_lines(const object& certificate) {
    std::vector<std::string> lines;
    for (const Field& field : fields_of(certificate_of(certificate).value())) {
        lines.push_back(field.name.zh + " " + field.value);
    }
    return lines;
}

Desk::Desk(const std::string& name)
    : signer_(documents_.identity(name + "证照签名")),
      former_(documents_.identity(former(name))),
      clock_(documents_.identity(for_time_stamps(name))),
      sealer_(seals_.identity(name + "签章人", 4)),
      maker_(seals_.identity(name + "印章制作", 5)),
      log_(key_of(kPermitsOrigin, tlog::SignatureType::ed25519, name)),
      witness_(key_of("witness.example/w1", tlog::SignatureType::cosignature, name)) {}

std::string Desk::trust_text(int witnesses_needed) const {
    const auto root = [](const crypto::Certificate& one) {
        return boost::json::array{boost::json::value(crypto::to_base64(one.der))};
    };
    const auto listed = [](std::initializer_list<const Identity*> identities) {
        boost::json::array digests;
        for (const Identity* one : identities) {
            digests.emplace_back("sha256:" + crypto::to_hex(crypto::sha256(one->certificate.der)));
        }
        return digests;
    };
    // A seal carries no other certificate than those of its maker and of the signer: whoever issued them is the root.
    return boost::json::serialize(object{
        {"v", 1},
        {"name", "示例市住房和城乡建设局"},
        {"sandbox", false},
        {"public_url", "https://permits.example"},
        {"log", {{"origin", kPermitsOrigin}, {"key", log_.verifier().to_text()}}},
        {"witnesses", boost::json::array{object{{"name", "w1"}, {"key", witness_.verifier().to_text()}}}},
        {"witnesses_needed", witnesses_needed},
        {"signing_roots", root(documents_.root())},
        {"seal_roots", root(seals_.issuer())},
        {"signers", listed({&signer_, &former_, &clock_, &sealer_})},
        {"seal_makers", listed({&maker_})},
        {"issuers", boost::json::array{object{{"code", kIssuerCode}, {"name", "示例市西湖区住房和城乡建设局"}}}}});
}

Held Desk::held(object certificate, const LogChanges& changes) const {
    object entry = entry_of(certificate, changes.entry);
    std::vector<tlog::Hash> leaves;
    for (std::uint64_t i = 0; i < kEntriesBefore; ++i) leaves.push_back(tlog::leaf_hash(tlog::testing::entry_text(i)));
    leaves.push_back(tlog::leaf_hash(canonical_json(entry)));
    for (std::uint64_t i = 0; i < kEntriesAfter; ++i) {
        leaves.push_back(tlog::leaf_hash(tlog::testing::entry_text(100 + i)));
    }
    const auto reader = reader_of(leaves);
    const std::uint64_t signed_size = changes.stale_size == 0 ? leaves.size() : changes.stale_size;
    const tlog::Checkpoint checkpoint{changes.origin, {signed_size, tlog::root_at(signed_size, reader).value()}, {}};
    const tlog::SignerKey& log = changes.log == nullptr ? log_ : *changes.log;
    const tlog::SignerKey& witness = changes.witness == nullptr ? witness_ : *changes.witness;
    std::string note = tlog::sign_checkpoint(checkpoint, log);
    if (!changes.without_witness) {
        const auto at_s = static_cast<std::uint64_t>(changes.cosigned_at_ms / 1000);
        note += tlog::signature_line(tlog::cosign(witness, checkpoint.to_text(), at_s));
    }
    const tlog::InclusionText inclusion{std::nullopt, kEntriesBefore,
                                        tlog::prove_inclusion(kEntriesBefore, leaves.size(), reader).value(), note};
    object evidence{{"entry", std::move(entry)}, {"salt", kSaltHex}, {"proof", inclusion.to_text()}};
    return {std::move(certificate), std::move(evidence), std::nullopt};
}

std::vector<crypto::Certificate> Desk::chain_of(const Identity& signer) const {
    return {signer.certificate, documents_.issuer()};
}

std::string Desk::json_file(const Held& held, const Identity* signer) const {
    const Identity& by = signer == nullptr ? signer_ : *signer;
    object file = held.content();
    const std::string payload = canonical_json(file);
    file["signature"] = crypto::sign_jws(crypto::view(payload), *by.key, chain_of(by)).value();
    return canonical_json(file);
}

std::string Desk::xml_file(const Held& held, const Identity* signer) const {
    const Identity& by = signer == nullptr ? signer_ : *signer;
    return certificate::write_xml(held.content(), *by.key, chain_of(by)).value();
}

std::string Desk::unsigned_pdf(const Held& held, const std::vector<std::string>& lines) const {
    pdf::Archival archival;
    for (const auto& [name, value] : held.content()) {
        archival.properties.push_back({std::string(name), canonical_json(value), "what the file carries"});
    }
    archival.signature = pdf::SignatureField{"issuer", "电子签名", 0, {150, 250, 40, 40}};
    return pdf::write(document_of(lines), archival).value();
}

std::string Desk::pdf_file(const Held& held, const std::vector<std::string>& lines,
                           const crypto::TimestampSource& stamp, const Identity* signer) const {
    const Identity& by = signer == nullptr ? signer_ : *signer;
    const auto chain = chain_of(by);
    const auto room = crypto::cades_bytes_max(chain, stamp ? 8'192 : 0);
    auto prepared =
        pdf::prepare_signature(unsigned_pdf(held, lines), {"示例局", "核发证照", "", kSealedAtMs, room}).value();
    const auto cms = crypto::sign_cades(prepared.sha256(), *by.key, chain, stamp).value();
    return pdf::embed_signature(std::move(prepared), cms).value();
}

ofd::Package Desk::unsealed_package(const Held& held, const std::vector<std::string>& lines) const {
    const ofd::Options options{
        "0123456789abcdef0123456789abcdef", {}, {{"certificate.json", "json", canonical_json(held.content())}}};
    return ofd::write(document_of(lines), options).value();
}

ofd::Package Desk::package(const Held& held, const std::vector<std::string>& lines, const Identity* maker,
                           const Identity* sealer) const {
    const Identity& made_by = maker == nullptr ? maker_ : *maker;
    const Identity& pressed_by = sealer == nullptr ? sealer_ : *sealer;
    const crypto::NewSeal wanted{
        .vendor = "KAIGONG",
        .seal_id = "33010600000001",
        .type = 3,
        .name = "示例印章",
        .list = crypto::SealList::certificates,
        .signers = {pressed_by.certificate},
        .created_at_ms = crypto::testing::kInsideMs,
        .valid_from_ms = crypto::testing::kInsideMs,
        .valid_until_ms = crypto::testing::kValidUntilMs,
        .picture = {.type = "PNG", .bytes = crypto::Bytes(16, 1), .width_mm = 40, .height_mm = 40}};
    const auto seal = crypto::make_seal(wanted, made_by.certificate, *made_by.key).value();
    const auto sign = [&](crypto::BytesView description) {
        const crypto::Sealing sealing{seal, kSealedAtMs, crypto::sm3(description),
                                      std::string(ofd::kSignatureLocation)};
        return crypto::sign_with_seal(sealing, pressed_by.certificate, *pressed_by.key);
    };
    return ofd::seal(unsealed_package(held, lines), {0, {130, 60, 40, 40}}, seal, kSealedAtMs, sign).value();
}

}  // namespace kaigong::verify::testing
