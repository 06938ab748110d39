#include "verify/verify.hpp"

#include "verify/case.hpp"

namespace kaigong::verify {
namespace {

std::string_view without_mark(std::string_view bytes) {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    return bytes.starts_with(kByteOrderMark) ? bytes.substr(kByteOrderMark.size()) : bytes;
}

std::string_view judge(std::string_view bytes, Case& of) {
    if (bytes.size() > kFileBytesMax) return kTooLarge;
    if (bytes.starts_with("%PDF-")) return judge_pdf(bytes, of);
    if (bytes.starts_with("PK\x03\x04")) return judge_ofd(bytes, of);
    const std::string_view begin = without_mark(bytes);
    const std::size_t first = begin.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return kUnknownKind;
    if (begin[first] == '<') return judge_xml(bytes, of);
    if (begin[first] == '{') return judge_json(bytes, of);
    return kUnknownKind;
}

Verdict verdict_of(const Case& of) {
    const Findings& findings = of.findings;
    if (findings.outcome(CheckName::file) == Outcome::fail) return Verdict::cannot_judge;
    // Nobody whom one trusts, and nothing that says to be ours.
    if (findings.outcome(CheckName::signer) != Outcome::pass && !of.judged.has_evidence) return Verdict::cannot_judge;
    if (findings.any_failed()) return Verdict::not_genuine;
    const bool is_training = of.judged.certificate && of.judged.certificate->sandbox;
    return is_training || of.trust.sandbox ? Verdict::training : Verdict::genuine;
}

}  // namespace

Answer verify_file(const VerifiedFile& file, const Trust& trust, std::int64_t now_ms) {
    Case of{.trust = trust, .now_ms = now_ms, .findings = {}, .judged = {}, .copy = {}};
    if (const std::string_view problem = judge(file.bytes, of); !problem.empty()) {
        of.findings.fail(CheckName::file, problem);
        if (problem == kUnknownKind) of.kind = Kind::unknown;
    } else {
        of.findings.pass(CheckName::file);
        of.findings.skip(CheckName::status, "verify.offline");
    }
    Answer answer{.file = file.name,
                  .kind = of.kind,
                  .verdict = verdict_of(of),
                  .checks = of.findings.list(),
                  .certificate = {},
                  .copy = std::move(of.copy),
                  .as_of_ms = of.judged.proved_at_ms};
    if (of.judged.certificate) answer.certificate = std::move(of.judged.certificate->whole);
    return answer;
}

}  // namespace kaigong::verify
