#include "modules/approval/dry_run.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "engine/bpmn/office_days.hpp"
#include "modules/approval/countersign.hpp"
#include "modules/approval/return_rules.hpp"
#include "modules/approval/take_back_rules.hpp"

namespace kaigong::approval {
namespace {

constexpr std::string_view kRecordJob = "approval.record";
/// A process that goes on by itself for longer than this is foreseen no further.
constexpr int kJobsAhead = 20;

std::string role_of_group(const store::TaskRow& task) {
    return task.candidate_group.substr(task.candidate_group.find(':') + 1);
}

bool was_concluded(const bpmn::Definition& process, const bpmn::State& state) {
    return std::ranges::any_of(state.completed, [&](const auto& id) {
        const auto* element = process.find(id);
        return element != nullptr && std::ranges::count(events_of(*element), std::string(kAllItemsConcluded)) > 0;
    });
}

}  // namespace

/// One act on one copy.
class DryRun::Trial {
  public:
    explicit Trial(const DryRun& run)
        : run_(run),
          state_(run.state_),
          application_(parse_application_state(run.snapshot_.procedure.state).value()),
          correction_open_(run.snapshot_.procedure.correction_opened_at_ms.has_value()) {}

    Result<void> run(const bpmn::Command& command) {
        const bpmn::OfficeDays days(run_.calendar_);
        KAIGONG_TRY(events, bpmn::decide(run_.process_, state_, command, run_.now_ms_, {}, &days));
        KAIGONG_CHECK(check_events(run_.process_, state_, command, Writer::office, events));
        for (const auto& event : events) {
            bpmn::apply(state_, event);
            KAIGONG_CHECK(note(event.fact));
        }
        while (!record_steps_.empty()) {
            const auto [token, element] = record_steps_.front();
            record_steps_.erase(record_steps_.begin());
            KAIGONG_CHECK(record(token, *run_.process_.find(element)));
        }
        return put_right();
    }

    Result<void> apply_event(const std::string& event) {
        KAIGONG_TRY(step, next_state(application_, correction_open_, event));
        application_ = step.next;
        if (event == "request_correction" || event == "request_late_correction") correction_open_ = true;
        if (event == "resubmit" || has_ended(step.next)) correction_open_ = false;
        seen_.events.push_back(event);
        return {};
    }

    /// `ended` is the token whose task the act itself ends.
    Foreseen result(std::int64_t ended) && {
        std::set<std::int64_t> before;
        for (const auto& open : bpmn::waiting_for(run_.state_).tasks) before.insert(open.token);
        for (const auto& open : bpmn::waiting_for(state_).tasks) {
            auto& list = before.contains(open.token) ? seen_.awaited : seen_.opened;
            list.push_back(open.element);
            before.erase(open.token);
        }
        before.erase(ended);
        for (const auto token : before) seen_.cancelled.push_back(run_.state_.tokens.at(token).element);
        follow_jobs();
        seen_.state = application_;
        seen_.correction_open = correction_open_;
        seen_.ends = state_.status != bpmn::Status::running;
        return std::move(seen_);
    }

  private:
    /// What the program does next by itself is taken to succeed: those letters go out too.
    void follow_jobs() {
        Trial ahead(*this);
        const auto before = bpmn::waiting_for(run_.state_).jobs;
        const auto was_there = [&](const bpmn::OpenJob& job) {
            return std::ranges::find(before, job.token, &bpmn::OpenJob::token) != before.end();
        };
        for (int step = 0; step < kJobsAhead; ++step) {
            const auto jobs = bpmn::waiting_for(ahead.state_).jobs;
            const auto next = std::ranges::find_if_not(jobs, was_there);
            if (next == jobs.end() || !ahead.run(bpmn::CompleteJob{next->token, {}})) break;
        }
        seen_.letters = ahead.seen_.letters;
        seen_.jobs = ahead.seen_.jobs;
    }

