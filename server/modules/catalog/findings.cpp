#include "modules/catalog/findings.hpp"

#include <algorithm>
#include <array>

namespace kaigong::catalog {
namespace {

std::vector<std::string> texts_of(const feel::Context& of, std::string_view name) {
    std::vector<std::string> list;
    const auto* found = of.find(name);
    if (found == nullptr) return list;
    if (found->is(feel::Kind::string)) return {found->as_string()};
    if (!found->is(feel::Kind::list)) return list;
    for (const auto& one : found->as_list()) {
        if (one.is(feel::Kind::string)) list.push_back(one.as_string());
    }
    return list;
}

int rank_of(const Finding& finding) {
    constexpr std::array kOrder{"block", "warn", "info"};
    const auto at = std::ranges::find(kOrder, finding.severity) - kOrder.begin();
    return static_cast<int>(at) + (finding.outcome == "fail" ? 0 : 10);
}

Finding finding_of(const feel::Context& line, const std::string& outcome) {
    const auto* confirmed = line.find("basis_confirmed");
    return {context_text(line, "rule"),
            outcome,
            context_text(line, "severity"),
            context_text(line, "audience"),
            context_text(line, "leads_to"),
            context_text(line, "title"),
            context_text(line, "message"),
            context_text(line, "remedy"),
            context_text(line, "legal_basis"),
            confirmed != nullptr && confirmed->is_true(),
            texts_of(line, "fields"),
            texts_of(line, "evidence"),
            {}};
}

}  // namespace

std::string context_text(const feel::Context& of, std::string_view name) {
    const auto* found = of.find(name);
    return found != nullptr && found->is(feel::Kind::string) ? found->as_string() : "";
}

void read_findings(const Result<dmn::Outcome>& decided, const ReadMask& mask, Precheck& result) {
    if (!decided || !decided->value.is(feel::Kind::list)) {
        // The table itself failed: that is a finding too, never a silent pass.
        result.findings.push_back({"R-000",
                                   "unchecked",
                                   "warn",
                                   "officer",
                                   "",
                                   "规则没有算出结果",
                                   "预审规则没有算出结果，请工作人员人工核对，并通知管理员检查规则。",
                                   "通知管理员",
                                   "",
                                   true,
                                   {},
                                   {},
                                   {}});
        result.counts.unchecked += 1;
        return;
    }
    const ExplainedRules explained(decided->explanation);
    for (const auto& line : decided->value.as_list()) {
        if (!line.is(feel::Kind::context)) continue;
        const auto outcome = context_text(line.as_context(), "outcome");
        if (outcome == "pass") {
            result.counts.pass += 1;
            continue;
        }
        (outcome == "fail" ? result.counts.fail : result.counts.unchecked) += 1;
        auto finding = finding_of(line.as_context(), outcome);
        finding.explanation = deciding_line(explained.lines_of(finding.rule, &mask), outcome);
        result.findings.push_back(std::move(finding));
    }
    std::ranges::sort(result.findings, {},
                      [](const Finding& finding) { return std::pair(rank_of(finding), finding.rule); });
}

}  // namespace kaigong::catalog
