// The module's service: reads, and the operations inside their transactions.
#pragma once

#include <functional>

#include "modules/approval/access.hpp"
#include "modules/approval/approval.hpp"
#include "modules/approval/calendar_cases.hpp"
#include "modules/approval/case_view.hpp"
#include "modules/approval/copies.hpp"
#include "modules/approval/deputies.hpp"
#include "modules/approval/inbox.hpp"
#include "modules/approval/live_cases.hpp"
#include "modules/approval/live_inbox.hpp"
#include "modules/approval/operations/operations.hpp"
#include "modules/approval/operations/sections.hpp"
#include "modules/approval/opinions.hpp"
#include "modules/approval/retryable.hpp"

namespace kaigong::approval {

/// An officer's request about a task, with the version that he saw.
struct TaskRequest {
    std::string task_id;
    std::int64_t version = 0;
    /// Where repeating it must change nothing.
    std::optional<Retryable> retryable = {};
};

class ApprovalService final : public Approval {
  public:
    explicit ApprovalService(Parts parts);

    Result<void> complete_job(const std::string& application_id, const std::string& job_id) override;
    Result<void> fail_job(const std::string& application_id, const std::string& job_id, const std::string& reason,
                          const std::string& message) override;
    Result<void> send_message(const Message& message) override;
    Result<ProcedureFacts> facts_of(const std::string& application_id, std::int64_t at_ms) override;
    Fired fire_due_timers(std::int64_t now_ms) override;
    std::vector<http::Endpoint> routes() override;
    void subscribe() override;
    std::map<std::string, applications::ProcedureSource::Summary> summaries(
        const std::vector<std::string>& application_ids) override;
    std::optional<std::int64_t> round_in_correction(db::Session& session, const std::string& application_id) override;
    boost::json::array open_points(const std::string& application_id) override;
    std::vector<std::string> owed_materials(db::Session& session, const std::string& application_id) override;
    bool is_restricted(db::Session& session, const std::string& application_id) override;
    Result<void> may_read(const authz::Actor& actor, const std::string& application_id) override;
    int follow_calendar() override { return calendar_cases_.follow(); }
    catalog::RunningCases& running_cases() override { return calendar_cases_; }
    std::vector<std::string> stuck_cases() override;

