// Faults and sound models of each kind of element that the proof knows, beside those of proof_test.cpp.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/bpmn/proof/proof_test.hpp"

using namespace kaigong::bpmn;

TEST_CASE("a task behind conditions that contradict one another is dead") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/>
<exclusiveGateway id="c" default="c_done"/><userTask id="never"/>
start -> c
c -> never when area > 100 and area < 50
c -> done
never -> done
)",
                "dead_element", "never", "「start」");
}

TEST_CASE("a flow behind a wider condition is never taken") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/>
<exclusiveGateway id="c"/><userTask id="a"/> <userTask id="b"/>
start -> c
c -> a when x > 5
c -> b when x > 10
a -> done
b -> done
)",
                "flow_never_taken", "c_b", "「start」");
}

TEST_CASE("a default flow is never taken when the conditions cover everything") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/>
<exclusiveGateway id="c" default="c_z"/><userTask id="a"/> <userTask id="b"/> <userTask id="z"/>
start -> c
c -> a when x <= 5 or x = null
c -> b when x > 5
c -> z
a -> done
b -> done
z -> done
)",
                "flow_never_taken", "c_z", "「start」");
}

TEST_CASE("a timer that repeats without bound on what can never end does not stop") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/><endEvent id="r"/>
sub {
<startEvent id="ss"/><userTask id="a"/> <userTask id="b"/><exclusiveGateway id="c"/><parallelGateway id="j"/>
<endEvent id="se"/>
ss -> c
c -> a when x = 1
c -> b when x != 1
a -> j
b -> j
j -> se
}
<boundaryEvent id="t" attachedToRef="sub" cancelActivity="false"><timerEventDefinition>
<timeCycle>R/PT1H</timeCycle></timerEventDefinition></boundaryEvent>
start -> sub -> done
t -> r
)",
                "timer_never_stops", "t", "「start」 → 「t」触发 → 如此反复");
}

TEST_CASE("an event sub-process that throws what starts it goes on for ever") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/><userTask id="a"/>
start -> a -> done
<subProcess id="es" triggeredByEvent="true"><startEvent id="es_s" isInterrupting="false">
<signalEventDefinition signalRef="sg"/></startEvent><userTask id="x"/><endEvent id="es_e">
<signalEventDefinition signalRef="sg"/></endEvent>
es_s -> x -> es_e
</subProcess>
root <signal id="sg" name="sg"/>
)",
                "cannot_end", "x",
                "「start」 → 「es_s」触发 → 进入「es」 → 办结「a」 → 「done」 → 办结「x」 → 「es_e」发出信号 → "
                "进入「es」 → 「es_e」 → 「es」全部办结 → 如此反复");
}

TEST_CASE("what comes behind a signal that ends its own sub-process is dead") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/><userTask id="after"/> <userTask id="out"/>
sub {
<startEvent id="ss"/><intermediateThrowEvent id="th"><signalEventDefinition signalRef="sg"/>
</intermediateThrowEvent><userTask id="never"/><endEvent id="se"/>
ss -> th -> never -> se
}
<boundaryEvent id="b" attachedToRef="sub"><signalEventDefinition signalRef="sg"/></boundaryEvent>
start -> sub -> after -> done
b -> out -> done
root <signal id="sg" name="sg"/>
)",
                "dead_element", "never", "「start」 → 进入「sub」");
}

TEST_CASE("a task that is looped while true never ends") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/>
<userTask id="a"><standardLoopCharacteristics><loopCondition>=true</loopCondition></standardLoopCharacteristics>
</userTask>
start -> a -> done
)",
                "cannot_end", "a", "「start」 → 办结「a」 → 如此反复");
}

TEST_CASE("a process that calls itself on every way never ends") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/>
<callActivity id="call" calledElement="q"/>
start -> call -> done
root <process id="q" isExecutable="true"><startEvent id="qs"/><userTask id="qt"/><callActivity id="again" calledElement="q"/><endEvent id="qe"/><sequenceFlow id="q1" sourceRef="qs" targetRef="qt"/><sequenceFlow id="q2" sourceRef="qt" targetRef="again"/><sequenceFlow id="q3" sourceRef="again" targetRef="qe"/></process>
)",
                "cannot_end", "again", "「start」 → 进入「q」 → 办结「qt」 → 如此反复");
}

TEST_CASE("who undoes a task is dead when nothing compensates") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/><userTask id="a"/>
<boundaryEvent id="cb" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>
<userTask id="undo" isForCompensation="true"/><association id="as" sourceRef="cb" targetRef="undo"/>
start -> a -> done
)",
                "dead_element", "undo", "「start」");
}

