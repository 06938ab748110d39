#include "modules/approval/task_view.hpp"

#include <algorithm>

#include "base/json_members.hpp"
#include "modules/approval/access.hpp"
#include "modules/approval/asides.hpp"
#include "modules/approval/countersign.hpp"
#include "modules/approval/episodes.hpp"
#include "modules/approval/paper_view.hpp"
#include "modules/approval/return_rules.hpp"
#include "modules/approval/section_review.hpp"
#include "modules/approval/signers.hpp"
#include "modules/approval/take_back_rules.hpp"
#include "modules/approval/task_rules.hpp"
#include "modules/approval/urge_rules.hpp"

namespace kaigong::approval {
namespace {

/// Who sent the case back to this task, and why; null where nobody did.
boost::json::value returned_json(const CaseSnapshot& snapshot, const std::string& task_id) {
    const auto found = std::ranges::find(snapshot.returns, task_id, &store::ReturnRow::task_id);
    if (found == snapshot.returns.end()) return nullptr;
    return boost::json::object{{"from_name", found->from_name},
                               {"returned_by", found->returned_by},
                               {"reason", found->reason},
                               {"onward", found->onward},
                               {"returned_at_ms", found->returned_at_ms}};
}

boost::json::array return_targets_json(const catalog::Matter& matter, const bpmn::State& state,
                                       const store::TaskRow& task) {
    boost::json::array list;
    if (task.state != "open" || is_aside(task.element_id)) return list;
    for (const auto& target : return_targets_of(matter.process(), state, task.token)) {
        list.push_back(
            {{"element_id", target.element}, {"name", target.name}, {"can_go_straight", target.can_go_straight}});
    }
    return list;
}

TaskModel model_of(const catalog::Matter& matter, const std::string& element_id) {
    if (is_aside(element_id)) return aside_model(element_id);
    const auto* element = matter.process().find(element_id);
    if (element == nullptr) throw std::logic_error("approval: a task of an element that the process lacks");
    return read_task_model(*element).value();
}

/// One task of a case for one reader.
class TaskView {
  public:
    TaskView(const catalog::Matter& matter, const authz::Permissions& permissions, const store::TaskRow& task,
             const CaseSnapshot& snapshot, const operations::Officer& reader, std::int64_t now_ms)
        : matter_(matter),
          permissions_(permissions),
          task_(task),
          snapshot_(snapshot),
          reader_(reader),
          actor_(reader.actor),
          now_ms_(now_ms),
          signers_(snapshot.signers, snapshot.tasks),
          state_(bpmn::state_from_json(boost::json::parse(snapshot.procedure.instance)).value()),
          targets_(return_targets_json(matter, state_, task)) {
        model_ = model_of(matter, task.element_id);
        if (const auto* question = signers_.question_of(task.task_id))
            model_ = signer_model(model_, question->relation);
    }

    const TaskModel& model() const { return model_; }
    boost::json::array targets() const { return targets_; }

    boost::json::array outcomes() const {
        const auto excluded = why_not(may_not_be_excluded());
        const auto waiting = why_not(undecided_and_ready());
        boost::json::array list;
        for (const auto& outcome : model_.outcomes) {
            auto blocked = excluded ? excluded : waiting;
            if (!blocked) blocked = why_not(sections_complete(outcome));
            if (!blocked) {
                blocked = why_blocked(outcome, state_.variables, snapshot_.items, snapshot_.points, snapshot_.episodes);
            }
            list.push_back({{"code", outcome.code},
                            {"label", outcome.label},
                            {"tone", outcome.tone},
                            {"reason_required", outcome.reason_required},
                            {"points_required", outcome.points_required},
                            {"points_allowed", outcome.points_allowed},
                            {"omissions_required", outcome.omissions_required},
                            {"chooses", chooses(outcome)},
                            {"consequence", outcome.consequence},
                            {"blocked_because", or_null(blocked)}});
        }
        return list;
    }

    bool has_sections() const {
        return approval::has_sections(matter_.process(), task_.element_id) &&
               signers_.question_of(task_.task_id) == nullptr;
    }

    /// What else may be done with it than its outcomes, each with the guard in its way.
    boost::json::array operations() const {
        boost::json::array list;
        const auto add = [&](std::string_view code, const Result<void>& guard) {
            list.push_back({{"code", code}, {"blocked_because", or_null(why_not(guard))}});
        };
        const bool is_theirs =
            may_work_on(permissions_, reader_.holder(), task_).has_value() && task_.kind != "correct";
        if (is_theirs && task_.state == "open") {
            add("return", may_return());
            add("transfer", may_change_hands());
            add("delegate", may_delegate());
            add("add_signer_before", may_ask());
            add("add_signer_after", may_ask_after());
        }
        if (task_.state == "open" && task_.kind != "correct" && may_enter_paper()) {
            add("enter_paper_act", may_enter_now());
        }
        if (task_.actor_id == actor_.account_id.text && task_.state != "cancelled") add("take_back", take_back());
        if (task_.state == "open" && task_.kind != "correct" && may_assign(permissions_, actor_, task_)) {
            add("assign", must_be_undecided(task_));
        }
        if (task_.state == "open" && task_.kind != "correct" && may_urge(permissions_, actor_, task_)) {
            add("urge", may_urge_now(actor_.account_id.text, task_, snapshot_.acts, now_ms_));
        }
        return list;
    }

