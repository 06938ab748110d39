// 承继: the rights of an organisation pass to another (合并、分立、更名换码). It changes who sees all that a company
// ever filed, so one proposes and another confirms.
#pragma once

#include <vector>

#include "authz/two_person.hpp"
#include "modules/identity/sessions.hpp"

namespace kaigong::identity {

class Successions {
  public:
    explicit Successions(Shared& shared) : shared_(shared) {}

    std::vector<http::Endpoint> routes();

  private:
    Result<http::Reply> list(const http::Request& request);
    Result<http::Reply> propose(const http::Request& request);
    Result<http::Reply> confirm(const http::Request& request);
    Result<http::Reply> refuse(const http::Request& request);

    Result<void> check(db::Session& session, const std::string& predecessor, const std::string& successor) const;
    authz::two_person::Person person_of(const http::Request& request) const;

    Shared& shared_;
};

}  // namespace kaigong::identity
