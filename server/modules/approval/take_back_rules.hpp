// Whether an officer may take back a task that he did (撤回), shared by the act and by the page that offers it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "engine/bpmn/bpmn.hpp"
#include "modules/approval/signers.hpp"

namespace kaigong::approval {

/// How a task is taken back.
struct TakeBack {
    /// One of those that stand behind it; 0 where only its holder's own decision waits for others to sign after it.
    std::int64_t token = 0;
    /// The application is not concluded any more then (states.md A21).
    bool undoes_conclusion = false;
};

/// Fails with approval.take_back_not_yours, approval.take_back_acted_on (somebody acted after him),
/// approval.take_back_impossible (nothing stands behind it any more, or it is one of several votes),
/// approval.return_before_acceptance (the applicant was told what came of it).
Result<TakeBack> may_take_back(const bpmn::Definition& process, const bpmn::State& state, const std::string& account_id,
                               const store::TaskRow& task, const std::vector<store::TaskRow>& tasks,
                               const Signers& signers);

/// One that stands behind a user task that was done, from which the case can be sent back to it; nothing where none
/// does.
std::optional<std::int64_t> standing_behind(const bpmn::Definition& process, const bpmn::State& state,
                                            const std::string& element);

}  // namespace kaigong::approval
