// Who asks: identity knows the cookies of people at their pages, oauth the tokens of programs.
#pragma once

#include "modules/identity/identity.hpp"
#include "modules/oauth/oauth.hpp"

namespace kaigong::app {

class Authenticators final : public http::Authenticator {
  public:
    /// Both must live longer.
    Authenticators(identity::Identity& identity, oauth::OAuth& oauth) : identity_(identity), oauth_(oauth) {}

    Result<http::Session> authenticate(const http::Credentials& credentials) override {
        return credentials.bearer.empty() ? identity_.authenticate(credentials) : oauth_.authenticate(credentials);
    }

  private:
    identity::Identity& identity_;
    oauth::OAuth& oauth_;
};

}  // namespace kaigong::app
