// What everybody does with his own account: registers, proves phone and e-mail, changes a password or gets a new one,
// sees and ends his sessions.
#pragma once

#include <vector>

#include "modules/identity/sessions.hpp"
#include "modules/identity/sign_in.hpp"

namespace kaigong::identity {

/// Asked for from one address without an account, in a quarter of an hour; a department behind one address shares it.
inline constexpr int kCodesPerAddressMax = 30;
/// Of one account, to whatever phones and addresses, in a quarter of an hour.
inline constexpr int kCodesPerAccountMax = 10;

class OwnAccount {
  public:
    OwnAccount(Shared& shared, Sessions& sessions, SignIn& sign_in)
        : shared_(shared),
          sessions_(sessions),
          sign_in_(sign_in),
          codes_limiter_(kCodesPerAddressMax, kAddressWindowMs),
          contacts_limiter_(kCodesPerAccountMax, kAddressWindowMs) {}

    std::vector<http::Endpoint> routes();

  private:
    Result<http::Reply> show(const http::Request& request);
    Result<http::Reply> change_password(const http::Request& request);
    Result<http::Reply> list_sessions(const http::Request& request);
    Result<http::Reply> end_session(const http::Request& request);
    Result<http::Reply> end_other_sessions(const http::Request& request);
    Result<http::Reply> list_sign_ins(const http::Request& request);
    Result<http::Reply> begin_contact(const http::Request& request);
    Result<http::Reply> confirm_contact(const http::Request& request);
    Result<http::Reply> begin_registration(const http::Request& request);
    Result<http::Reply> register_account(const http::Request& request);
    Result<http::Reply> begin_reset(const http::Request& request);
    Result<http::Reply> reset_password(const http::Request& request);

    /// Checks a new password against the rules and those of before, and gives its hash.
    Result<std::string> new_hash(const store::AccountRow& account, const std::string& password);
    /// Fails with identity.password_changed_meanwhile.
    static Result<void> check_unchanged(db::Session& session, const store::AccountRow& seen);
    Result<std::string> send_registration_code(const std::string& phone);
    Result<void> count_code(const http::Request& request);
    /// Sends a code to what the account is to be bound to.
    Result<http::Reply> send_contact_code(const http::Request& request, const std::string& channel,
                                          const std::string& contact);
    void warn_former_phone(db::Session& session, const std::string& account_id);

    Shared& shared_;
    Sessions& sessions_;
    SignIn& sign_in_;
    http::AttemptLimiter codes_limiter_;
    http::AttemptLimiter contacts_limiter_;
};

}  // namespace kaigong::identity
