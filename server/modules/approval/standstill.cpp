#include "modules/approval/standstill.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/json_members.hpp"
#include "engine/bpmn/office_days.hpp"
#include "engine/clock/working_time.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/act_guards.hpp"
#include "modules/approval/clock_projection.hpp"
#include "modules/approval/deputy_rules.hpp"
#include "modules/approval/dry_run.hpp"
#include "modules/approval/return_rules.hpp"
#include "modules/approval/task_view.hpp"
#include "modules/letters/letters.hpp"

namespace kaigong::approval {
namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

std::string role_of(const store::TaskRow& task) {
    return task.candidate_group.substr(task.candidate_group.find(':') + 1);
}

class Standstill {
  public:
    Standstill(const CaseSnapshot& snapshot, const Asked& asked)
        : snapshot_(snapshot),
          asked_(asked),
          process_(asked.matter.process()),
          dry_run_(process_, asked.calendar, snapshot, asked.now_ms),
          signers_(snapshot.signers, snapshot.tasks),
          ledger_(entries_of(snapshot.ledger)),
          hours_(clock::office_hours_from_json(asked.matter.settings()).value()) {}

    array waits_for() const {
        array list;
        add_incidents(list);
        for (const auto& task : snapshot_.tasks) {
            if (task.state == "open") list.push_back(wait_for_task(task));
        }
        const auto waiting = bpmn::waiting_for(dry_run_.state());
        for (const auto& job : waiting.jobs) list.push_back(wait("job", name_of(job.element), job.since_ms));
        for (const auto& one : waiting.subscriptions) {
            const auto since_at_ms =
                one.token == 0 ? snapshot_.procedure.received_at_ms : dry_run_.state().tokens.at(one.token).since_ms;
            list.push_back(wait("event", one.name.empty() ? name_of(one.element) : one.name, since_at_ms));
        }
        for (const auto& timer : waiting.timers) {
            auto one = wait("timer", name_of(timer.element), std::nullopt);
            one["fires_at_ms"] = timer.due_at_ms;
            list.push_back(std::move(one));
        }
        return list;
    }

    array tasks() const {
        array list;
        for (const auto& task : snapshot_.tasks) {
            const bool is_officers = task.kind != "correct" && task.state != "planned" && task.state != "cancelled";
            if (!is_officers) continue;
            auto acts = acts_on(task);
            if (acts.empty()) continue;
            list.push_back({{"task_id", task.task_id},
                            {"name", task.name},
                            {"department_name", department_name(department_of(task))},
                            {"state", task.state},
                            {"assignee_name", or_null(task.assignee_name)},
                            {"assigned_to_me", task.assignee_id == asked_.officer.actor.account_id.text},
                            {"acts", std::move(acts)}});
        }
        return list;
    }

    /// When anything happened to it last.
    std::int64_t since_at_ms() const {
        auto last = snapshot_.procedure.received_at_ms;
        for (const auto& entry : snapshot_.timeline) last = std::max(last, entry.at_ms);
        for (const auto& act : snapshot_.acts) last = std::max(last, act.at_ms);
        return last;
    }

  private:
    std::string name_of(const std::string& element_id) const {
        const auto* element = process_.find(element_id);
        return element == nullptr || element->name.empty() ? element_id : element->name;
    }

    /// Empty for a department that reviews nothing in this matter.
    std::string department_name(const std::string& department) const {
        const auto& items = asked_.matter.items();
        const auto found = std::ranges::find(items, department, &catalog::Item::department);
        return found == items.end() ? std::string() : found->department_name;
    }

    value worked_since(std::int64_t since_at_ms) const {
        const auto worked =
            clock::working_ms(ledger_, hours_, asked_.calendar, since_at_ms, not_before_start(ledger_, asked_.now_ms));
        return worked ? value(worked->value) : value(nullptr);
    }

