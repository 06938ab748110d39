// Who acts. An Actor is made by identity from a session, or by `system_actor` for timers and jobs; nobody else makes
// one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"

namespace kaigong::authz {

struct AccountIdTag;
using AccountId = Id<AccountIdTag>;

enum class AccountKind { owner_agent, officer, administrator, system };

/// Words of the glossary; `system` is the program itself.
enum class Role {
    owner_agent,
    window_clerk,
    acceptance_officer,
    reviewer,
    section_head,
    deciding_leader,
    certificate_officer,
    system_admin,
    security_admin,
    audit_admin,
    rule_admin,
    system,
};

struct Actor {
    AccountId account_id = {};
    AccountKind kind = AccountKind::owner_agent;
    /// 统一社会信用代码 of the organisation that the person acts for; empty for officers of the authority.
    std::string credit_code = {};
    /// Department code (`fire`); empty for everybody but officers.
    std::string department = {};
    /// GB/T 2260, 6 digits; empty for everybody but officers.
    std::string region_code = {};
    std::vector<Role> roles = {};

    bool has(Role role) const;
};

/// The program itself: its grants are those of Role::system.
Actor system_actor();

/// The spelling in JSON, SQL and catalogue: `owner_agent`, `window_clerk` …
std::string_view to_string(Role role);
std::optional<Role> parse_role(std::string_view text);
std::string_view to_string(AccountKind kind);
std::optional<AccountKind> parse_account_kind(std::string_view text);

/// Whether `inner` lies in the administrative area `outer` (GB/T 2260: 330000 ⊃ 330100 ⊃ 330106). Codes below the
/// county (9 or 12 digits) lie in their county. Empty or malformed codes lie nowhere and hold nothing.
bool region_contains(std::string_view outer, std::string_view inner);

/// The digits that all codes of the area begin with: 33, 3301 or 330106. Empty for a malformed code.
std::string_view region_prefix(std::string_view code);

}  // namespace kaigong::authz
