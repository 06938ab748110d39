// certificate.xml: an enveloped XML signature by a P-256 key.
#include "formats/certificate/xml_file.hpp"

#include <array>
#include <boost/json.hpp>

#include "verify/case.hpp"

namespace kaigong::verify {
namespace {

using certificate::XmlSignature;

void judge_xml_signature(const certificate::JudgedXml& xml, Case& of) {
    if (xml.signature == XmlSignature::absent) return of.no_signer("verify.signature_missing");
    if (xml.signature == XmlSignature::malformed) return of.no_signer("verify.signature_wrong");
    const crypto::Certificate& signer = xml.chain.front();
    const auto algorithm = crypto::algorithm_of(signer.public_key_info);
    const bool is_p256 = algorithm && *algorithm == crypto::SignatureAlgorithm::ecdsa_p256_sha256;
    const std::span others = std::span(xml.chain).subspan(1);
    const std::int64_t at_ms = of.signed_at_ms();
    const bool holds = is_p256 && xml.signature != XmlSignature::wrong && !of.carries_others(signer, others, at_ms);
    of.judge_signature(holds, xml.signature == XmlSignature::holds);
    of.judge_signers(std::array{Asked{signer, of.trust.signers, others, at_ms}}, of.trust.signing_roots);
}

}  // namespace

std::string_view judge_xml(std::string_view bytes, Case& of) {
    of.kind = Kind::xml;
    const auto xml = certificate::judge_xml(bytes);
    if (!xml) return kUnreadable;
    if (!xml->is_ours) return kUnknownKind;
    of.judge_data(xml->content ? std::optional(contents_of(*xml->content)) : std::nullopt);
    judge_xml_signature(*xml, of);
    return {};
}

}  // namespace kaigong::verify