    object wait(std::string_view kind, const std::string& name, std::optional<std::int64_t> since_at_ms) const {
        return {{"kind", kind},
                {"name", name},
                {"task_id", nullptr},
                {"department_name", nullptr},
                {"role", nullptr},
                {"holder_name", nullptr},
                {"since_at_ms", or_null(since_at_ms)},
                {"worked_ms", since_at_ms ? worked_since(*since_at_ms) : value(nullptr)},
                {"due_on", nullptr},
                {"fires_at_ms", nullptr}};
    }

    void add_incidents(array& list) const {
        for (const auto& entry : waiting_json(snapshot_, asked_.failing, asked_.reader)) {
            const auto& one = entry.as_object();
            if (one.at("kind") != "incident") continue;
            list.push_back(wait("incident", std::string(one.at("name").as_string()), one.at("since_at_ms").as_int64()));
        }
    }

    object wait_for_task(const store::TaskRow& task) const {
        if (task.kind == "correct") {
            return wait("applicant", task.name, task.created_at_ms);
        }
        const bool is_question = signers_.question_of(task.task_id) != nullptr;
        auto one = wait(is_question ? "signer" : "person", task.name, held_since(task));
        one["task_id"] = task.task_id;
        one["department_name"] = department_name(department_of(task));
        one["role"] = role_of(task);
        one["holder_name"] = or_null(task.assignee_name);
        one["due_on"] = due_on();
        return one;
    }

    /// Since it came to who has it now; while nobody has, since it lies with the group.
    std::int64_t held_since(const store::TaskRow& task) const {
        auto since_at_ms = task.created_at_ms;
        for (const auto& act : snapshot_.acts) {
            if (act.task_id != task.task_id) continue;
            const bool comes = act.act == "claim" || act.act == "transfer" || act.act == "assign";
            if (comes || act.act == "release") since_at_ms = std::max(since_at_ms, act.at_ms);
        }
        return since_at_ms;
    }

    value due_on() const {
        const auto reading = read_statutory(asked_.matter, snapshot_.ledger, asked_.calendar, asked_.now_ms);
        return reading.due_on ? value(to_string(*reading.due_on)) : value(nullptr);
    }

    TaskModel model_of(const store::TaskRow& task) const {
        auto model = read_task_model(*process_.find(task.element_id)).value();
        const auto* question = signers_.question_of(task.task_id);
        return question == nullptr ? model : signer_model(std::move(model), question->relation);
    }

    /// With what the task's own page says, so that both say the same.
    array acts_on(const store::TaskRow& task) const {
        array acts;
        if (process_.find(task.element_id) == nullptr) return acts;
        const auto reader = acting_on(asked_.permissions, asked_.officer, asked_.absent, task);
        const auto shown = task_json(asked_.matter, asked_.permissions, task, snapshot_, reader, asked_.now_ms);
        const auto model = model_of(task);
        const TaskInCase one{process_,  dry_run_.state(), asked_.permissions, task, model, signers_,
                             snapshot_, reader,           asked_.now_ms};
        if (task.state == "open") {
            for (const auto& outcome : shown.at("outcomes").as_array()) {
                const auto& told = outcome.as_object();
                const auto* chosen = model.find_outcome(std::string(told.at("code").as_string()));
                auto act = act_json("outcome", told, guards_of(one, *chosen));
                act["label"] = told.at("label");
                act["needs"] = needs_of(*chosen);
                act["effects"] =
                    array{effect_json(dry_run_.complete(task, *chosen, reader.actor.account_id.text), nullptr)};
                acts.push_back(std::move(act));
            }
        }
        for (const auto& operation : shown.at("operations").as_array()) {
            const auto& told = operation.as_object();
            const std::string code(told.at("code").as_string());
            auto act = act_json("operation", told, guards_of(one, code));
            act["effects"] = effects_of(task, code);
            acts.push_back(std::move(act));
        }
        return acts;
    }

    static array needs_of(const Outcome& outcome) {
        array needs;
        if (outcome.reason_required) needs.emplace_back("reason");
        if (outcome.points_required) needs.emplace_back("points");
        if (!outcome.chooses.empty()) needs.emplace_back("person");
        return needs;
    }

