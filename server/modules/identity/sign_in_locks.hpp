// What stops guessing at the door: failures are counted in the database, across restarts and processes, and too many of
// them lock. There are two counts, and neither says who exists (docs/adr/0041-two-counts-of-failures.md):
//   - by what was typed, known or not: its lock is told to everybody (429);
//   - by account, whether its name or its phone was typed: its lock is told to nobody, the right password is answered
//     like a wrong one. Of an emergency account there is one a network, and what was typed does not lock it, so that no
//     stranger shuts the last way in.
// How many one address may try is http/attempt_limiter.hpp. Not for second factors, which have a count of their own.
#pragma once

#include <string>
#include <vector>

#include "crypto/key_ring.hpp"
#include "modules/identity/accounts.hpp"
#include "modules/identity/policy.hpp"

namespace kaigong::identity {

class SignInLocks {
  public:
    SignInLocks(const crypto::KeyRing& key_ring, const Policy& policy, const Accounts& accounts)
        : key_ring_(key_ring), policy_(policy), accounts_(accounts) {}

    /// Somebody tries a password.
    struct Attempt {
        /// The account name in small letters, or the digits of the phone.
        std::string typed;
        /// Null where that is nobody's.
        const store::AccountRow* account = nullptr;
        bool emergency = false;
        std::string address;
    };
    struct Standing {
        bool typed_locked = false;
        bool account_locked = false;
    };
    Standing standing(db::Session& session, const Attempt& attempt, std::int64_t now_ms) const;
    /// Whether the right password would open.
    static bool opens(const Attempt& attempt, const Standing& standing) {
        return !standing.account_locked && (!standing.typed_locked || attempt.emergency);
    }
    /// One failure more; `seen` is how it stood when it was tried. The same statements for everybody: time tells
    /// nothing.
    void count(db::Session& session, const Attempt& attempt, const Standing& seen, std::int64_t now_ms) const;
    /// After the right password: all of the account is counted anew. What is locked stays so: strangers would see by
    /// it that somebody came in nevertheless.
    void forget(db::Session& session, const store::AccountRow& account, std::int64_t now_ms) const;
    /// Everything, also under keys of before: by an administrator, or by who proved his phone.
    void lift(db::Session& session, const store::AccountRow& account) const;
    /// The last instant of all locks of the account; 0 when there is none.
    std::int64_t locked_until_ms(db::Session& session, const store::AccountRow& account, std::int64_t now_ms) const;

  private:
    std::string account_text(const Attempt& attempt, bool typed_locked) const;
    std::vector<std::string> keys_of_names(const store::AccountRow& account) const;
    void count_under(db::Session& session, const std::string& key, const Attempt& attempt, std::int64_t now_ms) const;

    const crypto::KeyRing& key_ring_;
    const Policy& policy_;
    const Accounts& accounts_;
};

}  // namespace kaigong::identity
