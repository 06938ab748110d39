// 会签, 或签 and 依次审批: several people decide one task (a multi-instance user task of the process), and what their
// votes come to. Pure. A rule says how many approvals it takes; it is decided as soon as no further vote can change it,
// and who has not voted then is not asked any more. Only people of one department: items of different departments never
// end one another.
//
//     <kaigong:countersign rule="count" value="3" vetoRoles="section_head"/>
//     … <multiInstanceLoopCharacteristics><completionCondition>=review_vote.fixed</completionCondition>
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/bpmn/bpmn.hpp"
#include "modules/approval/store.hpp"
#include "modules/approval/task_model.hpp"

namespace kaigong::approval {

/// Approvals, rejections and abstentions are counted each for itself.
struct Tally {
    int approve = 0;
    int reject = 0;
    int abstain = 0;
    /// All who may vote.
    int voters = 0;
    /// Somebody rejected whose rejection alone decides.
    bool vetoed = false;
};

struct Verdict {
    bool fixed = false;
    bool approved = false;
};

Verdict verdict_of(const Countersign& rule, const Tally& tally);

/// The variable of the process that holds the vote: `review_vote`.
std::string vote_variable(const std::string& element_id);

/// One activation of the task, as its variable holds it: counters begin anew when the task is entered again.
struct Vote {
    std::int64_t activation = 0;
    Tally tally;
    Verdict verdict;
    /// Accounts of those who have voted; of a deputy's vote both.
    std::vector<std::string> voted;
};
boost::json::object vote_json(const Vote& vote);

/// How the vote stands that this open task belongs to; nothing where nobody has voted in this activation.
Vote vote_of(const bpmn::Definition& process, const bpmn::State& state, const store::TaskRow& task);

/// The same after one more. `role` is the voter's.
Vote vote_with(Vote vote, const Countersign& rule, const std::string& account_id, const std::string& role, Said said);

/// Each votes once, whether himself or by a deputy, who has then voted too. `accounts` are all who would vote with it.
/// Fails with approval.has_voted.
Result<void> must_not_have_voted(const TaskModel& model, const bpmn::Definition& process, const bpmn::State& state,
                                 const store::TaskRow& task, const std::vector<std::string>& accounts);

}  // namespace kaigong::approval
