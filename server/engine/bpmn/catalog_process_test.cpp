// The catalogue's processes run on the engine to each of their ends. Driven by what the models say of themselves (kinds
// of tasks, recorded events), so that a redrawn diagram with the same meaning passes.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/civil_date.hpp"
#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong;
using namespace kaigong::bpmn;

namespace {

constexpr std::int64_t kHourMs = 3'600'000;

Definition definition_of(const char* matter) {
    const auto path = std::filesystem::path(KAIGONG_SOURCE_DIR) / "catalog" / matter / "issue.bpmn";
    std::ifstream file(path);
    REQUIRE(file.good());
    auto definition = parse(std::string{std::istreambuf_iterator<char>(file), {}});
    if (!definition) {
        for (const FieldProblem& problem : definition.error().fields) MESSAGE(problem.field << " " << problem.reason);
    }
    return definition.value();
}

/// An application received on Monday 2026-11-23: the sixth working day begins on 1 December.
class Story {
  public:
    explicit Story(const char* matter, boost::json::array items = {"housing", "planning", "fire"})
        : instance_(definition_of(matter)) {
        send(Start{{{"application_id", "a"},
                    {"required_items", std::move(items)},
                    {"intake_due_at", "2026-12-01T00:00:00+08:00"}}});
        do_jobs();
    }

    const State& state() const { return instance_.state(); }
    bool recorded(std::string_view event) const {
        return std::find(recorded_.begin(), recorded_.end(), event) != recorded_.end();
    }
    bool did(std::string_view job_type) const { return std::find(jobs_.begin(), jobs_.end(), job_type) != jobs_.end(); }
    std::size_t open(std::string_view kind) const { return tasks(kind).size(); }

    /// Every open task of that kind is completed with the outcome, then all jobs that follow.
    void complete(std::string_view kind, const char* outcome) {
        const auto open_tasks = tasks(kind);
        REQUIRE_FALSE(open_tasks.empty());
        for (const OpenTask& task : open_tasks) {
            send(CompleteTask{task.token, {{task.element + "_outcome", outcome}, {task.element + "_by", "officer"}}});
        }
        do_jobs();
    }

    void fire_due_timers(CivilDate day) {
        now_ms_ = office_midnight_ms(day);
        for (const OpenTimer& timer : waiting_for(state()).timers) {
            if (timer.due_at_ms <= now_ms_) send(FireTimer{timer.timer});
        }
        do_jobs();
    }

  private:
    std::vector<OpenTask> tasks(std::string_view kind) const {
        std::vector<OpenTask> found;
        for (const OpenTask& task : waiting_for(state()).tasks) {
            const Extension* extension = instance_.definition().find(task.element)->kaigong("task");
            REQUIRE(extension != nullptr);
            if (extension->attribute("kind") == kind) found.push_back(task);
        }
        return found;
    }

    void do_jobs() {
        for (auto waiting = waiting_for(state()); !waiting.jobs.empty(); waiting = waiting_for(state())) {
            const Element& element = *instance_.definition().find(waiting.jobs.front().element);
            jobs_.push_back(element.job_type);
            if (const Extension* event = element.kaigong("event")) recorded_.emplace_back(event->attribute("name"));
            send(CompleteJob{waiting.jobs.front().token, {}});
        }
        CHECK(waiting_for(state()).incidents.empty());
    }

    void send(const Command& command) { REQUIRE(instance_.carry_out(command, now_ms_)); }

    TwinInstance instance_;
    std::int64_t now_ms_ = office_midnight_ms({2026, 11, 23}) + 9 * kHourMs;
    std::vector<std::string> recorded_;
    std::vector<std::string> jobs_;
};

void review_and_decide(Story& story, const char* decision) {
    story.complete("review", "agree");
    CHECK(story.recorded("all_items_concluded"));
    story.complete("recheck", "pass");
    story.complete("decide", decision);
}

}  // namespace

TEST_CASE("a complete application is accepted, reviewed in parallel, granted and delivered") {
    Story story("construction-permit");
    CHECK(story.open("check") == 3);
    CHECK(waiting_for(story.state()).timers.size() == 1);
    story.complete("check", "complete");
    story.complete("accept", "accept");
    CHECK(story.recorded("accept"));
    CHECK(waiting_for(story.state()).timers.empty());
    CHECK(story.open("review") == 3);
    review_and_decide(story, "grant");
    CHECK(story.recorded("decide_grant"));
    CHECK(story.did("permits.issue"));
    CHECK(story.did("certificates.make"));
    if (story.open("certificate") > 0) story.complete("certificate", "deliver");
    CHECK(story.state().status == Status::completed);
}

