// Signing in through a provider of identities: a browser that is sent there and comes back, and the account it belongs
// to. A person is bound to an account by subject alone: who is signed in links himself, or a rule makes a new account;
// never an e-mail address or a name.
#pragma once

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <vector>

#include "http/attempt_limiter.hpp"
#include "http/router.hpp"
#include "modules/oauth/oauth.hpp"
#include "modules/oauth/provider.hpp"
#include "modules/oauth/store.hpp"
#include "modules/oauth/wire.hpp"

namespace kaigong::oauth {

class ProviderSignIn {
  public:
    /// Without a provider in the configuration its endpoints are not there (oauth.no_provider).
    explicit ProviderSignIn(Parts& parts) : parts_(parts) {
        if (parts.provider) provider_.emplace(*parts.provider, parts.machine_clock);
    }

    std::vector<http::Endpoint> routes();

  private:
    struct Visit {
        std::string state;
        /// The browser's own secret: verifier and nonce are made from it, so nothing of them is stored.
        std::string browser;
    };
    http::Handler with_provider(Result<http::Reply> (ProviderSignIn::*act)(const http::Request&));
    /// Who links himself, and in which session; both empty for a sign-in.
    struct Linking {
        std::string account_id;
        std::string session_id;
    };
    Result<std::string> begin(const Visit& visit, const Linking& linking, const std::string& next_path,
                              bool proves_again);
    Result<http::Reply> sign_in(const http::Request& request);
    Result<http::Reply> show_link(const http::Request& request);
    Result<http::Reply> link(const http::Request& request);
    Result<http::Reply> unlink(const http::Request& request);
    http::Reply show() const;
    /// For a browser a fault leads back to the page where the person was, which says what to do next.
    static http::Handler for_browsers(std::string page, http::Handler act);
    Result<http::Reply> come_back(const http::Request& request);
    Result<http::Reply> finish(const http::Request& request, const std::string& browser, const store::VisitRow& visit);
    Result<void> check_session(const http::Request& request, const store::VisitRow& visit);
    Result<store::VisitRow> take_visit(const http::Request& request, const std::string& browser);
    Result<void> save_link(const std::string& subject_hash, const authz::AccountId& account_id);
    Result<void> insert_link(db::Session& session, const std::string& subject_hash, const authz::AccountId& account_id,
                             const std::string& name);
    Result<authz::AccountId> account_for(const Vouched& vouched, const std::string& subject_hash);
    Result<authz::AccountId> provision(const Vouched& vouched, const std::string& subject_hash);
    /// What the provider says of the person's ID number, where it is believed.
    Result<void> take_id_number(const Vouched& vouched, const authz::AccountId& account_id);
    std::string redirect_uri() const { return parts_.public_url + "/oauth/provider/callback"; }

    Parts& parts_;
    std::optional<Provider> provider_;
    /// Whoever begins leaves a row, and may wait for the provider.
    http::AttemptLimiter begun_{600, kAttemptsWindowMs};
};

}  // namespace kaigong::oauth
