// Whose case it is, as exclusion (回避) asks: identity knows which accounts are one human being, and who acts for whom.
#pragma once

#include "authz/exclusion.hpp"
#include "modules/approval/store.hpp"
#include "modules/identity/identity.hpp"

namespace kaigong::approval {

/// In the transaction of an act, and no longer.
authz::Applicant applicant_of(db::Session& session, identity::Identity& identity, const store::ProcedureRow& procedure);
/// For pages: each account is looked up once, and who can't be is taken for one who has a stake. Both must live longer.
authz::Applicant applicant_of(db::Database& database, identity::Identity& identity,
                              const store::ProcedureRow& procedure);

}  // namespace kaigong::approval