    /// A called process brings the state back as it was when it began.
    Result<void> put_right() {
        const auto* held = state_.variables.if_contains("state");
        const boost::json::value right(to_string(application_));
        if (held == nullptr || *held == right || state_.status != bpmn::Status::running) return {};
        return run(bpmn::SetVariables{{{"state", right}}});
    }

    Result<void> note(const bpmn::Fact& fact) {
        if (const auto* opened = std::get_if<bpmn::TaskOpened>(&fact)) return conclude_again(opened->element);
        if (const auto* job = std::get_if<bpmn::JobCreated>(&fact)) note_job(*job);
        if (const auto* incident = std::get_if<bpmn::IncidentRaised>(&fact)) {
            seen_.incidents.push_back(incident->message);
        }
        return {};
    }

    void note_job(const bpmn::JobCreated& job) {
        if (job.job_type == kRecordJob) {
            record_steps_.emplace_back(job.token, job.element);
            return;
        }
        seen_.jobs.push_back(job.element);
        const auto* step = run_.process_.find(job.element)->kaigong("event");
        if (step != nullptr && !step->attribute("letter").empty()) {
            seen_.letters.emplace_back(step->attribute("letter"));
        }
    }

    Result<void> conclude_again(const std::string& element) {
        KAIGONG_TRY(model, run_.model_of(element));
        const bool decides = model.item.empty() && (model.kind == "recheck" || model.kind == "decide");
        if (!decides || application_ != ApplicationState::accepted || !was_concluded(run_.process_, state_)) return {};
        return apply_event(std::string(kAllItemsConcluded));
    }

    Result<void> record(std::int64_t token, const bpmn::Element& element) {
        for (const auto* step : element.kaigong_all("event")) {
            KAIGONG_CHECK(apply_event(std::string(step->attribute("name"))));
            if (const auto letter = step->attribute("letter"); !letter.empty()) seen_.letters.emplace_back(letter);
        }
        return run(bpmn::CompleteJob{token, {{"state", to_string(application_)}}});
    }

