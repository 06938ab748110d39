// One command's work on one case, inside one transaction: load the procedure, run the process engine, carry its facts
// into tasks, items, clock, jobs and timeline, and save everything under the procedure's version. Operations are short
// because this is the one place that knows how facts become rows.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "authz/exclusion.hpp"
#include "base/result.hpp"
#include "db/session.hpp"
#include "engine/bpmn/bpmn.hpp"
#include "events/outbox.hpp"
#include "modules/approval/approval.hpp"
#include "modules/approval/protected_variables.hpp"
#include "modules/approval/states.hpp"
#include "modules/approval/store.hpp"
#include "modules/approval/store_episodes.hpp"
#include "modules/approval/store_messages.hpp"
#include "modules/approval/store_round_effects.hpp"
#include "modules/approval/task_model.hpp"
#include "modules/audit/audit.hpp"
#include "modules/catalog/catalog.hpp"

namespace kaigong::approval {

/// Where a title in the timeline that lists names is cut, in bytes of UTF-8.
inline constexpr std::size_t kNoteTitleMax = 190;

/// What every operation works with; made once in app.
struct Surroundings {
    db::Database& database;
    const catalog::Catalog& catalog;
    applications::Applications& applications;
    audit::Audit& audit;
    const events::Outbox& outbox;
    GrantEffects& grant_effects;
    const authz::Permissions& permissions;
    identity::Identity& identity;
};

/// Who acts, as the record shows him.
struct Performer {
    std::string account_id;
    std::string name;
};
Performer system_performer();

class CaseWork {
  public:
    CaseWork(db::Session& session, const Surroundings& surroundings, std::shared_ptr<const catalog::Matter> matter,
             store::ProcedureRow procedure, Performer performer, std::int64_t now_ms);

    store::ProcedureRow& procedure() { return procedure_; }
    const store::ProcedureRow& procedure() const { return procedure_; }
    std::vector<store::ItemRow>& items() { return items_; }
    const std::vector<store::ItemRow>& items() const { return items_; }
    const bpmn::State& state() const { return state_; }
    const bpmn::Definition& process() const { return matter_->process(); }
    /// Whose case it is, for 回避; as long as the work lives.
    authz::Applicant applicant() const;
    /// What this command counts by.
    const calendar::Calendar& calendar() const { return calendar_->days_in(procedure_.region_code); }
    ApplicationState application_state() const;
    Result<TaskModel> model_of(const std::string& element_id) const;
    /// As people read it in the process file; the id where it has no name.
    std::string name_of(const std::string& element_id) const;

    /// Gives a command to the engine and carries out what follows, with the record steps behind it. Fails with
    /// approval.variable_protected when something else than the office's own record would change what that holds.
    Result<void> run(const bpmn::Command& command, Writer writer = Writer::outside);

    /// Whether the engine would take it now, with what that means for the case's record; changes nothing.
    Result<void> would_run(const bpmn::Command& command, Writer writer) const;

    /// Tasks that open are given to nobody: whoever took one back gets it again.
    void give_to_nobody() { gives_tasks_ = false; }

    /// An event of states.md §1, with its effect on clock, correction episode and timeline; `decide_grant` takes the
    /// permit number in this transaction.
    Result<void> apply_application_event(const std::string& event);
    Result<void> apply_item_event(const std::string& item, const std::string& event);

    /// Ends the process because the applicant went away; open items are voided, tasks cancelled.
    Result<void> end_by(const std::string& event, const std::string& cause);

    /// `title` up to kNoteTitleMax.
    /// round_effects.hpp, not_opened_of.
    std::vector<store::RoundEffectRow> items_not_opened() const;

    void note(std::string kind, std::string title, std::string detail, bool for_applicant);
    void audit(std::string act, std::string summary);
    /// A fact for other modules; `payload` gets the application's id.
    void tell(const char* event_type, boost::json::object payload);

    void tell_letter(std::string_view letter_kind);
    /// One that belongs to an episode: once for each, not once a round.
    void tell_letter(std::string_view letter_kind, std::int64_t episode_no);

    /// Begins what lies over the state; gives its number. Its pause is written when the case is saved.
    std::int64_t begin_episode(store::EpisodeRow episode);
    void end_episode(store::EpisodeRow episode, std::string result);
    std::vector<store::EpisodeRow> episodes() const;
    const catalog::Matter& matter() const { return *matter_; }
    CivilDate today() const { return office_date(now_ms_); }
    /// The letter that the process names at the element of this token; empty when there is none.
    std::string letter_at(std::int64_t token) const;

    /// First step: when the calendar has changed since the case was saved, its days, tasks and timers are computed
    /// again.
    Result<void> follow_calendar();

    /// Last step: clock projection, timers, "waits for something", version.
    Result<void> save();

  private:
    Result<std::vector<bpmn::Event>> decide(const bpmn::Command& command, Writer writer) const;
    Result<void> carry_out(const bpmn::Event& event);
    void open_task(std::int64_t token, const TaskModel& model);
    std::string role_of(std::int64_t token, const TaskModel& model) const;
    Result<void> conclude_again(const TaskModel& model);
    Result<void> open_item_of(const TaskModel& model);
    Result<void> cancel_token(const bpmn::TokenCancelled& fact);
    void create_job(const bpmn::JobCreated& fact);
    void hand_on(const bpmn::EventThrown& fact);
    Result<void> run_record_step(std::int64_t token, const bpmn::Element& element);
    Result<void> put_right();
    void list_waiting_events();
    void project_clocks();
    void tell_moved_days(const store::ProcedureRow& before, std::int64_t known_number);
    void keep_calendar();
    void stop_clock(const std::string& reason);
    Result<void> settle_episodes();
    Result<void> cancel_asides();
    Result<void> begin_what_waited();
    void follow_pauses();
    void ask_points();
    Result<void> grant();

    db::Session& session_;
    const Surroundings& surroundings_;
    std::shared_ptr<const catalog::Matter> matter_;
    std::shared_ptr<const catalog::OfficeCalendar> calendar_;
    store::ProcedureRow procedure_;
    Performer performer_;
    std::int64_t now_ms_;
    bool gives_tasks_ = true;
    bpmn::State state_;
    std::vector<store::ItemRow> items_;
    /// As the table has them.
    std::vector<store::WaitingEventRow> waiting_events_;
    std::vector<std::pair<std::int64_t, std::string>> record_steps_;
};

/// Takes an open task away; it stays visible with its cause.
Result<void> cancel_task(db::Session& session, store::TaskRow& task, std::string cause, std::int64_t now_ms);

/// Locks the case and loads it with its matter; it follows the calendar in force, so whoever opens it saves it, also
/// where he finds nothing to do. Fails with approval.not_found.
Result<CaseWork> open_case(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                           Performer performer, std::int64_t now_ms);
/// The same for a case that the caller has locked.
Result<CaseWork> open_locked_case(db::Session& session, const Surroundings& surroundings,
                                  const std::string& application_id, Performer performer, std::int64_t now_ms);

}  // namespace kaigong::approval
