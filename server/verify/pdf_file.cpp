// certificate.pdf: ETSI.CAdES.detached over the whole file, the data in its XMP properties.
#include <algorithm>
#include <array>

#include "base/json_reader.hpp"
#include "crypto/cms.hpp"
#include "formats/pdf/reader.hpp"
#include "verify/case.hpp"

namespace kaigong::verify {
namespace {

/// Nothing where a property is no JSON.
std::optional<Contents> contents_of_properties(const std::map<std::string, std::string>& properties) {
    boost::json::object root;
    for (const char* name : {"certificate", "evidence", "copy"}) {
        const auto found = properties.find(name);
        if (found == properties.end()) continue;
        auto value = parse_json(found->second);
        if (!value) return std::nullopt;
        root[name] = std::move(*value);
    }
    return contents_of(root);
}

crypto::Digest digest_of(std::string_view bytes, const pdf::ByteRange& range) {
    crypto::Hasher hasher(crypto::DigestKind::sha256);
    for (const std::string_view part : pdf::signed_parts(bytes, range)) hasher.update(crypto::view(part));
    return hasher.finish();
}

/// The digits of the signature's place are all small or all capital letters: a mixture was made later.
bool is_one_spelling(std::string_view bytes, const pdf::ByteRange& range) {
    const auto place = bytes.substr(range[1], range[2] - range[1]);
    return std::ranges::none_of(place, [](char sign) { return sign >= 'A' && sign <= 'F'; }) ||
           std::ranges::none_of(place, [](char sign) { return sign >= 'a' && sign <= 'f'; });
}

void judge_cades_of(std::string_view bytes, const pdf::StoredSignature& stored, Case& of) {
    const bool is_sound = stored.range_sound && !stored.cms.empty() && is_one_spelling(bytes, stored.byte_range);
    const auto judged = is_sound ? crypto::judge_cades(stored.cms, digest_of(bytes, stored.byte_range))
                                 : Result<crypto::JudgedCades>(error(Errc::invalid_input, "", ""));
    if (!judged) return of.no_signer("verify.signature_wrong");
    const crypto::CadesSignature& signature = judged->signature;
    const auto stamped_at_ms = of.judge_timestamp(signature.timestamp_token, signature.signature_value);
    const std::int64_t at_ms = stamped_at_ms.value_or(of.signed_at_ms());
    of.judge_signers(std::array{Asked{signature.signer, of.trust.signers, signature.chain, at_ms}},
                     of.trust.signing_roots);
    const bool holds = judged->signature_holds && !of.carries_others(signature.signer, signature.chain, at_ms);
    if (holds && judged->content_fits && !stored.covers_whole_file) {
        return of.findings.fail(CheckName::signature, "verify.added_after_signing");
    }
    of.judge_signature(holds, judged->content_fits);
}

/// As much as can be read: pages that are broken do not hide who signed.
Result<pdf::StoredPdf> read_as_far_as_possible(std::string_view bytes, bool& pages_read) {
    auto stored = pdf::read(bytes);
    pages_read = stored.has_value();
    return pages_read ? std::move(stored) : pdf::read_without_pages(bytes);
}

std::string joined(const std::vector<std::string>& pages) {
    std::string text;
    for (const std::string& page : pages) text += page + "\n";
    return text;
}

}  // namespace

std::string_view judge_pdf(std::string_view bytes, Case& of) {
    of.kind = Kind::pdf;
    bool pages_read = false;
    const auto stored = read_as_far_as_possible(bytes, pages_read);
    if (!stored) return stored.error().reason == "pdf.too_large" ? kTooLarge : kUnreadable;
    of.judge_data(contents_of_properties(stored->properties));
    of.judge_page(pages_read ? std::optional(joined(stored->pages)) : std::nullopt);
    if (stored->signatures.empty()) {
        of.no_signer("verify.signature_missing");
    } else {
        judge_cades_of(bytes, stored->signatures.back(), of);
    }
    return {};
}

}  // namespace kaigong::verify
