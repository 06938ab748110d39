#include "modules/approval/operations/restriction.hpp"

#include "modules/approval/access.hpp"
#include "modules/approval/operations/episode_access.hpp"

namespace kaigong::approval::operations {
namespace {

using authz::Confidentiality;

void set_confidentiality(db::Session& session, const Surroundings& surroundings, CaseWork& work,
                         Confidentiality confidentiality) {
    auto& procedure = work.procedure();
    procedure.confidentiality = to_string(confidentiality);
    store::save_confidentiality_of_tasks(session, procedure.application_id, procedure.confidentiality);
    surroundings.grant_effects.on_confidentiality(session, procedure.application_id, confidentiality);
}

bool is_restricted(const CaseWork& work) {
    return work.procedure().confidentiality != to_string(Confidentiality::normal);
}

/// The proposal must be of this case, not only of this act.
Result<void> must_be_of_case(const authz::two_person::Proposal& proposal, const OnCase& on) {
    if (proposal.subject_kind == "application" && proposal.subject_id == on.application_id) return {};
    return error(Errc::not_found, "authz.proposal_not_found", "没有找到这项待确认的操作，请从列表重新进入。");
}

}  // namespace

Result<void> restrict_case(db::Session& session, const Surroundings& surroundings,
                           const authz::Permissions& permissions, const Officer& officer, const OnCase& on,
                           const std::string& reason) {
    KAIGONG_TRY(work, load_case(session, surroundings, permissions, officer, on, kRestrict));
    KAIGONG_CHECK(must_say_why(reason, "限制知悉"));
    if (officer.actor.clearance != Confidentiality::restricted) {
        return error(Errc::forbidden, "approval.clearance_needed",
                     "您没有获准知悉限制知悉的案件，设置后自己也看不到本件。请由获准的负责人设置。");
    }
    if (is_restricted(work)) {
        return error(Errc::conflict, "approval.restricted_already", "本件已经限制知悉，不用再设置。");
    }
    set_confidentiality(session, surroundings, work, Confidentiality::restricted);
    work.note("restricted", "设为限制知悉", reason, false);
    work.audit("approval.restrict", "设为限制知悉");
    return work.save();
}

Result<void> propose_lifting(db::Session& session, const Surroundings& surroundings,
                             const authz::Permissions& permissions, const Officer& officer, const OnCase& on,
                             const std::string& reason) {
    KAIGONG_TRY(work, load_case(session, surroundings, permissions, officer, on, kRestrict));
    if (!is_restricted(work)) {
        return error(Errc::conflict, "approval.not_restricted", "本件没有限制知悉，请刷新页面查看。");
    }
    const authz::two_person::NewProposal proposed{std::string(kLiftRestriction), "application", on.application_id, "{}",
                                                  reason};
    KAIGONG_CHECK(authz::two_person::propose(session, proposed, second_person(surroundings, officer), on.now_ms));
    work.note("lifting_proposed", "提出解除限制知悉，等待另一人确认", reason, false);
    work.audit("approval.propose_lifting", "提出解除限制知悉");
    return work.save();
}

Result<void> confirm_lifting(db::Session& session, const Surroundings& surroundings,
                             const authz::Permissions& permissions, const Officer& officer, const OnCase& on,
                             const std::string& proposal_id) {
    KAIGONG_TRY(work, load_case(session, surroundings, permissions, officer, on, kRestrict));
    KAIGONG_CHECK(authz::Permissions::require_recent(officer.actor));
    KAIGONG_TRY(proposal, authz::two_person::confirm(session, proposal_id, kLiftRestriction,
                                                     second_person(surroundings, officer), on.now_ms));
    KAIGONG_CHECK(must_be_of_case(proposal, on));
    set_confidentiality(session, surroundings, work, Confidentiality::normal);
    work.note("restriction_lifted", "解除限制知悉", proposal.proposed_by + "提出：" + proposal.reason, false);
    work.audit("approval.lift_restriction", "解除限制知悉，由" + proposal.proposed_by + "提出");
    return work.save();
}

Result<void> refuse_lifting(db::Session& session, const Surroundings& surroundings,
                            const authz::Permissions& permissions, const Officer& officer, const OnCase& on,
                            const std::string& proposal_id, const std::string& reason) {
    KAIGONG_TRY(work, load_case(session, surroundings, permissions, officer, on, kRestrict));
    KAIGONG_TRY(proposal, authz::two_person::refuse(session, proposal_id, kLiftRestriction,
                                                    second_person(surroundings, officer), reason, on.now_ms));
    KAIGONG_CHECK(must_be_of_case(proposal, on));
    work.note("lifting_refused", "不同意解除限制知悉", reason, false);
    work.audit("approval.refuse_lifting", "不同意解除限制知悉");
    return work.save();
}

}  // namespace kaigong::approval::operations
