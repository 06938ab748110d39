// Every operation on a task × every kind of task × every place of the process that a task can stand in. Each step is
// done by another program on the same database, as after a restart; both databases.
#include <cstdlib>

#include "modules/approval/testing/task_case.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using operations::Officer;
using testing::Case;
using testing::Office;
using testing::Place;

operations::Handover to(const Officer& who) {
    return {who, "出差，请代为办理"};
}

void transfers_twice(Case& one, const Place&) {
    const auto task = one.the("work");
    const auto second = one.colleague(12);
    const auto third = one.colleague(13);
    CHECK(one.attempt(operations::transfer_task, task, second, to(third)) == "approval.task_held_by_other");
    CHECK(one.attempt(operations::transfer_task, task, one.holder(), to(one.holder())) ==
          "approval.person_not_suitable");
    one.act(operations::transfer_task, task, one.holder(), to(second));
    one.act(operations::transfer_task, one.by_id(task.task_id), second, to(third));
    CHECK(one.try_complete(one.by_id(task.task_id), one.holder(), "agree") == "approval.task_held_by_other");
    std::vector<std::string> from;
    for (const auto& act : one.acts()) {
        if (act.act == "transfer") from.push_back(*act.from_id);
    }
    CHECK(from == std::vector<std::string>{one.holder().actor.account_id.text, second.actor.account_id.text});
    one.complete(one.by_id(task.task_id), third, "agree");
}

void is_assigned(Case& one, const Place&) {
    const auto task = one.the("work");
    CHECK(one.attempt(operations::assign_task, task, one.expert(30), to(one.colleague(12))) == "authz.not_permitted");
    one.act(operations::assign_task, task, one.head(), to(one.colleague(12)));
    CHECK(one.try_complete(one.by_id(task.task_id), one.holder(), "agree") == "approval.task_held_by_other");
    one.complete(one.by_id(task.task_id), one.colleague(12), "agree");
}

void is_delegated(Case& one, const Place&) {
    const auto task = one.the("work");
    const auto expert = one.expert(30);
    one.act(operations::delegate_task, task, one.holder(), to(expert));
    CHECK(one.try_complete(one.by_id(task.task_id), one.holder(), "agree") == "approval.waits_for_signers");
    const auto question = one.signer(expert);
    CHECK(one.attempt(operations::delegate_task, question, expert, to(one.colleague(12))) ==
          "approval.signer_only_answers");
    one.complete(question, expert, "answered");
    CHECK(one.by_id(task.task_id).state == "open");
    one.complete(one.by_id(task.task_id), one.holder(), "agree");
}

void others_sign_before(Case& one, const Place&) {
    const auto task = one.the("work");
    const auto first = one.expert(30);
    const auto second = one.colleague(12);
    one.act(operations::add_signers, task, one.holder(),
            operations::NewSigners{std::string(kBefore), {first, second}, "请核对"});
    CHECK(one.attempt(operations::add_signers, one.by_id(task.task_id), one.holder(),
                      operations::NewSigners{std::string(kBefore), {first}, "请核对"}) == "approval.signer_twice");
    one.complete(one.signer(first), first, "disagree");
    CHECK(one.try_complete(one.by_id(task.task_id), one.holder(), "agree") == "approval.waits_for_signers");
    one.complete(one.signer(second), second, "agree");
    // What they say does not bind him.
    one.complete(one.by_id(task.task_id), one.holder(), "agree");
}

void others_sign_after(Case& one, const Place&) {
    const auto task = one.the("work");
    const auto first = one.expert(30);
    const auto second = one.expert(31);
    one.act(operations::add_signers, task, one.holder(),
            operations::NewSigners{std::string(kAfter), {first, second}, "请会签"});
    CHECK(one.try_complete(one.signer(first), first, "agree") == "approval.task_not_open");
    one.complete(one.by_id(task.task_id), one.holder(), "agree");
    CHECK(one.by_id(task.task_id).state == "open");
    CHECK(one.try_complete(one.by_id(task.task_id), one.holder(), "agree") == "approval.task_decided");
    one.complete(one.signer(first), first, "agree");
    CHECK(one.by_id(task.task_id).state == "open");
    one.complete(one.signer(second), second, "agree");
    CHECK(one.by_id(task.task_id).outcome == "agree");
    CHECK(one.by_id(task.task_id).actor_id == one.holder().actor.account_id.text);
}

void one_who_signs_after_disagrees(Case& one, const Place&) {
    const auto task = one.the("work");
    const auto first = one.expert(30);
    const auto second = one.expert(31);
    one.act(operations::add_signers, task, one.holder(),
            operations::NewSigners{std::string(kAfter), {first, second}, "请会签"});
    one.complete(one.by_id(task.task_id), one.holder(), "agree");
    const auto other = one.signer(second).task_id;
    one.complete(one.signer(first), first, "disagree");
    CHECK(one.by_id(task.task_id).outcome == "disagree");
    CHECK(one.by_id(task.task_id).actor_id == first.actor.account_id.text);
    CHECK(one.by_id(other).cancel_cause == "signer_not_needed");
}

void a_signer_is_removed(Case& one, const Place&) {
    const auto task = one.the("work");
    const auto before = one.expert(30);
    const auto after = one.expert(31);
    one.act(operations::add_signers, task, one.holder(),
            operations::NewSigners{std::string(kBefore), {before}, "请核对"});
    one.act(operations::add_signers, one.by_id(task.task_id), one.holder(),
            operations::NewSigners{std::string(kAfter), {after}, "请会签"});
    const auto removed = one.signer(before).task_id;
    one.act(operations::remove_signer, one.by_id(task.task_id), one.holder(), removed, std::string("已电话核实"));
    CHECK(one.by_id(removed).cancel_cause == "signer_removed");
    one.complete(one.by_id(task.task_id), one.holder(), "agree");
    CHECK(one.by_id(task.task_id).state == "open");
    // Judged again: nobody is left to sign, so his decision counts.
    one.act(operations::remove_signer, one.by_id(task.task_id), one.holder(), one.signer(after).task_id,
            std::string("不在岗"));
    CHECK(one.by_id(task.task_id).state == "completed");
}

