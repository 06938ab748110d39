// The dry run on the shipped procedure, by hand: whom each act would wake, what would go out, where it would end.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "modules/approval/dry_run.hpp"

namespace kaigong::approval {
namespace {

using StepNames = std::vector<std::string>;

constexpr std::int64_t kMorningMs = 1'795'395'600'000;

const bpmn::Definition& shipped() {
    static const auto process = [] {
        std::ostringstream text;
        text << std::ifstream(std::filesystem::path(KAIGONG_SOURCE_DIR) / "catalog/construction-permit/issue.bpmn")
                    .rdbuf();
        return bpmn::parse(text.str()).value();
    }();
    return process;
}

StepNames sorted(StepNames steps) {
    std::ranges::sort(steps);
    return steps;
}

/// A case on paper: state and rows that the dry run reads, moved on by the engine alone.
class PaperCase {
  public:
    explicit PaperCase(const boost::json::array& items) {
        snapshot_.procedure.state = "submitted";
        for (const auto& item : items) {
            store::ItemRow row;
            row.item = std::string(item.as_string());
            row.state = "not_started";
            snapshot_.items.push_back(row);
        }
        run(bpmn::Start{{{"required_items", items},
                         {"state", "submitted"},
                         {"round", 1},
                         {"intake_due_at", "2026-12-01T00:00:00+08:00"}}});
    }

    Foreseen try_outcome(const std::string& element, const std::string& code) const {
        const auto task = task_at(element);
        const auto model = read_task_model(*shipped().find(element)).value();
        const auto seen =
            DryRun(shipped(), calendar_, snapshot_, kMorningMs).complete(task, *model.find_outcome(code), "a");
        if (!seen) FAIL(element << " " << code << ": " << seen.error().reason);
        return *seen;
    }
    Result<Foreseen> try_return(const std::string& element, const std::string& target) const {
        return DryRun(shipped(), calendar_, snapshot_, kMorningMs)
            .send_back(task_at(element), target, bpmn::Onward::again);
    }

    /// Does it.
    void end_with(const std::string& element, const std::string& code) {
        run(bpmn::CompleteTask{task_at(element).token, {{element + "_outcome", code}, {element + "_by", "a"}}});
    }
    void all(const StepNames& elements, const std::string& code) {
        for (const auto& element : elements) end_with(element, code);
    }
    void set_item_states(const std::string& state) {
        for (auto& item : snapshot_.items) item.state = state;
    }
    std::string instance() const { return snapshot_.procedure.instance; }

  private:
    store::TaskRow task_at(const std::string& element) const {
        for (const auto& open : bpmn::waiting_for(state_).tasks) {
            if (open.element != element) continue;
            store::TaskRow task;
            task.task_id = element;
            task.token = open.token;
            task.element_id = element;
            task.item = read_task_model(*shipped().find(element)).value().item;
            task.candidate_group = "housing:reviewer";
            task.state = "open";
            return task;
        }
        FAIL("not open: " << element);
        return {};
    }
    /// With the record steps, whose events move the application's state.
    void run(const bpmn::Command& command) {
        const auto events = bpmn::decide(shipped(), state_, command, kMorningMs).value();
        std::vector<bpmn::JobCreated> records;
        for (const auto& event : events) {
            bpmn::apply(state_, event);
            const auto* job = std::get_if<bpmn::JobCreated>(&event.fact);
            if (job != nullptr && job->job_type == "approval.record") records.push_back(*job);
        }
        for (const auto& job : records) {
            for (const auto* step : shipped().find(job.element)->kaigong_all("event")) {
                auto& state = snapshot_.procedure.state;
                const auto next = next_state(parse_application_state(state).value(), false, step->attribute("name"));
                state = std::string(to_string(next.value().next));
            }
            run(bpmn::CompleteJob{job.token, {{"state", snapshot_.procedure.state}}});
        }
        snapshot_.procedure.instance = boost::json::serialize(bpmn::state_to_json(state_));
    }