TEST_CASE("an error is not caught by an event of another code") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/><endEvent id="late"/>
sub {
<startEvent id="ss"/><endEvent id="bad"><errorEventDefinition errorRef="e1"/></endEvent>
ss -> bad
}
<boundaryEvent id="b" attachedToRef="sub"><errorEventDefinition errorRef="e2"/></boundaryEvent>
start -> sub -> done
b -> late
root <error id="e1" name="e1" errorCode="E1"/>
root <error id="e2" name="e2" errorCode="E2"/>
)",
                "error_not_caught", "bad", "「start」 → 进入「sub」 → 「bad」抛出错误");
}

TEST_CASE("an error event is dead on what only passes") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/><endEvent id="late"/>
sub {
<startEvent id="ss"/><task id="t"/><endEvent id="se"/>
ss -> t -> se
}
<boundaryEvent id="b" attachedToRef="sub"><errorEventDefinition errorRef="e2"/></boundaryEvent>
start -> sub -> done
b -> late
root <error id="e1" name="e1" errorCode="E1"/>
root <error id="e2" name="e2" errorCode="E2"/>
)",
                "dead_element", "b", "「start」");
}

TEST_CASE("a timer is dead on a sub-process that is passed at once") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/><endEvent id="late"/>
sub {
<startEvent id="ss"/><task id="t"/><endEvent id="se"/>
ss -> t -> se
}
timer tm on sub after P1D
start -> sub -> done
tm -> late
)",
                "dead_element", "tm", "「start」");
}

TEST_CASE("an error of a script that nothing catches stops the process") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/>
<scriptTask id="sc"><script>if x = 1 then throw error("E1") else 2</script></scriptTask>
start -> sc -> done
)",
                "error_not_caught", "sc", "「start」 → 「sc」抛出错误");
}

TEST_CASE("an error event of a code that its script does not raise is dead") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/><endEvent id="late"/>
<scriptTask id="sc"><script>if x = 1 then throw error("E1") else 2</script></scriptTask>
<boundaryEvent id="b" attachedToRef="sc"><errorEventDefinition errorRef="e2"/></boundaryEvent>
start -> sc -> done
b -> late
root <error id="e1" name="e1" errorCode="E1"/>
root <error id="e2" name="e2" errorCode="E2"/>
)",
                "dead_element", "b", "「start」");
}

TEST_CASE("two joins that wait for one another") {
    check_fault(R"(
<startEvent id="start"/>
<parallelGateway id="s"/> <parallelGateway id="j1"/> <parallelGateway id="j2"/> <parallelGateway id="s1"/> <parallelGateway id="s2"/>
<userTask id="a"/> <userTask id="b"/><endEvent id="d1"/> <endEvent id="d2"/>
start -> s
s -> a -> j1
s -> b -> j2
j1 -> s1 -> d1
j2 -> s2 -> d2
s1 -> j2
s2 -> j1
)",
                "join_never_fires", "j1",
                "「start」 → 「s」同时走去「a」去「b」 → 办结「a」 → 办结「b」 → 「j1」一直等待");
}

TEST_CASE("a sub-process that undoes something can be stuck") {
    check_fault(R"(
<startEvent id="start"/><userTask id="a"/>
<boundaryEvent id="cb" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>
<subProcess id="undo" isForCompensation="true"><startEvent id="ss"/><exclusiveGateway id="c"/>
<parallelGateway id="j"/><userTask id="u1"/> <userTask id="u2"/><endEvent id="se"/>
ss -> c
c -> u1 when x
c -> u2 when not(x)
u1 -> j
u2 -> j
j -> se
</subProcess><association id="as" sourceRef="cb" targetRef="undo"/>
<endEvent id="done"><compensateEventDefinition/></endEvent>
start -> a -> done
)",
                "join_never_fires", "j",
                "「start」 → 办结「a」 → 「done」开始撤销 → 由「undo」撤销 → 进入「undo」 → 「c」选去「u1」 → "
                "办结「u1」 → 「j」一直等待");
}

TEST_CASE("a cancel event is dead where nothing cancels the transaction") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/><userTask id="after"/> <userTask id="repair"/>
<transaction id="tx"><startEvent id="ts"/><userTask id="pay"/><endEvent id="te"/>
ts -> pay -> te
</transaction>
<boundaryEvent id="cx" attachedToRef="tx"><cancelEventDefinition/></boundaryEvent>
start -> tx -> after -> done
cx -> repair -> done
)",
                "dead_element", "cx", "「start」");
}

