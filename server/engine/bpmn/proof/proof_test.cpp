// Faults planted one by one, each in a model of its own: every one is found, at the right element, with a way to it
// that a person can follow. And models without a fault pass.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "engine/bpmn/proof/proof_test.hpp"

using namespace kaigong::bpmn;

namespace {

constexpr std::string_view kTwoBranches = R"(
<startEvent id="start"/> <userTask id="a"/> <userTask id="b"/> <endEvent id="done"/>
split -> a -> join
split -> b -> join
join -> done
start -> split
)";

/// Two tasks between a split and a join of these kinds.
std::string two_branches(std::string_view split, std::string_view join) {
    return fmt::format("<{} id=\"split\"/> <{} id=\"join\"/>{}", split, join, kTwoBranches);
}

/// The same with conditions on both branches.
std::string two_conditional_branches(std::string_view split, std::string_view join) {
    return fmt::format(R"(
<{} id="split"/> <{} id="join"/> <startEvent id="start"/> <userTask id="a"/> <userTask id="b"/> <endEvent id="done"/>
start -> split
split -> a when x = 1
split -> b when y = 2
a -> join
b -> join
join -> done
)",
                       split, join);
}

std::string text_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    REQUIRE(file.good());
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("a task behind a condition that is never true is dead") {
    check_fault(R"(
<startEvent id="start"/> <exclusiveGateway id="choice" default="choice_done"/> <userTask id="never"/> <endEvent id="done"/>
start -> choice
choice -> never when 1 > 2
choice -> done
never -> done
)",
                "dead_element", "never", "「start」");
}

TEST_CASE("a flow after one with the same condition is never taken") {
    check_fault(R"(
<startEvent id="start"/> <exclusiveGateway id="choice"/> <userTask id="a"/> <userTask id="b"/> <endEvent id="done"/>
start -> choice
choice -> a when approved
choice -> b when approved
a -> done
b -> done
)",
                "flow_never_taken", "choice_b", "「start」");
}

TEST_CASE("a default flow after a condition that is always true is never taken") {
    check_fault(R"(
<startEvent id="start"/> <exclusiveGateway id="choice" default="choice_b"/> <userTask id="a"/> <userTask id="b"/>
<endEvent id="done"/>
start -> choice
choice -> a when true
choice -> b
a -> done
b -> done
)",
                "dead_element", "b", "「start」");
}

TEST_CASE("a gateway without any possible way out") {
    check_fault(R"(
<startEvent id="start"/> <exclusiveGateway id="choice"/> <userTask id="a"/> <userTask id="b"/> <endEvent id="done"/>
start -> choice
choice -> a when false
choice -> b when "x" = "y"
a -> done
b -> done
)",
                "no_way_out", "choice", "「start」");
}

TEST_CASE("a parallel split and an exclusive join: what follows runs twice") {
    check_fault(R"(
<startEvent id="start"/> <parallelGateway id="split"/> <userTask id="a"/> <userTask id="b"/>
<exclusiveGateway id="merge"/> <userTask id="decide"/> <endEvent id="done"/>
start -> split
split -> a -> merge
split -> b -> merge
merge -> decide -> done
)",
                "runs_twice", "decide",
                "「start」 → 「split」同时走去「a」去「b」 → 办结「a」 → 「merge」 → 办结「b」 → 「merge」");
}

TEST_CASE("an inclusive split and an exclusive join: what follows runs twice") {
    check_fault(R"(
<startEvent id="start"/> <inclusiveGateway id="split"/> <userTask id="a"/> <userTask id="b"/>
<exclusiveGateway id="merge"/> <userTask id="decide"/> <endEvent id="done"/>
start -> split
split -> a when x > 1
split -> b when x > 2
a -> merge
b -> merge
merge -> decide -> done
)",
                "runs_twice", "decide",
                "「start」 → 「split」同时走去「a」去「b」 → 办结「a」 → 「merge」 → 办结「b」 → 「merge」");
}

TEST_CASE("an exclusive split and a parallel join: the join never fires") {
    check_fault(two_conditional_branches("exclusiveGateway", "parallelGateway"), "join_never_fires", "join",
                "「start」 → 「split」选去「a」 → 办结「a」 → 「join」一直等待");
}

TEST_CASE("an inclusive split and a parallel join: a token can be left behind") {
    check_fault(two_conditional_branches("inclusiveGateway", "parallelGateway"), "token_left_behind", "join",
                "「start」 → 「split」选去「a」 → 办结「a」 → 「join」一直等待");
}

