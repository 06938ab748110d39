// 补录: the case stands as if it had been done then; the record keeps who entered it, and when. Both databases.
#include "base/civil_date.hpp"
#include "modules/approval/testing/staff.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using operations::Officer;
using testing::account_of;
using testing::Office;

std::int64_t at(const char* day, int hour) {
    return office_midnight_ms(parse_date(day).value()) + hour * 3'600'000LL;
}

Officer clerk() {
    return Office::officer(Role::acceptance_officer, 7);
}
Officer head() {
    return Office::officer(Role::section_head, 40);
}

operations::Completion completion(const std::string& outcome) {
    operations::Completion one;
    one.outcome = outcome;
    one.opinion = "意见";
    if (outcome == "request_correction") one.points = {{"", "", "缺图", "补图", "办法 4"}};
    return one;
}

operations::PaperAct on_paper(const Officer& done_by, std::int64_t happened_at_ms, const std::string& outcome) {
    return {done_by, happened_at_ms, "住建档〔2026〕18号", completion(outcome)};
}

std::string enter(Office& office, const std::string& id, const store::TaskRow& task, const Officer& who,
                  const operations::PaperAct& act) {
    const auto done = office.database.transact([&](db::Session& session) {
        return operations::enter_paper_act(session, *office.around, office.permissions, who, office.on(id, task), act);
    });
    return done ? "" : done.error().reason;
}

struct Standing {
    std::vector<std::string> ledger;
    std::string due_on;
    std::string promised_due_on;
    std::string state;
    std::int64_t task_began_at_ms = 0;

    bool operator==(const Standing&) const = default;
};

Standing standing_of(Office& office, const std::string& id) {
    Standing standing;
    for (const auto& row : office.read(&store::clock_of, id)) {
        standing.ledger.push_back(fmt::format("{} {} {}", row.kind, row.at_ms, row.reason));
    }
    const auto procedure = office.procedure(id);
    standing.due_on = procedure.due_on.value_or("");
    standing.promised_due_on = procedure.promised_due_on.value_or("");
    standing.state = procedure.state;
    standing.task_began_at_ms = office.open_task(id).created_at_ms;
    return standing;
}

std::vector<audit::Entry> audit_of(Office& office, const std::string& id, const std::string& act) {
    auto entries = office.audit->entries_of("application", id, std::nullopt, 100).value().entries;
    std::erase_if(entries, [&](const auto& entry) { return entry.act != act; });
    return entries;
}

}  // namespace

TEST_CASE("an act on paper counts from its true time, and the record says who entered it and when") {
    testing::on_each([](Office& office) {
        const auto id = office.open_case();
        const auto happened = at("2026-11-24", 15);
        office.clock.set(at("2026-11-25", 10));
        const auto task = office.open_task(id);
        REQUIRE(enter(office, id, task, head(), on_paper(clerk(), happened, "accept")) == "");
        CHECK(office.procedure(id).accepted_at_ms == happened);
        const auto acts = office.read(&store::acts_of, id);
        REQUIRE(acts.size() == 2);
        CHECK(acts[0].act == "complete");
        CHECK(acts[0].actor_id == clerk().actor.account_id.text);
        CHECK(acts[0].at_ms == happened);
        CHECK(acts[1].act == "enter_paper_act");
        CHECK(acts[1].actor_id == head().actor.account_id.text);
        CHECK(acts[1].from_id == clerk().actor.account_id.text);
        CHECK(acts[1].reason == "住建档〔2026〕18号");
        CHECK(acts[1].at_ms == at("2026-11-25", 10));
        const auto entered = audit_of(office, id, "approval.enter_paper_act");
        REQUIRE(entered.size() == 1);
        CHECK(entered[0].actor_id == head().actor.account_id.text);
        CHECK(entered[0].at_ms == at("2026-11-25", 10));
        CHECK(audit_of(office, id, "approval.complete_task").empty());
        for (const auto& entry : office.read(&store::timeline_of, id)) {
            if (entry.kind != "paper_act_entered") continue;
            CHECK(entry.title == "补录：受理（受理），办事人7于2026年11月24日 15:00在纸面办理");
            CHECK(*entry.detail == "由办事人40于2026年11月25日 10:00录入；纸质文件：住建档〔2026〕18号");
        }
        CHECK(office.approval->stuck_cases().empty());
    });
}

