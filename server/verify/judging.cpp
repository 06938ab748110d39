#include "verify/judging.hpp"

#include "verify/case.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/json_members.hpp"
#include "crypto/digest.hpp"
#include "engine/tlog/inclusion_text.hpp"
#include "engine/tlog/watch.hpp"
#include "formats/identifier/identifier.hpp"

namespace kaigong::verify {
namespace {

using boost::json::object;
using boost::json::value;

constexpr std::size_t kSaltDigits = 32;
/// Later times are none that a clock could have shown.
constexpr std::uint64_t kSecondsMax = std::uint64_t{1} << 43;

/// The members of `evidence`; none where it is not there or no object.
struct Evidence {
    const object* whole = nullptr;
    const value* entry = nullptr;
    const value* salt = nullptr;
    const value* proof = nullptr;
};

Evidence evidence_of(const std::optional<Contents>& contents) {
    Evidence evidence;
    if (!contents || !contents->evidence) return evidence;
    evidence.whole = contents->evidence->if_object();
    if (evidence.whole == nullptr) return evidence;
    evidence.entry = evidence.whole->if_contains("entry");
    evidence.salt = evidence.whole->if_contains("salt");
    evidence.proof = evidence.whole->if_contains("proof");
    return evidence;
}

bool identifier_fits(const CertificateObject& certificate) {
    const auto parts = identifier::parse_certificate_identifier(certificate.certificate_identifier);
    return parts && parts->version == certificate.certificate_version &&
           parts->type_code == certificate.certificate_type_code;
}

std::vector<Words> differences(const CertificateObject& certificate, const Entry& entry) {
    std::vector<Words> names;
    const auto compare = [&names](std::string_view zh, std::string_view en, const auto& here, const auto& there) {
        if (here != there) names.push_back({fmt::format("“{}”", zh), std::string(en)});
    };
    compare("存证类别", "kind of entry", std::string("permit"), entry.kind);
    compare("电子证照标识", "identifier", certificate.certificate_identifier, entry.certificate_identifier);
    compare("版本", "version", certificate.certificate_version, entry.certificate_version);
    compare("编号", "permit number", certificate.permit_number, entry.permit_number);
    compare("状态", "state", certificate.state, entry.state);
    compare("发证机关", "authority", certificate.issuer_code, entry.issuer_code);
    compare("发证日期", "day of issue", certificate.issued_on, entry.issued_on);
    // The log does not name the works of a restricted permit; the commitment covers all the same.
    if (!entry.works_name.empty()) compare("工程名称", "works", certificate.works_name, entry.works_name);
    if (!entry.owner_name.empty()) compare("建设单位", "owner", certificate.holder_name, entry.owner_name);
    compare("培训标记", "mark of training", certificate.sandbox, entry.sandbox);
    return names;
}

void judge_agreement(const CertificateObject& certificate, const Entry& entry, const Trust& trust, Findings& findings) {
    const auto differing = differences(certificate, entry);
    if (!identifier_fits(certificate)) {
        findings.fail(CheckName::data, "verify.identifier_wrong");
    } else if (!differing.empty()) {
        findings.fail(CheckName::data, "verify.entry_differs", some_names(differing));
    } else if (std::ranges::find(trust.issuers, certificate.issuer_code, &Issuer::code) == trust.issuers.end()) {
        findings.fail(CheckName::data, "verify.issuer_unknown", certificate.issuer_name);
    } else {
        findings.pass(CheckName::data);
    }
}

void judge_data(const std::optional<Contents>& contents, const Evidence& evidence, const Judged& judged,
                const Trust& trust, Findings& findings) {
    const bool is_missing =
        contents && (!contents->certificate || !contents->evidence || (evidence.whole != nullptr && !evidence.entry));
    if (is_missing) {
        findings.fail(CheckName::data, "verify.data_missing");
    } else if (!judged.certificate || !judged.entry) {
        findings.fail(CheckName::data, "verify.data_malformed");
    } else {
        judge_agreement(*judged.certificate, *judged.entry, trust, findings);
    }
}

bool is_salt(const value* salt) {
    if (salt == nullptr || !salt->is_string() || salt->get_string().size() != kSaltDigits) return false;
    return std::ranges::all_of(salt->get_string(),
                               [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

void judge_commitment(const Judged& judged, const value* salt, Findings& findings) {
    if (!judged.certificate || !judged.entry) return findings.skip(CheckName::content, "verify.not_reached");
    const auto text = canonical_of(judged.certificate->whole);
    const bool fits = text && is_salt(salt) && crypto::commitment(salt->get_string(), *text) == judged.entry->content;
    if (!fits) return findings.fail(CheckName::content, "verify.content_differs");
    findings.pass(CheckName::content);
}

/// The proof and the checkpoint in it, as they were read.
struct Proof {
    tlog::InclusionText inclusion;
    tlog::Note note;
    tlog::Checkpoint checkpoint;
};

std::optional<Proof> read_proof(const value& text) {
    if (!text.is_string()) return std::nullopt;
    auto inclusion = tlog::InclusionText::parse(text.get_string());
    if (!inclusion) return std::nullopt;
    auto note = tlog::parse_note(inclusion->checkpoint);
    if (!note) return std::nullopt;
    auto checkpoint = tlog::Checkpoint::parse(note->text);
    if (!checkpoint) return std::nullopt;
    return Proof{std::move(*inclusion), std::move(*note), std::move(*checkpoint)};
}

/// Finds `proof`; what could be read of it.
std::optional<Proof> judge_proof(const std::optional<Entry>& entry, const value* text, Findings& findings) {
    if (!entry) {
        findings.skip(CheckName::proof, "verify.not_reached");
        return std::nullopt;
    }
    if (text == nullptr || *text == value("")) {
        findings.fail(CheckName::proof, "verify.proof_missing");
        return std::nullopt;
    }
    auto proof = read_proof(*text);
    if (!proof) {
        findings.fail(CheckName::proof, "verify.proof_malformed");
    } else if (!tlog::verify_inclusion(tlog::leaf_hash(entry->canonical), proof->inclusion.index,
                                       proof->checkpoint.tree, proof->inclusion.proof)) {
        findings.fail(CheckName::proof, "verify.proof_wrong");
    } else {
        findings.pass(CheckName::proof);
    }
    return proof;
}

/// What the known witnesses say of a checkpoint.
struct Witnessed {
    /// UTC milliseconds.
    std::vector<std::int64_t> times;
    /// Names of witnesses with a line of theirs, right or wrong.
    std::vector<std::string> names;
    bool any_wrong = false;
};

Witnessed cosignatures(const tlog::Note& note, const Trust& trust) {
    Witnessed witnessed;
    for (const tlog::VerifierKey& key : trust.witnesses) {
        const auto opened = tlog::open_note(note, {&key, 1});
        const bool is_absent = !opened && opened.error().reason == "tlog.signature_missing";
        if (is_absent || std::ranges::find(witnessed.names, key.name) != witnessed.names.end()) continue;
        witnessed.names.push_back(key.name);
        if (opened && opened->front().timestamp_s.value_or(kSecondsMax) < kSecondsMax) {
            witnessed.times.push_back(static_cast<std::int64_t>(*opened->front().timestamp_s) * 1000);
        } else {
            witnessed.any_wrong = true;
        }
    }
    return witnessed;
}

/// A known key whose line does not hold makes the whole note worthless, as signed-note says.
void judge_checkpoint(const std::optional<Proof>& proof, const Witnessed& witnessed, const Trust& trust,
                      Findings& findings) {
    if (!proof) {
        findings.skip(CheckName::checkpoint, "verify.not_reached");
    } else if (proof->checkpoint.origin != trust.log_origin) {
        findings.fail(CheckName::checkpoint, "verify.log_unknown");
    } else if (!tlog::open_note(proof->note, {&trust.log_key, 1}) || witnessed.any_wrong) {
        findings.fail(CheckName::checkpoint, "verify.checkpoint_signature_wrong");
    } else if (witnessed.names.size() < trust.witnesses_needed) {
        findings.fail(CheckName::checkpoint, "verify.witnesses_missing");
    } else {
        findings.pass(CheckName::checkpoint);
    }
}

/// Of the rules of times, those that one file can break.
void judge_times(const std::optional<Entry>& entry, const Witnessed& witnessed, Findings& findings) {
    if (!entry) return findings.skip(CheckName::times, "verify.not_reached");
    const auto waited = days_of(office_date(entry->logged_at_ms)) - days_of(entry->issued_on);
    const bool is_possible =
        waited >= 0 && waited <= tlog::kIssuedDaysBeforeMax && std::ranges::all_of(witnessed.times, [&](auto at_ms) {
            return entry->logged_at_ms <= at_ms + tlog::kAheadMsMax;
        });
    if (!is_possible) return findings.fail(CheckName::times, "verify.time_impossible");
    findings.pass(CheckName::times);
}

}  // namespace

Judged judge_contents(const std::optional<Contents>& contents, const Trust& trust, Findings& findings) {
    const Evidence evidence = evidence_of(contents);
    Judged judged;
    if (contents && contents->certificate) judged.certificate = certificate_of(*contents->certificate);
    if (evidence.entry != nullptr) judged.entry = entry_of(*evidence.entry);
    judged.has_evidence = evidence.whole != nullptr;
    if (judged.entry) judged.proved_at_ms = judged.entry->logged_at_ms;
    judge_data(contents, evidence, judged, trust, findings);
    judge_commitment(judged, evidence.salt, findings);
    const auto proof = judge_proof(judged.entry, evidence.proof, findings);
    const Witnessed witnessed = proof ? cosignatures(proof->note, trust) : Witnessed{};
    judge_checkpoint(proof, witnessed, trust, findings);
    judge_times(judged.entry, witnessed, findings);
    if (!witnessed.times.empty()) judged.proved_at_ms = std::ranges::max(witnessed.times);
    return judged;
}

}  // namespace kaigong::verify
