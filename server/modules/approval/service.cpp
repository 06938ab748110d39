#include "modules/approval/service.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <random>
#include <set>

#include "base/log.hpp"
#include "db/idempotency.hpp"
#include "modules/applications/events.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/applicant.hpp"
#include "modules/approval/clock_projection.hpp"
#include "modules/approval/deputy_rules.hpp"
#include "modules/approval/episodes.hpp"
#include "modules/approval/inbox_view.hpp"
#include "modules/approval/list_scopes.hpp"
#include "modules/approval/messages.hpp"
#include "modules/approval/operations/choose_commitments.hpp"
#include "modules/approval/section_review.hpp"
#include "modules/approval/task_view.hpp"

namespace kaigong::approval {
namespace {

constexpr int kTimersAtOnce = 100;
/// A sweep that takes longer goes on with the next one, so that the program can end in between.
constexpr std::chrono::seconds kSweepMax{2};
constexpr int kMessagesAtOnce = 20;
constexpr std::int64_t kTryAgainMs = 3'600'000;
constexpr int kStuckShown = 100;

Error not_found() {
    return error(Errc::not_found, "approval.not_found", "没有找到这件申请，请从列表重新进入。");
}

/// What a called process of another file does is shown as its call.
bool is_in_diagram(const std::string& element_id) {
    return element_id.find('/') == std::string::npos;
}

}  // namespace

ApprovalService::ApprovalService(Parts parts)
    : parts_(std::move(parts)),
      live_(parts_.database),
      surroundings_{parts_.database, parts_.catalog,       parts_.applications, parts_.audit,
                    parts_.outbox,   parts_.grant_effects, parts_.permissions,  parts_.identity},
      calendar_cases_(surroundings_, parts_.clock, parts_.nudge_timers),
      deputies_(parts_, surroundings_),
      copies_(parts_, surroundings_, *this),
      opinions_(parts_, *this),
      live_inbox_(parts_.database, [this](const authz::Actor& actor, bool all) { return lists_of(actor, all); }) {}

std::unique_ptr<Approval> make_approval(Parts parts) {
    return std::make_unique<ApprovalService>(std::move(parts));
}

Result<void> ApprovalService::command(const std::function<Result<void>(db::Session&)>& body) {
    auto done = parts_.database.transact(body);
    if (done && parts_.nudge_timers) parts_.nudge_timers();
    if (!done) return done;
    live_.wake();
    live_inbox_.wake();
    return done;
}

Result<void> ApprovalService::complete_job(const std::string& application_id, const std::string& job_id) {
    const auto now_ms = parts_.clock.now_ms();
    return command([&](db::Session& session) {
        return operations::complete_job(session, surroundings_, application_id, job_id, now_ms);
    });
}

Result<void> ApprovalService::fail_job(const std::string& application_id, const std::string& job_id,
                                       const std::string& reason, const std::string& message) {
    const auto now_ms = parts_.clock.now_ms();
    return command([&](db::Session& session) {
        return operations::fail_job(session, surroundings_, application_id, job_id, reason, message, now_ms);
    });
}

Result<void> ApprovalService::send_message(const Message& message) {
    const auto now_ms = parts_.clock.now_ms();
    return parts_.database.transact(
        [&](db::Session& session) { return operations::send_message(session, surroundings_, message, now_ms); });
}

Approval::Fired ApprovalService::fire_due_timers(std::int64_t now_ms) {
    Fired fired;
    auto due = parts_.database.read(
        [&](db::Session& session) { return store::procedures_with_timer_due(session, now_ms, kTimersAtOnce); });
    if (!due) return fired;
    // Workers of several processes see the same cases; each goes its own way through them, else all would queue at the
    // same row locks.
    std::ranges::shuffle(*due, std::minstd_rand(std::random_device{}()));
    const auto until = std::chrono::steady_clock::now() + kSweepMax;
    for (const auto& application_id : *due) {
        fired.count += fire_timers_of(application_id, now_ms);
        if (std::chrono::steady_clock::now() >= until) break;
    }
    const auto next = parts_.database.read([](db::Session& session) { return store::next_timer(session); });
    if (next) fired.next_due_at_ms = *next;
    live_inbox_.forget_old();
    const auto next_end = give_up_messages(now_ms);
    if (next_end && (!fired.next_due_at_ms || *next_end < *fired.next_due_at_ms)) fired.next_due_at_ms = next_end;
    return fired;
}

std::optional<std::int64_t> ApprovalService::give_up_messages(std::int64_t now_ms) {
    const auto over = parts_.database.read(
        [&](db::Session& session) { return store::messages_to_give_up(session, now_ms, kMessagesAtOnce); });
    if (!over) return std::nullopt;
    auto not_before_ms = now_ms;
    for (const auto& message : *over) {
        const auto done = parts_.database.transact(
            [&](db::Session& session) { return operations::give_up_message(session, surroundings_, message, now_ms); });
        if (done) continue;
        log_error(LogLevel::error, "approval.message_not_given_up", done.error());
        not_before_ms = now_ms + kTryAgainMs;
    }
    const auto next = parts_.database.read([](db::Session& session) { return store::next_give_up(session); });
    if (!next || !*next) return std::nullopt;
    return std::max(**next, not_before_ms);
}

int ApprovalService::fire_timers_of(const std::string& application_id, std::int64_t now_ms) {
    const auto count = parts_.database.transact(
        [&](db::Session& session) { return operations::fire_timers(session, surroundings_, application_id, now_ms); });
    if (count) return *count;
    log_error(LogLevel::error, "approval.timer_failed", count.error());
    // A database that can't save says nothing against the case: it stays due.
    if (count.error().code == Errc::unavailable) return 0;
    const auto put_off = parts_.database.transact([&](db::Session& session) {
        return operations::put_timers_off(session, surroundings_, application_id, count.error(), now_ms);
    });
    if (!put_off) log_error(LogLevel::error, "approval.timer_not_put_off", put_off.error());
    return 0;
}

void ApprovalService::subscribe() {
    const auto application_id_of = [](const events::Event& event) {
        return std::string(boost::json::parse(event.payload).at("application_id").as_string());
    };
    parts_.outbox.subscribe(
        {"approval.open_procedure",
         {applications::kApplicationSubmitted},
         [this, application_id_of](const events::Event& event) -> Result<events::Effect> {
             const auto id = application_id_of(event);
             KAIGONG_TRY(filing, parts_.applications.load_filing(id));
             KAIGONG_TRY(submission, parts_.applications.load_submission(id, filing.round));
             const auto now_ms = parts_.clock.now_ms();
             return events::Effect([this, filing, submission, now_ms](db::Session& session) -> Result<void> {
                 if (parts_.nudge_timers) session.after_commit(parts_.nudge_timers);
                 KAIGONG_CHECK(operations::open_procedure(session, surroundings_, filing, now_ms));
                 return operations::choose_commitments(session, surroundings_, submission, now_ms);
             });
         }});
    parts_.outbox.subscribe(
        {"approval.take_resubmission",
         {applications::kApplicationResubmitted},
         [this, application_id_of](const events::Event& event) -> Result<events::Effect> {
             KAIGONG_TRY(submission, parts_.applications.load_submission(application_id_of(event), 0));
             KAIGONG_TRY(changes, parts_.applications.load_changes(application_id_of(event), submission.round));
             const auto now_ms = parts_.clock.now_ms();
             return events::Effect([this, submission, changes, now_ms](db::Session& session) {
                 return operations::take_resubmission(session, surroundings_, submission, changes, now_ms);
             });
         }});
    const auto on_withdrawal = [&](const char* subscriber, const char* event_type, auto operation) {
        parts_.outbox.subscribe(
            {subscriber,
             {event_type},
             [this, application_id_of, operation](const events::Event& event) -> Result<events::Effect> {
                 const auto now_ms = parts_.clock.now_ms();
                 return events::Effect([this, operation, id = application_id_of(event), now_ms](db::Session& session) {
                     return operation(session, surroundings_, id, now_ms);
                 });
             }});
    };
    on_withdrawal("approval.withdraw", applications::kWithdrawalRequested, operations::ask_withdrawal);
    on_withdrawal("approval.take_back_withdrawal", applications::kWithdrawalTakenBack,
                  operations::take_back_withdrawal);
    parts_.outbox.subscribe(
        {"approval.take_owed_paper",
         {applications::kOwedPaperHandedIn},
         [this, application_id_of](const events::Event& event) -> Result<events::Effect> {
             const auto payload = boost::json::parse(event.payload).as_object();
             const std::string material(payload.at("material_code").as_string());
             const auto now_ms = parts_.clock.now_ms();
             return events::Effect([this, id = application_id_of(event), material, now_ms](db::Session& session) {
                 return operations::take_owed_paper(session, surroundings_, id, material, now_ms);
             });
         }});
    subscribe_messages(parts_.outbox, surroundings_, parts_.clock, parts_.nudge_timers);
    calendar_cases_.subscribe(parts_.outbox);
}

Result<std::shared_ptr<const catalog::Matter>> ApprovalService::matter_of(const store::ProcedureRow& procedure) {
    return parts_.catalog.load_matter(procedure.matter_code, procedure.catalog_version);
}

Result<CaseSnapshot> ApprovalService::snapshot_for(const authz::Actor& actor, const std::string& application_id) {
    KAIGONG_CHECK(may_read(actor, application_id));
    KAIGONG_TRY(snapshot, parts_.database.read([&](db::Session& session) {
        return read_case(session, store::find_procedure(session, application_id).value());
    }));
    snapshot.applicant = applicant_of(parts_.database, parts_.identity, snapshot.procedure);
    return std::move(snapshot);
}

Result<boost::json::object> ApprovalService::progress(const authz::Actor& actor, const std::string& application_id) {
    KAIGONG_TRY(snapshot, snapshot_for(actor, application_id));
    KAIGONG_TRY(matter, matter_of(snapshot.procedure));
    KAIGONG_TRY(failing, parts_.database.read([&](db::Session& session) {
        return events::failing_deliveries(session, parts_.outbox, "application", application_id);
    }));
    const Reader reader{
        actor.kind == authz::AccountKind::owner_agent,
        parts_.permissions.authorise(actor, kRepair, resource_of(snapshot.procedure, snapshot.items)).has_value()};
    return progress_json(*matter, *parts_.catalog.calendar(), snapshot, failing, reader, parts_.clock.now_ms());
}

Result<boost::json::object> ApprovalService::inbox(const authz::Actor& actor, InboxQuery query) {
    KAIGONG_CHECK(parts_.permissions.require(actor, kWork));
    query.account_id = actor.account_id.text;
    query.now_ms = parts_.clock.now_ms();
    query.regions = regions_of(actor);
    query.groups = groups_of_view(actor, query.view);
    query.scope =
        scope_of(parts_.permissions, actor, query.view == InboxView::all ? "approval.read" : kWork, kScopeOfTasks);
    const auto absent = deputies_.absent_for(actor);
    KAIGONG_TRY(
        page, parts_.database.read([&](db::Session& session) { return deputies_.inbox_page(session, query, absent); }));
    query.groups = groups_of(actor);
    query.scope = scope_of(parts_.permissions, actor, kWork, kScopeOfTasks);
    KAIGONG_TRY(counts, parts_.database.read(
                            [&](db::Session& session) { return deputies_.inbox_counts(session, query, absent); }));
    KAIGONG_TRY(unread, parts_.database.read([&](db::Session& session) { return copies_.unread(session, actor); }));
    const auto whose = [&](const store::TaskRow& row) {
        return acting_on(parts_.permissions, {actor, ""}, absent, row);
    };
    KAIGONG_TRY(rows, inbox_rows_json(surroundings_, page.rows, whose, parts_.clock.now_ms()));
    return boost::json::object{
        {"rows", std::move(rows)},
        {"next_cursor", page.next_cursor ? boost::json::value(*page.next_cursor) : boost::json::value(nullptr)},
        {"counts",
         {{"todo", counts.todo},
          {"mine", counts.mine},
          {"copies", unread},
          {"outside_answered", counts.outside_answered},
          {"outside_overdue", counts.outside_overdue},
          {"count_max", kCountMax}}}};
}

Result<std::string> ApprovalService::application_of(const authz::Actor& actor, const std::string& task_id) {
    KAIGONG_TRY(task, parts_.database.read([&](db::Session& session) { return store::find_task(session, task_id); }));
    if (!task) return not_found();
    KAIGONG_CHECK(may_read(actor, task->application_id));
    return task->application_id;
}

Result<ApprovalService::OpenedTask> ApprovalService::open_task(const authz::Actor& actor, const std::string& task_id) {
    // A task shows opinions before anything is decided, and who holds it: the officers' business (as tasks_of).
    if (actor.kind == authz::AccountKind::owner_agent) return not_found();
    KAIGONG_TRY(application_id, application_of(actor, task_id));
    KAIGONG_TRY(snapshot, snapshot_for(actor, application_id));
    KAIGONG_TRY(matter, matter_of(snapshot.procedure));
    const auto found = std::ranges::find(snapshot.tasks, task_id, &store::TaskRow::task_id);
    if (found == snapshot.tasks.end()) return not_found();
    auto task = *found;
    return OpenedTask{std::move(task), std::move(snapshot), std::move(matter)};
}

Result<boost::json::object> ApprovalService::task(const authz::Actor& actor, const std::string& task_id) {
    KAIGONG_TRY(opened, open_task(actor, task_id));
    const auto reader = acting_on(parts_.permissions, {actor, ""}, deputies_.absent_for(actor), opened.task);
    return task_json(*opened.matter, parts_.permissions, opened.task, opened.snapshot, reader, parts_.clock.now_ms());
}

Result<boost::json::array> ApprovalService::tasks_of(const authz::Actor& actor, const std::string& application_id) {
    if (actor.kind == authz::AccountKind::owner_agent) return not_found();
    KAIGONG_TRY(snapshot, snapshot_for(actor, application_id));
    KAIGONG_TRY(matter, matter_of(snapshot.procedure));
    const auto absent = deputies_.absent_for(actor);
    boost::json::array list;
    for (const auto& one : snapshot.tasks) {
        const auto reader = acting_on(parts_.permissions, {actor, ""}, absent, one);
        list.push_back(task_json(*matter, parts_.permissions, one, snapshot, reader, parts_.clock.now_ms()));
    }
    return list;
}

Result<boost::json::object> ApprovalService::process(const authz::Actor& actor, const std::string& application_id) {
    KAIGONG_TRY(snapshot, snapshot_for(actor, application_id));
    KAIGONG_TRY(matter, matter_of(snapshot.procedure));
    const auto state = bpmn::state_from_json(boost::json::parse(snapshot.procedure.instance)).value();
    boost::json::array active;
    boost::json::array completed;
    for (const auto& element : bpmn::active_elements(state)) {
        if (is_in_diagram(element)) active.emplace_back(element);
    }
    for (const auto& element : state.completed) {
        if (is_in_diagram(element)) completed.emplace_back(element);
    }
    return boost::json::object{
        {"bpmn_xml", matter->process_xml()}, {"active", std::move(active)}, {"completed", std::move(completed)}};
}

operations::Officer ApprovalService::officer(const authz::Actor& actor) {
    return {actor, parts_.identity.name_of(actor.account_id)};
}

Result<operations::Officer> ApprovalService::officer_on(const authz::Actor& actor, const std::string& task_id) {
    KAIGONG_TRY(task, parts_.database.read([&](db::Session& session) { return store::find_task(session, task_id); }));
    if (!task) return not_found();
    return acting_on(parts_.permissions, officer(actor), deputies_.absent_for(actor), *task);
}

Result<void> ApprovalService::command_once(const authz::Actor& actor, const Retryable& request, std::int64_t now_ms,
                                           const std::function<Result<void>(db::Session&)>& body) {
    const db::IdempotentRequest once{actor.account_id.text, request.route, request.key, request.body_hash, now_ms};
    return command([&](db::Session& session) -> Result<void> {
        const auto done = db::once(session, once, [&]() -> Result<std::string> {
            KAIGONG_CHECK(body(session));
            return std::string("{}");
        });
        if (!done) return done.error();
        return {};
    });
}

Result<boost::json::object> ApprovalService::resolve(const authz::Actor& actor, const std::string& application_id,
                                                     const operations::Repair& repair, const Retryable& request) {
    const auto who = officer(actor);
    const auto now_ms = parts_.clock.now_ms();
    KAIGONG_CHECK(command_once(actor, request, now_ms, [&](db::Session& session) {
        return operations::resolve_incident(session, surroundings_, parts_.permissions, who, application_id, repair,
                                            now_ms);
    }));
    return progress(actor, application_id);
}

Result<ProcedureFacts> ApprovalService::facts_of(const std::string& application_id, std::int64_t at_ms) {
    return parts_.database.read([&](db::Session& session) -> Result<ProcedureFacts> {
        auto procedure = store::find_procedure(session, application_id);
        if (!procedure) return not_found();
        KAIGONG_TRY(matter, matter_of(*procedure));
        const auto calendar = parts_.catalog.calendar();
        const auto intake = intake_due(*matter, calendar->days_in(procedure->region_code), procedure->received_at_ms);
        const auto snapshot = read_case(session, std::move(*procedure));
        const auto& row = snapshot.procedure;
        const auto time = time_of(*calendar, *matter, row);
        const auto clocks = read_clocks(*matter, snapshot.ledger, time, at_ms);
        ProcedureFacts facts;
        facts.promised_working_days = time.promised_working_days;
        facts.state = row.state;
        facts.received_at_ms = row.received_at_ms;
        facts.intake_due_on = to_string(intake.last_day);
        facts.due_on = clocks.statutory.due_on ? to_string(*clocks.statutory.due_on) : "";
        facts.promised_due_on = clocks.promised.due_on ? to_string(*clocks.promised.due_on) : "";
        facts.provisional = clocks.statutory.provisional;
        facts.permit_number = row.permit_number.value_or("");
        facts.accepted_by_default = row.accepted_by_default;
        facts.accepted_at_ms = row.accepted_at_ms.value_or(0);
        facts.points = points_json(snapshot.points, false);
        const auto sections = sections_of(snapshot.items, snapshot.tasks);
        for (const auto& item : snapshot.items) {
            const auto section = std::ranges::find(sections, item.item, &Section::section);
            const auto* edit = section == sections.end() ? nullptr : edit_of(snapshot.section_reviews, *section);
            facts.opinions.push_back({{"item", item.item},
                                      {"department_name", item.department_name},
                                      {"state", item.state},
                                      {"label", item.outcome_label.value_or("")},
                                      {"opinion", edit == nullptr ? item.opinion.value_or("") : edit->wording},
                                      {"legal_basis", item.legal_basis}});
        }
        facts.decision_reason = row.decision_reason;
        for (const auto& one : snapshot.episodes) {
            facts.episodes.push_back(episode_json(one, snapshot.items, *matter, true));
        }
        return facts;
    });
}

std::map<std::string, applications::ProcedureSource::Summary> ApprovalService::summaries(
    const std::vector<std::string>& application_ids) {
    const auto now_ms = parts_.clock.now_ms();
    std::map<std::string, applications::ProcedureSource::Summary> found;
    const auto calendar = parts_.catalog.calendar();
    const auto read = parts_.database.read([&](db::Session& session) {
        for (const auto& id : application_ids) {
            const auto row = store::find_procedure(session, id);
            if (!row) continue;
            const auto matter = matter_of(*row);
            if (!matter) continue;
            const auto statutory =
                read_statutory(**matter, store::clock_of(session, id), calendar->days_in(row->region_code), now_ms);
            const auto state = parse_application_state(row->state).value();
            const bool correcting = row->correction_opened_at_ms.has_value();
            found[id] = {row->state,
                         std::string(display_name(state, correcting)),
                         has_ended(state) ? "nobody"
                         : correcting     ? "applicant"
                                          : "authority",
                         statutory.due_on && !statutory.stopped ? to_string(*statutory.due_on) : "",
                         statutory.provisional,
                         statutory.stopped ? "" : std::string(clock::to_string(statutory.light)),
                         row->permit_number.value_or(""),
                         row->round};
        }
    });
    if (!read) log_error(LogLevel::error, "approval.summaries_failed", read.error());
    return found;
}

std::optional<std::int64_t> ApprovalService::round_in_correction(db::Session& session,
                                                                 const std::string& application_id) {
    const auto procedure = store::find_procedure(session, application_id);
    if (!procedure || !procedure->correction_opened_at_ms) return std::nullopt;
    return procedure->round;
}

boost::json::array ApprovalService::open_points(const std::string& application_id) {
    const auto points = parts_.database.read([&](db::Session& session) -> boost::json::array {
        const auto procedure = store::find_procedure(session, application_id);
        if (!procedure || !procedure->correction_opened_at_ms) return {};
        return points_json(store::points_of(session, application_id), true);
    });
    return points ? *points : boost::json::array{};
}

bool ApprovalService::is_restricted(db::Session& session, const std::string& application_id) {
    return store::is_restricted(session, application_id);
}

Result<void> ApprovalService::may_read(const authz::Actor& actor, const std::string& application_id) {
    auto own = parts_.database.read([&](db::Session& session) -> Result<void> {
        return may_read_case(parts_.permissions, actor, store::find_procedure(session, application_id),
                             store::items_of(session, application_id));
    });
    return own || !may_read_beside(actor, application_id) ? own : Result<void>();
}

bool ApprovalService::may_read_beside(const authz::Actor& actor, const std::string& application_id) {
    if (actor.kind != authz::AccountKind::officer || !is_cleared_for(actor, application_id)) return false;
    const auto was_given = parts_.database.read(
        [&](db::Session& session) { return store::has_copy(session, application_id, actor.account_id.text); });
    return (was_given && *was_given) || may_read_as_deputy(actor, application_id);
}

bool ApprovalService::is_cleared_for(const authz::Actor& actor, const std::string& application_id) {
    const auto found =
        parts_.database.read([&](db::Session& session) { return store::find_procedure(session, application_id); });
    return found && *found && resource_of(**found, {}).confidentiality <= actor.clearance;
}

bool ApprovalService::may_read_as_deputy(const authz::Actor& actor, const std::string& application_id) {
    const auto absent = deputies_.absent_for(actor);
    if (absent.empty()) return false;
    const auto needs = parts_.database.read([&](db::Session& session) {
        const auto waits_for_him = [&](const store::TaskRow& task) {
            return task.state == "open" && acting_on(parts_.permissions, {actor, ""}, absent, task).instead_of;
        };
        const auto was_his = [&](const store::ActRow& act) {
            const auto is_same = [&](const auto& one) { return act.deputyship_id == one.deputyship_id; };
            return act.actor_id == actor.account_id.text && std::ranges::any_of(absent, is_same);
        };
        return std::ranges::any_of(store::tasks_of(session, application_id), waits_for_him) ||
               std::ranges::any_of(store::acts_of(session, application_id), was_his);
    });
    return needs && *needs;
}

std::vector<std::string> ApprovalService::stuck_cases() {
    const auto found = parts_.database.read(
        [](db::Session& session) { return store::procedures_that_wait_for_nothing(session, kStuckShown); });
    return found ? *found : std::vector<std::string>{};
}

std::vector<std::string> ApprovalService::regions_of(const authz::Actor& actor) const {
    std::vector<std::string> regions;
    for (const auto& region : parts_.catalog.regions_with_authority()) {
        if (authz::region_contains(actor.region_code, region)) regions.push_back(region);
    }
    return regions;
}

std::vector<std::string> ApprovalService::all_groups() const {
    std::set<std::string> groups;
    for (const auto& matter : parts_.catalog.matters()) {
        const auto models = read_task_models(matter->process());
        if (!models) throw std::logic_error("approval: a published process with a malformed task");
        for (const auto& model : *models) {
            if (model.is_for_applicant()) continue;
            groups.insert(model.department + ":" + (model.role_expression ? model.fallback_role : model.role));
        }
    }
    return {groups.begin(), groups.end()};
}

std::vector<std::string> ApprovalService::groups_of_view(const authz::Actor& actor, InboxView view) const {
    if (view != InboxView::all) return groups_of(actor);
    const bool reads_region = parts_.permissions.authorise(actor, "approval.read", near_to(actor, "")).has_value();
    return reads_region ? all_groups() : groups_of(actor);
}

}  // namespace kaigong::approval