TEST_CASE("a case whose act was entered later stands as one where it was done at the time, also across a holiday") {
    struct Span {
        std::int64_t filed;
        std::int64_t happened;
        std::int64_t entered;
    };
    const std::vector<Span> spans{
        {at("2026-11-23", 9), at("2026-11-24", 15), at("2026-11-27", 10)},
        {at("2026-09-28", 9), at("2026-09-30", 16), at("2026-10-09", 10)},
    };
    for (const auto& span : spans) {
        for (const std::string outcome : {"accept", "request_correction"}) {
            testing::on_each([&](Office& office) {
                office.clock.set(span.filed);
                const auto at_once = office.open_case();
                const auto later = office.open_case();
                office.clock.set(span.happened);
                const auto task = office.open_task(at_once);
                office.act([&](db::Session& session) {
                    return operations::complete_task(session, *office.around, office.permissions, clerk(),
                                                     office.on(at_once, task), completion(outcome));
                });
                office.clock.set(span.entered);
                REQUIRE(enter(office, later, office.open_task(later), clerk(),
                              on_paper(clerk(), span.happened, outcome)) == "");
                CHECK(standing_of(office, later) == standing_of(office, at_once));
                for (const auto now : {span.entered, at("2026-12-31", 9)}) {
                    const auto of = [&](const std::string& id) {
                        return office.approval->facts_of(id, now).value().due_on;
                    };
                    CHECK(of(later) == of(at_once));
                    office.clock.set(now);
                    const auto light = [&](const std::string& id) {
                        return Office::must(office.approval->progress(head().actor, id)).at("clock");
                    };
                    CHECK(light(later) == light(at_once));
                }
            });
        }
    }
}

TEST_CASE("several acts on paper are entered one after the other, each with its own time") {
    testing::on_each(
        [](Office& office) {
            const auto id = office.open_case();
            office.clock.set(at("2026-11-27", 10));
            const auto reviewer = Office::officer(Role::reviewer, 12);
            REQUIRE(enter(office, id, office.open_task(id), head(), on_paper(clerk(), at("2026-11-24", 15), "agree")) ==
                    "");
            CHECK(enter(office, id, office.open_task(id), head(), on_paper(reviewer, at("2026-11-24", 14), "agree")) ==
                  "approval.paper_act_too_early");
            REQUIRE(enter(office, id, office.open_task(id), head(),
                          on_paper(reviewer, at("2026-11-25", 11), "agree")) == "");
            CHECK(office.open_task(id).created_at_ms == at("2026-11-25", 11));
        },
        testing::two_steps({}));
}

TEST_CASE("an act on paper lies after all that changed the case, and not in the future; who claimed changed nothing") {
    testing::on_each([](Office& office) {
        office.clock.set(at("2026-11-23", 9));
        const auto id = office.open_case();
        office.clock.set(at("2026-11-24", 9));
        const auto task = office.open_task(id);
        office.act([&](db::Session& session) { return office.claim(session, id, task, clerk()); });
        const auto try_at = [&](std::int64_t happened) {
            return enter(office, id, office.open_task(id), clerk(), on_paper(clerk(), happened, "accept"));
        };
        CHECK(try_at(at("2026-11-24", 10)) == "approval.paper_act_in_future");
        CHECK(try_at(at("2026-11-23", 8)) == "approval.paper_act_too_early");
        CHECK(enter(office, id, office.open_task(id), head(),
                    on_paper(Office::officer(Role::acceptance_officer, 8), at("2026-11-23", 15), "accept")) ==
              "approval.task_held_by_other");
        const auto claimed = office.open_task(id);
        office.act([&](db::Session& session) {
            return operations::transfer_task(session, *office.around, office.permissions, clerk(),
                                             office.on(id, claimed),
                                             {Office::officer(Role::acceptance_officer, 8), "出差"});
        });
        CHECK(enter(office, id, office.open_task(id), head(),
                    on_paper(Office::officer(Role::acceptance_officer, 8), at("2026-11-23", 15), "accept")) ==
              "approval.paper_act_too_early");
    });
    testing::on_each([](Office& office) {
        office.clock.set(at("2026-11-23", 9));
        const auto id = office.open_case();
        office.clock.set(at("2026-11-24", 9));
        const auto task = office.open_task(id);
        office.act([&](db::Session& session) { return office.claim(session, id, task, clerk()); });
        CHECK(enter(office, id, office.open_task(id), clerk(), on_paper(clerk(), at("2026-11-23", 15), "accept")) ==
              "");
    });
}

