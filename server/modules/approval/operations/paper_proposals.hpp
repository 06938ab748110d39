// 补录 of a decision in another's name: what one clerk wrote down takes effect when the one who is said to have decided
// says that he did (authz/two_person.hpp). Whatever else is entered stands at once (enter_paper_act).
#pragma once

#include "authz/two_person.hpp"
#include "modules/approval/operations/operations.hpp"

namespace kaigong::approval::operations {

/// Of the proposal, whose subject this is. Its act is approval.enter_paper_act.
inline constexpr const char* kTaskOfProposal = "task";

/// What was proposed, as it stands in the proposal.
struct ProposedPaperAct {
    std::string done_by_id;
    std::string done_by_name;
    /// Empty, or who was chosen for what follows.
    std::string chosen_id;
    std::string chosen_name;
    std::int64_t happened_at_ms = 0;
    std::string reference;
    Completion completion;
};
ProposedPaperAct read_proposed(const authz::two_person::Proposal& proposal);

/// Deciding and rechecking are one man's word, so nobody gives it for him.
bool needs_his_word(const Officer& officer, const Officer& done_by, const store::TaskRow& task);

struct Confirmation {
    std::string proposal_id;
    /// As it was proposed, by the one who confirms.
    PaperAct act;
};

/// He did decide so: it is entered with its true time, after everything that entering asks was asked again. Fails as
/// enter_paper_act and authz::two_person::confirm do, with approval.paper_act_not_yours (somebody else is named), and
/// with approval.paper_act_void: the case or the task is no longer as it was, and why.
Result<void> confirm_paper_act(db::Session& session, const Surroundings& surroundings,
                               const authz::Permissions& permissions, const Officer& officer, const OnTask& on,
                               const Confirmation& confirmation);

struct Denial {
    std::string proposal_id;
    std::string reason;
};

/// He did not; nothing changes. Also of a task that has ended. Fails as authz::two_person::refuse does, and with
/// approval.paper_act_not_yours.
Result<void> deny_paper_act(db::Session& session, const Surroundings& surroundings, const Officer& officer,
                            const OnTask& on, const Denial& denial);

/// Who entered it was wrong. Fails as authz::two_person::withdraw does.
Result<void> withdraw_paper_act(db::Session& session, const Surroundings& surroundings, const Officer& officer,
                                const OnTask& on, const std::string& proposal_id);

}  // namespace kaigong::approval::operations