void is_returned_with_its_signers(Case& one, const Place&) {
    const auto task = one.the("work");
    one.act(operations::add_signers, task, one.holder(),
            operations::NewSigners{std::string(kBefore), {one.expert(30)}, "请核对"});
    const auto asked = one.signer(one.expert(30)).task_id;
    one.act(operations::return_task, one.by_id(task.task_id), one.holder(),
            operations::Return{"first", bpmn::Onward::again, "资料不全"});
    CHECK(one.by_id(asked).state == "cancelled");
    CHECK_FALSE(one.is_open("work"));
    CHECK(one.is_open("first"));
}

void is_taken_back(Case& one, const Place& place) {
    const auto task = one.the("work");
    one.complete(task, one.holder(), "agree");
    const std::string why = "看错了图纸";
    if (place.several) {
        CHECK(one.attempt(operations::take_back_task, one.by_id(task.task_id), one.holder(), why) ==
              "approval.take_back_impossible");
        return;
    }
    CHECK(one.attempt(operations::take_back_task, one.by_id(task.task_id), one.colleague(12), why) ==
          "approval.take_back_not_yours");
    if (one.is_open("last") && place.name != "plain" && place.name != "behind a join") {
        // What was inside a part that has ended can't be begun again by itself.
        CHECK(one.attempt(operations::take_back_task, one.by_id(task.task_id), one.holder(), why) ==
              "approval.take_back_impossible");
        return;
    }
    one.act(operations::take_back_task, one.by_id(task.task_id), one.holder(), why);
    CHECK_FALSE(one.is_open("last"));
    CHECK(one.the("work").assignee_id == one.holder().actor.account_id.text);
    one.complete(one.the("work"), one.holder(), "disagree");
}

void a_decision_that_waits_is_taken_back(Case& one, const Place&) {
    const auto task = one.the("work");
    const auto signer = one.expert(30);
    one.act(operations::add_signers, task, one.holder(),
            operations::NewSigners{std::string(kAfter), {signer}, "请会签"});
    one.complete(one.by_id(task.task_id), one.holder(), "agree");
    one.act(operations::take_back_task, one.by_id(task.task_id), one.holder(), std::string("看错了"));
    CHECK(one.try_complete(one.signer(signer), signer, "agree") == "approval.task_not_open");
    one.complete(one.by_id(task.task_id), one.holder(), "disagree");
    CHECK(one.by_id(task.task_id).state == "completed");
}

void is_released(Case& one, const Place&) {
    const auto task = one.the("work");
    one.act(operations::release_task, task, one.holder());
    CHECK(one.attempt(operations::transfer_task, one.by_id(task.task_id), one.holder(), to(one.colleague(12))) ==
          "approval.task_not_held");
    one.act(operations::claim_task, one.by_id(task.task_id), one.colleague(12));
}

void is_urged(Case& one, const Place&) {
    const auto task = one.the("work");
    const std::string note = "请今天办理";
    CHECK(one.attempt(operations::urge_task, task, one.expert(30), note) == "authz.not_permitted");
    one.act(operations::urge_task, task, one.head(), note);
    CHECK(one.acts().back().to_id == one.holder().actor.account_id.text);
    for (const int head : {41, 42})
        one.act(operations::urge_task, task, Office::officer(Role::section_head, head), note);
    CHECK(one.attempt(operations::urge_task, task, Office::officer(Role::section_head, 43), note) ==
          "approval.urged_enough");
    // It takes nothing from who works on it.
    one.complete(task, one.holder(), "agree");
}

/// Each kind in the plainest place and each place with the most usual kind; all of them with `./kaigong test --long`.
bool is_played(const testing::Kind& kind, const Place& place) {
    return place.name == "plain" || kind.name == std::string("review") || std::getenv("KAIGONG_LONG") != nullptr;
}

struct Scenario {
    const char* name;
    void (*play)(Case&, const Place&);
};
constexpr std::array kScenarios{
    Scenario{"transfers twice", transfers_twice},
    Scenario{"is assigned", is_assigned},
    Scenario{"is delegated", is_delegated},
    Scenario{"others sign before", others_sign_before},
    Scenario{"others sign after", others_sign_after},
    Scenario{"one who signs after disagrees", one_who_signs_after_disagrees},
    Scenario{"a signer is removed", a_signer_is_removed},
    Scenario{"is returned with its signers", is_returned_with_its_signers},
    Scenario{"is taken back", is_taken_back},
    Scenario{"a decision that waits is taken back", a_decision_that_waits_is_taken_back},
    Scenario{"is released", is_released},
    Scenario{"is urged", is_urged},
};

}  // namespace

TEST_CASE("every operation on every kind of task, in every place of a process, each step by another program") {
    for (const auto& kind : testing::kKinds) {
        for (const auto& place : testing::places(kind)) {
            if (!is_played(kind, place)) continue;
            testing::on_each_pair(
                [&](Office& left, Office& right) {
                    for (const auto& scenario : kScenarios) {
                        CAPTURE(std::string(kind.name));
                        CAPTURE(place.name);
                        CAPTURE(std::string(scenario.name));
                        Case one({&left, &right}, kind);
                        scenario.play(one, place);
                        one.must_come_to_its_end();
                    }
                },
                place.files);
        }
    }
}

}  // namespace kaigong::approval
