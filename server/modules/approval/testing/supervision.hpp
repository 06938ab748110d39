// The supervisor's side on a bureau of one matter: who works there, and a case at one task in a department.
#pragma once

#include <vector>

#include "modules/approval/oversight_service.hpp"
#include "modules/approval/testing/task_case.hpp"

namespace kaigong::approval::testing {

/// The officers that the test put in.
class PeopleOfOffice final : public identity::testing::NobodyComesIn {
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

    std::optional<identity::Account> find_account(const authz::AccountId& id) override {
        for (const auto& one : accounts) {
            if (one.account_id == id) return one;
        }
        return std::nullopt;
    }
    using NobodyComesIn::find_officers;
    Result<std::vector<identity::Account>> find_officers(const identity::OfficerQuery& query) override {
        return officers_for(accounts, query);
    }
    std::string name_of(const authz::AccountId& id) override {
        const auto account = find_account(id);
        return account ? account->display_name : id.text;
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
