// Codes into tokens, tokens into sessions: the token endpoint and everything that asks what a token is worth.
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>

#include "modules/oauth/clients.hpp"
#include "modules/oauth/signing_keys.hpp"

namespace kaigong::oauth {

class Tokens {
  public:
    Tokens(Parts& parts, Clients& clients, SigningKeys& keys) : parts_(parts), clients_(clients), keys_(keys) {}

    /// POST /oauth/token. Fails as wire errors do.
    Result<http::Reply> give(const http::Request& request);
    /// RFC 7662, for clients that are registered as resource servers.
    Result<http::Reply> introspect(const http::Request& request);
    /// RFC 7009: a refresh token takes its whole family along.
    Result<http::Reply> revoke(const http::Request& request);
    /// The claims that the token's scopes open.
    Result<http::Reply> userinfo(const http::Request& request);

    /// Who a token stands for, now. Fails with oauth.token_not_valid.
    Result<http::Session> authenticate(const std::string& token);

  private:
    /// New tokens, made before the transaction that saves them.
    struct Fresh {
        std::string access_token;
        std::string refresh_token;  ///< empty where there is none
        ScopeNames scopes;
        std::int64_t now_ms = 0;
        std::int64_t access_until_ms = 0;
        std::int64_t refresh_until_ms = 0;
    };
    struct Living {
        store::TokenRow token;
        store::GrantRow grant;
        Client client;
        ScopeNames scopes;
        /// Nothing for a system.
        std::optional<identity::Account> account;
    };
    /// Whom a grant stands for, as it is now.
    struct Holder {
        /// The account is still what it was when the person agreed.
        bool unchanged = false;
        std::optional<identity::Account> account = {};
    };
    enum class Outcome { done, refused, replayed };

    Result<http::Reply> give_for_code(const Client& client, const Form& form);
    Result<http::Reply> give_for_refresh(const Client& client, const Form& form);
    Result<http::Reply> give_for_device(const Client& client, const Form& form);
    Result<http::Reply> give_for_system(const Client& client, const Form& form);
    Result<http::Reply> reply_with(const Client& client, const store::GrantRow& grant, const Fresh& fresh);
    Result<std::string> id_token(const Client& client, const store::GrantRow& grant, const Fresh& fresh);

    Fresh fresh_tokens(const Client& client, const store::GrantRow& grant, ScopeNames scopes) const;
    static void save(db::Session& session, const std::string& grant_id, const Fresh& fresh);
    void revoke_family(db::Session& session, const store::GrantRow& grant, const char* act, const std::string& summary);
    Outcome redeem(db::Session& session, const store::CodeRow& code, const store::GrantRow& grant, bool right,
                   const Fresh& fresh);
    Outcome rotate(db::Session& session, const std::string& token_hash, const store::GrantRow& grant,
                   const Fresh& fresh);
    /// A database that does not answer is a failure, and takes nothing from anybody.
    Result<Holder> holder_of(const store::GrantRow& grant, const Client& client);
    Result<std::optional<Living>> find_living(const std::string& token, const char* kind);
    boost::json::object claims_of(const Living& living) const;

    Parts& parts_;
    Clients& clients_;
    SigningKeys& keys_;
};

}  // namespace kaigong::oauth