    Result<boost::json::object> progress(const authz::Actor& actor, const std::string& application_id);
    Result<boost::json::object> inbox(const authz::Actor& actor, InboxQuery query);
    Result<boost::json::object> task(const authz::Actor& actor, const std::string& task_id);
    Result<boost::json::array> tasks_of(const authz::Actor& actor, const std::string& application_id);
    Result<boost::json::object> standstill(const authz::Actor& actor, const std::string& application_id);
    /// Ends when the listener may not read the case any more. Fails with approval.not_found, http.too_many_streams.
    Result<http::SharedEvents> listen(const authz::Actor& actor, const std::string& application_id,
                                      std::string_view last_event_id);
    /// The same of his inbox, as long as he works on tasks. Fails with authz.…, http.too_many_streams.
    Result<http::SharedEvents> listen_to_inbox(const authz::Actor& actor, InboxView view,
                                               std::string_view last_event_id);
    Result<boost::json::object> process(const authz::Actor& actor, const std::string& application_id);
    Result<boost::json::object> claim(const authz::Actor& actor, const TaskRequest& request);
    Result<boost::json::object> release(const authz::Actor& actor, const TaskRequest& request);
    /// `chosen` is an account's id, or empty. Fails with approval.person_unknown.
    Result<boost::json::object> complete(const authz::Actor& actor, const TaskRequest& request,
                                         operations::Completion completion, const std::string& chosen);
    /// 补录: `done_by` and `chosen` are ids of accounts; `chosen` may be empty. Fails with approval.person_unknown.
    Result<boost::json::object> enter_paper_act(const authz::Actor& actor, const TaskRequest& request,
                                                operations::PaperAct act, const std::string& done_by,
                                                const std::string& chosen);
    /// He who is named in a 补录 says that it is so. Fails with authz.proposal_not_found.
    Result<boost::json::object> confirm_paper_act(const authz::Actor& actor, const TaskRequest& request,
                                                  const std::string& proposal_id);
    Result<boost::json::object> deny_paper_act(const authz::Actor& actor, const TaskRequest& request,
                                               const std::string& proposal_id, const std::string& reason);
    /// Who entered it takes it back.
    Result<boost::json::object> withdraw_paper_act(const authz::Actor& actor, const TaskRequest& request,
                                                   const std::string& proposal_id);
    /// What waits for the word of this officer, of tasks that are still open.
    Result<boost::json::object> paper_acts(const authz::Actor& actor);
    /// Whose act on paper may be entered, and who may be chosen with an outcome; each with what excludes him.
    Result<boost::json::object> paper_candidates(const authz::Actor& actor, const std::string& task_id,
                                                 const std::string& text);
    Result<boost::json::object> choice_candidates(const authz::Actor& actor, const std::string& task_id,
                                                  const std::string& outcome, const std::string& text);
    Result<boost::json::object> send_back(const authz::Actor& actor, const TaskRequest& request,
                                          const operations::Return& sent_back);
    /// `to` is an account's id, as the list of candidates gives it. Fails with approval.person_unknown.
    Result<boost::json::object> transfer(const authz::Actor& actor, const TaskRequest& request, const std::string& to,
                                         const std::string& reason);
    Result<boost::json::object> assign(const authz::Actor& actor, const TaskRequest& request, const std::string& to,
                                       const std::string& reason);
    Result<boost::json::object> delegate(const authz::Actor& actor, const TaskRequest& request, const std::string& to,
                                         const std::string& question);
    Result<boost::json::object> add_signers(const authz::Actor& actor, const TaskRequest& request,
                                            const std::string& relation, const std::vector<std::string>& to,
                                            const std::string& question);
    Result<boost::json::object> remove_signer(const authz::Actor& actor, const TaskRequest& request,
                                              const std::string& signer_task_id, const std::string& reason);
    Result<boost::json::object> take_back(const authz::Actor& actor, const TaskRequest& request,
                                          const std::string& reason);
    Result<boost::json::object> urge(const authz::Actor& actor, const TaskRequest& request, const std::string& note);
    /// 分节审签. Fails with approval.not_found.
    Result<boost::json::object> sections(const authz::Actor& actor, const std::string& task_id);
    /// Gives the sections as they are then.
    Result<boost::json::object> review_section(const authz::Actor& actor, const TaskRequest& request,
                                               const operations::SectionVerdict& said);
    Result<boost::json::object> return_sections(const authz::Actor& actor, const TaskRequest& request);
    /// What each round after the first changed, and what that meant for each department; the latest first.
    Result<boost::json::object> round_effects(const authz::Actor& actor, const std::string& application_id);
    /// Colleagues for one of `transfer`, `assign`, `delegate`, `before`, `after`, each with what excludes him.
    Result<boost::json::object> candidates(const authz::Actor& actor, const std::string& task_id,
                                           const std::string& act, const std::string& text);
    /// What may be begun or ended over the state of a case now, and what stands in its way.
    Result<boost::json::object> episodes(const authz::Actor& actor, const std::string& application_id);
    /// One of operations/episodes.hpp, once for each request; gives the progress of the case then.
    using CaseAct = std::function<Result<void>(db::Session& session, const Surroundings& surroundings,
                                               const authz::Permissions& permissions,
                                               const operations::Officer& officer, std::int64_t now_ms)>;
    /// Before anything else about a case is said.
    Result<void> may_ask(const authz::Actor& actor, const std::string& application_id, std::string_view action);
    /// `conducted_item` where a deputy of who judges it may do so in his place.
    Result<boost::json::object> act_on_case(const authz::Actor& actor, const std::string& application_id,
                                            const Retryable& request, const CaseAct& act,
                                            const std::string& conducted_item = {});
    /// Before anything else about a task is said. `action` is kWork or kAssign.
    Result<void> may_act_on(const authz::Actor& actor, const std::string& task_id, std::string_view action);
    /// A task for who works on it, with its case and the matter of its day. Fails with approval.not_found.
    struct OpenedTask {
        store::TaskRow task;
        CaseSnapshot snapshot;
        std::shared_ptr<const catalog::Matter> matter;
    };
    Result<OpenedTask> open_task(const authz::Actor& actor, const std::string& task_id);
    Result<boost::json::object> resolve(const authz::Actor& actor, const std::string& application_id,
                                        const operations::Repair& repair, const Retryable& request);

