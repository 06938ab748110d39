// The procedure of an application: two-level state (application × department item), tasks, the process instance, the
// clock ledger, and the one read table behind every list of cases. The process itself is a BPMN file of the catalogue.
// Not for what was filed (applications), nor for numbers and certificates (permits, certificates).
#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "authz/permissions.hpp"
#include "base/clock.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "db/database.hpp"
#include "events/outbox.hpp"
#include "http/router.hpp"
#include "modules/applications/applications.hpp"
#include "modules/audit/audit.hpp"
#include "modules/catalog/catalog.hpp"
#include "modules/identity/identity.hpp"

namespace kaigong::approval {

struct TaskIdTag;
using TaskId = Id<TaskIdTag>;

/// What granting does beyond this module; answered by permits, wired in app.
class GrantEffects {
  public:
    GrantEffects() = default;
    GrantEffects(const GrantEffects&) = delete;
    GrantEffects& operator=(const GrantEffects&) = delete;
    virtual ~GrantEffects() = default;
    /// In the decision's transaction: takes the permit number. A failure (permits.serial_exhausted) undoes the
    /// decision, and the task stays with its officer.
    virtual Result<std::string> on_granted(db::Session& session, const applications::Filing& filing,
                                           std::int64_t now_ms) = 0;
    /// In the transaction that restricts the case, or lifts that: its permit goes with it.
    virtual void on_confidentiality(db::Session& session, const std::string& application_id,
                                    authz::Confidentiality confidentiality) = 0;
};

/// What a letter or a page needs to know of the procedure.
struct ProcedureFacts {
    std::string state;
    std::int64_t received_at_ms = 0;
    std::string intake_due_on;
    std::string due_on;
    std::string promised_due_on;
    int promised_working_days = 0;  ///< as it stood at the filing
    bool provisional = false;
    std::string permit_number;
    bool accepted_by_default = false;
    std::int64_t accepted_at_ms = 0;
    boost::json::array points;    ///< of the last correction
    boost::json::array opinions;  ///< [{item, department_name, outcome, label, opinion, legal_basis}]
    std::string decision_reason;
    boost::json::array episodes;  ///< as the progress shows them
};

/// A message to whichever case waits for it by name and key.
struct Message {
    /// Who sends it, a stable name, and its own UUID for it: who asks twice sends once.
    std::string sender;
    std::string message_id;
    std::string name;
    /// Empty for a message that needs none.
    std::string correlation_key;
    /// Codes and ids, never personal values. None that the office itself records.
    boost::json::object variables;
};

/// How long a message is kept that nobody waits for. Longer than a correction takes.
inline constexpr std::int64_t kMessageKeptMs = 30LL * 24 * 3'600'000;

class Approval {
  public:
    Approval() = default;
    Approval(const Approval&) = delete;
    Approval& operator=(const Approval&) = delete;
    virtual ~Approval() = default;

    /// Ends a service task; once done, doing it again changes nothing.
    virtual Result<void> complete_job(const std::string& application_id, const std::string& job_id) = 0;
    /// Turns it into an incident that an officer sees; `reason` is stable, `message` Chinese.
    virtual Result<void> fail_job(const std::string& application_id, const std::string& job_id,
                                  const std::string& reason, const std::string& message) = 0;
    /// Comes to the case that has waited longest, now or later, once; after thirty days without one it is given up.
    /// Fails with approval.variable_protected, db.idempotency_key_reused.
    virtual Result<void> send_message(const Message& message) = 0;
    /// With the clock as it stood then: a letter says what was true when it was caused, however late it is made.
    virtual Result<ProcedureFacts> facts_of(const std::string& application_id, std::int64_t at_ms) = 0;
    /// Fires every timer that is due at `now_ms` (default acceptance …); returns how many, and the next due instant.
    struct Fired {
        int count = 0;
        std::optional<std::int64_t> next_due_at_ms;
    };
    virtual Fired fire_due_timers(std::int64_t now_ms) = 0;
    virtual std::vector<http::Endpoint> routes() = 0;
    /// Subscribes to what applications tells; before the dispatcher starts.
    virtual void subscribe() = 0;
    /// What the applicant's and the officer's lists show of a case; nothing for a case that has no procedure yet.
    virtual std::map<std::string, applications::ProcedureSource::Summary> summaries(
        const std::vector<std::string>& application_ids) = 0;
    /// The round that an open correction was asked on; nothing when none is open.
    virtual std::optional<std::int64_t> round_in_correction(db::Session& session,
                                                            const std::string& application_id) = 0;
    virtual boost::json::array open_points(const std::string& application_id) = 0;
    /// Papers that were tolerated to be missing and have not come yet (容缺).
    virtual std::vector<std::string> owed_materials(db::Session& session, const std::string& application_id) = 0;
    /// 限制知悉; false for a case that has no procedure yet.
    virtual bool is_restricted(db::Session& session, const std::string& application_id) = 0;
    /// May this actor see the case? Fails with approval.not_found.
    virtual Result<void> may_read(const authz::Actor& actor, const std::string& application_id) = 0;

    /// Brings cases up to date that still stand as an earlier calendar made them, a bounded number; gives how many.
    virtual int follow_calendar() = 0;
    /// For the pages of the calendar.
    virtual catalog::RunningCases& running_cases() = 0;

    /// Cases that wait for nobody and nothing: must be empty (product.md §2.9).
    virtual std::vector<std::string> stuck_cases() = 0;
};

/// What the module is made of; everything must live longer.
struct Parts {
    db::Database& database;
    const Clock& clock;
    const authz::Permissions& permissions;
    const catalog::Catalog& catalog;
    identity::Identity& identity;
    applications::Applications& applications;
    audit::Audit& audit;
    events::Outbox& outbox;
    GrantEffects& grant_effects;
    /// Called after a commit that may have set a timer.
    std::function<void()> nudge_timers;
};
std::unique_ptr<Approval> make_approval(Parts parts);

/// What a catalogue asks before it publishes a process; `job_types` are those that other modules do.
std::unique_ptr<catalog::ProcessRules> make_process_rules(std::vector<std::string> job_types);

/// Cases as they were worked on, for trying a changed process on them. The database must live longer.
std::unique_ptr<catalog::PastProcedures> make_past_procedures(db::Database& database);

/// Which cases nobody may be told of who is not cleared. The database must live longer.
std::unique_ptr<catalog::RestrictedCases> make_restricted_cases(db::Database& database);

/// The module's lines of the authorisation table.
std::span<const authz::Grant> permissions();

}  // namespace kaigong::approval
