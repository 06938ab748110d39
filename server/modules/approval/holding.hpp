// 责任追溯: who held a case for how long, from what the record says of its tasks. A task that nobody has claimed is
// held by its group, which is told apart. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/clock/working_time.hpp"
#include "modules/approval/store.hpp"
#include "modules/approval/store_task_acts.hpp"

namespace kaigong::approval {

/// One stretch of one task with one holder.
struct Hold {
    std::string task_id;
    std::string task_name;
    std::string department;
    /// Nothing while it lay with the group.
    std::optional<std::string> holder_id;
    std::optional<std::string> holder_name;
    std::int64_t from_ms = 0;
    /// Nothing while it lasts.
    std::optional<std::int64_t> through_ms;
    /// Office hours outside pauses.
    std::int64_t worked_ms = 0;
    bool provisional = false;
};

/// What was written down of a case.
struct TaskRecord {
    const std::vector<store::TaskRow>& tasks;
    const std::vector<store::ActRow>& acts;
    const std::vector<store::SignerRow>& signers;
};

/// How working time is counted for a case.
struct WorkingTime {
    const std::vector<store::ClockRow>& ledger;
    const clock::OfficeHours& hours;
    const calendar::Calendar& calendar;
    std::int64_t now_ms = 0;
};

/// In the order in which they began; the applicant's tasks are nobody's of the authority.
std::vector<Hold> holds_of(const TaskRecord& record, const WorkingTime& time);

/// The same added up: one line for each holder, and one for each group, the longest first.
std::vector<Hold> held_in_all(const std::vector<Hold>& holds);

}  // namespace kaigong::approval
