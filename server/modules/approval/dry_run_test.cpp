// What the dry run foresees is what then happens: every way to end or send back every open task, in every place of a
// process and on the shipped one, on both databases; and asking changes nothing.
#include "modules/approval/dry_run.hpp"
#include "modules/approval/testing/task_case.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using testing::Case;
using testing::Office;

using Steps = std::multiset<std::string>;

CaseSnapshot snapshot_of(Office& office, const std::string& id) {
    return office.read(
        [](db::Session& session, const std::string& application_id) -> Result<CaseSnapshot> {
            return read_case(session, *store::find_procedure(session, application_id));
        },
        id);
}

Steps open_steps(const CaseSnapshot& snapshot) {
    Steps open;
    for (const auto& task : snapshot.tasks) {
        if (task.state == "open") open.insert(task.element_id);
    }
    return open;
}

Steps steps_after(const Foreseen& seen) {
    Steps open(seen.opened.begin(), seen.opened.end());
    open.insert(seen.awaited.begin(), seen.awaited.end());
    return open;
}

/// Everything that a case is, as text.
std::string everything(Office& office, const std::string& id) {
    const auto snapshot = snapshot_of(office, id);
    auto text = snapshot.procedure.instance + std::to_string(snapshot.procedure.version) + snapshot.procedure.state;
    for (const auto& task : snapshot.tasks) text += task.task_id + task.state + std::to_string(task.version);
    return text + std::to_string(snapshot.timeline.size()) + std::to_string(snapshot.acts.size()) +
           std::to_string(snapshot.ledger.size());
}

/// A case that is tried before each act.
class Tried {
  public:
    Tried(Office& office, std::string id)
        : office_(office), id_(std::move(id)), matter_(office.catalog->load_matter(testing::kMatter).value()) {}

    bool goes_on() { return !open_steps(snapshot_of(office_, id_)).empty(); }

    void complete_first(const std::string& wanted) {
        const auto snapshot = snapshot_of(office_, id_);
        const auto task = *std::ranges::find(snapshot.tasks, std::string("open"), &store::TaskRow::state);
        const auto model = read_task_model(*matter_->process().find(task.element_id)).value();
        const auto* outcome = model.find_outcome(wanted) != nullptr ? model.find_outcome(wanted) : &model.outcomes[0];
        const auto who = officer_of(task);
        const auto calendar = office_.catalog->calendar();
        const auto before = everything(office_, id_);
        const auto now_ms = office_.clock.now_ms();
        const auto seen = DryRun(matter_->process(), calendar->days, snapshot, now_ms)
                              .complete(task, *outcome, who.actor.account_id.text);
        CHECK(everything(office_, id_) == before);
        const auto done = office_.database.transact(
            [&](db::Session& session) { return office_.complete(session, id_, task, who, outcome->code); });
        CAPTURE(task.element_id);
        CAPTURE(outcome->code);
        REQUIRE(seen.has_value() == done.has_value());
        if (!seen) return;
        const auto after = snapshot_of(office_, id_);
        CHECK(steps_after(*seen) == open_steps(after));
        CHECK(to_string(seen->state) == after.procedure.state);
        const auto state = bpmn::state_from_json(boost::json::parse(after.procedure.instance)).value();
        CHECK(seen->ends == (state.status != bpmn::Status::running));
        finish_jobs();
    }

  private:
    operations::Officer officer_of(const store::TaskRow& task) {
        const auto group = task.candidate_group;
        auto who = Office::officer(authz::parse_role(group.substr(group.find(':') + 1)).value_or(Role::reviewer),
                                   100 + next_++);
        who.actor.department = group.substr(0, group.find(':'));
        return who;
    }
    void finish_jobs() {
        for (auto job = office_.open_job(id_); !job.empty(); job = office_.open_job(id_)) {
            if (!office_.approval->complete_job(id_, job)) return;
        }
    }

    Office& office_;
    std::string id_;
    std::shared_ptr<const catalog::Matter> matter_;
    int next_ = 0;
};

std::string shipped_process() {
    std::ostringstream text;
    text << std::ifstream(std::filesystem::path(KAIGONG_SOURCE_DIR) / "catalog" / testing::kMatter / "issue.bpmn")
                .rdbuf();
    return text.str();
}

void play(Office& office, const std::string& wanted) {
    Tried tried(office, office.open_case());
    for (int act = 0; act < 20 && tried.goes_on(); ++act) tried.complete_first(wanted);
}

void sends_back_as_foreseen(Office& left, Office& right, const testing::Place& place) {
    const testing::Kind kind{"review", Role::reviewer};
    for (const auto onward : {bpmn::Onward::again, bpmn::Onward::straight}) {
        Case one({&left, &right}, kind);
        const auto task = one.the("work");
        const auto snapshot = snapshot_of(left, task.application_id);
        const auto process = left.catalog->load_matter(testing::kMatter).value();
        const auto calendar = left.catalog->calendar();
        const auto seen =
            DryRun(process->process(), calendar->days, snapshot, left.clock.now_ms()).send_back(task, "first", onward);
        CAPTURE(place.name);
        const auto refused = one.attempt(operations::return_task, task, one.holder(),
                                         operations::Return{"first", onward, "图纸与现场不符"});
        REQUIRE(seen.has_value() == refused.empty());
        if (seen) CHECK(steps_after(*seen) == one.open());
    }
}

}  // namespace

TEST_CASE("what ending a task would open is what it opens, in every place and by every outcome") {
    for (const auto& place : testing::places({"review", Role::reviewer})) {
        testing::on_each(
            [&](Office& office) {
                CAPTURE(place.name);
                for (const char* outcome : {"agree", "disagree"}) play(office, outcome);
            },
            place.files);
    }
}

TEST_CASE("on the shipped process what is foreseen is what happens, to the end") {
    testing::on_each(
        [](Office& office) {
            for (const char* outcome : {"accept", "request_correction", "refuse_acceptance", "no_permit_needed",
                                        "agree", "disagree", "refuse"}) {
                CAPTURE(outcome);
                play(office, outcome);
            }
        },
        {{"issue.bpmn", shipped_process()}});
}

TEST_CASE("what sending back would open is what it opens") {
    for (const auto& place : testing::places({"review", Role::reviewer})) {
        testing::on_each_pair([&](Office& left, Office& right) { sends_back_as_foreseen(left, right, place); },
                              place.files);
    }
}

}  // namespace kaigong::approval
