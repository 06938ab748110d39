// The door: password, second factor, what must be done before anything else, proving again for signing, and whom one
// acts for.
#pragma once

#include <vector>

#include "http/attempt_limiter.hpp"
#include "modules/identity/factors.hpp"
#include "modules/identity/sessions.hpp"
#include "modules/identity/sign_in_locks.hpp"

namespace kaigong::identity {

/// As `method` of a session that a provider of identities vouched for; what was proven beside it stands behind a plus.
inline constexpr std::string_view kByProvider = "provider";

/// Behind the `method` of a session at the stage of enrolment: the code of the security administrator was right.
inline constexpr std::string_view kWithEnrolmentCode = "+enrolment_code";

/// The account is entered through a provider of identities: there is no password to ask for.
Error no_password();

/// In a quarter of an hour; a department behind one address shares it.
inline constexpr int kFailuresPerAddressMax = 60;
inline constexpr std::int64_t kAddressWindowMs = 15 * kMinuteMs;

class SignIn {
  public:
    SignIn(Shared& shared, Sessions& sessions, Factors& factors)
        : shared_(shared),
          sessions_(sessions),
          factors_(factors),
          locks_(shared.parts.key_ring, shared.parts.policy, shared.accounts),
          limiter_(kFailuresPerAddressMax, kAddressWindowMs) {}

    std::vector<http::Endpoint> routes();

    /// Whether officers and administrators may be without a second factor.
    bool is_factor_forced(const store::AccountRow& account) const;
    /// Whether the account comes in through the provider of identities and in no other way.
    bool is_by_provider_only(const store::AccountRow& account) const;
    /// Whether it is one of those that come in by password and second factor when the provider is down.
    bool is_emergency(const store::AccountRow& account) const;
    /// Before an act after which this account could no longer come in when the provider is down: another one must be
    /// able to. Fails with identity.last_emergency_account.
    Result<void> check_not_last_emergency(db::Session& session, const store::AccountRow& account) const;
    /// Whether a session at the stage of enrolment still owes the security administrator's code: where an administrator
    /// gave the password, or factors were reset, the password alone says nothing about who types it.
    bool owes_enrolment_code(db::Session& session, const store::SessionRow& row,
                             const store::AccountRow& account) const;
    /// The same for an account that nobody signs in to now.
    bool is_enrolment_code_needed(db::Session& session, const store::AccountRow& account) const;
    /// Opens a session for somebody who was proven right now by `method`, and answers with it.
    Result<http::Reply> begin(const store::AccountRow& account, const std::string& method,
                              const http::Request& request);

    /// The same for who is answered otherwise: gives the cookie's value. `proven_at_ms`: not now but then.
    /// Fails with identity.account_blocked.
    Result<std::string> open(const store::AccountRow& account, const std::string& method, const Origin& origin,
                             std::optional<std::int64_t> proven_at_ms = std::nullopt);
    /// Whether it is the account's password; counted like a sign-in by its name, so that nobody guesses here either.
    /// Fails with identity.wrong_password, identity.too_many_attempts.
    Result<void> prove_password(const store::AccountRow& account, const std::string& password, const Origin& origin);

    /// What keeps guesses from an account, for who lifts it.
    const SignInLocks& locks() const { return locks_; }

    /// What the page needs to know of a session.
    boost::json::object session_json(const Living& living, const std::string& csrf_token) const;

  private:
    Result<http::Reply> sign_in(const http::Request& request);
    Result<http::Reply> show(const http::Request& request);
    Result<http::Reply> sign_out(const http::Request& request);
    Result<http::Reply> second_factor(const http::Request& request);
    Result<http::Reply> security_key_options(const http::Request& request);
    Result<http::Reply> enrolment_code(const http::Request& request);
    Result<http::Reply> go_on(const http::Request& request);
    Result<http::Reply> step_up(const http::Request& request);
    Result<http::Reply> act_for(const http::Request& request);

    using Attempt = SignInLocks::Attempt;
    using Standing = SignInLocks::Standing;
    Attempt attempt_at(const std::string& typed, const store::AccountRow* account, const Origin& origin) const;
    Result<Standing> standing(const Attempt& attempt) const;
    /// A session for who was proven; `attempt` is null where no password was.
    Result<std::string> open(const store::AccountRow& account, const std::string& method, const Origin& origin,
                             const Attempt* attempt, std::optional<std::int64_t> proven_at_ms);
    Result<void> check_way_in(const store::AccountRow& account, const Origin& origin) const;
    Result<void> check_unchanged(db::Session& session, const store::AccountRow& seen, std::int64_t now_ms,
                                 const Attempt* attempt) const;
    Error refuse(const Attempt& attempt, const Standing& standing, const Origin& origin);
    /// Right and of no use any more. Only who knows the password hears of it.
    Result<void> check_usable(const store::AccountRow& account, const std::string& method, const Origin& origin) const;
    http::SessionStage stage_of_new(db::Session& session, const store::AccountRow& account, bool by_provider) const;
    http::SessionStage stage_after_factor(const store::AccountRow& account, bool by_provider) const;
    void tell_of_emergency(db::Session& session, const store::AccountRow& account) const;
    Result<std::string> prove_by_factor(const authz::AccountId& account_id, const boost::json::value& body);
    void log_wrong_factor(const store::AccountRow& account, const Error& why, const Origin& origin) const;
    Result<http::Reply> moved_on(const Living& living, http::SessionStage stage, const std::string& method);
    Result<http::Reply> reply_with(const std::string& cookie) const;
    void rehash(const store::AccountRow& account, const std::string& password);

    Shared& shared_;
    Sessions& sessions_;
    Factors& factors_;
    SignInLocks locks_;
    http::AttemptLimiter limiter_;
};

}  // namespace kaigong::identity
