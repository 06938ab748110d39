// A provider of identities of somebody else (the province's sign-in): what it says about itself, its keys, and what an
// identity token of it proves. Speaks HTTP; knows neither accounts nor browsers.
#pragma once

#include <boost/json/object.hpp>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "crypto/jwk.hpp"
#include "http/call_policy.hpp"
#include "modules/oauth/oauth.hpp"

namespace kaigong::oauth {

/// What a checked identity token says.
struct Vouched {
    std::string subject;
    boost::json::object claims;
    /// When the person showed there who he is; 0 where it is not said.
    std::int64_t proven_at_ms = 0;
};

class Provider {
  public:
    /// The settings were checked.
    Provider(ProviderSettings settings, const Clock& clock);

    const ProviderSettings& settings() const { return settings_; }
    /// Where a browser begins. Fails with oauth.provider_away, oauth.provider_unfit.
    Result<std::string> authorization_endpoint();
    /// The code into an identity token that was checked (OpenID Connect Core 3.1.3.7). Fails with
    /// oauth.provider_away, oauth.provider_unfit, oauth.provider_refused (it says no), oauth.identity_not_proved.
    Result<Vouched> redeem(const std::string& code, const std::string& redirect_uri, const std::string& verifier,
                           const std::string& nonce);

  private:
    struct Facts {
        std::string authorization_endpoint;
        std::string token_endpoint;
        std::string jwks_uri;
        std::int64_t read_at_ms = 0;
    };
    struct Keys {
        std::vector<crypto::Jwk> keys;
        std::int64_t read_at_ms = 0;
        std::int64_t asked_anew_at_ms = 0;
    };
    Result<Facts> facts();
    Result<Facts> read_facts();
    /// `anew`: a key was not found; asked again at most once a minute.
    Result<std::vector<crypto::Jwk>> keys(const Facts& facts, bool anew);
    Result<boost::json::object> fetch(const std::string& url, const std::string& form) const;
    bool may_call(const std::string& url) const;
    Result<void> check_signature(const std::string& token, const Facts& facts);
    Result<void> check_claims(const boost::json::object& claims, const std::string& nonce) const;

    ProviderSettings settings_;
    http::CallPolicy policy_;
    const Clock& clock_;
    std::mutex mutex_;
    std::optional<Facts> facts_;
    Keys keys_;
};

}  // namespace kaigong::oauth
