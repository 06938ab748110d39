// The version rule: whatever two commands meet on one case, the case is afterwards as if one had come after the other,
// on both databases, and both are answered accordingly.
#include "db/testing/interleaving.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>

#include "modules/approval/signers.hpp"
#include "modules/approval/testing/office.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using testing::Office;
using testing::reason_of;

/// What somebody saw of the case before he acts.
struct Seen {
    std::string id;
    store::TaskRow task;
    /// All, with that one.
    std::vector<store::TaskRow> tasks;
    std::string job_id;
    std::string incident;
    std::string message_id;
};

struct Act {
    std::string name;
    std::function<Result<void>(Office&, db::Session&, const Seen&)> run;
};

struct Stage {
    std::string name;
    std::function<std::string(Office&)> prepare;
    std::vector<Act> acts;
};

Act claim_by(int number) {
    return {"claim_task by " + std::to_string(number), [=](Office& office, db::Session& session, const Seen& seen) {
                return office.claim(session, seen.id, seen.task, Office::officer(Role::acceptance_officer, number));
            }};
}

Act complete_by(int number, Role role, const std::string& outcome) {
    return {"complete_task by " + std::to_string(number) + ": " + outcome,
            [=](Office& office, db::Session& session, const Seen& seen) {
                return office.complete(session, seen.id, seen.task, Office::officer(role, number), outcome);
            }};
}

Act release_by(int number) {
    return {"release_task", [=](Office& office, db::Session& session, const Seen& seen) {
                return office.release(session, seen.id, seen.task, Office::officer(Role::acceptance_officer, number));
            }};
}

Act fire_timers() {
    return {"fire_timers", [](Office& office, db::Session& session, const Seen& seen) -> Result<void> {
                KAIGONG_CHECK(operations::fire_timers(session, *office.around, seen.id, office.clock.now_ms()));
                return {};
            }};
}

Act withdraw() {
    return {"withdraw",
            [](Office& office, db::Session& session, const Seen& seen) { return office.withdraw(session, seen.id); }};
}

Act resubmit() {
    return {"take_resubmission",
            [](Office& office, db::Session& session, const Seen& seen) { return office.resubmit(session, seen.id); }};
}

Act complete_job() {
    return {"complete_job", [](Office& office, db::Session& session, const Seen& seen) {
                return operations::complete_job(session, *office.around, seen.id, seen.job_id, office.clock.now_ms());
            }};
}

Act fail_job() {
    return {"fail_job", [](Office& office, db::Session& session, const Seen& seen) {
                return operations::fail_job(session, *office.around, seen.id, seen.job_id, "letters.template_missing",
                                            "没有模板", office.clock.now_ms());
            }};
}

Act resolve_incident(const boost::json::object& variables) {
    return {"resolve_incident", [=](Office& office, db::Session& session, const Seen& seen) {
                return office.resolve(session, seen.id, seen.incident, variables);
            }};
}

Act correlate_message() {
    return {"correlate_message", [](Office& office, db::Session& session, const Seen& seen) -> Result<void> {
                KAIGONG_CHECK(operations::correlate_message(session, *office.around, seen.id, seen.message_id,
                                                            office.clock.now_ms()));
                return {};
            }};
}

Act take_signal() {
    return {"take_signal", [](Office& office, db::Session& session, const Seen& seen) {
                return operations::take_signal(session, *office.around, seen.id, "halt", office.clock.now_ms(),
                                               office.clock.now_ms());
            }};
}

Act return_to(const std::string& target, bpmn::Onward onward) {
    return {"return_task to " + target, [=](Office& office, db::Session& session, const Seen& seen) {
                return operations::return_task(session, *office.around, office.permissions,
                                               Office::officer(Role::deciding_leader, 3), office.on(seen.id, seen.task),
                                               {target, onward, "重新核实"});
            }};
}

