// Every guard of an act on a task, met or not, in words: what the page 「为什么没动」 shows. The acts themselves stop
// at the first that is not met (task_rules.hpp, signers.hpp, take_back_rules.hpp); what is told here is told by the
// same functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "modules/approval/case_view.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/signers.hpp"
#include "modules/approval/task_model.hpp"

namespace kaigong::approval {

struct Guard {
    std::string code;
    /// What has to hold.
    std::string says;
    /// Why it does not; nothing when it does.
    std::optional<std::string> because;
};

/// One task of a case for one officer; everything must live longer.
struct TaskInCase {
    const bpmn::Definition& process;
    const bpmn::State& state;
    const authz::Permissions& permissions;
    const store::TaskRow& task;
    const TaskModel& model;
    const Signers& signers;
    const CaseSnapshot& snapshot;
    /// As he acts on this task: deputy_rules.hpp.
    const operations::Officer& reader;
    std::int64_t now_ms = 0;
};

/// Of ending it with this outcome.
std::vector<Guard> guards_of(const TaskInCase& one, const Outcome& outcome);
/// Of something else than an outcome, by its code on the task's page (`transfer` …); none for a code without guards of
/// its own.
std::vector<Guard> guards_of(const TaskInCase& one, std::string_view operation);

}  // namespace kaigong::approval
