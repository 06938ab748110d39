// 退回 from every place of a process × to a task that one did, or two × once more step by step (重新逐步办理), or
// straight back (直送), on both databases, each step by another program. To the applicant it takes a letter:
// return_task_test.cpp.
#include "modules/approval/testing/task_case.hpp"

namespace kaigong::approval {
namespace {

using authz::Role;
using testing::Case;
using testing::First;
using testing::Office;
using testing::Place;

void returns_to(Case& one, const std::string& target, bpmn::Onward onward) {
    const auto task = one.the("work");
    const auto before = one.open();
    one.act(operations::return_task, task, one.holder(), operations::Return{target, onward, "图纸与现场不符"});
    CHECK(one.by_id(task.task_id).outcome == "returned");
    CHECK_FALSE(one.is_open("work"));
    CHECK(one.is_open(target));
    one.complete_all(target);
    if (onward == bpmn::Onward::straight) CHECK(one.open() == before);
    one.must_come_to_its_end();
}

void returns_across_the_join(Case& one, bpmn::Onward onward) {
    one.act(operations::return_task, one.the("work"), one.holder(), operations::Return{"side", onward, "请补勘"});
    CHECK(one.open() == std::multiset<std::string>{"side"});
    one.complete_all("side");
    // What the other branch did stays done, and the join fires once.
    CHECK(one.open() == std::multiset<std::string>{"work"});
    one.must_come_to_its_end();
}

void play(Office& left, Office& right, const testing::Kind& kind, const Place& place) {
    for (const auto onward : {bpmn::Onward::again, bpmn::Onward::straight}) {
        CAPTURE(place.name);
        CAPTURE((onward == bpmn::Onward::straight));
        Case one({&left, &right}, kind);
        returns_to(one, "first", onward);
        if (place.name != "behind a join") continue;
        Case other({&left, &right}, kind);
        returns_across_the_join(other, onward);
    }
}

}  // namespace

TEST_CASE("a case is sent back from every place, to one or to several, and on again or straight") {
    const testing::Kind kind{"review", Role::reviewer};
    for (const auto first : {First::once, First::by_two}) {
        for (const auto& place : testing::places(kind, first)) {
            testing::on_each_pair([&](Office& left, Office& right) { play(left, right, kind, place); }, place.files);
        }
    }
}

}  // namespace kaigong::approval
