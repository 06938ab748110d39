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
            }};
}

authz::Applicant applicant_of(db::Database& database, identity::Identity& identity,
                              const store::ProcedureRow& procedure) {
    // The page of a task asks of one reader for each of its acts.
    const auto asked = std::make_shared<std::map<std::string, bool>>();
    return {procedure.owner_credit_code, procedure.applicant_account_id,
            [asked, &database, &identity, owner = owner_of(procedure)](const authz::AccountId& account_id) {
                const auto known = asked->find(account_id.text);
                if (known != asked->end()) return known->second;
                const auto has = database.read(
                    [&](db::Session& session) { return identity::has_stake_in(session, identity, account_id, owner); });
                return (*asked)[account_id.text] = has.value_or(true);
            }};
}

}  // namespace kaigong::approval