/// What `number` does with the task that was seen.
template <class Operation, class... Arguments>
Act by(const std::string& name, Operation operation, Role role, int number, const Arguments&... arguments) {
    return {name + " by " + std::to_string(number), [=](Office& office, db::Session& session, const Seen& seen) {
                return operation(session, *office.around, office.permissions, Office::officer(role, number),
                                 office.on(seen.id, seen.task), arguments...);
            }};
}

operations::Handover to(Role role, int number) {
    return {Office::officer(role, number), "请代为办理"};
}

/// Of the one signer that the case has.
store::TaskRow task_of_signer(const Seen& seen) {
    for (const auto& task : seen.tasks) {
        if (task.name.starts_with("前加签")) return task;
    }
    throw std::logic_error("nobody was asked");
}

Act answer_by(int number, const std::string& outcome) {
    return {"answer " + outcome, [=](Office& office, db::Session& session, const Seen& seen) -> Result<void> {
                return office.complete(session, seen.id, task_of_signer(seen), Office::officer(Role::reviewer, number),
                                       outcome);
            }};
}

Act remove_signer_by(int number) {
    return {"remove_signer", [=](Office& office, db::Session& session, const Seen& seen) -> Result<void> {
                return operations::remove_signer(
                    session, *office.around, office.permissions, Office::officer(Role::acceptance_officer, number),
                    office.on(seen.id, seen.task), task_of_signer(seen).task_id, "已有意见");
            }};
}

/// The last review, by who did it.
Act take_back_review() {
    return {"take_back_task", [](Office& office, db::Session& session, const Seen& seen) -> Result<void> {
                for (const auto& task : seen.tasks) {
                    if (task.element_id != "review" || task.state != "completed") continue;
                    return operations::take_back_task(session, *office.around, office.permissions,
                                                      Office::officer(Role::reviewer, 2), office.on(seen.id, task),
                                                      "看错了图纸");
                }
                throw std::logic_error("not reviewed");
            }};
}

/// A task that 1 holds and about which he asked 5, who signs before him.
std::string case_that_waits_for_a_signer(Office& office) {
    const auto id = office.open_case();
    const auto one = Office::officer(Role::acceptance_officer, 1);
    const auto free = office.open_task(id);
    office.act([&](db::Session& session) { return office.claim(session, id, free, one); });
    const auto task = office.open_task(id);
    office.clock.set(office.clock.now_ms() + 1);
    office.act([&](db::Session& session) {
        return operations::add_signers(session, *office.around, office.permissions, one, office.on(id, task),
                                       {std::string(kBefore), {Office::officer(Role::reviewer, 5)}, "请核对"});
    });
    return id;
}

/// The instant at which everything that can be due is.
void let_everything_be_due(Office& office, const std::string& id) {
    if (const auto due = office.procedure(id).timer_due_at_ms) {
        office.clock.set(std::max(office.clock.now_ms(), *due));
    }
}

