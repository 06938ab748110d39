// 限制知悉: a case is kept from everybody who is not cleared for it. One person restricts, at once; the lifting is
// proposed by one and confirmed by another (authz/two_person.hpp), since what was known once can't be taken back.
#pragma once

#include "authz/two_person.hpp"
#include "modules/approval/operations/episodes.hpp"

namespace kaigong::approval::operations {

/// The act of the proposal, whose subject is `application`.
inline constexpr std::string_view kLiftRestriction = "approval.lift_restriction";

/// Whoever restricts must be cleared himself, else he would lose sight of what he did. Fails with
/// approval.reason_missing, approval.clearance_needed, approval.restricted_already, and as loading does.
Result<void> restrict_case(db::Session& session, const Surroundings& surroundings,
                           const authz::Permissions& permissions, const Officer& officer, const OnCase& on,
                           const std::string& reason);

/// Fails with approval.not_restricted, authz.reason_missing, authz.proposal_is_open, and as loading does.
Result<void> propose_lifting(db::Session& session, const Surroundings& surroundings,
                             const authz::Permissions& permissions, const Officer& officer, const OnCase& on,
                             const std::string& reason);

/// Lifts it. Fails with authz.second_person_needed, authz.proposal_…, and as loading does.
Result<void> confirm_lifting(db::Session& session, const Surroundings& surroundings,
                             const authz::Permissions& permissions, const Officer& officer, const OnCase& on,
                             const std::string& proposal_id);

/// It stays restricted. Fails as confirming does, and with authz.reason_missing.
Result<void> refuse_lifting(db::Session& session, const Surroundings& surroundings,
                            const authz::Permissions& permissions, const Officer& officer, const OnCase& on,
                            const std::string& proposal_id, const std::string& reason);

}  // namespace kaigong::approval::operations
