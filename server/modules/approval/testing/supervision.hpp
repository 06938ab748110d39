// The supervisor's side on a bureau of one matter: who works there, and a case at one task in a department.
#pragma once

#include <vector>

#include "modules/approval/oversight_service.hpp"
#include "modules/approval/testing/task_case.hpp"

namespace kaigong::approval::testing {

/// The officers that the test put in.
class PeopleOfOffice final : public identity::Identity {
  public:
    std::vector<identity::Account> accounts;

    identity::Account& add(const operations::Officer& officer) {
        identity::Account account;
        account.account_id = officer.actor.account_id;
        account.account_name = officer.name;
        account.display_name = officer.name;
        account.kind = authz::AccountKind::officer;
        account.department = officer.actor.department;
        account.region_code = officer.actor.region_code;
        account.roles = officer.actor.roles;
        return accounts.emplace_back(std::move(account));
    }
    void remove(const operations::Officer& officer) {
        std::erase_if(accounts, [&](const auto& one) { return one.account_id == officer.actor.account_id; });
    }

    Result<http::Session> authenticate(const http::Credentials&) override { throw std::logic_error("not asked"); }
    std::optional<identity::Account> find_account(const authz::AccountId& id) override {
        for (const auto& one : accounts) {
            if (one.account_id == id) return one;
        }
        return std::nullopt;
    }
    Result<std::vector<identity::Account>> find_officers(const identity::OfficerQuery& query) override {
        std::vector<identity::Account> found;
        for (const auto& one : accounts) {
            const bool works_there = authz::region_contains(one.region_code, query.region_code);
            if (works_there && (query.department.empty() || one.department == query.department)) found.push_back(one);
        }
        return found;
    }
    std::vector<identity::Account> find_officers(db::Session&, const identity::OfficerQuery& query) override {
        return find_officers(query).value();
    }
    bool has_id_number(const authz::AccountId&, const std::string&) override { return false; }
    bool same_person(db::Session&, const authz::AccountId& one, const authz::AccountId& other) override {
        return one == other;
    }
    std::string name_of(const authz::AccountId& id) override {
        const auto account = find_account(id);
        return account ? account->display_name : id.text;
    }
    Result<identity::Account> create(const identity::NewAccount&, std::int64_t) override {
        throw std::logic_error("not asked");
    }
    std::vector<http::Endpoint> routes() override { return {}; }
    Result<std::optional<identity::Account>> find_acting(const authz::AccountId&, const std::string&) override {
        return std::optional<identity::Account>();
    }
    std::optional<identity::SessionFacts> find_session(const std::string&) override { return std::nullopt; }
    Result<identity::Account> create_without_password(db::Session&, const identity::Account&, std::int64_t) override {
        throw std::logic_error("not asked");
    }
    bool has_password_way_in(db::Session&, const authz::AccountId&) override { return true; }
    std::string organisation_name_of(const std::string&) override { return ""; }
    Result<std::string> begin_session(const authz::AccountId&, const http::Request&) override {
        throw std::logic_error("not asked");
    }
};

/// One program's supervisor's side.
class Supervision {
  public:
    explicit Supervision(Office& at)
        : office(at),
          service(Parts{at.database, at.clock, at.permissions, *at.catalog, people, at.filings, *at.audit, at.outbox,
                        effects, [] {}},
                  *at.approval) {
        for (const auto role : {Role::reviewer, Role::acceptance_officer, Role::section_head, Role::deciding_leader,
                                Role::certificate_officer}) {
            people.add(Office::officer(role, 100 + static_cast<int>(role)));
        }
    }

    Office& office;
    PeopleOfOffice people;
    NoEffects effects;
    OversightService service;
};

inline ProcessFiles reviewed_once() {
    return places(kKinds[1]).front().files;
}

}  // namespace kaigong::approval::testing
