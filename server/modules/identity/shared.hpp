// What the parts of the module share, put together once by service.cpp.
#pragma once

#include "modules/identity/accounts.hpp"
#include "modules/identity/identity.hpp"
#include "modules/identity/messages.hpp"
#include "modules/identity/passwords.hpp"

namespace kaigong::identity {

struct Shared {
    Shared(const Parts& of, const authz::Permissions& rights)
        : parts(of),
          permissions(rights),
          accounts(of.key_ring),
          passwords(of.password_cost, of.policy.published_password),
          messages(of.database, of.key_ring, of.sink, of.demo),
          verification(of.database, of.key_ring, messages) {}
    Shared(const Shared&) = delete;
    Shared& operator=(const Shared&) = delete;

    std::int64_t now_ms() const { return parts.machine_clock.now_ms(); }
    /// Authorities end by the office's calendar.
    CivilDate today() const { return office_date(parts.office_clock.now_ms()); }

    struct Act {
        std::string account_id;
        std::string act;
        std::string by_id;
        std::string by_name;
        std::string summary;
        std::int64_t version = 1;
    };
    void audit(db::Session& session, const Act& act) const {
        parts.audit.write(session, {"account", act.account_id, act.version, act.act, act.by_id, act.by_name,
                                    act.summary, parts.office_clock.now_ms()});
    }

    Parts parts;
    const authz::Permissions& permissions;
    Accounts accounts;
    Passwords passwords;
    Messages messages;
    Verification verification;
};

}  // namespace kaigong::identity