    bpmn::State state_;
    CaseSnapshot snapshot_;
    calendar::Calendar calendar_;
};

const StepNames kReviews{"review_civil_defence", "review_fire", "review_housing"};

PaperCase case_in_review() {
    PaperCase one({"housing", "fire", "civil_defence"});
    one.all({"check_housing", "check_fire", "check_civil_defence"}, "complete");
    one.end_with("accept", "accept");
    one.set_item_states("in_review");
    return one;
}

}  // namespace

TEST_CASE("one department's check only shows whom the case still waits for; the last one wakes the window") {
    PaperCase one({"housing", "fire", "civil_defence"});
    const auto first = one.try_outcome("check_housing", "complete");
    CHECK(first.opened.empty());
    CHECK(sorted(first.awaited) == StepNames{"check_civil_defence", "check_fire"});
    CHECK(first.letters.empty());
    one.all({"check_housing", "check_fire"}, "complete");
    const auto last = one.try_outcome("check_civil_defence", "complete");
    CHECK(last.opened == StepNames{"accept"});
    CHECK(last.awaited.empty());
}

TEST_CASE("acceptance wakes the departments it concerns, and says which letter goes out") {
    PaperCase one({"housing", "fire", "civil_defence"});
    one.all({"check_housing", "check_fire", "check_civil_defence"}, "complete");
    const auto accepted = one.try_outcome("accept", "accept");
    CHECK(sorted(accepted.opened) == kReviews);
    CHECK(accepted.letters == StepNames{"acceptance_notice"});
    CHECK(accepted.state == ApplicationState::accepted);
    CHECK_FALSE(accepted.ends);
    const auto corrects = one.try_outcome("accept", "request_correction");
    CHECK(corrects.opened == StepNames{"correct"});
    CHECK(corrects.letters == StepNames{"correction_notice"});
    CHECK(corrects.correction_open);
    const auto refused = one.try_outcome("accept", "refuse_acceptance");
    CHECK(refused.opened.empty());
    CHECK(refused.letters == StepNames{"non_acceptance_decision"});
    CHECK(refused.state == ApplicationState::not_accepted);
}

TEST_CASE("a review waits for the others, the last one leads on to the recheck") {
    auto one = case_in_review();
    const auto first = one.try_outcome("review_fire", "agree");
    CHECK(first.opened.empty());
    CHECK(sorted(first.awaited) == StepNames{"review_civil_defence", "review_housing"});
    one.all({"review_housing", "review_civil_defence"}, "agree");
    const auto last = one.try_outcome("review_fire", "agree");
    CHECK(last.opened == StepNames{"recheck"});
    CHECK(last.state == ApplicationState::awaiting_decision);
}

TEST_CASE(
    "the leader sees the letter, the state and the steps behind her decision; a return, which department it wakes") {
    auto one = case_in_review();
    one.all({"review_housing", "review_fire", "review_civil_defence"}, "agree");
    one.set_item_states("agreed");
    const auto back = one.try_return("recheck", "review_fire");
    REQUIRE(back);
    CHECK(back->opened == StepNames{"review_fire"});
    CHECK(back->state == ApplicationState::accepted);
    CHECK(one.try_return("recheck", "accept").error().reason == "approval.return_impossible");
    one.end_with("recheck", "pass");
    const auto granted = one.try_outcome("decide", "grant");
    CHECK(granted.opened.empty());
    CHECK(granted.state == ApplicationState::granted);
    CHECK_FALSE(granted.jobs.empty());
    CHECK(std::ranges::count(granted.letters, std::string("grant_decision")) == 1);
    const auto refused = one.try_outcome("decide", "refuse");
    CHECK(refused.state == ApplicationState::refused);
    CHECK(refused.letters == StepNames{"refusal_decision"});
}

TEST_CASE("trying changes nothing of the case") {
    auto one = case_in_review();
    const auto before = one.instance();
    (void)one.try_outcome("review_fire", "agree");
    CHECK(one.try_return("review_fire", "accept").error().reason.starts_with("approval.return"));
    CHECK(one.instance() == before);
}

}  // namespace kaigong::approval