std::vector<Stage> stages() {
    return {
        {"a task that nobody holds, its deadline over",
         [](Office& office) {
             const auto id = office.open_case();
             let_everything_be_due(office, id);
             return id;
         },
         {claim_by(1), claim_by(2), complete_by(1, Role::acceptance_officer, "accept"),
          complete_by(2, Role::acceptance_officer, "request_correction"), fire_timers(), withdraw()}},
        {"a task that somebody holds",
         [](Office& office) {
             const auto id = office.open_case();
             const auto task = office.open_task(id);
             office.act([&](db::Session& session) {
                 return office.claim(session, id, task, Office::officer(Role::acceptance_officer, 1));
             });
             return id;
         },
         {claim_by(2), release_by(1), complete_by(1, Role::acceptance_officer, "accept"), withdraw(),
          by("transfer_task", operations::transfer_task, Role::acceptance_officer, 1, to(Role::acceptance_officer, 2)),
          by("assign_task", operations::assign_task, Role::section_head, 9, to(Role::acceptance_officer, 3)),
          by("delegate_task", operations::delegate_task, Role::acceptance_officer, 1, to(Role::reviewer, 5)),
          by("add_signers", operations::add_signers, Role::acceptance_officer, 1,
             operations::NewSigners{std::string(kBefore), {Office::officer(Role::reviewer, 6)}, "请核对"})}},
        {"a task that waits for a signer",
         case_that_waits_for_a_signer,
         {answer_by(5, "agree"), answer_by(5, "disagree"), remove_signer_by(1),
          complete_by(1, Role::acceptance_officer, "accept"), withdraw(),
          by("transfer_task", operations::transfer_task, Role::acceptance_officer, 1,
             to(Role::acceptance_officer, 2))}},
        {"an open correction",
         [](Office& office) { return office.case_after("request_correction"); },
         {resubmit(), withdraw()}},
        {"a job", [](Office& office) { return office.case_after("accept"); }, {complete_job(), fail_job(), withdraw()}},
        {"a job that failed",
         [](Office& office) { return office.case_with_failed_job(); },
         {resolve_incident({}), complete_job(), withdraw()}},
        {"a decision, its reminder due",
         [](Office& office) {
             const auto id = office.case_at_decision();
             let_everything_be_due(office, id);
             return id;
         },
         {complete_by(3, Role::deciding_leader, "refuse"), complete_by(4, Role::deciding_leader, "by_district"),
          fire_timers(), withdraw()}},
        {"a process without a way on",
         [](Office& office) { return office.case_without_way(); },
         {resolve_incident({{"district", "closed"}}), resolve_incident({{"district", "open"}}), withdraw()}}};
}

/// The only message there is: what pairs before left untaken goes.
void send(Office& office, const std::string& name, const std::string& key) {
    office.act([](db::Session& session) -> Result<void> {
        session.execute("DELETE FROM messages");
        return {};
    });
    Office::must(office.approval->send_message({"register", new_uuid(office.clock.now_ms()), name, key, {}}));
}

/// On testing/messages.bpmn.
std::vector<Stage> stages_with_messages() {
    return {{"a task that hears remarks",
             [](Office& office) {
                 const auto id = office.open_case();
                 send(office, "remark", id);
                 return id;
             },
             {claim_by(1), complete_by(1, Role::acceptance_officer, "accept"),
              complete_by(2, Role::acceptance_officer, "tell"), correlate_message(), take_signal(), withdraw()}},
            {"a choice between a message and a signal",
             [](Office& office) {
                 const auto id = office.case_after("accept");
                 send(office, "report", "330106");
                 return id;
             },
             {correlate_message(), take_signal(), withdraw()}}};
}

std::string only_message(Office& office) {
    const auto ids = office.database.read(
        [](db::Session& session) { return session.rows<std::string>("SELECT message_id FROM messages LIMIT 2"); });
    return ids.value().empty() ? std::string() : ids.value().front();
}

Seen look(Office& office, const std::string& id) {
    return {id,
            office.open_task(id),
            office.read(&store::tasks_of, id),
            office.open_job(id),
            office.open_incident(id),
            only_message(office)};
}

