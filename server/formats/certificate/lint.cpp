#include "formats/certificate/lint.hpp"

#include "base/json_members.hpp"
#include "formats/certificate/findings.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <boost/json/array.hpp>

namespace kaigong::certificate {
namespace {

namespace json = boost::json;

Error profile_malformed(std::string_view member) {
    return error(Errc::invalid_input, "certificate.profile_malformed",
                 fmt::format("证照规格 profile.{} 有误，请对照说明改正证照模板。", member));
}

Result<std::vector<std::string>> texts(const json::object& source, std::string_view member) {
    std::vector<std::string> result;
    const auto* value = source.if_contains(member);
    if (value == nullptr) return result;
    if (!value->is_array()) return profile_malformed(member);
    for (const json::value& one : value->get_array()) {
        if (!one.is_string()) return profile_malformed(member);
        result.emplace_back(one.get_string());
    }
    return result;
}

Result<double> millimetres(const json::object& source, std::string_view member) {
    boost::system::error_code fault;
    const auto* value = source.if_contains(member);
    const double number = value == nullptr ? 0 : value->to_number<double>(fault);
    if (fault || number < 0 || number > 100) return profile_malformed(member);
    return number;
}

Result<layout::Rect> text_area(const json::object& source) {
    const auto* margins = source.if_contains("margins_mm");
    if (margins == nullptr || !margins->is_object()) return profile_malformed("margins_mm");
    const json::object& sides = margins->get_object();
    KAIGONG_TRY(top, millimetres(sides, "top"));
    KAIGONG_TRY(right, millimetres(sides, "right"));
    KAIGONG_TRY(bottom, millimetres(sides, "bottom"));
    KAIGONG_TRY(left, millimetres(sides, "left"));
    return layout::Rect{left, top, layout::kA4WidthMm - left - right, layout::kA4HeightMm - top - bottom};
}

}  // namespace

Result<CertificateProfile> read_profile(const json::object& source) {
    CertificateProfile profile;
    profile.certificate_name = text_of(source, "certificate_name");
    if (profile.certificate_name.empty()) return profile_malformed("certificate_name");
    profile.certificate_type_code = text_of(source, "certificate_type_code");
    KAIGONG_TRY(required, texts(source, "required"));
    profile.required = std::move(required);
    KAIGONG_TRY(printed, texts(source, "printed"));
    profile.printed = std::move(printed);
    // 「甲|乙」: either role will do.
    KAIGONG_TRY(roles, texts(source, "roles"));
    for (std::string_view group : roles) {
        auto& names = profile.roles.emplace_back();
        for (std::size_t bar = 0; bar != std::string_view::npos; group.remove_prefix(bar + 1)) {
            bar = group.find('|');
            names.emplace_back(group.substr(0, bar));
            if (bar == std::string_view::npos) break;
        }
    }
    KAIGONG_TRY(area, text_area(source));
    profile.text_area = area;
    boost::system::error_code fault;
    const auto* pages = source.if_contains("pages_max");
    profile.pages_max = pages == nullptr ? 1 : pages->to_number<std::size_t>(fault);
    if (fault || profile.pages_max == 0 || profile.pages_max > layout::kPagesMax) return profile_malformed("pages_max");
    return profile;
}

std::string issued_too_long_ago(std::int64_t days) {
    return fmt::format(
        "发证日期距今超过 {} "
        "天，登记存证也通不过任何人的核验，所以没有登记、没有签章。请科室负责人报原决定人撤回这次决定，"
        "按今天的日期重新决定后再发证。",
        days);
}

std::vector<FieldProblem> certificate_problems(const CertificateProfile& profile, const json::object& certificate,
                                               const layout::Document& document, const IssuingFacts& facts) {
    Findings findings;
    check_object(findings, profile, certificate, facts);
    check_pages(findings, profile, certificate, document, facts);
    return findings.take();
}

Result<void> lint_certificate(const CertificateProfile& profile, const json::object& certificate,
                              const layout::Document& document, const IssuingFacts& facts) {
    std::vector<FieldProblem> problems = certificate_problems(profile, certificate, document, facts);
    if (problems.empty()) return {};
    Error refused = error(Errc::invalid_input, problems.front().reason,
                          fmt::format("证照有 {} 处不合规格，没有签章。{}", problems.size(), problems.front().message));
    refused.fields = std::move(problems);
    return refused;
}

}  // namespace kaigong::certificate