TEST_CASE("a refusal ends the application without a permit") {
    Story story("construction-permit");
    story.complete("check", "complete");
    story.complete("accept", "accept");
    review_and_decide(story, "refuse");
    CHECK(story.recorded("decide_refuse"));
    CHECK_FALSE(story.did("permits.issue"));
    CHECK(story.state().status == Status::completed);
}

TEST_CASE("a correction waits for the applicant, has no default acceptance, and is followed by acceptance") {
    Story story("construction-permit");
    story.complete("check", "points");
    story.complete("accept", "request_correction");
    CHECK(story.recorded("request_correction"));
    CHECK(story.open("correct") == 1);
    story.fire_due_timers({2027, 1, 10});
    CHECK_FALSE(story.recorded("accept_by_default"));
    story.complete("correct", "resubmit");
    CHECK(story.recorded("resubmit"));
    CHECK(story.recorded("accept"));
    review_and_decide(story, "grant");
    CHECK(story.did("permits.issue"));
}

TEST_CASE("on the sixth day without an answer the application is accepted by default (行政许可法 32(4))") {
    Story story("construction-permit");
    story.complete("check", "complete");
    story.fire_due_timers({2026, 11, 30});
    CHECK_FALSE(story.recorded("accept_by_default"));
    CHECK(story.open("accept") == 1);
    story.fire_due_timers({2026, 12, 1});
    CHECK(story.recorded("accept_by_default"));
    CHECK(story.open("accept") == 0);
    CHECK(story.open("review") == 3);
}

TEST_CASE("departments that have not answered on the sixth day lose their checks to the review") {
    Story story("construction-permit");
    story.fire_due_timers({2026, 12, 1});
    CHECK(story.open("check") == 0);
    CHECK(story.open("review") == 3);
    review_and_decide(story, "grant");
    CHECK(story.did("permits.issue"));
}

TEST_CASE("what is not this authority's, and what needs no permit, ends at acceptance") {
    for (const auto& [outcome, event] : {std::pair("refuse_acceptance", "refuse_acceptance"),
                                         std::pair("no_permit_needed", "tell_no_permit_needed")}) {
        CAPTURE(outcome);
        Story story("construction-permit");
        story.complete("check", "complete");
        story.complete("accept", outcome);
        CHECK(story.recorded(event));
        CHECK_FALSE(story.recorded("accept"));
        CHECK(story.state().status == Status::completed);
    }
}

TEST_CASE("only departments that are concerned are asked") {
    Story story("construction-permit", {"housing"});
    CHECK(story.open("check") == 1);
    story.complete("check", "complete");
    story.complete("accept", "accept");
    CHECK(story.open("review") == 1);
}

TEST_CASE("a decision that is sent back opens the reviews again") {
    Story story("construction-permit");
    story.complete("check", "complete");
    story.complete("accept", "accept");
    story.complete("review", "agree");
    story.complete("recheck", "return_to_item");
    CHECK(story.open("review") == 3);
    review_and_decide(story, "return");
    CHECK(story.open("review") == 3);
    review_and_decide(story, "grant");
    CHECK(story.recorded("decide_grant"));
}

TEST_CASE("a second kind of permit runs without a line of C++") {
    for (const char* decision : {"grant", "refuse"}) {
        CAPTURE(decision);
        Story story("night-construction");
        story.complete("accept", "accept");
        story.complete("decide", decision);
        CHECK(story.did("permits.issue") == (std::string_view(decision) == "grant"));
        CHECK(story.state().status == Status::completed);
    }
    Story refused("night-construction");
    refused.complete("accept", "refuse_acceptance");
    CHECK(refused.state().status == Status::completed);
}

TEST_CASE("every user task of the catalogue names its group and its outcomes, every recorded job its event") {
    for (const char* matter : {"construction-permit", "night-construction"}) {
        const Definition definition = definition_of(matter);
        for (const Element& element : definition.elements()) {
            CAPTURE(element.id);
            if (element.kind == Kind::user_task) {
                CHECK_FALSE(element.group.empty());
                CHECK(element.kaigong("task") != nullptr);
                const bool by_applicant = element.kaigong("task")->attribute("kind") == "correct";
                CHECK((by_applicant || !element.kaigong_all("outcome").empty()));
            }
            if (element.job_type == "approval.record") CHECK(element.kaigong("event") != nullptr);
        }
    }
}
