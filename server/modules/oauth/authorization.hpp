// Requests on their way: checked when a client sends one, shown to a person, agreed to or refused by him.
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>

#include "crypto/field_codec.hpp"
#include "http/attempt_limiter.hpp"
#include "modules/oauth/clients.hpp"
#include "modules/oauth/wire.hpp"

namespace kaigong::oauth {

/// What a client asked for, checked; as the row keeps it.
struct Wanted {
    std::string redirect_uri;  ///< empty for a device
    std::string state;
    std::string nonce;
    std::string code_challenge;
    ScopeNames scopes;
    bool sign_in_again = false;             ///< prompt=login
    std::optional<std::int64_t> max_age_s;  ///< how old the sign-in may be

    std::string json_text() const;
    static Wanted of_row(const std::string& json);
};

/// Where the address of a device stands sealed.
crypto::FieldPlace place_asked_from(const store::RequestRow& row);

class Authorization {
  public:
    Authorization(Parts& parts, Clients& clients) : parts_(parts), clients_(clients) {}

    /// GET /oauth/authorize: a redirect to the consent page, or back to the client with an error once the address is
    /// known to be the client's. Fails with oauth.client_unknown, oauth.redirect_unknown, oauth.request_not_there:
    /// shown as a page and never sent on.
    Result<http::Reply> authorize(const http::Request& request);
    /// RFC 9126. Fails as wire errors do.
    Result<http::Reply> push(const http::Request& request);
    /// RFC 8628 3.1.
    Result<http::Reply> begin_device(const http::Request& request);

    // For the person's page. A request goes by its id, or by the code that a device shows.
    /// A device's code is from then on this session's, and decided in it alone.
    /// Fails with oauth.request_not_there (not_found): unknown, decided, out of time, entered by somebody else;
    /// oauth.too_many_attempts.
    Result<boost::json::object> show(const http::Request& request, const std::string& request_id);
    /// Where the browser goes next (null for a device). Fails with oauth.request_not_there, oauth.sign_in_again, and
    /// with authz.step_up_needed where it is new or outlives the session.
    Result<boost::json::object> agree(const http::Request& request, const std::string& request_id);
    Result<boost::json::object> refuse(const http::Request& request, const std::string& request_id);

    Result<boost::json::object> list_consents(const authz::Actor& by, const http::Page& page);
    /// With everything that was given for it. Fails with oauth.not_found.
    Result<void> revoke_consent(const authz::Actor& by, const std::string& consent_id);

  private:
    struct Open {
        store::RequestRow row;
        Client client;
        Wanted wanted;
    };
    /// Whoever begins a request leaves a row. Fails with oauth.too_many_attempts.
    Result<void> count_begun(const http::Request& request);
    Result<Wanted> read_wanted(const Client& client, const http::Parameters& parameters) const;
    Result<http::Reply> begin(const Client& client, const http::Parameters& parameters);
    Result<http::Reply> take_pushed(const Client& client, const std::string& request_uri);
    http::Reply to_consent_page(const std::string& request_id) const;
    Result<Open> load_open(const http::Request& request, const std::string& request_id);
    /// To be decided: a device's only where its code was entered and its request seen.
    Result<Open> load_seen(const http::Request& request, const std::string& request_id);
    Result<void> enter(const http::Request& request, const Open& open);
    Result<boost::json::object> device_json(const http::Request& request, const Open& open) const;
    Result<std::optional<store::RequestRow>> find_row(const http::Request& request, const std::string& request_id);
    Result<void> save_agreed(const Open& open, const store::GrantRow& grant, const std::string& credit_code,
                             const std::string& code);
    bool is_fresh_enough(const http::Request& request, const Open& open) const;
    bool is_remembered(const authz::Actor& by, const Open& open);
    boost::json::object open_json(const Open& open, const std::string& request_id, const identity::Account& account,
                                  bool remembered, bool again) const;
    Result<identity::Account> person_of(const http::Request& request) const;
    store::GrantRow grant_of(const http::Request& request, const Open& open, const identity::Account& account) const;

    Parts& parts_;
    Clients& clients_;
    /// Twenty letters in eight places: ten tries in ten minutes never find one.
    http::AttemptLimiter user_codes_{10, kAttemptsWindowMs};
    /// A department behind one address shares this; a client that pushes for all its people has as much.
    http::AttemptLimiter begun_{600, kAttemptsWindowMs};
};

}  // namespace kaigong::oauth
