// Tables of approval: SQL and nothing else. Every function works in the caller's transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "db/session.hpp"

namespace kaigong::approval::store {

struct ProcedureRow {
    std::string application_id;
    std::int64_t version = 1;
    std::string application_number;
    std::string matter_code;
    std::string catalog_version;
    std::string region_code;
    std::string applicant_account_id;
    std::string owner_credit_code;
    std::string owner_name;
    std::string works_name;
    std::string state;
    std::optional<std::int64_t> correction_opened_at_ms;
    std::int64_t correction_count = 0;
    std::int64_t round = 1;
    std::int64_t received_at_ms = 0;
    std::optional<std::int64_t> accepted_at_ms;
    bool accepted_by_default = false;
    std::optional<std::int64_t> decided_at_ms;
    std::string decision_reason;
    std::optional<std::string> permit_number;
    std::int64_t intake_due_at_ms = 0;
    std::optional<std::int64_t> due_at_ms;
    std::optional<std::string> due_on;
    std::optional<std::string> promised_due_on;
    bool provisional = false;
    std::optional<std::int64_t> timer_due_at_ms;
    bool waits = true;
    std::string instance;
    std::string confidentiality = "normal";  ///< authz::Confidentiality
    /// 承诺时限 as it stood at the filing; nothing for cases from before it was kept: the matter's own.
    std::optional<std::int64_t> promised_working_days;
};

struct ItemRow {
    std::string application_id;
    std::string item;
    std::string name;
    std::string department;
    std::string department_name;
    std::string legal_basis;
    std::string state;
    std::optional<std::string> outcome;
    std::optional<std::string> outcome_label;
    std::optional<std::string> opinion;
    std::optional<std::string> concluded_by;
    std::optional<std::int64_t> concluded_at_ms;
};

struct TaskRow {
    std::string task_id;
    std::string application_id;
    std::int64_t version = 1;
    std::int64_t token = 0;
    std::string element_id;
    std::string name;
    std::string kind;
    std::string item;
    std::string candidate_group;
    std::string region_code;
    std::string state;  ///< planned (a signer's turn has not come), open, completed, cancelled
    std::optional<std::string> assignee_id;
    std::optional<std::string> assignee_name;
    std::optional<std::string> actor_id;
    std::optional<std::string> actor_name;
    std::optional<std::string> outcome;
    std::optional<std::string> outcome_label;
    std::optional<std::string> opinion;
    std::string checked = "[]";
    std::optional<std::string> cancel_cause;
    std::int64_t created_at_ms = 0;
    std::optional<std::int64_t> completed_at_ms;
    std::string application_number;
    std::string matter_code;
    std::string works_name;
    std::string owner_name;
    std::int64_t due_at_ms = 0;
    std::optional<std::string> last_opinion;
    std::string confidentiality = "normal";  ///< as the case's
};

/// A task that was opened by sending the case back.
struct ReturnRow {
    std::string task_id;
    std::string application_id;
    std::string from_task_id;
    std::string from_name;
    std::string returned_by;
    std::string reason;
    std::string onward;  ///< again, straight
    std::int64_t returned_at_ms = 0;
};

struct ClockRow {
    std::int64_t entry_no = 0;
    std::string kind;
    std::string reason;
    std::int64_t at_ms = 0;
};

struct PointRow {
    std::string point_id;
    std::string application_id;
    std::int64_t round = 1;
    std::string item;
    std::string department_name;
    std::string field;
    std::string material_code;
    std::string what;
    std::string how_to_mend;
    std::string legal_basis;
    std::string state;  ///< recorded, asked, answered
    std::optional<std::string> answer;
    std::string recorded_by;
    std::int64_t recorded_at_ms = 0;
};

struct JobRow {
    std::string job_id;
    std::string application_id;
    std::int64_t token = 0;
    std::string job_type;
    std::string state;  ///< open, done, failed, cancelled
    std::optional<std::string> reason;
    std::int64_t created_at_ms = 0;
};

struct TimelineRow {
    std::int64_t entry_no = 0;
    std::int64_t at_ms = 0;
    std::string kind;
    std::string title;
    std::optional<std::string> detail;
    std::optional<std::string> actor;
    bool for_applicant = true;
};

std::optional<ProcedureRow> find_procedure(db::Session& session, const std::string& application_id);
/// Whatever is not plainly normal, as resource_of reads it; false where there is no procedure.
bool is_restricted(db::Session& session, const std::string& application_id);
std::vector<std::string> procedures_with_timer_due(db::Session& session, std::int64_t now_ms, int limit);
std::optional<std::int64_t> next_timer(db::Session& session);
void postpone_timer(db::Session& session, const std::string& application_id, std::int64_t at_ms);
std::vector<std::string> procedures_that_wait_for_nothing(db::Session& session, int limit);
/// False when it is there already (an event delivered twice).
bool insert_procedure(db::Session& session, const ProcedureRow& row);
/// Counts the version up and so holds the row until the transaction ends; false when there is no such case.
bool lock_procedure(db::Session& session, const std::string& application_id);
/// The same while a timer is due; false, and nothing is held, when none is: another worker was here first.
bool lock_procedure_with_timer_due(db::Session& session, const std::string& application_id, std::int64_t now_ms);
/// Writes all that may change; the version was counted up by lock_procedure.
void save_procedure(db::Session& session, const ProcedureRow& row);

std::vector<ItemRow> items_of(db::Session& session, const std::string& application_id);
void insert_item(db::Session& session, const ItemRow& row);
void save_item(db::Session& session, const ItemRow& row);

std::optional<TaskRow> find_task(db::Session& session, const std::string& task_id);
/// The task of the process, and those of who was asked beside its holder.
std::vector<TaskRow> open_tasks_of_token(db::Session& session, const std::string& application_id, std::int64_t token);
std::vector<TaskRow> tasks_of(db::Session& session, const std::string& application_id);
void insert_task(db::Session& session, const TaskRow& row);
/// Writes all that may change, with the next version. Fails with db.version_is_stale.
Result<void> save_task(db::Session& session, TaskRow& row);
/// As the procedure's is now; their versions stay, nobody's form grows stale by it.
void save_confidentiality_of_tasks(db::Session& session, const std::string& application_id,
                                   const std::string& confidentiality);
/// All but checks of commitments, which have a day of their own.
void move_open_tasks(db::Session& session, const std::string& application_id, std::int64_t due_at_ms);

std::vector<ReturnRow> returns_of(db::Session& session, const std::string& application_id);
void insert_return(db::Session& session, const ReturnRow& row);

std::vector<ClockRow> clock_of(db::Session& session, const std::string& application_id);
void insert_clock(db::Session& session, const std::string& application_id, const ClockRow& row);

std::vector<PointRow> points_of(db::Session& session, const std::string& application_id);
void insert_point(db::Session& session, const PointRow& row);
void save_point(db::Session& session, const PointRow& row);

std::optional<JobRow> find_job(db::Session& session, const std::string& job_id);
std::optional<JobRow> find_job_of_token(db::Session& session, const std::string& application_id, std::int64_t token);
void insert_job(db::Session& session, const JobRow& row);
void end_job(db::Session& session, const std::string& job_id, const std::string& state,
             const std::optional<std::string>& reason, std::int64_t now_ms);

std::vector<TimelineRow> timeline_of(db::Session& session, const std::string& application_id);
void append_timeline(db::Session& session, const std::string& application_id, TimelineRow row);

}  // namespace kaigong::approval::store