/// Everything of the case that a command may write, without ids that differ from case to case.
std::string rows_of(Office& office, const std::string& id) {
    const auto procedure = office.procedure(id);
    const auto read = office.database.read([&](db::Session& session) {
        std::vector<std::string> tasks;
        for (const auto& one : store::tasks_of(session, id)) {
            tasks.push_back(fmt::format("task {} {} {} {} {} v{}\n", one.element_id, one.state,
                                        one.outcome.value_or("-"), one.assignee_id.value_or("-"),
                                        one.cancel_cause.value_or("-"), one.version));
        }
        std::ranges::sort(tasks);
        std::string text = fmt::format("{}", fmt::join(tasks, ""));
        for (const auto& one : store::acts_of(session, id)) {
            text += fmt::format("act {} v{} by {}\n", one.act, one.task_version, one.actor_name);
        }
        for (const auto& one : store::points_of(session, id)) text += fmt::format("point {}\n", one.state);
        for (const auto& one : store::clock_of(session, id))
            text += fmt::format("clock {} {}\n", one.entry_no, one.kind);
        for (const auto& one : store::timeline_of(session, id)) text += fmt::format("told {}\n", one.kind);
        for (const auto& one : session.rows<std::string>(
                 "SELECT state || ' ' || coalesce(reason, '-') FROM jobs WHERE application_id = ? ORDER BY 1", id)) {
            text += fmt::format("job {}\n", one);
        }
        for (const auto& one :
             session.rows<std::string>("SELECT event_type FROM events WHERE aggregate_id = ? ORDER BY sequence", id)) {
            text += fmt::format("event {}\n", one);
        }
        for (const auto& one : session.rows<std::string>(
                 "SELECT name FROM waiting_events WHERE application_id = ? ORDER BY name LIMIT 100", id)) {
            text += fmt::format("waits for {}\n", one);
        }
        return text;
    });
    auto state = bpmn::state_to_json(office.state(id));
    state["variables"].as_object().erase("application_id");
    auto text = fmt::format("{} v{} waits {} timer {}\n{}{}{}\n", procedure.state, procedure.version, procedure.waits,
                            procedure.timer_due_at_ms.value_or(0), read.value(), fmt::join(office.acts(id), " "),
                            boost::json::serialize(state));
    for (auto at = text.find(id); at != std::string::npos; at = text.find(id, at)) text.replace(at, id.size(), "ID");
    return text;
}

struct Outcome {
    std::string first;
    std::string second;
    std::string rows;

    bool operator==(const Outcome&) const = default;
};

/// `first` and `second` after one another, or at once.
class Meeting {
  public:
    Meeting(Office& office, const Stage& stage) : office_(office), stage_(stage) {}

    Outcome in_turn(const Act& first, const Act& second, bool swapped) {
        const auto seen = prepare();
        auto earlier = run(swapped ? second : first, seen);
        auto later = run(swapped ? first : second, seen);
        if (swapped) std::swap(earlier, later);
        return {earlier, later, rows_of(office_, seen.id)};
    }

    Outcome at_once(const Act& first, const Act& second) {
        const auto seen = prepare();
        db::testing::Interleaving steps(office_.database, {"first began", "second began"});
        std::array<std::string, 2> reasons;
        const auto reach = [&steps](const char* step) { return [&steps, step] { steps.reach(step); }; };
        steps.run([&] { reasons[0] = run(first, seen, reach("first began")); },
                  [&] { reasons[1] = run(second, seen, reach("second began")); });
        return {reasons[0], reasons[1], rows_of(office_, seen.id)};
    }

  private:
    Seen prepare() {
        office_.clock.set(Office::kMorningMs);
        return look(office_, stage_.prepare(office_));
    }

    std::string run(const Act& act, const Seen& seen, const std::function<void()>& begun = [] {}) {
        return reason_of(office_.database.transact([&](db::Session& session) -> Result<void> {
            begun();
            return act.run(office_, session, seen);
        }));
    }

    Office& office_;
    const Stage& stage_;
};

void check_pair(Meeting& meeting, const Act& first, const Act& second) {
    const auto met = meeting.at_once(first, second);
    const auto straight = meeting.in_turn(first, second, false);
    const auto swapped = meeting.in_turn(first, second, true);
    const bool is_serial = met == straight || met == swapped;
    CHECK_MESSAGE(is_serial, "met: ", met.first, " | ", met.second, "\n", met.rows, "\nin turn: ", straight.first,
                  " | ", straight.second, "\n", straight.rows, "\nswapped: ", swapped.first, " | ", swapped.second,
                  "\n", swapped.rows);
}

void check_every_pair(Office& office, const Stage& stage) {
    Meeting meeting(office, stage);
    for (std::size_t i = 0; i < stage.acts.size(); ++i) {
        for (std::size_t j = i; j < stage.acts.size(); ++j) {
            CAPTURE(stage.name);
            CAPTURE(stage.acts[i].name);
            CAPTURE(stage.acts[j].name);
            check_pair(meeting, stage.acts[i], stage.acts[j]);
        }
    }
}

