// 督办单: who may send one, that it must be answered, and that it ends with its task; on both databases, each act by
// another program.
#include "modules/approval/expedite_rules.hpp"
#include "modules/approval/testing/supervision.hpp"

namespace kaigong::approval {
namespace {

using namespace testing;

const operations::Demand kDemand{"请今天办结", "逾期通报", 2};

std::vector<store::OrderRow> orders(Office& office, const std::string& id) {
    return office.read(&store::orders_of, id);
}

/// Tuesday, the day before the last: yellow.
void turn_yellow(Office& left, Office& right) {
    for (auto* each : {&left, &right}) each->clock.set(Office::kMorningMs + 8LL * 24 * 3'600'000);
}

template <class Body>
void on_each_case(Body body) {
    on_each_pair(
        [&](Office& left, Office& right) {
            Case one({&left, &right}, kKinds[1]);
            turn_yellow(left, right);
            body(one, left);
        },
        reviewed_once());
}

std::string id_of(Case& one) {
    return one.the("work").application_id;
}

Officer leader() {
    return Office::officer(Role::deciding_leader, 41);
}

}  // namespace

TEST_CASE("a section head orders, the holder answers, and both are written down") {
    on_each_case([](Case& one, Office& office) {
        const auto task = one.the("work");
        one.act(operations::issue_expedite_order, task, one.head(), kDemand);
        const auto order = orders(office, id_of(one)).at(0);
        CHECK(order.state == "open");
        CHECK(order.holder_id == one.holder().actor.account_id.text);
        CHECK(order.held_ms > 40LL * 3'600'000);
        CHECK(order.answer_by_on == "2026-12-03");
        CHECK(order.case_due_on == "2026-12-02");
        CHECK(order.order_number == task.application_number + "督1");
        // The page of who works on the task did not grow stale.
        CHECK(one.by_id(task.task_id).version == task.version);
        one.act(operations::answer_expedite_order, task, one.holder(), "明天上午办结");
        const auto answered = orders(office, id_of(one)).at(0);
        CHECK(answered.state == "answered");
        CHECK(answered.answer == "明天上午办结");
        CHECK(answered.open_task_id == std::nullopt);
        const auto timeline = office.read(&store::timeline_of, id_of(one));
        CHECK(timeline.at(0).kind == "expedite_order_answered");
        CHECK(timeline.at(1).kind == "expedite_order_issued");
        CHECK_FALSE(timeline.at(0).for_applicant);
    });
}

TEST_CASE("a task has one open order at a time, and after the answer it may have another") {
    on_each_case([](Case& one, Office& office) {
        const auto task = one.the("work");
        one.act(operations::issue_expedite_order, task, one.head(), kDemand);
        CHECK(one.attempt(operations::issue_expedite_order, task, leader(), kDemand) == "approval.expedite_open");
        one.act(operations::answer_expedite_order, task, one.holder(), "明天");
        one.act(operations::issue_expedite_order, task, leader(), kDemand);
        CHECK(orders(office, id_of(one)).size() == 2);
        CHECK(orders(office, id_of(one)).at(1).order_number.ends_with("督2"));
    });
}

TEST_CASE("only who leads the department or the authority orders, and nobody himself") {
    on_each_case([](Case& one, Office&) {
        const auto task = one.the("work");
        const auto try_as = [&](const Officer& who) {
            return one.attempt(operations::issue_expedite_order, task, who, kDemand);
        };
        auto other = one.head();
        other.actor.department = "fire";
        CHECK(try_as(other) == "authz.outside_scope");
        auto far = leader();
        far.actor.region_code = "330105";
        CHECK(try_as(far) == "approval.not_found");
        CHECK(try_as(one.colleague(13)) == "authz.not_permitted");
        CHECK(try_as(Office::officer(Role::acceptance_officer, 14)) == "authz.not_permitted");
        auto stale = task;
        stale.version -= 1;
        CHECK(one.attempt(operations::issue_expedite_order, stale, one.head(), kDemand) == "db.version_is_stale");
        auto himself = one.head();
        himself.actor.account_id = one.holder().actor.account_id;
        CHECK(try_as(himself) == "approval.expedite_oneself");
    });
}

TEST_CASE("a green light is a leader's to order on, not a section head's") {
    on_each_pair(
        [](Office& left, Office& right) {
            Case one({&left, &right}, kKinds[1]);
            const auto task = one.the("work");
            CHECK(one.attempt(operations::issue_expedite_order, task, one.head(), kDemand) ==
                  "approval.expedite_early");
            CHECK(one.attempt(operations::issue_expedite_order, task, leader(), kDemand) == "");
        },
        reviewed_once());
}

TEST_CASE("only the holder answers, and only where there is an order") {
    on_each_case([](Case& one, Office&) {
        const auto task = one.the("work");
        const auto try_as = [&](const Officer& who) {
            return one.attempt(operations::answer_expedite_order, task, who, std::string("明天"));
        };
        CHECK(try_as(one.holder()) == "approval.expedite_not_open");
        one.act(operations::issue_expedite_order, task, one.head(), kDemand);
        CHECK(try_as(one.colleague(13)) == "approval.task_held_by_other");
        CHECK(try_as(one.head()) == "approval.not_your_task");
        CHECK(try_as(one.holder()) == "");
    });
}

TEST_CASE("an order goes on with the task to who takes it over") {
    on_each_case([](Case& one, Office& office) {
        const auto task = one.the("work");
        one.act(operations::issue_expedite_order, task, one.head(), kDemand);
        one.act(operations::transfer_task, task, one.holder(), operations::Handover{one.colleague(12), "出差"});
        one.act(operations::answer_expedite_order, one.the("work"), one.colleague(12), std::string("今天办结"));
        CHECK(orders(office, id_of(one)).at(0).answered_by == one.colleague(12).name);
    });
}

TEST_CASE("whatever ends the task ends its order, with the cause") {
    on_each_case([](Case& one, Office& office) {
        const auto id = id_of(one);
        one.act(operations::issue_expedite_order, one.the("work"), one.head(), kDemand);
        one.complete(one.the("work"), one.holder(), "agree");
        CHECK(orders(office, id).at(0).state == "cancelled");
        CHECK(orders(office, id).at(0).cancel_cause == "task_completed");
        one.act(operations::issue_expedite_order, one.the("last"), leader(), kDemand);
        office.act([&](db::Session& session) { return office.withdraw(session, id); });
        CHECK(orders(office, id).at(1).state == "cancelled");
        CHECK(orders(office, id).at(1).cancel_cause == "task_cancelled");
    });
}

TEST_CASE("who signs after a decision that is taken back has nothing to answer any more") {
    on_each_case([](Case& one, Office& office) {
        const auto id = id_of(one);
        const auto signer = one.expert(61);
        one.act(operations::add_signers, one.the("work"), one.holder(),
                operations::NewSigners{std::string(kAfter), {signer}, "请会签"});
        const auto decided = one.the("work").task_id;
        one.complete(one.the("work"), one.holder(), "agree");
        one.act(operations::issue_expedite_order, one.signer(signer), one.head(), kDemand);
        one.act(operations::take_back_task, one.by_id(decided), one.holder(), std::string("看错了"));
        CHECK(one.signer(signer).state == "planned");
        CHECK(orders(office, id).at(0).state == "cancelled");
        CHECK(orders(office, id).at(0).cancel_cause == "task_planned");
    });
}

}  // namespace kaigong::approval
