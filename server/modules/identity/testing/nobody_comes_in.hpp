// For tests of modules that only ask identity who somebody is: nobody has an account, nobody signs in.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "modules/identity/identity.hpp"

namespace kaigong::identity::testing {

class NobodyComesIn : public Identity {
  public:
    Result<http::Session> authenticate(const http::Credentials&) override { throw std::logic_error("not asked"); }
    void when_access_ends(std::function<void(db::Session&, const AccessEnd&)>) override {}
    Result<std::string> begin_session(const authz::AccountId&, const http::Request&, std::int64_t) override {
        throw std::logic_error("not asked");
    }
    Result<Account> create(const NewAccount&, std::int64_t) override { throw std::logic_error("not asked"); }
    Result<Account> create_without_password(db::Session&, const Account&, std::int64_t) override {
        throw std::logic_error("not asked");
    }
    std::vector<http::Endpoint> routes() override { return {}; }
    std::optional<Account> find_account(const authz::AccountId&) override { return std::nullopt; }
    Result<std::vector<Account>> find_officers(const OfficerQuery&) override { return std::vector<Account>{}; }
    std::vector<Account> find_officers(db::Session&, const OfficerQuery& query) override {
        return find_officers(query).value();
    }
    std::string name_of(const authz::AccountId& id) override { return id.text; }
    std::string organisation_name_of(const std::string&) override { return ""; }
    IdNumberStanding standing_of(const authz::AccountId&, const std::string&) override {
        return IdNumberStanding::another;
    }
    Result<void> vouch_for_id_number(const authz::AccountId&, const std::string&) override {
        throw std::logic_error("not asked");
    }
    bool has_password_way_in(db::Session&, const authz::AccountId&) override { return true; }
    bool same_person(db::Session&, const authz::AccountId& one, const authz::AccountId& other) override {
        return one == other;
    }
    Result<std::optional<Account>> find_acting(const authz::AccountId&, const std::string&) override {
        return std::optional<Account>();
    }
    std::optional<SessionFacts> find_session(const std::string&) override { return std::nullopt; }
};

}  // namespace kaigong::identity::testing