    /// How the votes stand, for those who vote too.
    boost::json::value vote() const {
        if (!model_.countersign || task_.state != "open") return nullptr;
        const auto vote = vote_of(matter_.process(), state_, task_);
        return boost::json::object{{"rule", to_string(model_.countersign->rule)},
                                   {"value", model_.countersign->value},
                                   {"voters", vote.tally.voters},
                                   {"approve", vote.tally.approve},
                                   {"reject", vote.tally.reject},
                                   {"abstain", vote.tally.abstain}};
    }

    boost::json::array signers() const {
        boost::json::array list;
        const bool holds = task_.state == "open" && task_.assignee_id == holder_id();
        for (const auto& [asked, task] : signers_.of(task_.task_id)) {
            const bool pending = task.state == "open" || task.state == "planned";
            list.push_back({{"task_id", task.task_id},
                            {"relation", asked.relation},
                            {"assignee_name", or_null(task.assignee_name)},
                            {"state", task.state},
                            {"outcome", or_null(task.outcome)},
                            {"outcome_label", or_null(task.outcome_label)},
                            {"opinion", or_null(task.opinion)},
                            {"question", asked.question},
                            {"asked_by", asked.asked_by},
                            {"created_at_ms", task.created_at_ms},
                            {"completed_at_ms", or_null(task.completed_at_ms)},
                            {"cancel_cause", or_null(task.cancel_cause)},
                            {"may_remove", holds && pending}});
        }
        return list;
    }

    boost::json::value parent() const {
        const auto* asked = signers_.question_of(task_.task_id);
        if (asked == nullptr) return nullptr;
        const auto found = std::ranges::find(snapshot_.tasks, asked->parent_task_id, &store::TaskRow::task_id);
        return boost::json::object{{"task_id", asked->parent_task_id},
                                   {"name", found == snapshot_.tasks.end() ? "" : found->name},
                                   {"relation", asked->relation},
                                   {"asked_by", asked->asked_by},
                                   {"question", asked->question}};
    }

    boost::json::array acts() const {
        boost::json::array list;
        for (const auto& act : snapshot_.acts) {
            if (act.task_id != task_.task_id) continue;
            list.push_back({{"act", act.act},
                            {"actor_name", act.actor_name},
                            {"instead_of", or_null(act.absent_name)},
                            {"from_name", or_null(act.from_name)},
                            {"to_name", or_null(act.to_name)},
                            {"reason", act.reason},
                            {"at_ms", act.at_ms}});
        }
        return list;
    }

    /// Whose it was before it changed hands for the first time.
    std::optional<std::string> original_assignee() const {
        const auto found = std::ranges::find_if(snapshot_.acts, [&](const store::ActRow& act) {
            const bool changed_hands = act.act == "transfer" || act.act == "assign";
            return act.task_id == task_.task_id && changed_hands && act.from_name;
        });
        return found == snapshot_.acts.end() ? std::nullopt : found->from_name;
    }

  private:
    static std::optional<std::string> why_not(const Result<void>& guard) {
        return guard ? std::nullopt : std::optional(guard.error().message);
    }

    Result<void> may_not_be_excluded() const {
        return must_not_be_excluded(reader_, task_, {snapshot_.tasks, snapshot_.acts, snapshot_.applicant});
    }

    const std::string& holder_id() const { return reader_.holder().account_id.text; }

    Result<void> undecided_and_ready() const {
        if (!is_aside(task_.element_id)) KAIGONG_CHECK(must_not_be_on_hold(snapshot_.episodes));
        const auto item = std::ranges::find(snapshot_.items, task_.item, &store::ItemRow::item);
        if (task_.kind == "review" && item != snapshot_.items.end()) {
            KAIGONG_CHECK(must_not_wait(*item, snapshot_.items, snapshot_.episodes, matter_));
        }
        KAIGONG_CHECK(must_not_have_voted(model_, matter_.process(), state_, task_, reader_.accounts()));
        KAIGONG_CHECK(must_be_undecided(task_));
        return must_not_wait_for_signers(task_, signers_);
    }

    Result<void> sections_complete(const Outcome& outcome) const {
        if (outcome.said == Said::none || !has_sections()) return {};
        return SectionReviews(snapshot_.section_reviews, task_.element_id)
            .must_be_complete(sections_of(snapshot_.items, snapshot_.tasks));
    }

    Result<void> may_do() const {
        if (!is_aside(task_.element_id)) KAIGONG_CHECK(must_not_be_on_hold(snapshot_.episodes));
        KAIGONG_CHECK(must_be_free_or_held_by(task_, holder_id()));
        KAIGONG_CHECK(may_not_be_excluded());
        return must_be_undecided(task_);
    }