TEST_CASE("a branch that ends on its own leaves the token of the other one at the join") {
    check_fault(
        R"(
<startEvent id="start"/> <parallelGateway id="split"/> <userTask id="a"/> <userTask id="b"/>
<exclusiveGateway id="enough"/> <parallelGateway id="join"/> <endEvent id="done"/> <endEvent id="aside"/>
start -> split
split -> a -> join
split -> b -> enough
enough -> join when x
enough -> aside when not(x)
join -> done
)",
        "token_left_behind", "join",
        "「start」 → 「split」同时走去「a」去「b」 → 办结「a」 → 办结「b」 → 「enough」选去「aside」 → 「aside」 → "
        "「join」一直等待");
}

TEST_CASE("an interrupting timer takes a branch away that the join waits for") {
    check_fault(
        R"(
<startEvent id="start"/> <parallelGateway id="split"/> <userTask id="a"/> <userTask id="b"/>
<parallelGateway id="join"/> <endEvent id="done"/> <endEvent id="late"/>
start -> split
split -> a -> join
split -> b -> join
join -> done
timer overdue on b after P3D
overdue -> late
)",
        "token_left_behind", "join",
        "「start」 → 「split」同时走去「a」去「b」 → 办结「a」 → 「overdue」触发 → 「late」 → 「join」一直等待");
}

TEST_CASE("a loop without exit") {
    check_fault(R"(
<startEvent id="start"/> <userTask id="a"/> <exclusiveGateway id="choice"/> <userTask id="again"/>
<userTask id="and_again"/> <endEvent id="done"/>
start -> a -> choice
choice -> done when x
choice -> again when not(x)
again -> and_again -> again
)",
                "cannot_end", "again",
                "「start」 → 办结「a」 → 「choice」选去「again」 → 办结「again」 → 办结「and_again」 → 如此反复");
}

TEST_CASE("a sub-process that can only be left by its timer, which opens it again, never stops") {
    check_fault(R"(
<startEvent id="start"/> <exclusiveGateway id="again"/>
wait {
  <startEvent id="begin"/> <exclusiveGateway id="one"/> <userTask id="a"/> <userTask id="b"/>
  <parallelGateway id="join"/> <endEvent id="end"/>
  begin -> one
  one -> a when x
  one -> b when not(x)
  a -> join
  b -> join
  join -> end
}
<endEvent id="done"/>
start -> again -> wait -> done
timer tick on wait after PT1H
tick -> again
)",
                "join_never_fires", "join",
                "「start」 → 「again」 → 进入「wait」 → 「one」选去「a」 → 办结「a」 → 「join」一直等待");
}

TEST_CASE("a sub-process that can't end keeps the whole from ending") {
    check_fault(R"(
<startEvent id="start"/> <endEvent id="done"/>
sub {
  <startEvent id="begin"/> <exclusiveGateway id="loop"/> <userTask id="work"/> <endEvent id="end"/>
  <exclusiveGateway id="choice"/>
  begin -> loop -> work -> choice
  choice -> loop when true
  choice -> end when x
}
start -> sub -> done
)",
                "cannot_end", "work",
                "「start」 → 进入「sub」 → 「loop」 → 办结「work」 → 「choice」选去「loop」 → 如此反复");
}

TEST_CASE("what comes after a task that a terminate end event always takes away is dead") {
    check_fault(R"(
<startEvent id="start"/> <parallelGateway id="split"/> <userTask id="open"/> <userTask id="after"/>
<endEvent id="all"><terminateEventDefinition/></endEvent> <endEvent id="done"/>
start -> split
split -> all
split -> open -> after -> done
)",
                "dead_element", "after", "「start」 → 「split」同时走去「all」去「open」");
}

TEST_CASE("a join of a branch with one that terminates first never fires") {
    check_fault(R"(
<startEvent id="start"/> <parallelGateway id="split"/> <userTask id="a"/> <parallelGateway id="join"/>
<endEvent id="done"/> <exclusiveGateway id="choice" default="choice_join"/> <userTask id="b"/>
<endEvent id="all"><terminateEventDefinition/></endEvent>
start -> split
split -> a -> join
split -> b -> choice
choice -> all when true
choice -> join
join -> done
)",
                "join_never_fires", "join", "「start」 → 「split」同时走去「a」去「b」 → 办结「a」");
}

TEST_CASE("a split inside a loop collects more and more tokens") {
    check_fault(
        R"(
<startEvent id="start"/> <exclusiveGateway id="loop"/> <parallelGateway id="split"/> <userTask id="notice"/>
<userTask id="decide"/> <exclusiveGateway id="choice"/> <endEvent id="noticed"/> <endEvent id="done"/>
start -> loop -> split
split -> notice -> noticed
split -> decide -> choice
choice -> loop when returned
choice -> done when not(returned)
)",
        "tokens_grow", "notice",
        "「start」 → 「loop」 → 「split」同时走去「notice」去「decide」 → 办结「decide」 → 「choice」选去「loop」 → "
        "如此反复");
}

