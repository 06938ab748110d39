#include "authz/actor.hpp"

#include <algorithm>

namespace kaigong::authz {
namespace {

bool is_region_code(std::string_view code) {
    const bool digits = std::ranges::all_of(code, [](char c) { return c >= '0' && c <= '9'; });
    return digits && (code.size() == 6 || code.size() == 9 || code.size() == 12);
}

}  // namespace

bool Actor::has(Role role) const {
    return std::ranges::find(roles, role) != roles.end();
}

bool Actor::acts_for(std::string_view company_code) const {
    if (company_code.empty()) return false;
    return credit_code == company_code || std::ranges::find(predecessor_codes, company_code) != predecessor_codes.end();
}

Actor system_actor() {
    Actor actor;
    actor.account_id = AccountId{"00000000-0000-7000-8000-000000000000"};
    actor.kind = AccountKind::system;
    actor.roles = {Role::system};
    return actor;
}

std::string_view to_string(Role role) {
    switch (role) {
        case Role::owner_agent: return "owner_agent";
        case Role::individual_owner: return "individual_owner";
        case Role::public_user: return "public_user";
        case Role::window_clerk: return "window_clerk";
        case Role::acceptance_officer: return "acceptance_officer";
        case Role::reviewer: return "reviewer";
        case Role::section_head: return "section_head";
        case Role::deciding_leader: return "deciding_leader";
        case Role::certificate_officer: return "certificate_officer";
        case Role::system_admin: return "system_admin";
        case Role::security_admin: return "security_admin";
        case Role::audit_admin: return "audit_admin";
        case Role::rule_admin: return "rule_admin";
        case Role::supervisor: return "supervisor";
        case Role::partner_system: return "partner_system";
        case Role::system: return "system";
    }
    return "";
}

std::optional<Role> parse_role(std::string_view text) {
    for (int i = 0; i <= static_cast<int>(Role::system); ++i) {
        const auto role = static_cast<Role>(i);
        if (to_string(role) == text) return role;
    }
    return std::nullopt;
}

std::string_view to_string(AccountKind kind) {
    switch (kind) {
        case AccountKind::owner_agent: return "owner_agent";
        case AccountKind::officer: return "officer";
        case AccountKind::administrator: return "administrator";
        case AccountKind::partner: return "partner";
        case AccountKind::system: return "system";
    }
    return "";
}

std::optional<AccountKind> parse_account_kind(std::string_view text) {
    for (int i = 0; i <= static_cast<int>(AccountKind::system); ++i) {
        const auto kind = static_cast<AccountKind>(i);
        if (to_string(kind) == text) return kind;
    }
    return std::nullopt;
}

std::string_view to_string(Confidentiality confidentiality) {
    switch (confidentiality) {
        case Confidentiality::normal: return "normal";
        case Confidentiality::restricted: return "restricted";
    }
    return "";
}

std::optional<Confidentiality> parse_confidentiality(std::string_view text) {
    for (const auto one : {Confidentiality::normal, Confidentiality::restricted}) {
        if (to_string(one) == text) return one;
    }
    return std::nullopt;
}

std::string_view region_prefix(std::string_view code) {
    if (!is_region_code(code)) return {};
    if (code.size() > 6) return code;
    if (code.ends_with("0000")) return code.substr(0, 2);
    if (code.ends_with("00")) return code.substr(0, 4);
    return code;
}

bool region_contains(std::string_view outer, std::string_view inner) {
    const auto prefix = region_prefix(outer);
    return !prefix.empty() && is_region_code(inner) && inner.starts_with(prefix);
}

}  // namespace kaigong::authz
