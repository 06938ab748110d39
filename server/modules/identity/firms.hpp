// What other modules ask of organisations that are not the actor's own: is a firm here, on whose authority does
// somebody act for it, and how is a firm told that is not here yet.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "authz/actor.hpp"
#include "base/civil_date.hpp"
#include "base/result.hpp"
#include "db/database.hpp"

namespace kaigong::identity {

struct Parts;

/// Somebody's authority for an organisation, as it was on a day.
struct Authority {
    std::string organisation_name;
    std::string duty;       ///< admin · agent
    std::string reference;  ///< of the 授权委托书; empty for who registered the organisation himself
};

class Firms {
  public:
    Firms() = default;
    Firms(const Firms&) = delete;
    Firms& operator=(const Firms&) = delete;
    virtual ~Firms() = default;

    /// Verified by the office: somebody acts for it.
    virtual bool is_here(db::Session& session, const std::string& credit_code) = 0;
    /// Nothing when he does not act for it on that day.
    virtual std::optional<Authority> authority_of(db::Session& session, const authz::AccountId& account_id,
                                                  const std::string& credit_code, CivilDate today) = 0;
    /// Whether a message would be delivered, or at least shown.
    virtual bool can_tell() const = 0;
    /// The phone as messages go to it. Fails with identity.phone_malformed.
    virtual Result<std::string> contact_of(const std::string& phone) const = 0;
    /// In the transaction of what it tells of: who invites, and how the firm comes in. No words that somebody typed go
    /// out: a stranger's phone is no place for them.
    virtual void tell(db::Session& session, const std::string& contact, const std::string& inviter_credit_code,
                      std::int64_t now_ms) = 0;
};

/// The parts that it uses must live longer.
std::unique_ptr<Firms> make_firms(const Parts& parts);

}  // namespace kaigong::identity
