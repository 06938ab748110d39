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

}  // namespace

std::optional<Check> judge_status(const boost::json::object& certificate, const StatusReply& reply) {
    if (reply.status == 404) return status_check("verify.number_unknown");
    const auto* const body = reply.body.if_object();
    if (reply.status != 200 || body == nullptr || text_of(*body, "state").empty()) return std::nullopt;
    const auto state = text_of(*body, "state");
    const auto here = version_in(certificate);
    const auto there = version_in(*body);
    if (state == "replaced" || there > here) return status_check("verify.replaced");
    if (there != here || text_of(*body, "certificate_identifier") != text_of(certificate, "certificate_identifier")) {
        return status_check("verify.version_differs");
    }
    if (state == "in_force") return status_check("");
    const auto shown = text_of(*body, "state_name");
    const auto& name = shown.empty() ? state : shown;
    return status_check("verify.not_in_force", {name, name});
}

Answer with_status(Answer answer, Check check) {
    const auto place = std::ranges::find(answer.checks, CheckName::status, &Check::check);
    if (place != answer.checks.end()) *place = std::move(check);
    return answer;
}

}  // namespace kaigong::verify