TEST_CASE("an escalation takes a branch away that the join waits for") {
    check_fault(
        R"(
<startEvent id="start"/><endEvent id="done"/><parallelGateway id="s"/> <parallelGateway id="j"/>
<userTask id="b"/><endEvent id="late"/>
sub {
<startEvent id="ss"/><userTask id="a"/><exclusiveGateway id="c"/><endEvent id="se"/><endEvent id="esc">
<escalationEventDefinition escalationRef="s1"/></endEvent>
ss -> a -> c
c -> se when ok
c -> esc when not(ok)
}
<boundaryEvent id="eb" attachedToRef="sub"><escalationEventDefinition escalationRef="s1"/></boundaryEvent>
start -> s
s -> sub -> j
s -> b -> j
j -> done
eb -> late
root <escalation id="s1" name="s1" escalationCode="S1"/>
)",
        "token_left_behind", "j",
        "「start」 → 「s」同时走去「sub」去「b」 → 进入「sub」 → 办结「b」 → 「eb」触发 → 「late」 → 「j」一直等待");
}

TEST_CASE("a way back into one of two branches starves the join") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/><parallelGateway id="s"/> <parallelGateway id="j"/>
<userTask id="a"/> <userTask id="b"/> <userTask id="z"/><exclusiveGateway id="c"/>
start -> s
s -> a -> j
s -> b -> j
j -> z -> c
c -> b when again
c -> done when not(again)
)",
                "token_left_behind", "j",
                "「start」 → 「s」同时走去「a」去「b」 → 办结「a」 → 办结「b」 → 「j」汇合 → 办结「z」 → "
                "「c」选去「b」 → 办结「b」 → 「j」一直等待");
}

TEST_CASE("what is repeated zero times is dead inside") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/>
<subProcess id="each"><multiInstanceLoopCharacteristics><loopCardinality>=0</loopCardinality>
</multiInstanceLoopCharacteristics><startEvent id="ss"/><userTask id="a"/><endEvent id="se"/>
ss -> a -> se
</subProcess>
start -> each -> done
)",
                "dead_element", "ss", "「start」");
}

TEST_CASE("a receive task that times out starves the join") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/><parallelGateway id="s"/> <parallelGateway id="j"/>
<userTask id="b"/><endEvent id="late"/>
<receiveTask id="r" messageRef="mg"/>
start -> s
s -> r -> j
s -> b -> j
j -> done
timer t on r after P1D
t -> late
root <message id="mg" name="mg"/>
)",
                "token_left_behind", "j",
                "「start」 → 「s」同时走去「r」去「b」 → 办结「b」 → 「t」触发 → 「late」 → 「j」一直等待");
}

TEST_CASE("a loop by way of a link has no exit") {
    check_fault(R"(
<startEvent id="start"/><userTask id="a"/>
<intermediateThrowEvent id="lt"><linkEventDefinition name="L"/></intermediateThrowEvent>
<intermediateCatchEvent id="lc"><linkEventDefinition name="L"/></intermediateCatchEvent>
<exclusiveGateway id="m"/>
start -> m -> a -> lt
lc -> m
)",
                "cannot_end", "a", "「start」 → 「m」 → 办结「a」 → 「lt」 → 「lc」 → 如此反复");
}

TEST_CASE("a join inside an ad-hoc sub-process never fires") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/>
<adHocSubProcess id="ah"><userTask id="a"/><exclusiveGateway id="c"/><parallelGateway id="j"/>
<userTask id="u1"/> <userTask id="u2"/> <userTask id="z"/>
a -> c
c -> u1 when x
c -> u2 when not(x)
u1 -> j
u2 -> j
j -> z
</adHocSubProcess>
start -> ah -> done
)",
                "join_never_fires", "j", "「start」 → 办结「a」 → 「c」选去「u1」 → 办结「u1」 → 「j」一直等待");
}

TEST_CASE("an error raised again where it was caught is not caught") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/><exclusiveGateway id="c"/><userTask id="a"/>
<endEvent id="bad"><errorEventDefinition errorRef="e1"/></endEvent>
start -> a -> c
c -> bad when x = 1
c -> done when x != 1
<subProcess id="es" triggeredByEvent="true"><startEvent id="es_s"><errorEventDefinition errorRef="e1"/>
</startEvent><userTask id="x"/><endEvent id="es_e"><errorEventDefinition errorRef="e1"/></endEvent>
es_s -> x -> es_e
</subProcess>
root <error id="e1" name="e1" errorCode="E1"/>
root <error id="e2" name="e2" errorCode="E2"/>
)",
                "error_not_caught", "es_e", "「start」 → 「es_s」触发 → 进入「es」 → 办结「x」 → 「es_e」抛出错误");
}

