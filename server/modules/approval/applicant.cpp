#include "modules/approval/applicant.hpp"

#include <map>
#include <memory>

namespace kaigong::approval {
namespace {

identity::CaseOwner owner_of(const store::ProcedureRow& procedure) {
    return {procedure.owner_credit_code, {procedure.applicant_account_id}, procedure.received_at_ms};
}

}  // namespace

authz::Applicant applicant_of(db::Session& session, identity::Identity& identity,
                              const store::ProcedureRow& procedure) {
    return {procedure.owner_credit_code, procedure.applicant_account_id,
            [&session, &identity, owner = owner_of(procedure)](const authz::AccountId& account_id) {
                return identity::has_stake_in(session, identity, account_id, owner);
            },
            [&session, &identity](const authz::AccountId& one, const authz::AccountId& other) {
                return identity.same_person(session, one, other);
            }};
}

authz::Applicant applicant_of(db::Database& database, identity::Identity& identity,
                              const store::ProcedureRow& procedure) {
    // The page of a task asks of one reader for each of its acts, and of each candidate for what was done before.
    const auto asked = std::make_shared<std::map<std::string, bool>>();
    return {procedure.owner_credit_code, procedure.applicant_account_id,
            [asked, &database, &identity, owner = owner_of(procedure)](const authz::AccountId& account_id) {
                const auto known = asked->find(account_id.text);
                if (known != asked->end()) return known->second;
                const auto has = database.read(
                    [&](db::Session& session) { return identity::has_stake_in(session, identity, account_id, owner); });
                return (*asked)[account_id.text] = has.value_or(true);
            },
            [asked, &database, &identity](const authz::AccountId& one, const authz::AccountId& other) {
                const auto pair = one.text + " " + other.text;
                const auto known = asked->find(pair);
                if (known != asked->end()) return known->second;
                const auto same =
                    database.read([&](db::Session& session) { return identity.same_person(session, one, other); });
                return (*asked)[pair] = same.value_or(true);
            }};
}

}  // namespace kaigong::approval
