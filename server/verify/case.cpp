#include "verify/case.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/json_members.hpp"
#include "crypto/digest.hpp"
#include "crypto/timestamp.hpp"

namespace kaigong::verify {
namespace {

constexpr std::size_t kNamesMax = 5;
constexpr std::int64_t kNoonMs = 12 * 3'600'000LL;

bool is_listed(const crypto::Certificate& certificate, std::span<const crypto::Digest> listed) {
    return std::ranges::find(listed, crypto::sha256(certificate.der)) != listed.end();
}

}  // namespace

void Case::judge_data(const std::optional<Contents>& contents) {
    if (contents && contents->copy && contents->copy->is_object()) copy = contents->copy->get_object();
    judged = judge_contents(contents, trust, findings);
}

void Case::judge_signature(bool signature_holds, bool bytes_fit) {
    if (!signature_holds) return findings.fail(CheckName::signature, "verify.signature_wrong");
    if (!bytes_fit) return findings.fail(CheckName::signature, "verify.bytes_changed");
    findings.pass(CheckName::signature);
}

void Case::no_signer(std::string_view code) {
    findings.fail(CheckName::signature, code);
    findings.skip(CheckName::signer, "verify.not_reached");
}

void Case::judge_signers(std::span<const Asked> asked, std::span<const crypto::Certificate> roots) {
    bool any_expired = false;
    for (const auto& [leaf, listed, others, at_ms] : asked) {
        const bool may_sign = is_listed(leaf, listed) && crypto::is_for_documents(leaf);
        const auto path = crypto::verify_chain(leaf, others, roots, at_ms);
        if (may_sign && path) continue;
        if (!may_sign || path.error().reason != "crypto.certificate_expired") {
            return findings.fail(CheckName::signer, "verify.signer_unknown");
        }
        any_expired = true;
    }
    if (any_expired) return findings.fail(CheckName::signer, "verify.signer_expired");
    findings.pass(CheckName::signer);
}

bool Case::carries_others(const crypto::Certificate& signer, std::span<const crypto::Certificate> others,
                          std::int64_t at_ms) const {
    const auto path = crypto::verify_chain(signer, others, trust.signing_roots, at_ms);
    const auto is_beside = [&path](const auto& one) { return std::ranges::find(*path, one) == path->end(); };
    return path && std::ranges::any_of(others, is_beside);
}

std::optional<std::int64_t> Case::judge_timestamp(crypto::BytesView token, crypto::BytesView signature_value) {
    if (token.empty()) return std::nullopt;
    const auto timestamp = crypto::verify_timestamp(token, crypto::sha256(signature_value), trust.signing_roots);
    if (timestamp) {
        findings.pass(CheckName::timestamp);
        return timestamp->at_ms;
    }
    if (timestamp.error().reason == "crypto.timestamp_unknown_authority") {
        findings.skip(CheckName::timestamp, "verify.timestamp_authority_unknown");
    } else {
        findings.fail(CheckName::timestamp, "verify.timestamp_wrong");
    }
    return std::nullopt;
}

void Case::judge_page(const std::optional<std::string>& printed) {
    if (!judged.certificate) return findings.skip(CheckName::page, "verify.not_reached");
    const auto missing = missing_on_page(*judged.certificate, printed.value_or(""));
    if (missing.empty()) return findings.pass(CheckName::page);
    findings.fail(CheckName::page, "verify.page_differs", some_names(missing));
}

std::int64_t Case::signed_at_ms() const {
    if (const auto made_on = copy ? parse_date(text_of(*copy, "made_on")) : std::nullopt) {
        return office_midnight_ms(*made_on) + kNoonMs;
    }
    return judged.entry ? judged.entry->logged_at_ms : now_ms;
}

std::string some_names(const std::vector<std::string>& names, std::string_view between) {
    std::vector<std::string> distinct;
    for (const std::string& name : names) {
        if (std::ranges::find(distinct, name) == distinct.end()) distinct.push_back(name);
    }
    const std::size_t count = distinct.size();
    if (count > kNamesMax) distinct.resize(kNamesMax);
    const std::string text = fmt::format("{}", fmt::join(distinct, between));
    return count > kNamesMax ? fmt::format("{} … ({})", text, count) : text;
}

Words some_names(const std::vector<Words>& names) {
    std::vector<std::string> zh;
    std::vector<std::string> en;
    for (const auto& name : names) {
        zh.push_back(name.zh);
        en.push_back(name.en);
    }
    return {some_names(zh, "、"), some_names(en, ", ")};
}

}  // namespace kaigong::verify