    const DryRun& run_;
    bpmn::State state_;
    ApplicationState application_;
    bool correction_open_;
    Foreseen seen_;
    std::vector<std::pair<std::int64_t, std::string>> record_steps_;
};

DryRun::DryRun(const bpmn::Definition& process, const calendar::Calendar& calendar, const CaseSnapshot& snapshot,
               std::int64_t now_ms)
    : process_(process),
      calendar_(calendar),
      snapshot_(snapshot),
      now_ms_(now_ms),
      state_(bpmn::state_from_json(boost::json::parse(snapshot.procedure.instance)).value()),
      signers_(snapshot.signers, snapshot.tasks) {}

Result<TaskModel> DryRun::model_of(const std::string& element_id) const {
    const auto* element = process_.find(element_id);
    if (element == nullptr) throw std::logic_error("approval: a task of an element that the process lacks");
    return read_task_model(*element);
}

Result<Foreseen> DryRun::complete(const store::TaskRow& task, const Outcome& outcome,
                                  const std::string& account_id) const {
    if (const auto* asked = signers_.question_of(task.task_id)) return answer(task, *asked, outcome, account_id);
    const auto after = signers_.pending_after(task.task_id);
    if (outcome.said != Said::approve || after.empty()) return conclude(task, outcome, account_id);
    auto seen = Trial(*this).result(0);
    for (const auto& signer : after) seen.signers.push_back(signer.task.assignee_name.value_or(""));
    return seen;
}

/// Who was asked answers: the task he was asked about ends by his objection, by the last agreement after a decision, or
/// stays with its holder.
Result<Foreseen> DryRun::answer(const store::TaskRow& task, const store::SignerRow& asked, const Outcome& outcome,
                                const std::string& account_id) const {
    const auto parent = std::ranges::find(snapshot_.tasks, asked.parent_task_id, &store::TaskRow::task_id);
    if (parent == snapshot_.tasks.end()) throw std::logic_error("approval: a signer without the task that he signs");
    KAIGONG_TRY(model, model_of(parent->element_id));
    if (asked.relation == kAfter && outcome.said == Said::reject) {
        const auto* rejecting = model.rejecting_outcome();
        if (rejecting == nullptr) throw std::logic_error("approval: signed after a task that can't be rejected");
        return conclude(*parent, *rejecting, account_id);
    }
    auto waiting = is_decided(*parent) ? signers_.pending_after(parent->task_id) : signers_.pending_of(parent->task_id);
    std::erase_if(waiting, [&](const auto& one) { return one.task.task_id == task.task_id; });
    if (is_decided(*parent) && waiting.empty()) {
        return conclude(*parent, *model.find_outcome(*parent->outcome), *parent->actor_id);
    }
    auto seen = Trial(*this).result(0);
    for (const auto& signer : waiting) seen.signers.push_back(signer.task.assignee_name.value_or(""));
    return seen;
}

Result<Foreseen> DryRun::conclude(const store::TaskRow& task, const Outcome& outcome,
                                  const std::string& account_id) const {
    KAIGONG_TRY(model, model_of(task.element_id));
    const auto stem = variable_stem(task.element_id);
    boost::json::object variables{{stem + "_outcome", outcome.code}, {stem + "_by", account_id}};
    const auto* counts = &outcome;
    if (model.countersign) {
        const auto vote = vote_with(vote_of(process_, state_, task), *model.countersign, account_id,
                                    role_of_group(task), outcome.said);
        variables[vote_variable(task.element_id)] = vote_json(vote);
        counts = !vote.verdict.fixed     ? nullptr
                 : vote.verdict.approved ? model.approving_outcome()
                                         : model.rejecting_outcome();
        if (counts != nullptr) variables[stem + "_outcome"] = counts->code;
    }
    if (counts != nullptr && is_item_event(counts->event)) {
        const auto item = std::ranges::find(snapshot_.items, task.item, &store::ItemRow::item);
        if (item == snapshot_.items.end()) {
            return error(Errc::conflict, "approval.item_unknown", "本申请没有这个部门事项，请联系管理员检查流程配置。");
        }
        KAIGONG_CHECK(next_state(parse_item_state(item->state).value(), counts->event));
    }
    Trial trial(*this);
    KAIGONG_CHECK(trial.run(bpmn::CompleteTask{task.token, std::move(variables)}));
    return std::move(trial).result(task.token);
}

Result<Foreseen> DryRun::send_back(const store::TaskRow& task, const std::string& target, bpmn::Onward onward) const {
    KAIGONG_TRY(undoes_conclusion, may_return_to(process_, state_, task.token, target));
    KAIGONG_TRY(move, bpmn::plan_return(process_, state_, task.token, target, onward, "returned"));
    Trial trial(*this);
    if (undoes_conclusion && snapshot_.procedure.state == to_string(ApplicationState::awaiting_decision)) {
        KAIGONG_CHECK(trial.apply_event("return_to_item"));
    }
    KAIGONG_CHECK(trial.run(move));
    return std::move(trial).result(task.token);
}

Result<Foreseen> DryRun::take_back(const store::TaskRow& task, const std::string& account_id) const {
    KAIGONG_TRY(how, may_take_back(process_, state_, account_id, task, snapshot_.tasks, signers_));
    Trial trial(*this);
    if (how.token == 0) return std::move(trial).result(0);
    if (how.undoes_conclusion && snapshot_.procedure.state == to_string(ApplicationState::awaiting_decision)) {
        KAIGONG_CHECK(trial.apply_event("return_to_item"));
    }
    KAIGONG_TRY(move,
                bpmn::plan_return(process_, state_, how.token, task.element_id, bpmn::Onward::again, "taken_back"));
    KAIGONG_CHECK(trial.run(move));
    return std::move(trial).result(0);
}

}  // namespace kaigong::approval
