#include <algorithm>
#include <array>

#include "modules/approval/access.hpp"
#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval::operations {
namespace {

/// What the program writes at the opening, in record steps and with a new round.
constexpr std::array<std::string_view, 7> kWrittenByProgram{
    "application_id", "region_code", "required_items", "findings_block", "intake_due_at", "state", "round"};

bool is_protected(std::string_view name) {
    return std::ranges::find(kWrittenByProgram, name) != kWrittenByProgram.end() || name.ends_with("_outcome") ||
           name.ends_with("_by");
}

Result<void> check_variables(const boost::json::object& variables) {
    for (const auto& variable : variables) {
        if (!is_protected(variable.key())) continue;
        return invalid_field("variables", "approval.variable_protected",
                             "变量“" + std::string(variable.key()) +
                                 "”记录的是办理结果或申请本身，不能在处理异常时改动。请去掉它再试。");
    }
    return {};
}

}  // namespace

Result<void> resolve_incident(db::Session& session, const Surroundings& surroundings,
                              const authz::Permissions& permissions, const Officer& officer,
                              const std::string& application_id, const Repair& repair, std::int64_t now_ms) {
    KAIGONG_TRY(
        work, open_case(session, surroundings, application_id, {officer.actor.account_id.text, officer.name}, now_ms));
    KAIGONG_CHECK(permissions.authorise(officer.actor, kRepair, resource_of(work.procedure(), work.items())));
    KAIGONG_CHECK(check_variables(repair.variables));
    const auto incidents = work.state().incidents;
    const auto found = incidents.find(repair.incident);
    const auto element = found == incidents.end() ? std::string() : found->second.element;
    KAIGONG_CHECK(work.run(bpmn::ResolveIncident{repair.incident, repair.variables}));
    work.note("incident_resolved", "异常已处理，重试“" + work.name_of(element) + "”", "", false);
    work.audit("approval.resolve_incident", "处理异常并重试：" + element);
    return work.save();
}

}  // namespace kaigong::approval::operations