TEST_CASE("a reminder that flows into the main line makes the decision run twice") {
    check_fault(R"(
<startEvent id="start"/> <userTask id="check"/> <exclusiveGateway id="merge"/> <userTask id="decide"/>
<endEvent id="done"/>
start -> check -> merge -> decide -> done
reminder reminded on check after P1D
reminded -> merge
)",
                "runs_twice", "decide", "「start」 → 「reminded」触发 → 「merge」 → 办结「check」 → 「merge」");
}

TEST_CASE("a timer on a task that is passed at once never fires") {
    check_fault(R"(
<startEvent id="start"/> <task id="pass"/> <endEvent id="done"/> <endEvent id="late"/>
start -> pass -> done
timer overdue on pass after P1D
overdue -> late
)",
                "dead_element", "overdue", "「start」");
}

TEST_CASE("two inclusive joins that wait for one another") {
    check_fault(R"(
<startEvent id="start"/> <parallelGateway id="split"/> <inclusiveGateway id="left"/> <inclusiveGateway id="right"/>
<userTask id="a"/> <userTask id="b"/> <parallelGateway id="after_left"/> <parallelGateway id="after_right"/>
<endEvent id="done_left"/> <endEvent id="done_right"/>
start -> split
split -> a -> left
split -> b -> right
left -> after_left -> right
right -> after_right -> left
after_left -> done_left
after_right -> done_right
)",
                "join_never_fires", "left",
                "「start」 → 「split」同时走去「a」去「b」 → 办结「a」 → 办结「b」 → 「left」一直等待");
}

TEST_CASE("a task that leaves by two flows at once and meets again without a join") {
    check_fault(R"(
<startEvent id="start"/> <userTask id="work"/> <userTask id="a"/> <userTask id="b"/> <userTask id="decide"/>
<endEvent id="done"/>
start -> work
work -> a -> decide
work -> b -> decide
decide -> done
)",
                "runs_twice", "decide", "「start」 → 办结「work」同时走去「a」去「b」 → 办结「a」 → 办结「b」");
}

TEST_CASE("a loop of gateways without any step never ends") {
    check_fault(R"(
<startEvent id="start"/> <exclusiveGateway id="one"/> <exclusiveGateway id="two"/> <userTask id="work"/>
<endEvent id="done"/>
start -> one
one -> two
two -> one when true
two -> work when x
work -> done
)",
                "cannot_end", "one", "「start」 → 「one」 → 「two」选去「one」 → 如此反复");
}

TEST_CASE("a loop that only a timer drives never stops") {
    check_fault(R"(
<startEvent id="start"/> <exclusiveGateway id="again"/>
<intermediateCatchEvent id="pause"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>
</intermediateCatchEvent>
start -> again -> pause -> again
)",
                "timer_never_stops", "pause", "「start」 → 「again」 → 「pause」到时 → 如此反复");
}

TEST_CASE("a join after an event-based gateway never fires: one event comes, not both") {
    check_fault(R"(
<startEvent id="start"/> <eventBasedGateway id="first"/> <parallelGateway id="join"/> <endEvent id="done"/>
<intermediateCatchEvent id="soon"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>
</intermediateCatchEvent>
<intermediateCatchEvent id="late"><timerEventDefinition><timeDuration>PT9H</timeDuration></timerEventDefinition>
</intermediateCatchEvent>
start -> first
first -> soon -> join
first -> late -> join
join -> done
)",
                "join_never_fires", "join", "「start」 → 「first」收到选去「soon」 → 「soon」 → 「join」一直等待");
}

TEST_CASE("an error that nothing catches stops the process") {
    check_fault(R"(
root <error id="bad" errorCode="bad"/>
<startEvent id="start"/> <userTask id="work"/> <endEvent id="done"/>
sub {
  <startEvent id="begin"/> <endEvent id="broken"><errorEventDefinition errorRef="bad"/></endEvent>
  begin -> broken
}
start -> work -> sub -> done
)",
                "error_not_caught", "broken", "「start」 → 办结「work」 → 进入「sub」 → 「broken」抛出错误");
}

TEST_CASE("an error caught on the edge goes on there, and what follows the activity is dead") {
    const Proof proof = proof_of(R"(
root <error id="bad" errorCode="bad"/>
<startEvent id="start"/> <endEvent id="done"/> <userTask id="after"/> <endEvent id="repaired"/>
sub {
  <startEvent id="begin"/> <endEvent id="broken"><errorEventDefinition errorRef="bad"/></endEvent>
  begin -> broken
}
<boundaryEvent id="caught" attachedToRef="sub"><errorEventDefinition/></boundaryEvent>
start -> sub -> after -> done
caught -> repaired
)");
    INFO(all_of(proof));
    CHECK(find(proof, "dead_element", "after") != nullptr);
    CHECK(find(proof, "dead_element", "repaired") == nullptr);
    CHECK(find(proof, "error_not_caught", "broken") == nullptr);
}

