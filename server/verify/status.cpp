#include "verify/status.hpp"

#include "base/json_members.hpp"
#include "verify/sentences.hpp"

#include <algorithm>

namespace kaigong::verify {
namespace {

Check status_check(std::string_view code, const Words& names = {}) {
    auto [zh, en] = code.empty() ? passed_text(CheckName::status) : sentence(code, names);
    return {CheckName::status, code.empty() ? Outcome::pass : Outcome::fail, std::string(code), std::move(zh),
            std::move(en)};
}

std::int64_t version_in(const boost::json::object& of) {
    const auto* const version = of.if_contains("certificate_version");
    return version != nullptr && version->is_int64() ? version->get_int64() : 0;
}

/// States are English words (docs/glossary.md); their Chinese names come with the answer.
std::string in_english(std::string state) {
    std::ranges::replace(state, '_', ' ');
    return state;
}

}  // namespace

std::optional<Check> judge_status(const boost::json::object& certificate, const StatusReply& reply) {
    if (reply.status == 404) return status_check("verify.number_unknown");
    const auto* const body = reply.body.if_object();
    if (reply.status != 200 || body == nullptr || text_of(*body, "state").empty()) return std::nullopt;
    const auto state = text_of(*body, "state");
    // What ended the permit comes first: a new edition of it would be of no more use than the old one.
    if (state != "in_force" && state != "replaced") {
        const auto shown = text_of(*body, "state_name");
        return status_check("verify.not_in_force", {shown.empty() ? state : shown, in_english(state)});
    }
    const auto here = version_in(certificate);
    const auto there = version_in(*body);
    if (state == "replaced" || there > here) return status_check("verify.replaced");
    if (there != here || text_of(*body, "certificate_identifier") != text_of(certificate, "certificate_identifier")) {
        return status_check("verify.version_differs");
    }
    return status_check("");
}

Check authority_unreachable() {
    auto [zh, en] = sentence("verify.authority_unreachable");
    return {CheckName::status, Outcome::unchecked, "verify.authority_unreachable", std::move(zh), std::move(en)};
}

Answer with_status(Answer answer, Check check) {
    const auto place = std::ranges::find(answer.checks, CheckName::status, &Check::check);
    if (place != answer.checks.end()) *place = std::move(check);
    return answer;
}

}  // namespace kaigong::verify