  private:
    /// Gives when the next one ends.
    std::optional<std::int64_t> give_up_messages(std::int64_t now_ms);
    int fire_timers_of(const std::string& application_id, std::int64_t now_ms);
    Result<CaseSnapshot> snapshot_for(const authz::Actor& actor, const std::string& application_id);
    Result<std::shared_ptr<const catalog::Matter>> matter_of(const store::ProcedureRow& procedure);
    /// The application of a task; it never changes, so it may be read before the transaction.
    Result<std::string> application_of(const authz::Actor& actor, const std::string& task_id);
    std::vector<std::string> regions_of(const authz::Actor& actor) const;
    std::vector<std::string> all_groups() const;
    /// Of which groups the list of a view has tasks.
    std::vector<std::string> groups_of_view(const authz::Actor& actor, InboxView view) const;
    ListsOf lists_of(const authz::Actor& actor, bool all) const;
    operations::Officer officer(const authz::Actor& actor);
    /// As he acts on this task: himself, or in the place of somebody who is away.
    Result<operations::Officer> officer_on(const authz::Actor& actor, const std::string& task_id);
    /// As he conducts an item. One that the case has not got is found out by the act.
    Result<operations::Officer> officer_conducting(const authz::Actor& actor, const std::string& application_id,
                                                   const std::string& item);
    /// Beside what his own roles let him see: what was given to him to read, and what he needs as a deputy.
    bool may_read_beside(const authz::Actor& actor, const std::string& application_id);
    bool is_cleared_for(const authz::Actor& actor, const std::string& application_id);
    bool may_read_as_deputy(const authz::Actor& actor, const std::string& application_id);
    Result<void> command(const std::function<Result<void>(db::Session&)>& body);
    /// The same, once for each key of a request; a repeated one changes nothing.
    Result<void> command_once(const authz::Actor& actor, const Retryable& request, std::int64_t now_ms,
                              const std::function<Result<void>(db::Session&)>& body);
    using TaskAct = std::function<Result<void>(db::Session& session, const operations::Officer& officer,
                                               const operations::OnTask& on)>;
    /// An officer's act on a task; gives the task as it is then.
    Result<boost::json::object> act_on(const authz::Actor& actor, const TaskRequest& request, const TaskAct& act);
    template <class Operation, class... Arguments>
    TaskAct by(Operation operation, const Arguments&... arguments);
    /// Fails with approval.person_unknown, naming the field.
    Result<operations::Officer> person(const std::string& account_id, const char* field);
    Result<void> may_enter_paper(const authz::Actor& actor, const std::string& task_id);
    /// What ends a 补录 that waits without its act; gives the task.
    Result<boost::json::object> end_paper_act(const authz::Actor& actor, const TaskRequest& request,
                                              const TaskAct& act);
    /// An officer whom the request names. Fails with approval.person_unknown, and as may_act_on does.
    Result<operations::Officer> colleague(const authz::Actor& actor, const TaskRequest& request,
                                          const std::string& account_id, std::string_view action = kWork);

    Parts parts_;
    LiveCases live_;
    Surroundings surroundings_;
    CalendarCases calendar_cases_;
    Deputies deputies_;
    Copies copies_;
    Opinions opinions_;
    /// Asks the others, so it ends before them.
    LiveInbox live_inbox_;
};

}  // namespace kaigong::approval
