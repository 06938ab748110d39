// Loading a case for an act on what lies over its state, and the record of it.
#pragma once

#include "modules/approval/episodes.hpp"
#include "modules/approval/operations/episodes.hpp"
#include "modules/approval/operations/task_access.hpp"

namespace kaigong::approval::operations {

/// A department's item with all tasks of its case.
struct ItemOfCase {
    const store::ItemRow& item;
    const std::vector<store::TaskRow>& tasks;
    const store::ProcedureRow& procedure;
};

/// A department's item, and the task by which it is judged now, where one is open.
struct ItemWork {
    CaseWork work;
    store::ItemRow item;
    std::vector<store::TaskRow> tasks;
    std::optional<store::TaskRow> task;

    ItemOfCase of_case() const { return {item, tasks, work.procedure()}; }
};

/// The open task by which an item is judged; where several judge it together (会签) this officer's own, else the first.
std::optional<store::TaskRow> task_of_item(const std::vector<store::TaskRow>& tasks, const std::string& item,
                                           const std::string& account_id);

/// Holds a task by which the item is judged.
bool judges(const authz::Permissions& permissions, const authz::Actor& actor, const ItemOfCase& one);
/// Leads the department of the item, or the authority. Fails with approval.not_found, authz.….
Result<void> may_lead(const authz::Permissions& permissions, const authz::Actor& actor, const ItemOfCase& one);

/// Fails with approval.not_found, approval.deputyship_over, approval.ended, approval.item_unknown.
Result<ItemWork> load_item(db::Session& session, const Surroundings& surroundings,
                           const authz::Permissions& permissions, const Officer& officer, const OnItem& on);

/// For who judges it now and is not excluded (回避), or leads its department. Fails with approval.not_your_item,
/// authz.excluded_… too.
Result<ItemWork> load_item_to_conduct(db::Session& session, const Surroundings& surroundings,
                                      const authz::Permissions& permissions, const Officer& officer, const OnItem& on);

/// For who leads its department, or the authority. Fails with authz.… too.
Result<ItemWork> load_item_to_lead(db::Session& session, const Surroundings& surroundings,
                                   const authz::Permissions& permissions, const Officer& officer, const OnItem& on);

/// A case, for who has this right in its region. Fails with approval.not_found, authz.….
Result<CaseWork> load_case(db::Session& session, const Surroundings& surroundings,
                           const authz::Permissions& permissions, const Officer& officer, const OnCase& on,
                           std::string_view action);

/// The same of one that has not ended, for who has this right in its region. Fails with approval.not_found, authz.…,
/// approval.ended.
Result<CaseWork> load_running_case(db::Session& session, const Surroundings& surroundings,
                                   const authz::Permissions& permissions, const Officer& officer, const OnCase& on,
                                   std::string_view action);

/// Fails with approval.reason_missing.
Result<void> must_say_why(const std::string& reason, std::string_view act);

/// The record of an act that is none on a task.
void record_on_case(db::Session& session, const CaseWork& work, const Officer& officer, const Act& act,
                    std::int64_t now_ms);

}  // namespace kaigong::approval::operations