TEST_CASE("a repetition whose condition never ends it early is proven") {
    check_proven(proof_of(R"(
<startEvent id="start"/><endEvent id="done"/>
<userTask id="a"><multiInstanceLoopCharacteristics><loopCardinality>=3</loopCardinality>
<completionCondition>=false</completionCondition></multiInstanceLoopCharacteristics></userTask>
start -> a -> done
)"));
}

TEST_CASE("an end event and one that terminates is proven") {
    check_proven(proof_of(R"(
<startEvent id="start"/><endEvent id="done"/><parallelGateway id="s"/><userTask id="a"/> <userTask id="b"/>
<endEvent id="all"><terminateEventDefinition/></endEvent>
start -> s
s -> a -> done
s -> b -> all
)"));
}

TEST_CASE("a gateway that only joins and ends its way is proven") {
    for (const char* gateway : {"parallelGateway", "inclusiveGateway", "exclusiveGateway"}) {
        check_proven(proof_of(fmt::format(R"(
<startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/> <{} id="join"/>
start -> fork
fork -> a -> join
fork -> b -> join
)",
                                          gateway)));
    }
}

TEST_CASE("a loop of inclusive gateways is proven") {
    check_proven(proof_of(R"(
<startEvent id="start"/><endEvent id="done"/><inclusiveGateway id="l"/> <inclusiveGateway id="o"/>
<userTask id="a"/>
start -> l -> a -> o
o -> l when again
o -> done when not(again)
)"));
}

TEST_CASE("a transaction that is cancelled, undone and left is proven") {
    check_proven(proof_of(R"(
<startEvent id="start"/><endEvent id="done"/><userTask id="after"/> <userTask id="repair"/>
<transaction id="tx"><startEvent id="ts"/><userTask id="pay"/><exclusiveGateway id="c"/><endEvent id="te"/>
<endEvent id="tc"><cancelEventDefinition/></endEvent>
<boundaryEvent id="cb" attachedToRef="pay"><compensateEventDefinition/></boundaryEvent>
<userTask id="undo" isForCompensation="true"/><association id="as" sourceRef="cb" targetRef="undo"/>
ts -> pay -> c
c -> te when ok
c -> tc when not(ok)
</transaction>
<boundaryEvent id="cx" attachedToRef="tx"><cancelEventDefinition/></boundaryEvent>
start -> tx -> after -> done
cx -> repair -> done
)"));
}

TEST_CASE("an event sub-process that takes over is proven") {
    check_proven(proof_of(R"(
<startEvent id="start"/><endEvent id="done"/><userTask id="a"/>
start -> a -> done
<subProcess id="es" triggeredByEvent="true"><startEvent id="es_s"><messageEventDefinition messageRef="mg"/>
</startEvent><userTask id="x"/><endEvent id="es_e"/>
es_s -> x -> es_e
</subProcess>
root <message id="mg" name="mg"/>
)"));
}

TEST_CASE("inclusive ways that exclude one another is proven") {
    check_proven(proof_of(R"(
<startEvent id="start"/><endEvent id="done"/><inclusiveGateway id="s"/><exclusiveGateway id="m"/>
<userTask id="a"/> <userTask id="b"/> <userTask id="z"/>
start -> s
s -> a when x <= 2
s -> b when x > 2
a -> m
b -> m
m -> z -> done
)"));
}

TEST_CASE("a choice without a default is proven") {
    check_proven(proof_of(R"(
<startEvent id="start"/><endEvent id="done"/><exclusiveGateway id="c"/><userTask id="a"/> <userTask id="b"/>
start -> c
c -> a when x = "a"
c -> b when x = "b"
a -> done
b -> done
)"));
}

TEST_CASE("a signal from one branch to another is proven") {
    check_proven(proof_of(R"(
<startEvent id="start"/><endEvent id="done"/><parallelGateway id="s"/> <parallelGateway id="j"/>
<userTask id="a"/>
<intermediateThrowEvent id="th"><signalEventDefinition signalRef="sg"/></intermediateThrowEvent>
<intermediateCatchEvent id="w"><signalEventDefinition signalRef="sg"/></intermediateCatchEvent>
start -> s
s -> a -> th -> j
s -> w -> j
j -> done
root <signal id="sg" name="sg"/>
)"));
}

TEST_CASE("a condition that interrupts is proven") {
    check_proven(proof_of(R"(
<startEvent id="start"/><endEvent id="done"/><userTask id="a"/> <userTask id="r"/><exclusiveGateway id="m"/>
<boundaryEvent id="cb" attachedToRef="a"><conditionalEventDefinition><condition>=x = 1</condition>
</conditionalEventDefinition></boundaryEvent>
start -> a -> m
cb -> r -> m
m -> done
)"));
}

TEST_CASE("an error that an event sub-process catches is proven") {
    check_proven(proof_of(R"(
<startEvent id="start"/><endEvent id="done"/><exclusiveGateway id="c"/><userTask id="a"/>
<endEvent id="bad"><errorEventDefinition errorRef="e1"/></endEvent>
start -> a -> c
c -> bad when x = 1
c -> done when x != 1
<subProcess id="es" triggeredByEvent="true"><startEvent id="es_s"><errorEventDefinition errorRef="e1"/>
</startEvent><userTask id="x"/><endEvent id="es_e"/>
es_s -> x -> es_e
</subProcess>
root <error id="e1" name="e1" errorCode="E1"/>
root <error id="e2" name="e2" errorCode="E2"/>
)"));
}

TEST_CASE("a timer that repeats without bound never stops by itself, also where its activity can end") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/><userTask id="a"/><endEvent id="r"/>
<boundaryEvent id="t" attachedToRef="a" cancelActivity="false"><timerEventDefinition>
<timeCycle>R/PT1H</timeCycle></timerEventDefinition></boundaryEvent>
start -> a -> done
t -> r
)",
                "timer_never_stops", "t", "「start」 → 「t」触发 → 如此反复");
}

TEST_CASE("a cycle that is computed is not covered") {
    const Proof proof = proof_of(R"(
<startEvent id="start"/><endEvent id="done"/><userTask id="a"/><endEvent id="r"/>
<boundaryEvent id="t" attachedToRef="a" cancelActivity="false"><timerEventDefinition>
<timeCycle>=cycle</timeCycle></timerEventDefinition></boundaryEvent>
start -> a -> done
t -> r
)");
    CHECK(proof.verdict() == Proof::Verdict::gave_up);
    CHECK(proof.findings.empty());
    REQUIRE(proof.gaps.size() == 1);
    CHECK(proof.gaps[0].code == "not_covered");
    CHECK(proof.gaps[0].element == "t");
}

TEST_CASE("a loop in which nothing is done goes round for ever, though it has an exit") {
    check_fault(R"(
<startEvent id="start"/><endEvent id="done"/><exclusiveGateway id="merge"/><exclusiveGateway id="again"/>
<userTask id="a"/>
start -> a -> merge -> again
again -> merge when x = 1
again -> done when x != 1
)",
                "loop_without_step", "again", "「start」 → 办结「a」 → 「merge」 → 「again」选去「merge」 → 如此反复");
}

TEST_CASE("a loop with a script that may change what is asked for has an exit") {
    check_proven(proof_of(R"(
<startEvent id="start"/><endEvent id="done"/><exclusiveGateway id="merge"/><exclusiveGateway id="again"/>
<scriptTask id="count"><extensionElements><zeebe:script expression="=x + 1" resultVariable="x"/></extensionElements>
</scriptTask>
start -> merge -> count -> again
again -> merge when x < 5
again -> done when x >= 5
)"));
}

TEST_CASE("a split that feeds itself twice at once grows, and the proof ends soon") {
    const Proof proof = proof_of(R"(
<startEvent id="start"/><exclusiveGateway id="merge"/><parallelGateway id="split"/><exclusiveGateway id="back"/>
start -> merge -> split
split -> merge
split -> back -> merge
)");
    INFO(all_of(proof));
    CHECK(proof.verdict() == Proof::Verdict::faulty);
    CHECK(proof.states < 100);
}

TEST_CASE("twelve branches of five tasks are too many states: it gives up, and says what it came to") {
    std::string lines =
        "<startEvent id=\"start\"/><endEvent id=\"done\"/><parallelGateway id=\"split\"/><parallelGateway "
        "id=\"join\"/>\n"
        "start -> split\njoin -> done\n";
    for (int branch = 0; branch < 12; ++branch) {
        std::string way = "split";
        for (int task = 0; task < 5; ++task) {
            lines += fmt::format("<userTask id=\"b{}_{}\"/>\n", branch, task);
            way += fmt::format(" -> b{}_{}", branch, task);
        }
        lines += way + " -> join\n";
    }
    const Proof proof = proof_of(lines, {.states_max = 20'000});
    CHECK(proof.verdict() == Proof::Verdict::gave_up);
    CHECK(proof.findings.empty());
    CHECK(proof.states == 20'000);
    CHECK(proof.elements == 64);
    CHECK(proof.elements_reached > 40);
}
