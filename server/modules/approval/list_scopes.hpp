// Lists of cases, tasks and what hangs on them, as the permission table sees them: which expression of a list's rows is
// which column of a data scope. Every list of this module names one of these; none filters rows by hand.
#pragma once

#include <string_view>

#include "authz/bound_scope.hpp"

namespace kaigong::approval {

/// A task is of its case: department means that the case has an item of it.
inline constexpr authz::ScopeColumns kScopeOfTasks{
    .account_id = "(SELECT p.applicant_account_id FROM procedures p WHERE p.application_id = tasks.application_id)",
    .credit_code = "(SELECT p.owner_credit_code FROM procedures p WHERE p.application_id = tasks.application_id)",
    .department =
        "EXISTS (SELECT 1 FROM procedure_items i WHERE i.application_id = tasks.application_id AND "
        "i.department = {} AND i.state <> 'not_applicable')",
    .region_code = "region_code",
    .matter_code = "matter_code",
    .confidentiality = "confidentiality"};

/// A task is its group's: department means that the group is of it (`fire:reviewer`).
inline constexpr authz::ScopeColumns kScopeOfGroups{
    .department = "substr(candidate_group, 1, instr(candidate_group, ':') - 1)",
    .region_code = "region_code",
    .matter_code = "matter_code",
    .confidentiality = "confidentiality"};

inline constexpr authz::ScopeColumns kScopeOfOrders{
    .department = "department",
    .region_code = "region_code",
    .matter_code = "(SELECT p.matter_code FROM procedures p WHERE p.application_id = expedite_orders.application_id)",
    .confidentiality =
        "(SELECT p.confidentiality FROM procedures p WHERE p.application_id = expedite_orders.application_id)"};

inline constexpr authz::ScopeColumns kScopeOfWarnings{
    .department = "department",
    .region_code = "region_code",
    .matter_code = "(SELECT p.matter_code FROM procedures p WHERE p.application_id = warnings.application_id)",
    .confidentiality = "(SELECT p.confidentiality FROM procedures p WHERE p.application_id = warnings.application_id)"};

inline constexpr authz::ScopeColumns kScopeOfFindings{
    .region_code = "region_code",
    .matter_code =
        "(SELECT p.matter_code FROM procedures p WHERE p.application_id = self_check_findings.application_id)",
    .confidentiality =
        "(SELECT p.confidentiality FROM procedures p WHERE p.application_id = self_check_findings.application_id)"};

/// Cases that run, for the pages of the calendar.
inline constexpr authz::ScopeColumns kScopeOfRunningCases{
    .region_code = "(SELECT p.region_code FROM procedures p WHERE p.application_id = case_calendars.application_id)",
    .matter_code = "(SELECT p.matter_code FROM procedures p WHERE p.application_id = case_calendars.application_id)",
    .confidentiality =
        "(SELECT p.confidentiality FROM procedures p WHERE p.application_id = case_calendars.application_id)"};

/// What was given to somebody is his (`own`), but no more of it than he is cleared for.
inline constexpr authz::ScopeColumns kScopeOfCopies{.account_id = "to_id"};

/// 代理: a deputyship is the absent person's, or that of the department which leads him.
inline constexpr authz::ScopeColumns kScopeOfDeputyships{
    .account_id = "absent_id", .department = "department", .region_code = "region_code"};

inline authz::BoundScope scope_of(const authz::Permissions& permissions, const authz::Actor& actor,
                                  std::string_view action, const authz::ScopeColumns& columns) {
    return authz::BoundScope(permissions.scope_condition(actor, action, columns));
}

}  // namespace kaigong::approval
