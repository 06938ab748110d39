// What the parts of the module share, put together once by service.cpp.
#pragma once

#include <span>
#include <string_view>

#include "http/request.hpp"
#include "modules/identity/accounts.hpp"
#include "modules/identity/identity.hpp"
#include "modules/identity/messages.hpp"
#include "modules/identity/passwords.hpp"

namespace kaigong::identity {

/// A filter of a list: empty, or one of these. Fails with identity.filter_unknown.
Result<void> check_filter(std::string_view name, std::string_view value, std::span<const std::string_view> allowed);
/// The cursor of a list in the order of ids. Fails with http.page_invalid.
Result<void> check_id_cursor(const http::Page& page);

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

    /// By phone, or by e-mail where the account has no phone. False where nobody can be reached.
    bool tell(db::Session& session, const store::AccountRow& account, std::string_view purpose,
              const std::string& words) const;

    /// Set once, before anybody is served.
    std::function<void(db::Session& session, const AccessEnd& what)> end_access = [](db::Session&, const AccessEnd&) {};

    Parts parts;
    const authz::Permissions& permissions;
    Accounts accounts;
    Passwords passwords;
    Messages messages;
    Verification verification;
};

}  // namespace kaigong::identity