    static object act_json(std::string_view kind, const object& told, std::vector<Guard> guards) {
        const auto& blocked = told.at("blocked_because");
        const auto is_told = [&](const Guard& guard) { return guard.because && value(*guard.because) == blocked; };
        if (!blocked.is_null() && std::ranges::none_of(guards, is_told)) {
            guards.push_back({"other", "没有别的妨碍", std::string(blocked.as_string())});
        }
        array list;
        for (const auto& guard : guards) {
            list.push_back({{"code", guard.code},
                            {"says", guard.says},
                            {"met", !guard.because.has_value()},
                            {"because", or_null(guard.because)}});
        }
        const bool possible = std::ranges::none_of(guards, [](const Guard& one) { return one.because.has_value(); });
        return {{"kind", kind},     {"code", told.at("code")},   {"label", nullptr},  {"possible", possible},
                {"needs", array{}}, {"guards", std::move(list)}, {"effects", array{}}};
    }

    array effects_of(const store::TaskRow& task, const std::string& code) const {
        array effects;
        if (code == "take_back") {
            if (auto seen = dry_run_.take_back(task, asked_.officer.actor.account_id.text)) {
                effects.push_back(effect_json(seen, nullptr));
            }
        }
        if (code != "return") return effects;
        for (const auto& target : return_targets_of(process_, dry_run_.state(), task.token)) {
            effects.push_back(
                effect_json(dry_run_.send_back(task, target.element, bpmn::Onward::again), value(target.name)));
        }
        return effects;
    }

    /// `target` is the step that the case is sent back to.
    object effect_json(const Result<Foreseen>& foreseen, value target) const {
        const Foreseen seen = foreseen ? *foreseen : Foreseen{};
        array letters;
        for (const auto& kind : seen.letters) letters.emplace_back(letters::title_of(kind));
        array signers;
        for (const auto& name : seen.signers) signers.emplace_back(name);
        array incidents;
        for (const auto& message : seen.incidents) incidents.emplace_back(message);
        return {{"target", std::move(target)},
                {"refused_because", foreseen ? value(nullptr) : value(foreseen.error().message)},
                {"opens", steps_json(seen.opened)},
                {"takes_away", steps_json(seen.cancelled)},
                {"still_waits_for", steps_json(seen.awaited)},
                {"signers_first", std::move(signers)},
                {"letters", std::move(letters)},
                {"jobs", steps_json(seen.jobs)},
                {"incidents", std::move(incidents)},
                {"state_name", display_name(seen.state, seen.correction_open)},
                {"ends", seen.ends}};
    }

    array steps_json(const std::vector<std::string>& elements) const {
        array list;
        for (const auto& element_id : elements) {
            const auto* element = process_.find(element_id);
            const auto model = element->kind == bpmn::Kind::user_task ? read_task_model(*element).value() : TaskModel{};
            list.push_back({{"element_id", element_id},
                            {"name", name_of(element_id)},
                            {"department_name", department_name(model.department)}});
        }
        return list;
    }

    const CaseSnapshot& snapshot_;
    const Asked& asked_;
    const bpmn::Definition& process_;
    DryRun dry_run_;
    Signers signers_;
    std::vector<clock::Entry> ledger_;
    clock::OfficeHours hours_;
};

}  // namespace

object standstill_json(const CaseSnapshot& snapshot, const Asked& asked) {
    const Standstill standstill(snapshot, asked);
    const auto& procedure = snapshot.procedure;
    const auto state = parse_application_state(procedure.state).value();
    return {{"application_id", procedure.application_id},
            {"version", procedure.version},
            {"state_name", display_name(state, procedure.correction_opened_at_ms.has_value())},
            {"ended", has_ended(state) && standstill.waits_for().empty()},
            {"since_at_ms", standstill.since_at_ms()},
            {"as_of_ms", asked.now_ms},
            {"waits_for", standstill.waits_for()},
            {"tasks", standstill.tasks()}};
}

}  // namespace kaigong::approval
