// Who may do what, and to which rows: one table role × action × data scope, put together from the modules' tables.
//
//     // modules/permits/permissions.cpp
//     constexpr std::array kGrants{
//         authz::Grant{Role::owner_agent, "permits.read", Scope::company},
//         authz::Grant{Role::reviewer, "permits.read", Scope::region},
//     };
//     std::span<const authz::Grant> permissions() { return kGrants; }
//
// `authorise` decides about one row, `scope_condition` is the same decision as SQL for lists. "Not yours" and "does not
// exist" are the same answer.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "authz/actor.hpp"
#include "base/result.hpp"

namespace kaigong::authz {

/// own: the account that made it for nobody but itself, for what an agent made is his company's · company: the
/// organisation it belongs to · department: concerns the officer's department, inside the officer's region · region:
/// inside the officer's region and those below it · any: all rows · whole: all rows, for who is bound to no region;
/// what reaches every authority is nothing for who administers one.
enum class Scope { own, company, department, region, any, whole };

std::string_view to_string(Scope scope);

/// `action` is `module.verb` (`permits.revoke`). A role may have several grants for one action; the widest counts.
struct Grant {
    Role role;
    std::string_view action;
    Scope scope;
};

/// What `authorise` needs to know of a row; empty members match nobody.
struct Resource {
    AccountId account_id = {};
    std::string credit_code = {};
    /// Every department that has a part in it.
    std::vector<std::string> departments = {};
    std::string region_code = {};
    /// Empty: not a thing of one kind of case; only officers of all kinds reach it then.
    std::string matter_code = {};
    Confidentiality confidentiality = Confidentiality::normal;
};

/// SQL expressions of the list's columns, written by the store, never taken from a request. Where `department` holds
/// `{}` (an EXISTS), the parameter goes there; else it is compared by `=`.
struct ScopeColumns {
    std::string_view account_id = {};
    std::string_view credit_code = {};
    std::string_view department = {};
    std::string_view region_code = {};
    /// Both may be left out only where the list's rows are of no kind of case: an actor with limits sees none of them.
    std::string_view matter_code = {};
    std::string_view confidentiality = {};
};

/// A boolean SQL expression in parentheses with named parameters `:scope_1` …; both databases read it.
struct ScopeCondition {
    std::string sql;
    std::vector<std::pair<std::string, std::string>> parameters;
};

class Permissions {
  public:
    /// Once at start, for each module. An action without a dot, or the same line twice, is a bug and throws.
    void add(std::span<const Grant> grants);

    /// `resource` is nothing when the row was not found.
    /// Fails with authz.not_permitted (forbidden) when no role of the actor has the action at all, whether or not the
    /// row exists; with `<module>.not_found` when the row is missing or outside what `<module>.read` lets the actor
    /// see; with authz.outside_scope (forbidden) when the actor may see the row but not do this to it.
    Result<void> authorise(const Actor& actor, std::string_view action, const std::optional<Resource>& resource) const;

    /// Signing and publishing ask for who proved within the last minutes who he is.
    /// Fails with authz.step_up_needed (forbidden).
    static Result<void> require_recent(const Actor& actor);

    /// For acts without a row (creating, a list). Fails with authz.not_permitted; with authz.whole_installation_only
    /// (forbidden) when only who is bound to no region may.
    Result<void> require(const Actor& actor, std::string_view action) const;
    bool may(const Actor& actor, std::string_view action) const;

    /// Rows for which `authorise` says yes; `(1 = 0)` when there are none. A grant whose column is not named is a bug
    /// and throws, because leaving it out would hide rows.
    ScopeCondition scope_condition(const Actor& actor, std::string_view action, const ScopeColumns& columns) const;

    /// All lines, for the matrix test and the administration page.
    const std::vector<Grant>& grants() const { return grants_; }

  private:
    std::vector<Scope> scopes_of(const Actor& actor, std::string_view action) const;

    std::vector<Grant> grants_;
};

/// Whether a row lies in one scope of the actor. Beside the scope itself, an officer's row (department, region, any)
/// must be of a kind of case that he works on, and of a confidentiality that he is cleared for.
bool in_scope(const Actor& actor, Scope scope, const Resource& resource);

}  // namespace kaigong::authz