    /// A colleague's act, or his own where the task is one of his.
    bool may_enter_paper() const {
        if (may_enter_paper_act(permissions_, actor_, task_, {})) return true;
        return may_work_on(permissions_, actor_, task_) &&
               may_enter_paper_act(permissions_, actor_, task_, actor_.account_id);
    }

    /// Who has had a hand in the case before enters no act of another either.
    Result<void> may_enter_now() const {
        KAIGONG_CHECK(may_not_be_excluded());
        KAIGONG_CHECK(undecided_and_ready());
        if (waiting_paper_act(snapshot_.paper_acts, task_.task_id, now_ms_) == nullptr) return {};
        return error(Errc::conflict, "approval.paper_act_waits", "已有一份补录等待其中写明的人确认，请先等待结果。");
    }

    /// The name of the task for which somebody is chosen with it.
    boost::json::value chooses(const Outcome& outcome) const {
        if (outcome.chooses.empty()) return nullptr;
        const auto file = task_.element_id.substr(0, task_.element_id.rfind('/') + 1);
        const auto* element = matter_.process().find(file + outcome.chooses);
        return boost::json::value(element == nullptr || element->name.empty() ? outcome.chooses : element->name);
    }

    Result<void> may_return() const {
        KAIGONG_CHECK(may_do());
        KAIGONG_CHECK(must_be_of_the_process(task_, signers_));
        if (!targets_.empty()) return {};
        return error(Errc::conflict, "approval.return_impossible", "前面没有可以退回的步骤。");
    }

    Result<void> may_change_hands() const {
        KAIGONG_CHECK(may_do());
        return must_be_held_by(task_, holder_id());
    }

    Result<void> may_ask() const {
        KAIGONG_CHECK(may_change_hands());
        return must_be_of_the_process(task_, signers_);
    }

    Result<void> may_delegate() const {
        KAIGONG_CHECK(may_ask());
        return must_not_wait_for_signers(task_, signers_);
    }

    Result<void> may_ask_after() const {
        KAIGONG_CHECK(may_ask());
        return must_be_rejectable(model_);
    }

    Result<void> take_back() const {
        const auto how =
            may_take_back(matter_.process(), state_, actor_.account_id.text, task_, snapshot_.tasks, signers_);
        return how ? Result<void>() : Result<void>(how.error());
    }

    const catalog::Matter& matter_;
    const authz::Permissions& permissions_;
    const store::TaskRow& task_;
    const CaseSnapshot& snapshot_;
    const operations::Officer& reader_;
    const authz::Actor& actor_;
    std::int64_t now_ms_;
    Signers signers_;
    bpmn::State state_;
    boost::json::array targets_;
    TaskModel model_;
};

}  // namespace

boost::json::object task_json(const catalog::Matter& matter, const authz::Permissions& permissions,
                              const store::TaskRow& task, const CaseSnapshot& snapshot,
                              const operations::Officer& reader, std::int64_t now_ms) {
    const TaskView view(matter, permissions, task, snapshot, reader, now_ms);
    boost::json::array checklist;
    for (const auto& point : view.model().checklist) checklist.push_back({{"code", point.code}, {"text", point.text}});
    return {
        {"task_id", task.task_id},
        {"application_id", task.application_id},
        {"application_number", task.application_number},
        {"element_id", task.element_id},
        {"name", task.name},
        {"kind", task.kind},
        {"item", text_or_null(task.item)},
        {"department", department_of(task)},
        {"state", task.state},
        {"assignee_name", or_null(task.assignee_name)},
        {"assigned_to_me", task.assignee_id == reader.holder().account_id.text},
        {"instead_of", reader.instead_of ? boost::json::value(reader.instead_of->called) : boost::json::value(nullptr)},
        {"original_assignee_name", or_null(view.original_assignee())},
        {"version", task.version},
        {"legal_basis", text_or_null(view.model().legal_basis)},
        {"checklist", std::move(checklist)},
        {"outcomes", view.outcomes()},
        {"operations", view.operations()},
        {"returned", returned_json(snapshot, task.task_id)},
        {"return_targets", view.targets()},
        {"vote", view.vote()},
        {"has_sections", view.has_sections()},
        {"signers", view.signers()},
        {"parent", view.parent()},
        {"acts", view.acts()},
        {"paper_act", paper_act_json(snapshot.paper_acts, task, view.model(), reader.actor, now_ms)},
        {"outcome", or_null(task.outcome)},
        {"outcome_label", or_null(task.outcome_label)},
        {"opinion", or_null(task.opinion)},
        {"actor_name", or_null(task.actor_name)},
        {"cancel_cause", or_null(task.cancel_cause)},
        {"created_at_ms", task.created_at_ms},
        {"completed_at_ms", or_null(task.completed_at_ms)}};
}

}  // namespace kaigong::approval
