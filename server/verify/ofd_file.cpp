// certificate.ofd: an SES V4 seal over every file of the package, the data in its attachment.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/json_reader.hpp"
#include "crypto/digest.hpp"
#include "crypto/seal.hpp"
#include "formats/ofd/ofd_reader.hpp"
#include "formats/ofd/ofd_signing.hpp"
#include "formats/ofd/package.hpp"
#include "verify/case.hpp"

namespace kaigong::verify {
namespace {

std::string_view file_name(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

/// Without an attachment of that name, empty contents; nothing where it is no JSON object.
std::optional<Contents> contents_of_attachment(const ofd::Package& package, const ofd::Reading& reading) {
    const auto listed = std::ranges::find_if(reading.attachments,
                                             [](const auto& one) { return file_name(one.path) == "certificate.json"; });
    const auto* const file = listed == reading.attachments.end() ? nullptr : package.find(listed->path);
    if (file == nullptr) return Contents{};
    const auto value = parse_json(file->bytes);
    if (!value || !value->is_object()) return std::nullopt;
    return contents_of(value->get_object());
}

std::string printed_text(const ofd::Reading& reading) {
    std::string text;
    for (const auto& page : reading.pages) text += page.text + "\n";
    return text;
}

std::string_view without_slash(std::string_view path) {
    return path.starts_with('/') ? path.substr(1) : path;
}

void judge_seal(const crypto::JudgedSeal& judged, const ofd::ReferenceCheck& files, Findings& findings) {
    const auto fail = [&findings](std::string_view code, const std::vector<std::string>& names = {}) {
        std::vector<Words> quoted;
        quoted.reserve(names.size());
        for (const auto& name : names) quoted.push_back({fmt::format("“{}”", name), name});
        findings.fail(CheckName::seal, code, some_names(quoted));
    };
    if (!files.changed.empty()) return fail("verify.package_file_changed", files.changed);
    if (!files.not_covered.empty()) return fail("verify.package_file_not_covered", files.not_covered);
    if (!judged.seal_whole) return fail("verify.seal_broken");
    if (!judged.signer_listed) return fail("verify.seal_signer_not_listed");
    if (!judged.valid_then) return fail("verify.seal_expired");
    findings.pass(CheckName::seal);
}

/// Whether there was a seal that could be judged.
bool judge_sealing(const ofd::Package& package, const ofd::Reading& reading, const ofd::SignatureRecord& record,
                   Case& of) {
    const auto files = ofd::check_references(package, reading, record);
    const auto* const value = package.find(record.value_path);
    if (!files || value == nullptr) return false;
    const auto judged =
        crypto::judge_seal_signature(crypto::view(value->bytes), crypto::sm3(crypto::view(files->signed_bytes)));
    if (!judged) return false;
    const crypto::SealSignature& sealing = judged->signature;
    of.judge_timestamp(sealing.timestamp_token, sealing.signature_value);
    const bool is_ours = judged->signature_holds && without_slash(sealing.property) == without_slash(record.path);
    of.judge_signature(is_ours, judged->content_fits);
    // Whoever may sign under the same root could make a seal of his own: its maker must lead there too.
    const std::array asked{Asked{sealing.signer, of.trust.signers, {}, sealing.at_ms},
                           Asked{sealing.seal.maker, of.trust.seal_makers, {}, sealing.seal.created_at_ms}};
    of.judge_signers(asked, of.trust.seal_roots);
    judge_seal(*judged, *files, of.findings);
    return true;
}

}  // namespace

std::string_view judge_ofd(std::string_view bytes, Case& of) {
    of.kind = Kind::ofd;
    const auto package = ofd::Package::read(bytes);
    if (!package) return package.error().reason == "ofd.too_large" ? kTooLarge : kUnreadable;
    if (package->find("OFD.xml") == nullptr) return kUnknownKind;
    const auto reading = ofd::read(*package);
    if (!reading) return kUnreadable;
    if (!reading->signatures.empty() && !ofd::lists_one_signature(*package, *reading)) return kUnreadable;
    of.judge_data(contents_of_attachment(*package, *reading));
    of.judge_page(printed_text(*reading));
    const bool is_sealed = !reading->signatures.empty();
    if (is_sealed && judge_sealing(*package, *reading, reading->signatures.front(), of)) return {};
    of.no_signer(is_sealed ? "verify.signature_wrong" : "verify.signature_missing");
    of.findings.skip(CheckName::seal, "verify.not_reached");
    return {};
}

}  // namespace kaigong::verify
