#include "modules/approval/case_work.hpp"

#include <boost/json.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "base/id.hpp"
#include "base/text.hpp"
#include "engine/bpmn/behaviors/variables.hpp"
#include "engine/bpmn/office_days.hpp"
#include "modules/approval/applicant.hpp"
#include "modules/approval/asides.hpp"
#include "modules/approval/assignment.hpp"
#include "modules/approval/choice.hpp"
#include "modules/approval/clock_projection.hpp"
#include "modules/approval/commitments.hpp"
#include "modules/approval/episodes.hpp"
#include "modules/approval/event_texts.hpp"
#include "modules/approval/events.hpp"
#include "modules/approval/return_rules.hpp"
#include "modules/approval/round_effects.hpp"
#include "modules/approval/store_consultations.hpp"
#include "modules/approval/store_expedite_orders.hpp"
#include "modules/approval/waiting_events.hpp"
#include "modules/approval/warning_steps.hpp"

namespace kaigong::approval {
namespace {

constexpr std::string_view kRecordJob = "approval.record";

bpmn::State restore(const std::string& instance) {
    if (instance.empty()) return {};
    auto state = bpmn::state_from_json(boost::json::parse(instance));
    if (!state) throw std::logic_error("approval: a saved instance can't be read: " + state.error().reason);
    return std::move(*state);
}

}  // namespace

Performer system_performer() {
    return {"system", "系统"};
}

CaseWork::CaseWork(db::Session& session, const Surroundings& surroundings,
                   std::shared_ptr<const catalog::Matter> matter, store::ProcedureRow procedure, Performer performer,
                   std::int64_t now_ms)
    : session_(session),
      surroundings_(surroundings),
      matter_(std::move(matter)),
      calendar_(surroundings.catalog.calendar()),
      procedure_(std::move(procedure)),
      performer_(std::move(performer)),
      now_ms_(now_ms),
      state_(restore(procedure_.instance)),
      items_(store::items_of(session, procedure_.application_id)),
      waiting_events_(waiting_events_of(matter_->process(), state_, procedure_.application_id, now_ms)) {}

ApplicationState CaseWork::application_state() const {
    return parse_application_state(procedure_.state).value();
}

authz::Applicant CaseWork::applicant() const {
    return applicant_of(session_, surroundings_.identity, procedure_);
}

Result<TaskModel> CaseWork::model_of(const std::string& element_id) const {
    if (is_aside(element_id)) return aside_model(element_id);
    const auto* element = matter_->process().find(element_id);
    if (element == nullptr) throw std::logic_error("approval: a task of an element that the process lacks");
    return read_task_model(*element);
}

std::string CaseWork::name_of(const std::string& element_id) const {
    const auto* element = matter_->process().find(element_id);
    return element == nullptr || element->name.empty() ? element_id : element->name;
}

Result<std::vector<bpmn::Event>> CaseWork::decide(const bpmn::Command& command, Writer writer) const {
    KAIGONG_CHECK(check_command(command, writer));
    const bpmn::OfficeDays working_days(calendar());
    KAIGONG_TRY(events, bpmn::decide(matter_->process(), state_, command, now_ms_, {}, &working_days));
    KAIGONG_CHECK(check_events(matter_->process(), state_, command, writer, events));
    return events;
}

Result<void> CaseWork::would_run(const bpmn::Command& command, Writer writer) const {
    KAIGONG_CHECK(decide(command, writer));
    return {};
}

Result<void> CaseWork::run(const bpmn::Command& command, Writer writer) {
    KAIGONG_TRY(events, decide(command, writer));
    for (const auto& event : events) {
        bpmn::apply(state_, event);
        KAIGONG_CHECK(carry_out(event));
    }
    while (!record_steps_.empty()) {
        const auto [token, element_id] = record_steps_.front();
        record_steps_.erase(record_steps_.begin());
        KAIGONG_CHECK(run_record_step(token, *matter_->process().find(element_id)));
    }
    return put_right();
}

/// A called process brings its variables back as they were when it began; state and round may have gone on beside it,
/// or inside it where nobody else saw.
Result<void> CaseWork::put_right() {
    const boost::json::object own{{"state", procedure_.state}, {"round", procedure_.round}};
    boost::json::object wrong;
    for (const auto& [name, right] : own) {
        const auto* held = state_.variables.if_contains(name);
        if (held != nullptr && *held != right) wrong[name] = right;
    }
    if (wrong.empty() || state_.status != bpmn::Status::running) return {};
    return run(bpmn::SetVariables{std::move(wrong)}, Writer::office);
}

Result<void> CaseWork::carry_out(const bpmn::Event& event) {
    if (const auto* opened = std::get_if<bpmn::TaskOpened>(&event.fact)) {
        KAIGONG_TRY(model, model_of(opened->element));
        open_task(opened->token, model);
        KAIGONG_CHECK(conclude_again(model));
        return open_item_of(model);
    }
    if (const auto* cancelled = std::get_if<bpmn::TokenCancelled>(&event.fact)) return cancel_token(*cancelled);
    if (const auto* job = std::get_if<bpmn::JobCreated>(&event.fact)) create_job(*job);
    if (const auto* thrown = std::get_if<bpmn::EventThrown>(&event.fact)) hand_on(*thrown);
    if (const auto* incident = std::get_if<bpmn::IncidentRaised>(&event.fact)) {
        note("incident", "流程停在“" + name_of(incident->element) + "”，需要工作人员处理", incident->message, false);
    }
    return {};
}

std::string CaseWork::role_of(std::int64_t token, const TaskModel& model) const {
    return role_for(model, bpmn::visible_variables(matter_->process(), state_, token));
}

void CaseWork::open_task(std::int64_t token, const TaskModel& model) {
    store::TaskRow task;
    task.task_id = new_uuid(now_ms_);
    task.application_id = procedure_.application_id;
    task.token = token;
    task.element_id = model.element_id;
    task.name = model.name;
    task.kind = model.kind;
    task.item = model.item;
    task.candidate_group = model.is_for_applicant() ? "applicant" : model.department + ":" + role_of(token, model);
    task.region_code = procedure_.region_code;
    task.state = "open";
    if (model.is_for_applicant()) {
        task.assignee_id = procedure_.applicant_account_id;
        task.assignee_name = "申请人";
    }
    task.created_at_ms = now_ms_;
    task.application_number = procedure_.application_number;
    task.matter_code = procedure_.matter_code;
    task.confidentiality = procedure_.confidentiality;
    task.works_name = procedure_.works_name;
    task.owner_name = procedure_.owner_name;
    task.due_at_ms = procedure_.due_at_ms.value_or(procedure_.intake_due_at_ms);
    std::int64_t last_at_ms = 0;
    for (const auto& past : store::tasks_of(session_, procedure_.application_id)) {
        if (!past.opinion || past.opinion->empty() || past.completed_at_ms.value_or(0) < last_at_ms) continue;
        last_at_ms = past.completed_at_ms.value_or(0);
        task.last_opinion = beginning_of(*past.opinion, 60);
    }
    if (gives_tasks_) give_new_task(session_, surroundings_, *this, model, task, now_ms_);
    store::insert_task(session_, task);
}

/// A case that was sent back to a department and goes straight on to its recheck or decision passes no record step.
Result<void> CaseWork::conclude_again(const TaskModel& model) {
    const bool decides = model.item.empty() && (model.kind == "recheck" || model.kind == "decide");
    if (!decides || application_state() != ApplicationState::accepted) return {};
    const bool was_concluded = std::ranges::any_of(state_.completed, [&](const auto& id) {
        const auto* element = matter_->process().find(id);
        return element != nullptr && std::ranges::count(events_of(*element), std::string(kAllItemsConcluded)) > 0;
    });
    return was_concluded ? apply_application_event(std::string(kAllItemsConcluded)) : Result<void>();
}

Result<void> CaseWork::open_item_of(const TaskModel& model) {
    if (model.kind != "review" || model.item.empty()) return {};
    const auto item = std::ranges::find(items_, model.item, &store::ItemRow::item);
    const bool waits = item != items_.end() && !missing_prerequisites(*item, items_, *matter_).empty();
    const bool may_wait = waits && next_state(parse_item_state(item->state).value(), "await_prerequisite").has_value();
    return apply_item_event(model.item, may_wait ? "await_prerequisite" : "open");
}

Result<void> CaseWork::cancel_token(const bpmn::TokenCancelled& fact) {
    for (auto& task : store::open_tasks_of_token(session_, procedure_.application_id, fact.token)) {
        KAIGONG_CHECK(cancel_task(session_, task, fact.cause, now_ms_));
    }
    if (const auto job = store::find_job_of_token(session_, procedure_.application_id, fact.token)) {
        store::end_job(session_, job->job_id, "cancelled", fact.cause, now_ms_);
    }
    return {};
}

void CaseWork::create_job(const bpmn::JobCreated& fact) {
    if (fact.job_type == kRecordJob) {
        record_steps_.emplace_back(fact.token, fact.element);
        return;
    }
    // A job that failed and is tried again keeps its row's history: the new try is a job of its own.
    if (const auto failed = store::find_job_of_token(session_, procedure_.application_id, fact.token)) {
        store::end_job(session_, failed->job_id, "cancelled", "retried", now_ms_);
    }
    const store::JobRow job{
        new_uuid(now_ms_), procedure_.application_id, fact.token, fact.job_type, "open", std::nullopt, now_ms_};
    store::insert_job(session_, job);
    tell(kJobCreated, {{"job_id", job.job_id},
                       {"type", job.job_type},
                       {"round", procedure_.round},
                       {"letter_kind", letter_at(fact.token)}});
}

/// Others hear of it after this transaction: messages.hpp.
void CaseWork::hand_on(const bpmn::EventThrown& fact) {
    if (fact.trigger == kMessage) {
        const auto address = address_of(kMessage, fact.name, fact.key);
        store::insert_message(session_,
                              {new_uuid(now_ms_), address, fact.name, fact.key, boost::json::serialize(fact.variables),
                               procedure_.application_id, now_ms_, now_ms_ + kMessageKeptMs});
        note("message_sent", "发出消息“" + fact.name + "”", "", false);
        tell(kMessageSent, {{"address", address}});
    } else if (fact.trigger == kSignal) {
        note("signal_thrown", "发出信号“" + fact.name + "”", "", false);
        tell(kSignalThrown, {{"name", fact.name}, {"thrown_at_ms", now_ms_}, {"after", ""}});
    }
}

/// The table of waiting events follows the state. Who waits for a message now may find one that came before.
void CaseWork::list_waiting_events() {
    auto now = waiting_events_of(matter_->process(), state_, procedure_.application_id, now_ms_);
    const auto is_in = [](const auto& rows, const store::WaitingEventRow& row) {
        return std::ranges::find(rows, row.subscription, &store::WaitingEventRow::subscription) != rows.end();
    };
    for (const auto& row : waiting_events_) {
        if (!is_in(now, row)) store::delete_waiting_event(session_, row.application_id, row.subscription);
    }
    for (const auto& row : now) {
        if (is_in(waiting_events_, row)) continue;
        store::insert_waiting_event(session_, row);
        if (row.kind == kMessage) tell(kMessageAwaited, {{"address", row.address}});
    }
    waiting_events_ = std::move(now);
}

Result<void> CaseWork::run_record_step(std::int64_t token, const bpmn::Element& element) {
    for (const auto* step : element.kaigong_all("event")) {
        KAIGONG_CHECK(apply_application_event(std::string(step->attribute("name"))));
        if (const auto letter = step->attribute("letter"); !letter.empty()) {
            tell_letter(letter);
        }
    }
    return run(bpmn::CompleteJob{token, {{"state", procedure_.state}}}, Writer::office);
}

Result<void> CaseWork::apply_application_event(const std::string& event) {
    KAIGONG_TRY(step, next_state(application_state(), procedure_.correction_opened_at_ms.has_value(), event));
    procedure_.state = to_string(step.next);
    if (step.clock == ClockEffect::stop) stop_clock(event);
    if (event == "request_correction" || event == "request_late_correction") ask_points();
    if (event == "resubmit" || has_ended(step.next)) procedure_.correction_opened_at_ms.reset();
    if (event == "accept" || event == "accept_by_default") procedure_.accepted_at_ms = now_ms_;
    if (event == "accept_by_default") procedure_.accepted_by_default = true;
    if (event == "decide_grant" || event == "decide_refuse") procedure_.decided_at_ms = now_ms_;
    if (event == "decide_grant") KAIGONG_CHECK(grant());
    if (event == "accept" || event == "accept_by_default") begin_commitments(session_, *this);
    const auto text = text_of_event(event);
    note(event, std::string(text.title), std::string(text.detail), true);
    tell(kApplicationStateChanged, {{"state", procedure_.state}, {"event", event}});
    return {};
}

std::vector<store::RoundEffectRow> CaseWork::items_not_opened() const {
    const auto has_not_begun = [](const auto& item) { return item.state == to_string(ItemState::not_started); };
    if (std::ranges::none_of(items_, has_not_begun)) return {};
    return not_opened_of(items_, store::round_effects_of(session_, procedure_.application_id));
}

Result<void> CaseWork::grant() {
    if (const auto waiting = items_not_opened(); !waiting.empty()) {
        const auto item = std::ranges::find(items_, waiting.front().item, &store::ItemRow::item);
        return error(
            Errc::conflict, "approval.item_not_judged",
            fmt::format("“{}”在补正后需要审查，还没有审查，不能准予许可。请退回审查，由它审查后再决定。", item->name));
    }
    KAIGONG_TRY(filing, surroundings_.applications.load_filing(session_, procedure_.application_id));
    KAIGONG_TRY(number, surroundings_.grant_effects.on_granted(session_, filing, now_ms_));
    procedure_.permit_number = number;
    const auto known = authz::parse_confidentiality(procedure_.confidentiality);
    if (known != authz::Confidentiality::normal) {
        surroundings_.grant_effects.on_confidentiality(session_, procedure_.application_id,
                                                       authz::Confidentiality::restricted);
    }
    begin_commitment_checks(session_, *this, now_ms_);
    return {};
}

Result<void> CaseWork::apply_item_event(const std::string& item, const std::string& event) {
    const auto found = std::ranges::find(items_, item, &store::ItemRow::item);
    if (found == items_.end()) {
        return error(Errc::conflict, "approval.item_unknown", "本申请没有这个部门事项，请联系管理员检查流程配置。");
    }
    KAIGONG_TRY(next, next_state(parse_item_state(found->state).value(), event));
    found->state = to_string(next);
    store::save_item(session_, *found);
    return {};
}

/// 行政许可法 32(4): everything that every department found goes out at once, in one letter.
void CaseWork::ask_points() {
    procedure_.correction_opened_at_ms = now_ms_;
    procedure_.correction_count += 1;
    for (auto& point : store::points_of(session_, procedure_.application_id)) {
        if (point.state != "recorded") continue;
        point.state = "asked";
        store::save_point(session_, point);
    }
}

Result<void> CaseWork::end_by(const std::string& event, const std::string& cause) {
    KAIGONG_CHECK(apply_application_event(event));
    if (state_.status == bpmn::Status::running) KAIGONG_CHECK(run(bpmn::Cancel{cause}));
    for (const auto& item : items_) {
        const auto state = parse_item_state(item.state).value();
        if (next_state(state, "void")) KAIGONG_CHECK(apply_item_event(item.item, "void"));
    }
    return {};
}

void CaseWork::note(std::string kind, std::string title, std::string detail, bool for_applicant) {
    store::append_timeline(
        session_, procedure_.application_id,
        {0, now_ms_, std::move(kind), std::move(title),
         detail.empty() ? std::nullopt : std::optional(std::move(detail)), performer_.name, for_applicant});
}

void CaseWork::audit(std::string act, std::string summary) {
    surroundings_.audit.write(session_, {"application", procedure_.application_id, procedure_.version, std::move(act),
                                         performer_.account_id, performer_.name, std::move(summary), now_ms_});
}

void CaseWork::tell(const char* event_type, boost::json::object payload) {
    payload["application_id"] = procedure_.application_id;
    surroundings_.outbox.append(session_, {.event_id = new_uuid(now_ms_),
                                           .event_type = event_type,
                                           .aggregate_kind = "application",
                                           .aggregate_id = procedure_.application_id,
                                           .payload = boost::json::serialize(payload),
                                           .occurred_at_ms = now_ms_});
}

void CaseWork::tell_letter(std::string_view letter_kind) {
    tell(kLetterDue, {{"letter_kind", letter_kind}, {"round", procedure_.round}});
}

void CaseWork::tell_letter(std::string_view letter_kind, std::int64_t episode_no) {
    tell(kLetterDue, {{"letter_kind", letter_kind}, {"round", episode_no}});
}

std::string CaseWork::letter_at(std::int64_t token) const {
    const auto found = state_.tokens.find(token);
    const auto* element = found == state_.tokens.end() ? nullptr : matter_->process().find(found->second.element);
    const auto* step = element == nullptr ? nullptr : element->kaigong("event");
    return step == nullptr ? "" : std::string(step->attribute("letter"));
}

Result<void> CaseWork::save() {
    KAIGONG_CHECK(settle_episodes());
    KAIGONG_CHECK(begin_what_waited());
    follow_pauses();
    project_clocks();
    keep_calendar();
    const auto waiting = bpmn::waiting_for(state_);
    procedure_.waits = !waiting.empty();
    // While a case is suspended its timers only wait: none may stand among those that are due.
    const bool none_due = waiting.timers.empty() || !state_.suspended.empty();
    procedure_.timer_due_at_ms = none_due ? std::nullopt : std::optional(waiting.timers.front().due_at_ms);
    list_waiting_events();
    procedure_.instance = boost::json::serialize(bpmn::state_to_json(state_));
    store::save_procedure(session_, procedure_);
    store::cancel_orders_of_ended_tasks(session_, procedure_.application_id, now_ms_);
    store::end_consultations_of_ended_items(session_, procedure_.application_id, now_ms_);
    keep_ladder(session_, *matter_, calendar(), procedure_.application_id, state_.status == bpmn::Status::running,
                now_ms_);
    return {};
}

Result<void> cancel_task(db::Session& session, store::TaskRow& task, std::string cause, std::int64_t now_ms) {
    task.state = "cancelled";
    task.cancel_cause = std::move(cause);
    task.completed_at_ms = now_ms;
    return store::save_task(session, task);
}

Result<CaseWork> open_case(db::Session& session, const Surroundings& surroundings, const std::string& application_id,
                           Performer performer, std::int64_t now_ms) {
    // The lock comes first: commands on different tasks of one case then follow each other instead of colliding.
    if (!store::lock_procedure(session, application_id)) {
        return error(Errc::not_found, "approval.not_found", "没有找到这件申请，请从列表重新进入。");
    }
    return open_locked_case(session, surroundings, application_id, std::move(performer), now_ms);
}

Result<CaseWork> open_locked_case(db::Session& session, const Surroundings& surroundings,
                                  const std::string& application_id, Performer performer, std::int64_t now_ms) {
    auto procedure = store::find_procedure(session, application_id);
    KAIGONG_TRY(matter, surroundings.catalog.load_matter(procedure->matter_code, procedure->catalog_version));
    CaseWork work(session, surroundings, matter, std::move(*procedure), std::move(performer), now_ms);
    KAIGONG_CHECK(work.follow_calendar());
    return work;
}

}  // namespace kaigong::approval