TEST_CASE("an event sub-process that interrupts leaves nothing behind, and one that does not may repeat") {
    check_proven(proof_of(R"(
<startEvent id="start"/> <parallelGateway id="split"/> <userTask id="a"/> <userTask id="b"/>
<parallelGateway id="join"/> <endEvent id="done"/>
start -> split
split -> a -> join
split -> b -> join
join -> done
<subProcess id="withdrawal" triggeredByEvent="true"> <startEvent id="asked"> <timerEventDefinition> <timeDuration>PT9H</timeDuration>
</timerEventDefinition> </startEvent> <userTask id="settle"/> <endEvent id="settled"/>
asked -> settle -> settled
</subProcess>
<subProcess id="reminding" triggeredByEvent="true"> <startEvent id="ticked" isInterrupting="false"> <timerEventDefinition>
<timeCycle>R3/PT1H</timeCycle> </timerEventDefinition> </startEvent> <userTask id="remind"/> <endEvent id="reminded"/>
ticked -> remind -> reminded
</subProcess>
)"));
}

TEST_CASE("an interruption on the edge of a repeated sub-process, and a repetition of nothing, are looked at") {
    check_proven(proof_of(R"(
<startEvent id="start"/> <endEvent id="done"/> <endEvent id="late"/>
<subProcess id="each"> <multiInstanceLoopCharacteristics> <loopCardinality>=n</loopCardinality>
</multiInstanceLoopCharacteristics> <startEvent id="begin"/> <userTask id="a"/> <endEvent id="end"/>
begin -> a -> end
</subProcess>
start -> each -> done
timer overdue on each after P9D
overdue -> late
)"));
}

TEST_CASE("splits and joins that fit one another are proven") {
    check_proven(proof_of(two_branches("parallelGateway", "parallelGateway")));
    check_proven(proof_of(two_branches("parallelGateway", "inclusiveGateway")));
    check_proven(proof_of(two_conditional_branches("exclusiveGateway", "exclusiveGateway")));
    check_proven(proof_of(two_conditional_branches("inclusiveGateway", "inclusiveGateway")));
    check_proven(proof_of(two_conditional_branches("exclusiveGateway", "inclusiveGateway")));
}

TEST_CASE("loops with an exit, reminders, interruptions and terminations that are meant are proven") {
    check_proven(proof_of(R"(
<startEvent id="start"/> <exclusiveGateway id="again"/> <userTask id="check"/> <serviceTask id="remind">
<extensionElements><kaigong:job type="j"/></extensionElements></serviceTask> <endEvent id="reminded"/>
<exclusiveGateway id="choice"/> <endEvent id="done"/> <endEvent id="late"><terminateEventDefinition/></endEvent>
sub {
  <startEvent id="begin"/> <userTask id="a"/> <endEvent id="end"/>
  begin -> a -> end
}
start -> again -> check -> choice
choice -> again when returned
choice -> sub when not(returned)
sub -> done
reminder reminder on check after P1D
reminder -> remind -> reminded
timer overdue on sub after P9D
overdue -> late
)"));
}

TEST_CASE("the catalogue's processes are proven") {
    for (const char* matter : {"construction-permit", "night-construction"}) {
        CAPTURE(matter);
        check_proven(
            proof_of_xml(text_of(std::filesystem::path(KAIGONG_SOURCE_DIR) / "catalog" / matter / "issue.bpmn")));
    }
}

TEST_CASE("the bench's process is proven") {
    const auto path = std::filesystem::path(KAIGONG_SOURCE_DIR) / "../shared/bench/approval4.feel.bpmn";
    if (!std::filesystem::exists(path)) {
        MESSAGE("skipped: ../shared/bench is not here");
        CHECK(std::getenv("CI") == nullptr);
        return;
    }
    check_proven(proof_of_xml(text_of(path)));
}

TEST_CASE("at its limit the proof gives up and says so, and a fault found before is a fault") {
    const Proof proof = proof_of(two_branches("parallelGateway", "parallelGateway"), {.states_max = 3});
    CHECK(proof.verdict() == Proof::Verdict::gave_up);
    REQUIRE(proof.gaps.size() == 1);
    CHECK(proof.gaps[0].code == "state_limit");
    CHECK(proof.findings.empty());
}
