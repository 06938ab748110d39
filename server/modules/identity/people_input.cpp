#include "modules/identity/people_input.hpp"

#include <algorithm>
#include <array>

#include "modules/identity/shared.hpp"

namespace kaigong::identity {
namespace {

using authz::AccountKind;
using authz::Role;
using http::Request;

constexpr std::array<std::string_view, 4> kKinds{"owner_agent", "officer", "administrator", "partner"};
constexpr std::array<std::string_view, 2> kStates{"active", "blocked"};
/// No region begins like this.
constexpr const char* kNowhere = "x";

constexpr std::array kAdministratorRoles{Role::system_admin, Role::security_admin, Role::audit_admin, Role::rule_admin};
constexpr std::array kOfficerRoles{Role::window_clerk, Role::acceptance_officer, Role::reviewer,
                                   Role::section_head, Role::deciding_leader,    Role::certificate_officer,
                                   Role::supervisor};

template <class Roles>
bool is_one_of(const Roles& roles, Role role) {
    return std::ranges::find(roles, role) != roles.end();
}

Error roles_refused(std::string why) {
    return invalid_field("roles", "identity.roles_refused", std::move(why));
}

bool is_of_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

template <class Names>
std::vector<std::string> one_or_all(std::string_view chosen, const Names& all) {
    if (!chosen.empty()) return {std::string(chosen)};
    return {all.begin(), all.end()};
}

}  // namespace

bool is_administrators(Role role) {
    return is_one_of(kAdministratorRoles, role);
}

Result<void> check_roles(AccountKind kind, const std::vector<Role>& roles) {
    const auto all_of = [&](const auto& allowed) {
        return std::ranges::all_of(roles, [&](Role role) { return is_one_of(allowed, role); });
    };
    if (kind == AccountKind::administrator) {
        if (roles.size() > 1) return roles_refused("系统、安全、审计、规则管理员不能由同一个账号兼任，请只选一个。");
        return all_of(kAdministratorRoles) ? Result<void>() : roles_refused("管理员账号只能授予管理员角色。");
    }
    if (kind == AccountKind::officer) {
        return all_of(kOfficerRoles) ? Result<void>() : roles_refused("工作人员账号不能授予管理员或申请人角色。");
    }
    return roles_refused("申请人账号的权限来自其代表的单位，不能在这里授予。");
}

Result<Rights> read_rights(const Request& request) {
    KAIGONG_TRY(body, http::json_body(request));
    JsonReader reader(body);
    Rights wanted;
    const auto names = reader.texts("roles", {.count_max = 8}, {.length_max = 40});
    wanted.matters = reader.optional_texts("matters", {.count_max = 50}, {.length_max = 60});
    const auto clearance = authz::parse_confidentiality(reader.optional_text("clearance", {}).value_or("normal"));
    KAIGONG_CHECK(reader.finish());
    if (!clearance) {
        return invalid_field("clearance", "identity.clearance_unknown", "知悉范围应为 normal 或 restricted。");
    }
    wanted.clearance = *clearance;
    for (const auto& name : names) {
        const auto role = authz::parse_role(name);
        if (!role) return roles_refused("没有这个角色：请从列表中选择。");
        if (!is_one_of(wanted.roles, *role)) wanted.roles.push_back(*role);
    }
    return wanted;
}

Result<PersonWanted> read_person(JsonReader& reader, AccountKind kind) {
    PersonWanted wanted;
    wanted.display_name = reader.text("display_name", {.length_max = 60});
    auto& place = wanted.place;
    place.organisation_name = reader.text("organisation_name", {.length_max = 200});
    place.department = reader.optional_text("department", {.length_max = 40}).value_or("");
    place.department_name = reader.optional_text("department_name", {.length_max = 100}).value_or("");
    place.region_code = reader.optional_text("region_code", {.length_max = 6}).value_or("");
    place.post = reader.optional_text("post", {.length_max = 100}).value_or("");
    KAIGONG_CHECK(reader.finish());
    const bool area = place.region_code.size() == 6 && !authz::region_prefix(place.region_code).empty();
    if (!place.region_code.empty() && !area) {
        return invalid_field("region_code", "identity.region_malformed", "行政区划代码应为 6 位数字，例如 330106。");
    }
    if (kind == AccountKind::officer && (!area || place.department.empty())) {
        return invalid_field(area ? "department" : "region_code", "identity.place_missing",
                             "工作人员要写明部门和 6 位行政区划代码，否则看不到任何案件。");
    }
    return wanted;
}

std::string area_of(const authz::Actor& administrator) {
    if (administrator.region_code.empty()) return "";
    const auto prefix = authz::region_prefix(administrator.region_code);
    return std::string(prefix.empty() ? kNowhere : prefix);
}

Result<store::PeopleQuery> read_people_query(const Request& request) {
    const auto kind = request.query_parameter("kind").value_or("");
    const auto state = request.query_parameter("state").value_or("");
    const auto role = request.query_parameter("role").value_or("");
    KAIGONG_CHECK(check_filter("kind", kind, kKinds));
    KAIGONG_CHECK(check_filter("state", state, kStates));
    const auto known = authz::parse_role(role);
    if (!role.empty() && !(known && (is_one_of(kOfficerRoles, *known) || is_one_of(kAdministratorRoles, *known)))) {
        return invalid_field("role", "identity.filter_unknown", "没有这个筛选条件，请从列表中选择。");
    }
    store::PeopleQuery query;
    query.area = area_of(request.actor());
    query.kinds = one_or_all(kind, kKinds);
    query.states = one_or_all(state, kStates);
    query.role = role;
    query.name = lower_name(std::string(request.query_parameter("query").value_or("")));
    // Names hold nothing else, so nobody's begins like this.
    if (!std::ranges::all_of(query.name, is_of_name)) query.kinds.clear();
    return query;
}

Result<void> read_cursor(const std::string& cursor, store::PeopleQuery& query) {
    if (cursor.empty()) return {};
    const auto slash = cursor.find('/');
    query.after_region = cursor.substr(0, slash);
    query.after_name = slash == std::string::npos ? "" : cursor.substr(slash + 1);
    const bool region = std::ranges::all_of(query.after_region, [](char c) { return c >= '0' && c <= '9'; });
    if (slash != std::string::npos && region && std::ranges::all_of(query.after_name, is_of_name)) return {};
    return invalid_field("cursor", "http.page_invalid", "分页参数不对：cursor 请原样使用上一页给出的值。");
}

}  // namespace kaigong::identity