/// On testing/return.bpmn: the leader's task.
std::string case_before_the_leader(Office& office) {
    const auto id = office.open_case();
    for (const std::string element : {"accept", "survey", "noise", "review"}) {
        const auto tasks = office.read(&store::tasks_of, id);
        const auto task = *std::ranges::find(tasks, element, &store::TaskRow::element_id);
        const bool accepts = element == "accept";
        const auto who = Office::officer(accepts ? Role::acceptance_officer : Role::reviewer, accepts ? 7 : 2);
        office.act([&](db::Session& session) {
            return office.complete(session, id, task, who, accepts ? "accept" : "agree");
        });
    }
    return id;
}

std::vector<Stage> stages_with_returns() {
    return {{"a decision that can be sent back",
             case_before_the_leader,
             {return_to("review", bpmn::Onward::again), return_to("survey", bpmn::Onward::straight), take_back_review(),
              complete_by(4, Role::deciding_leader, "refuse"), withdraw()}}};
}

}  // namespace

TEST_CASE("a return meets the other commands in turn") {
    testing::on_each(
        [](Office& office) {
            for (const auto& stage : stages_with_returns()) check_every_pair(office, stage);
        },
        {{"issue.bpmn", testing::test_file("return.bpmn")}});
}

TEST_CASE("whatever two commands meet on a case, one comes after the other") {
    testing::on_each([](Office& office) {
        for (const auto& stage : stages()) check_every_pair(office, stage);
    });
}

TEST_CASE("so do messages and signals, with one another and with every other command") {
    testing::on_each(
        [](Office& office) {
            for (const auto& stage : stages_with_messages()) check_every_pair(office, stage);
        },
        {{"issue.bpmn", testing::test_file("messages.bpmn")}});
}

TEST_CASE("a worker that finds the timers fired leaves no trace") {
    testing::on_each([](Office& office) {
        const auto id = office.case_at_decision();
        const auto before = rows_of(office, id);
        const auto fired = office.database.transact([&](db::Session& session) {
            return operations::fire_timers(session, *office.around, id, office.clock.now_ms());
        });
        CHECK(fired.value() == 0);
        CHECK(rows_of(office, id) == before);
    });
}

TEST_CASE("of two who complete a task at once one wins and the other is told") {
    testing::on_each([](Office& office) {
        const auto id = office.open_case();
        const auto task = office.open_task(id);
        db::testing::Interleaving steps(office.database, {"first began", "second began"});
        std::array<std::string, 2> reasons;
        const auto complete = [&](int number, const char* step) {
            reasons.at(
                static_cast<std::size_t>(number - 1)) = reason_of(office.database.transact([&](db::Session& session) {
                steps.reach(step);
                return office.complete(session, id, task, Office::officer(Role::acceptance_officer, number), "accept");
            }));
        };
        steps.run([&] { complete(1, "first began"); }, [&] { complete(2, "second began"); });
        std::ranges::sort(reasons);
        CHECK(reasons[0].empty());
        CHECK(reasons[1] == "approval.task_not_open");
        CHECK(office.count(id, "approval.complete_task") == 1);
    });
}

TEST_CASE("news of an application that comes twice at once opens one procedure") {
    testing::on_each([](Office& office) {
        const auto filing = office.filing();
        db::testing::Interleaving steps(office.database, {"first began", "second began"});
        const auto open = [&](const char* step) {
            office.act([&](db::Session& session) {
                steps.reach(step);
                return operations::open_procedure(session, *office.around, filing, office.clock.now_ms());
            });
        };
        steps.run([&] { open("first began"); }, [&] { open("second began"); });
        CHECK(office.acts(filing.application_id.text) == std::vector<std::string>{"approval.open_procedure"});
    });
}

}  // namespace kaigong::approval
