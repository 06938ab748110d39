// A business-rule task is a job of type `decision`: the engine knows no decision tables, the caller evaluates the
// decision and completes the job with its result.
#include "engine/bpmn/behaviors/waiting.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {
namespace {

constexpr std::string_view kJobType = "decision";

void read_business_rule_task(const XmlElement& /*xml*/, Element& element, Problems& problems) {
    // A model of the Zeebe modeller may have it done by a job worker instead.
    if (element.job_type.empty()) element.job_type = kJobType;
    if (!element.decision_id.empty() || element.job_type != kJobType) return;
    problems.refuse(element.id, element.line, "decision_missing",
                    "业务规则任务没有写明决策，请在扩展元素中加 <kaigong:decision id=\"…\" result=\"…\"/>。",
                    "The business-rule task names no decision; add <kaigong:decision id=\"…\" result=\"…\"/>.");
}

void enter_business_rule_task(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    open_activity(execution, token, JobCreated{token, element.id, element.job_type});
}

}  // namespace

const Handler kBusinessRuleTask{
    Kind::business_rule_task, "businessRuleTask", {Trigger::none}, read_business_rule_task, nullptr,
    enter_business_rule_task};

}  // namespace kaigong::bpmn::elements
