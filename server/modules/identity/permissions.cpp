#include <array>

#include "modules/identity/identity.hpp"

namespace kaigong::identity {

using authz::Role;

std::span<const authz::Grant> permissions() {
    using authz::Grant;
    using authz::Scope;
    static constexpr std::array kGrants{
        Grant{Role::system_admin, "accounts.read", Scope::any},
        Grant{Role::security_admin, "accounts.read", Scope::any},
        Grant{Role::audit_admin, "accounts.read", Scope::any},
        Grant{Role::system_admin, "accounts.create", Scope::any},
        Grant{Role::system_admin, "accounts.change", Scope::any},
        Grant{Role::system_admin, "accounts.block", Scope::any},
        Grant{Role::system_admin, "accounts.give_password", Scope::any},
        Grant{Role::system_admin, "accounts.propose_factor_reset", Scope::any},
        Grant{Role::security_admin, "accounts.reset_factors", Scope::any},
        Grant{Role::security_admin, "accounts.grant", Scope::any},
        Grant{Role::security_admin, "accounts.give_enrolment_code", Scope::any},
        Grant{Role::security_admin, "accounts.unlock", Scope::any},
        Grant{Role::security_admin, "accounts.end_sessions", Scope::any},
        Grant{Role::security_admin, "sign_ins.read", Scope::any},
        Grant{Role::audit_admin, "sign_ins.read", Scope::any},
        Grant{Role::system_admin, "rights.read", Scope::any},
        Grant{Role::security_admin, "rights.read", Scope::any},
        Grant{Role::audit_admin, "rights.read", Scope::any},
        Grant{Role::window_clerk, "accounts.verify_id_number", Scope::any},
        Grant{Role::acceptance_officer, "accounts.verify_id_number", Scope::any},
        Grant{Role::window_clerk, "organisations.read", Scope::any},
        Grant{Role::acceptance_officer, "organisations.read", Scope::any},
        Grant{Role::system_admin, "organisations.read", Scope::any},
        Grant{Role::security_admin, "organisations.read", Scope::any},
        Grant{Role::audit_admin, "organisations.read", Scope::any},
        Grant{Role::window_clerk, "organisations.verify", Scope::any},
        Grant{Role::acceptance_officer, "organisations.verify", Scope::any},
        Grant{Role::system_admin, "organisations.propose_succession", Scope::whole},
        Grant{Role::security_admin, "organisations.confirm_succession", Scope::whole},
    };
    return kGrants;
}

}  // namespace kaigong::identity
