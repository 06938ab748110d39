// Going back (退回): what it takes to send a case from one task to an earlier one, so that no branch is lost, no join
// starves, and what other departments did stays done. Pure: plans the command, carries out nothing. Not for: who may
// send back, and why (modules/approval).
//
// "Behind" a task is what can be reached from it without going round a loop once more: a flow that leads back in the
// order of the diagram is not followed, but for those that leave the task itself (the task of an applicant who answers
// a correction stands on such a way).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bpmn/bpmn.hpp"

namespace kaigong::bpmn {

/// How the case goes on when the earlier task is done again.
enum class Onward {
    again,     // everything behind it is done again
    straight,  // back to where everything stood (直送), the joins as full as they were; what is repeated begins anew
};

/// The user tasks behind which this one stands, also outside of the sub-process or call it is in; in the order of the
/// model. `token` is that of an open task, or of one of its instances, or whatever else stands in the way of the case.
std::vector<std::string> return_targets(const Definition& definition, const State& state, std::int64_t token);

/// The elements that lie between an earlier task and this one, with all that is in them, in the order of the model:
/// what is passed once more when the case is sent back there. None where `element` is no target.
std::vector<std::string> elements_between(const Definition& definition, const State& state, std::int64_t token,
                                          std::string_view element);

/// What comes behind a user task in the process or sub-process that it is in, with all that is in that, in the order of
/// the model.
std::vector<std::string> elements_behind(const Definition& definition, std::string_view element);

/// Takes away the task and all that stands behind the earlier one; other branches stay, and what they handed in at
/// joins between the two. Fails with `bpmn.return_impossible` when `element` is none of the targets, and with
/// `bpmn.return_not_straight` where it can't be restored how everything stood (inside an event or ad-hoc sub-process,
/// or a repeated one).
Result<MoveTokens> plan_return(const Definition& definition, const State& state, std::int64_t token,
                               std::string_view element, Onward onward, std::string reason);

}  // namespace kaigong::bpmn
