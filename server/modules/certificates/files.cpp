#include "modules/certificates/files.hpp"

#include <boost/json.hpp>

#include "base/canonical_json.hpp"
#include "base/json_members.hpp"
#include "crypto/cms.hpp"
#include "crypto/encoding.hpp"
#include "crypto/jws.hpp"
#include "crypto/seal.hpp"
#include "formats/certificate/xml_file.hpp"
#include "formats/ofd/ofd_signing.hpp"
#include "formats/ofd/ofd_writer.hpp"
#include "formats/pdf/pdf_writer.hpp"
#include "formats/pdf/signature.hpp"

namespace kaigong::certificates {
namespace {

using boost::json::object;

/// Room for a time stamp in a PDF: those of public authorities have four to seven kilobytes.
constexpr std::size_t kTimestampBytesMax = 16UL * 1024;

/// A key that says what it is going to sign before it does.
class AnnouncingSigner final : public crypto::Signer {
  public:
    AnnouncingSigner(const crypto::Signer& key, const crypto::Certificate& certificate, const BeforeSigning& before)
        : key_(key), certificate_(certificate), before_(before) {}

    crypto::SignatureAlgorithm algorithm() const override { return key_.algorithm(); }
    const crypto::Bytes& public_key_info() const override { return key_.public_key_info(); }
    Result<void> ready() const override { return key_.ready(); }
    Result<crypto::Bytes> sign(crypto::BytesView message) const override {
        // A key that is away signs nothing, so nothing is written down about it.
        KAIGONG_CHECK(key_.ready());
        KAIGONG_CHECK(before_(message, certificate_));
        return key_.sign(message);
    }

  private:
    const crypto::Signer& key_;
    const crypto::Certificate& certificate_;
    const BeforeSigning& before_;
};

Result<std::string> json_file(const FileSource& source, const SigningKeys& keys, const crypto::Signer& signer) {
    object whole = source.content;
    const auto payload = canonical_json(whole);
    KAIGONG_TRY(signature, crypto::sign_jws(crypto::view(payload), signer, keys.document_chain));
    whole["signature"] = signature;
    return canonical_json(whole);
}

Result<std::string> pdf_file(const FileSource& source, const SigningKeys& keys, const crypto::Signer& signer) {
    pdf::Archival archival;
    archival.properties = {{"certificate", canonical_json(source.content.at("certificate")), "The certificate object"},
                           {"evidence", canonical_json(source.content.at("evidence")), "Entry, salt and proof"}};
    if (const auto* copy = source.content.if_contains("copy")) {
        archival.properties.push_back({"copy", canonical_json(*copy), "What this copy may be used for"});
    }
    const auto seals = layout::seal_places(source.document.pages.at(0));
    archival.signature =
        pdf::SignatureField{"issuer", "发证机关的电子签名", 0, seals.empty() ? layout::Rect{} : seals.front()};
    KAIGONG_TRY(unsigned_pdf, pdf::write(source.document, archival));
    const auto room = crypto::cades_bytes_max(keys.document_chain, keys.stamp ? kTimestampBytesMax : 0);
    KAIGONG_TRY(prepared, pdf::prepare_signature(std::move(unsigned_pdf),
                                                 {source.issuer_name, "核发证照", "", source.signed_at_ms, room}));
    KAIGONG_TRY(cms, crypto::sign_cades(prepared.sha256(), signer, keys.document_chain, keys.stamp));
    return pdf::embed_signature(std::move(prepared), cms);
}

/// 电子证照 are sorted by these without opening their pages (GB/T 36905, domain facts §4.3).
std::vector<ofd::CustomData> custom_data(const object& certificate) {
    std::vector<ofd::CustomData> all;
    const auto add = [&](const char* name, const std::string& value) {
        if (!value.empty()) all.push_back({name, value});
    };
    const auto& issuer = certificate.at("issuer").as_object();
    const auto& holder = certificate.at("holder").as_object();
    add("certificateIdentifier", text_of(certificate, "certificate_identifier"));
    add("certificateName", text_of(certificate, "certificate_name"));
    add("certificateTypeCode", text_of(certificate, "certificate_type_code"));
    add("certificateNumber", text_of(certificate, "permit_number"));
    add("certificateIssuingAuthorityName", text_of(issuer, "name"));
    add("certificateIssuingAuthorityCode", text_of(issuer, "code"));
    add("certificateIssuedDate", text_of(certificate, "issued_on"));
    add("certificateHolderName", text_of(holder, "name"));
    add("certificateHolderCode", text_of(holder, "code"));
    add("certificateVersion", std::to_string(certificate.at("certificate_version").as_int64()));
    return all;
}

Result<std::string> ofd_file(const FileSource& source, const SigningKeys& keys, const crypto::Signer& signer) {
    const auto content = canonical_json(source.content);
    const auto& certificate = source.content.at("certificate").as_object();
    ofd::Options options;
    options.doc_id = crypto::to_hex(crypto::BytesView(crypto::sha256(crypto::view(content))).first(16));
    options.custom_data = custom_data(certificate);
    options.attachments = {{"certificate.json", "json", content}};
    KAIGONG_TRY(package, ofd::write(source.document, options));
    const auto seals = layout::seal_places(source.document.pages.at(0));
    if (seals.empty()) {
        return error(Errc::conflict, "certificates.seal_place_missing", "证照模板没有印章位置，请管理员补充后重试。");
    }
    KAIGONG_TRY(sealed, ofd::seal(std::move(package), {0, seals.front()}, source.seal, source.signed_at_ms,
                                  [&](crypto::BytesView signature_xml) {
                                      const crypto::Sealing sealing{source.seal, source.signed_at_ms,
                                                                    crypto::sm3(signature_xml),
                                                                    std::string(ofd::kSignatureLocation)};
                                      return crypto::sign_with_seal(sealing, keys.seal_chain.front(), signer,
                                                                    keys.stamp);
                                  }));
    return sealed.zip();
}

}  // namespace

Result<std::string> make_file(std::string_view file_name, const FileSource& source, const SigningKeys& keys,
                              const BeforeSigning& before) {
    const AnnouncingSigner document_key(*keys.document, keys.document_chain.front(), before);
    if (file_name == "certificate.json") return json_file(source, keys, document_key);
    if (file_name == "certificate.xml") {
        return certificate::write_xml(source.content, document_key, keys.document_chain);
    }
    if (file_name == "certificate.pdf") return pdf_file(source, keys, document_key);
    if (file_name == "certificate.ofd") {
        return ofd_file(source, keys, AnnouncingSigner(*keys.seal, keys.seal_chain.front(), before));
    }
    throw std::invalid_argument("certificates: no such file: " + std::string(file_name));
}

std::string media_type_of(std::string_view file_name) {
    if (file_name.ends_with(".pdf")) return "application/pdf";
    if (file_name.ends_with(".ofd")) return "application/ofd";
    if (file_name.ends_with(".xml")) return "application/xml";
    return "application/json";
}

}  // namespace kaigong::certificates