TEST_CASE("an act on paper does not reach back across a timer that has fired, and may be before one that has not") {
    for (const bool fires : {true, false}) {
        testing::on_each([&](Office& office) {
            office.clock.set(at("2026-11-23", 9));
            const auto id = office.open_case();
            // The working day after the fifth begins.
            office.clock.set(at("2026-12-01", 9));
            if (fires) REQUIRE(office.approval->fire_due_timers(office.clock.now_ms()).count == 1);
            const auto task = office.open_task(id);
            const auto done_by = fires ? Office::officer(Role::deciding_leader, 9) : clerk();
            const auto said =
                enter(office, id, task, head(), on_paper(done_by, at("2026-11-27", 15), fires ? "refuse" : "accept"));
            // What it led to is not open for an act of before.
            CHECK(said == (fires ? "approval.not_found" : ""));
            if (!fires) CHECK_FALSE(office.procedure(id).accepted_by_default);
        });
    }
    testing::on_each([](Office& office) {
        const auto id = office.case_at_decision();
        const auto task = office.open_task(id);
        const auto happened = office.clock.now_ms() + 3'600'000;
        office.clock.set(at("2026-12-20", 9));
        REQUIRE(office.approval->fire_due_timers(office.clock.now_ms()).count == 1);
        CHECK(
            enter(office, id, task, head(), on_paper(Office::officer(Role::deciding_leader, 9), happened, "refuse")) ==
            "approval.paper_act_across_timer");
    });
}

TEST_CASE(
    "who decided on paper must be one who may do the task, and who enters it must be he or lead or take in papers") {
    testing::on_each(
        [](Office& office) {
            const auto id = office.open_case();
            const auto happened = office.clock.now_ms() + 60'000;
            office.clock.set(happened + 60'000);
            const auto task = office.open_task(id);
            const auto try_by = [&](const Officer& who, const Officer& done_by) {
                return enter(office, id, office.open_task(id), who, on_paper(done_by, happened, "agree"));
            };
            auto abroad = clerk();
            abroad.actor.region_code = "330105";
            auto other_head = head();
            other_head.actor.department = "fire";
            CHECK(try_by(head(), Office::officer(Role::reviewer, 12)) == "approval.person_not_suitable");
            CHECK(try_by(head(), abroad) == "approval.person_not_suitable");
            CHECK(try_by(other_head, clerk()) == "authz.outside_scope");
            CHECK(try_by(Office::officer(Role::reviewer, 12), clerk()) == "authz.outside_scope");
            CHECK(try_by(Office::officer(Role::acceptance_officer, 8), clerk()) == "authz.outside_scope");
            auto nameless = on_paper(clerk(), happened, "agree");
            nameless.reference = "";
            CHECK(enter(office, id, task, head(), nameless) == "approval.paper_reference_missing");
            auto stale = task;
            stale.version += 1;
            CHECK(enter(office, id, stale, head(), on_paper(clerk(), happened, "agree")) == "db.version_is_stale");
            CHECK(enter(office, id, task, head(), on_paper(clerk(), happened, "granted")) ==
                  "approval.outcome_unknown");
            REQUIRE(try_by(Office::officer(Role::window_clerk, 50), clerk()) == "");
            // Who accepted does not review, on paper neither.
            auto both = clerk();
            both.actor.roles = {Role::acceptance_officer, Role::reviewer};
            CHECK(try_by(head(), both) == "approval.person_not_suitable");
        },
        testing::two_steps({.first_kind = "accept", .kind = "review"}));
}

TEST_CASE("an act on paper that is sent twice is entered once") {
    testing::on_each(
        [](Office& office) {
            office.identity.officers = {account_of(7, {Role::acceptance_officer}),
                                        account_of(40, {Role::section_head})};
            const auto id = office.open_case();
            const auto happened = office.clock.now_ms() + 60'000;
            office.clock.set(happened + 60'000);
            const auto task = office.open_task(id);
            const TaskRequest request{task.task_id, task.version, Retryable{"key-1", "POST paper-act", "hash"}};
            for (int i = 0; i < 2; ++i) {
                const auto answered = Office::must(office.approval->enter_paper_act(
                    head().actor, request, on_paper({}, happened, "agree"), clerk().actor.account_id.text, ""));
                CHECK(answered.at("outcome").as_string() == "agree");
            }
            CHECK(audit_of(office, id, "approval.enter_paper_act").size() == 1);
            CHECK(office.read(&store::acts_of, id).size() == 2);
        },
        testing::two_steps({}));
}

}  // namespace kaigong::approval
