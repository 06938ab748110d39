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

/// `owner_agent` is everybody on the applicant's side: agents of a company, individuals, people who only registered.
/// `partner` is another system with a client of its own (OAuth), `system` the program itself.
enum class AccountKind { owner_agent, officer, administrator, partner, system };

/// Words of the glossary; `system` is the program itself.
enum class Role {
    owner_agent,
    /// 个人建设单位: applies for himself.
    individual_owner,
    /// Registered, and nobody's agent: has nothing but his own account.
    public_user,
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
    /// 督查: sees what is late and orders it to be finished; decides nothing.
    supervisor,
    /// Another system, within what its client was granted.
    partner_system,
    system,
};

/// How widely a case may be known. `restricted` (限制知悉): only who is cleared for it.
enum class Confidentiality { normal, restricted };

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
    /// Organisations whose rights passed to the one the person acts for (合并、分立): theirs is what is his.
    std::vector<std::string> predecessor_codes = {};
    /// Codes of the matters an officer works on (`construction-permit`); empty: all.
    std::vector<std::string> matters = {};
    /// Up to which an officer may know cases.
    Confidentiality clearance = Confidentiality::normal;
    /// Of an access token: the only actions it may be used for. Nothing: whatever the roles grant.
    std::optional<std::vector<std::string>> delegated_actions = {};
    /// Proved who he is within the last minutes, as signing and publishing ask.
    bool recently_authenticated = false;

    bool acts_for(std::string_view company_code) const;
    bool has(Role role) const;
};

/// The program itself: its grants are those of Role::system.
Actor system_actor();

/// The spelling in JSON, SQL and catalogue: `owner_agent`, `window_clerk` …
std::string_view to_string(Role role);
std::optional<Role> parse_role(std::string_view text);
std::string_view to_string(AccountKind kind);
std::optional<AccountKind> parse_account_kind(std::string_view text);
std::string_view to_string(Confidentiality confidentiality);
std::optional<Confidentiality> parse_confidentiality(std::string_view text);

/// Whether `inner` lies in the administrative area `outer` (GB/T 2260: 330000 ⊃ 330100 ⊃ 330106). Codes below the
/// county (9 or 12 digits) lie in their county. Empty or malformed codes lie nowhere and hold nothing.
bool region_contains(std::string_view outer, std::string_view inner);

/// The digits that all codes of the area begin with: 33, 3301 or 330106. Empty for a malformed code.
std::string_view region_prefix(std::string_view code);

}  // namespace kaigong::authz
