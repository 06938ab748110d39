#include "engine/bpmn/simulation.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <boost/json.hpp>

#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong;
using namespace kaigong::bpmn;
namespace json = boost::json;

namespace {

constexpr std::int64_t kStartMs = 1'795'395'600'000;  // 2026-11-23 09:00 in the office

struct Ran {
    SimulationEnd end;
    std::vector<json::object> lines;

    /// `element event …` of the lines with one of these events, in order.
    std::string told(std::initializer_list<std::string_view> events) const {
        std::string text;
        for (const json::object& line : lines) {
            const std::string_view event = line.at("event").get_string();
            if (std::ranges::find(events, event) == events.end()) continue;
            if (!text.empty()) text += ' ';
            text += std::string(line.at("element").get_string());
            if (events.size() > 1) text += ':' + std::string(event);
        }
        return text;
    }
    const json::object* find(std::string_view element, std::string_view event) const {
        for (const json::object& line : lines) {
            if (line.at("element").get_string() == element && line.at("event").get_string() == event) return &line;
        }
        return nullptr;
    }
    std::string text(std::string_view element, std::string_view event, std::string_view member) const {
        const json::object* line = find(element, event);
        return line == nullptr ? "no such line" : std::string(line->at(member).get_string());
    }
};

Ran run(std::string_view model, const SimulationPlan& plan) {
    Ran ran;
    const auto definition = parse(model_xml(model));
    if (!definition) FAIL(definition.error().fields.front().field << definition.error().fields.front().message);
    ran.end = simulate({*definition}, plan, kStartMs, [&](const json::object& line) { ran.lines.push_back(line); });
    return ran;
}

std::vector<Completion> script(std::string_view text) {
    return completions_from_json(json::parse(text)).value();
}

std::vector<Advance> advances(std::initializer_list<std::string_view> texts) {
    std::vector<Advance> list;
    for (const std::string_view text : texts) list.push_back(advance_from_text(text).value());
    return list;
}

constexpr std::string_view kTwoTasks = R"(
<startEvent id="start"/> <userTask id="accept"/> <userTask id="review"/> <endEvent id="done"/>
start -> accept -> review -> done
)";

constexpr std::string_view kReminded = R"(
<startEvent id="start"/> <userTask id="accept"/> <userTask id="remind"/> <endEvent id="done"/> <endEvent id="told"/>
reminder day_one on accept after P1D
start -> accept -> done
day_one -> remind -> told
)";

}  // namespace

TEST_CASE("a run without a plan waits at the first task and tells how it came there") {
    const Ran ran = run(kTwoTasks, {.variables = {{"x", 1}}});
    CHECK(ran.end.end == "waiting");
    CHECK(ran.end.variables == json::object{{"x", 1}});
    CHECK_FALSE(ran.end.error);
    REQUIRE(ran.lines.size() == 7);
    CHECK(json::serialize(ran.lines[0]) ==
          R"({"element":"p","type":"process","event":"entered","at":"2026-11-23T09:00:00+08:00"})");
    CHECK(ran.lines[1].at("variables") == json::object{{"x", 1}});
    CHECK(ran.told({"entered", "completed", "taken", "waiting"}) ==
          "p:entered start:entered start:completed start_accept:taken accept:entered accept:waiting");
    CHECK(ran.text("start", "entered", "type") == "startEvent");
    CHECK(ran.text("start_accept", "taken", "type") == "sequenceFlow");
    CHECK(ran.text("accept", "waiting", "type") == "userTask");
}

TEST_CASE("completing all runs to the end") {
    const Ran ran = run(kTwoTasks, {.completes_all = true});
    CHECK(ran.end.end == "completed");
    CHECK(ran.told({"completed"}) == "start accept review done p");
}

TEST_CASE("the same plan gives the same trace") {
    SimulationPlan plan{.completes_all = true};
    plan.advances = advances({"P3D"});
    CHECK(run(kReminded, plan).lines == run(kReminded, plan).lines);
}

TEST_CASE("a script completes what it names with its variables, and the rest waits") {
    SimulationPlan plan;
    plan.script = script(R"([{"element":"accept","variables":{"outcome":"ok"}}])");
    const Ran ran = run(kTwoTasks, plan);
    CHECK(ran.end.end == "waiting");
    CHECK(ran.end.variables == json::object{{"outcome", "ok"}});
    CHECK(ran.end.unused.empty());
    CHECK(ran.told({"waiting"}) == "accept review");
    CHECK(ran.find("p", "variables")->at("variables") == json::object{{"outcome", "ok"}});
}

TEST_CASE("an entry of a script waits for the one before it, over the clock") {
    SimulationPlan plan;
    plan.script = script(R"([{"element":"remind"},{"element":"accept"}])");
    plan.advances = advances({"P2D"});
    const Ran ran = run(kReminded, plan);
    CHECK(ran.end.end == "completed");
    CHECK(ran.told({"completed"}) == "start day_one remind told accept done p");
    CHECK(ran.text("accept", "completed", "at") == "2026-11-24T09:00:00+08:00");
}

TEST_CASE("entries that wait in vain are named, and hold up the others no longer than the clock moves") {
    SimulationPlan plan;
    plan.script = script(R"([{"element":"nothing"},{"element":"review"},{"element":"accept"}])");
    const Ran ran = run(kTwoTasks, plan);
    CHECK(ran.end.end == "completed");
    CHECK(ran.end.unused == std::vector<std::string>{"nothing"});
}

TEST_CASE("a script takes the oldest open task of an element once for each entry") {
    constexpr std::string_view kLoop = R"(
<startEvent id="start"/> <userTask id="check"/> <exclusiveGateway id="choice"/> <endEvent id="done"/>
start -> check -> choice
choice -> done when ok
choice -> check when not(ok)
)";
    SimulationPlan plan;
    plan.script =
        script(R"([{"element":"check","variables":{"ok":false}},{"element":"check","variables":{"ok":true}}])");
    const Ran ran = run(kLoop, plan);
    CHECK(ran.end.end == "completed");
    CHECK(ran.told({"waiting"}) == "check check");
}

TEST_CASE("the clock fires each timer at its instant and stops where it was moved to") {
    constexpr std::string_view kTimers = R"(
<startEvent id="start"/> <userTask id="accept"/> <userTask id="late"/> <endEvent id="done"/> <endEvent id="over"/>
timer day_one on accept after P1D
timer hour on late after PT1H
start -> accept -> done
day_one -> late -> done
hour -> over
)";
    SimulationPlan plan;
    plan.advances = advances({"PT23H", "PT1H"});
    const Ran first = run(kTimers, plan);
    CHECK(first.end.end == "waiting");
    CHECK(first.text("day_one", "timer_scheduled", "due_at") == "2026-11-24T09:00:00+08:00");
    CHECK(first.text("day_one", "fired", "at") == "2026-11-24T09:00:00+08:00");
    CHECK(first.text("day_one", "entered", "type") == "boundaryEvent");
    CHECK(first.text("accept", "cancelled", "cause") == "day_one");
    CHECK(first.find("hour", "fired") == nullptr);
    plan.advances = advances({"P1M"});
    const Ran second = run(kTimers, plan);
    CHECK(second.end.end == "completed");
    CHECK(second.text("hour", "fired", "at") == "2026-11-24T10:00:00+08:00");
    plan.advances = advances({"PT23H59M59.999S"});
    CHECK(run(kTimers, plan).told({"fired"}).empty());
}

TEST_CASE("what opens on the way is completed on the way") {
    SimulationPlan plan;
    plan.completes_all = true;
    CHECK(run(kReminded, plan).told({"timer_cancelled"}) == "day_one");
    plan.completes_all = false;
    plan.script = script(R"([{"element":"remind"}])");
    plan.advances = advances({"P1D"});
    const Ran ran = run(kReminded, plan);
    CHECK(ran.end.end == "waiting");
    CHECK(ran.text("remind", "completed", "at") == "2026-11-24T09:00:00+08:00");
}

TEST_CASE("a join is entered once, when it fires") {
    const Ran ran = run(R"(
<startEvent id="start"/> <parallelGateway id="fork"/> <userTask id="a"/> <userTask id="b"/>
<parallelGateway id="join"/> <endEvent id="done"/>
start -> fork -> a -> join -> done
fork -> b -> join
)",
                        {.completes_all = true});
    CHECK(ran.end.end == "completed");
    CHECK(ran.told({"joined"}) == "join");
    CHECK(ran.told({"taken"}) == "start_fork fork_a fork_b a_join b_join join_done");
    int entered = 0;
    for (const json::object& line : ran.lines)
        entered += line.at("element").get_string() == "join" && line.at("event").get_string() == "entered" ? 1 : 0;
    CHECK(entered == 1);
}

TEST_CASE("an inclusive join that waited is entered when it fires") {
    const Ran ran = run(R"(
<startEvent id="start"/> <inclusiveGateway id="fork"/> <userTask id="a"/> <userTask id="b"/>
<inclusiveGateway id="join"/> <endEvent id="end"/>
start -> fork
fork -> a when true
fork -> b when true
a -> join
b -> join
join -> end
)",
                        {.completes_all = true});
    CHECK(ran.end.end == "completed");
    CHECK(ran.find("join", "entered") != nullptr);
    CHECK(ran.find("join", "completed") != nullptr);
}

TEST_CASE("an incident is an end of its own, or an error when it shall be one") {
    constexpr std::string_view kStuck = R"(
<startEvent id="start"/> <exclusiveGateway id="choice"/> <userTask id="a"/> <userTask id="b"/> <endEvent id="done"/>
start -> choice
choice -> a when x = 1
choice -> b when x = 2
a -> done
b -> done
)";
    SimulationPlan plan{.completes_all = true};
    const Ran kept = run(kStuck, plan);
    CHECK(kept.end.end == "incident");
    CHECK_FALSE(kept.end.error);
    CHECK(kept.find("choice", "incident") != nullptr);
    plan.ends_at_incident = true;
    const Ran ended = run(kStuck, plan);
    CHECK(ended.end.end == "error");
    REQUIRE(ended.end.error);
    CHECK(ended.end.error->reason == ended.find("choice", "incident")->at("code").get_string());
    plan.variables = {{"x", 2}};
    CHECK(run(kStuck, plan).end.end == "completed");
}

TEST_CASE("jobs are completed like tasks, the oldest first") {
    const Ran ran = run(R"(
<startEvent id="start"/> <serviceTask id="mail"><extensionElements><kaigong:job type="mail"/></extensionElements></serviceTask> <endEvent id="done"/>
start -> mail -> done
)",
                        {.completes_all = true});
    CHECK(ran.end.end == "completed");
    CHECK(ran.text("mail", "waiting", "job_type") == "mail");
}

TEST_CASE("a business-rule task gets the result of its decision, or an incident") {
    constexpr std::string_view kRule = R"(
<startEvent id="start"/> <businessRuleTask id="rule"><extensionElements><kaigong:decision id="limit" result="needed"/></extensionElements></businessRuleTask> <endEvent id="done"/>
start -> rule -> done
)";
    SimulationPlan plan;
    CHECK(run(kRule, plan).end.end == "waiting");
    plan.variables = {{"area", 300}};
    plan.evaluate_decision = [](const Element& task, const json::object& variables,
                                std::int64_t now_ms) -> Result<json::value> {
        CHECK(task.decision_id == "limit");
        CHECK(now_ms == kStartMs);
        return json::value(variables.at("area").to_number<int>() >= 300);
    };
    const Ran ran = run(kRule, plan);
    CHECK(ran.end.end == "completed");
    CHECK(ran.end.variables == json::object{{"area", 300}, {"needed", true}});
    plan.evaluate_decision = [](const Element&, const json::object&, std::int64_t) -> Result<json::value> {
        return error(Errc::not_found, "dmn.unknown_decision", "没有这个决策。");
    };
    const Ran failed = run(kRule, plan);
    CHECK(failed.end.end == "incident");
    CHECK(failed.text("rule", "incident", "message") == "没有这个决策。");
}

TEST_CASE("a loop that never waits for the clock ends with an error") {
    const SimulationPlan plan{.completes_all = true};
    const Ran ran = run(R"(
<startEvent id="start"/> <exclusiveGateway id="again"/> <userTask id="a"/>
start -> again -> a -> again
)",
                        plan);
    CHECK(ran.end.end == "error");
    REQUIRE(ran.end.error);
    CHECK(ran.end.error->reason == "bpmn.simulation_too_long");
}

TEST_CASE("scripts and durations that are none are refused") {
    for (const std::string_view text :
         {R"({})", R"([1])", R"([{}])", R"([{"element":""}])", R"([{"element":"a","variables":1}])",
          R"([{"element":"a","error":1}])", R"([{"element":"a","other":1}])"}) {
        CAPTURE(text);
        const auto read = completions_from_json(json::parse(text));
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().reason == "bpmn.script_malformed");
    }
    for (const std::string_view text : {"", "2 days", "-P1D", "P", "P9999999999D", "P99999Y"}) {
        CAPTURE(text);
        const auto read = advance_from_text(text);
        REQUIRE_FALSE(read.has_value());
        CHECK(read.error().reason == "bpmn.advance_malformed");
    }
}

TEST_CASE("a script throws an error that the model catches") {
    constexpr std::string_view kCaught = R"(
root <error id="late" errorCode="LATE"/>
<startEvent id="start"/> <userTask id="accept"/> <endEvent id="done"/> <endEvent id="failed"/>
<boundaryEvent id="catch" attachedToRef="accept"><errorEventDefinition errorRef="late"/></boundaryEvent>
start -> accept -> done
catch -> failed
)";
    SimulationPlan plan;
    plan.script = script(R"([{"element":"accept","error":"LATE","variables":{"why":"x"}}])");
    const Ran ran = run(kCaught, plan);
    CHECK(ran.end.end == "completed");
    CHECK(ran.end.variables == json::object{{"why", "x"}});
    CHECK(ran.told({"completed"}) == "start catch failed p");
    CHECK(ran.text("catch", "caught", "name") == "LATE");
    plan.script = script(R"([{"element":"accept","error":"OTHER"},{"element":"accept"}])");
    const Ran uncaught = run(kCaught, plan);
    CHECK(uncaught.end.end == "incident");
    CHECK(uncaught.end.unused == std::vector<std::string>{"accept"});
}

namespace {

constexpr std::string_view kMessages = R"(
root <message id="paid" name="paid"/>
<startEvent id="start"/> <userTask id="accept"/>
<intermediateCatchEvent id="wait"><messageEventDefinition messageRef="paid"/></intermediateCatchEvent>
<endEvent id="done"/>
start -> accept -> wait -> done
)";

std::vector<Delivery> delivered(std::initializer_list<std::string_view> names) {
    std::vector<Delivery> list;
    for (const std::string_view name : names) list.push_back({std::string(name), {{"from", name}}});
    return list;
}

}  // namespace

TEST_CASE("a message waits for who waits for it") {
    SimulationPlan plan{.completes_all = true};
    plan.messages = delivered({"other", "paid", "paid"});
    const Ran ran = run(kMessages, plan);
    CHECK(ran.end.end == "completed");
    CHECK(ran.end.variables == json::object{{"from", "paid"}});
    CHECK(ran.end.undelivered == std::vector<std::string>{"other", "paid"});
    CHECK(ran.text("wait", "subscribed", "name") == "paid");
    CHECK(ran.text("wait", "caught", "trigger") == "message");
    plan.messages.clear();
    CHECK(run(kMessages, plan).end.end == "waiting");
}

TEST_CASE("a message whose variables give another correlation key is for somebody else") {
    constexpr std::string_view kKeyed = R"(
root <message id="paid" name="paid"><extensionElements><zeebe:subscription xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" correlationKey="=order"/></extensionElements></message>
<startEvent id="start"/> <receiveTask id="wait" messageRef="paid"/> <endEvent id="done"/>
start -> wait -> done
)";
    SimulationPlan plan{.variables = {{"order", 42}}};
    plan.messages.push_back({"paid", {{"order", 43}}});
    const Ran other = run(kKeyed, plan);
    CHECK(other.end.end == "waiting");
    CHECK(other.end.undelivered == std::vector<std::string>{"paid"});
    plan.messages.push_back({"paid", {{"order", 42}}});
    CHECK(run(kKeyed, plan).end.end == "completed");
    plan.messages = delivered({"paid"});
    CHECK(run(kKeyed, plan).end.end == "completed");
}

TEST_CASE("a message, a signal or the clock begins the process where it has such a start event") {
    constexpr std::string_view kStarts = R"(
root <message id="filed" name="filed"/> <signal id="all" name="all"/>
<startEvent id="plain"/> <startEvent id="by_message"><messageEventDefinition messageRef="filed"/></startEvent>
<startEvent id="by_signal"><signalEventDefinition signalRef="all"/></startEvent> <endEvent id="done"/>
plain -> done
by_message -> done
by_signal -> done
)";
    SimulationPlan plan;
    CHECK(run(kStarts, plan).told({"entered"}) == "p plain done");
    plan.variables = {{"x", 1}};
    plan.messages = delivered({"filed"});
    const Ran ran = run(kStarts, plan);
    CHECK(ran.told({"entered"}) == "p by_message done");
    CHECK(ran.end.variables == json::object{{"x", 1}, {"from", "filed"}});
    plan.messages.clear();
    plan.signals = delivered({"all"});
    CHECK(run(kStarts, plan).told({"entered"}) == "p by_signal done");
    constexpr std::string_view kTimed = R"(
<startEvent id="start"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></startEvent>
<endEvent id="done"/>
start -> done
)";
    const Ran early = run(kTimed, {});
    CHECK(early.end.end == "waiting");
    CHECK(early.text("start", "timer_scheduled", "due_at") == "2026-11-24T09:00:00+08:00");
    SimulationPlan later;
    later.advances = advances({"P2D"});
    CHECK(run(kTimed, later).text("done", "entered", "at") == "2026-11-24T09:00:00+08:00");
}

TEST_CASE("a signal reaches all who wait for it, once") {
    constexpr std::string_view kSignals = R"(
root <signal id="stop" name="stop"/>
<startEvent id="start"/> <parallelGateway id="fork"/> <endEvent id="done"/>
<intermediateCatchEvent id="one"><signalEventDefinition signalRef="stop"/></intermediateCatchEvent>
<intermediateCatchEvent id="two"><signalEventDefinition signalRef="stop"/></intermediateCatchEvent>
start -> fork
fork -> one -> done
fork -> two -> done
)";
    SimulationPlan plan;
    plan.signals = delivered({"stop"});
    const Ran ran = run(kSignals, plan);
    CHECK(ran.end.end == "completed");
    CHECK(ran.end.undelivered.empty());
}

TEST_CASE("a message that the process sends reaches another branch that waits for it") {
    constexpr std::string_view kSelf = R"(
root <message id="ready" name="ready"/>
<startEvent id="start"/> <parallelGateway id="fork"/> <endEvent id="done"/> <endEvent id="sent"/>
<intermediateCatchEvent id="wait"><messageEventDefinition messageRef="ready"/></intermediateCatchEvent>
<userTask id="work"/> <intermediateThrowEvent id="send"><messageEventDefinition messageRef="ready"/></intermediateThrowEvent>
start -> fork
fork -> wait -> done
fork -> work -> send -> sent
)";
    const Ran ran = run(kSelf, {.completes_all = true});
    CHECK(ran.end.end == "completed");
    CHECK(ran.text("send", "thrown", "name") == "ready");
}

namespace {

/// The office asks for a report; the lab begins with the order and answers. `office` and `lab` are what they hold.
Ran run_together(std::string_view office, std::string_view lab, const SimulationPlan& plan) {
    const std::string xml = fmt::format(R"(<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d">
<message id="order" name="order"/> <message id="report" name="report"/> <signal id="closed" name="closed"/>
<process id="office" isExecutable="true">{}</process>
<process id="lab" isExecutable="true">{}</process></definitions>)",
                                        office, lab);
    Ran ran;
    const auto definitions = parse_all(xml);
    if (!definitions) FAIL(definitions.error().fields.front().field << definitions.error().fields.front().message);
    ran.end = simulate(*definitions, plan, kStartMs, [&](const json::object& line) { ran.lines.push_back(line); });
    return ran;
}

std::string ends(const SimulationEnd& end) {
    std::string text;
    for (const ProcessEnd& one : end.processes) text += fmt::format("{} {} ", one.process, one.end);
    return text;
}

constexpr std::string_view kAskingOffice = R"(
<startEvent id="start"/> <sequenceFlow id="f1" sourceRef="start" targetRef="ask"/>
<sendTask id="ask" messageRef="order"/> <sequenceFlow id="f2" sourceRef="ask" targetRef="wait"/>
<receiveTask id="wait" messageRef="report"/> <sequenceFlow id="f3" sourceRef="wait" targetRef="done"/>
<endEvent id="done"/>)";

constexpr std::string_view kAnsweringLab = R"(
<startEvent id="ordered"><messageEventDefinition messageRef="order"/></startEvent>
<sequenceFlow id="l1" sourceRef="ordered" targetRef="test"/> <userTask id="test"/>
<sequenceFlow id="l2" sourceRef="test" targetRef="answer"/>
<endEvent id="answer"><messageEventDefinition messageRef="report"/></endEvent>)";

}  // namespace

TEST_CASE("processes of one file run together: one begins another and waits for its answer") {
    const Ran ran = run_together(kAskingOffice, kAnsweringLab, {.completes_all = true});
    CHECK(ran.end.end == "completed");
    CHECK(ends(ran.end) == "office completed lab completed ");
    CHECK(ran.told({"completed"}) == "start ask ordered test answer lab wait done office");
    CHECK(ran.text("test", "entered", "process") == "lab");

    const Ran waiting = run_together(kAskingOffice, kAnsweringLab, {});
    CHECK(waiting.end.end == "waiting");
    CHECK(ends(waiting.end) == "office waiting lab waiting ");
}

TEST_CASE("a message waits for a process that comes to it later, and one sent last begins another") {
    constexpr std::string_view kSlowLab = R"(
<startEvent id="open"/> <sequenceFlow id="l1" sourceRef="open" targetRef="prepare"/> <userTask id="prepare"/>
<sequenceFlow id="l2" sourceRef="prepare" targetRef="take"/> <receiveTask id="take" messageRef="order"/>
<sequenceFlow id="l3" sourceRef="take" targetRef="answer"/>
<endEvent id="answer"><messageEventDefinition messageRef="report"/></endEvent>)";
    CHECK(run_together(kAskingOffice, kSlowLab, {.completes_all = true}).end.end == "completed");

    constexpr std::string_view kSendsAndEnds = R"(
<startEvent id="start"/> <sequenceFlow id="f1" sourceRef="start" targetRef="ask"/>
<endEvent id="ask"><messageEventDefinition messageRef="order"/></endEvent>)";
    CHECK(ends(run_together(kSendsAndEnds, kAnsweringLab, {.completes_all = true}).end) ==
          "office completed lab completed ");
}

TEST_CASE("a signal reaches the other processes, those that it begins as well") {
    constexpr std::string_view kCloses = R"(
<startEvent id="start"/> <sequenceFlow id="f1" sourceRef="start" targetRef="close"/>
<endEvent id="close"><signalEventDefinition signalRef="closed"/></endEvent>)";
    constexpr std::string_view kClosed = R"(
<startEvent id="hears"><signalEventDefinition signalRef="closed"/></startEvent>)";
    CHECK(ends(run_together(kCloses, kClosed, {}).end) == "office completed lab completed ");
    constexpr std::string_view kWaits = R"(
<startEvent id="open"/> <sequenceFlow id="l1" sourceRef="open" targetRef="hears"/>
<intermediateCatchEvent id="hears"><signalEventDefinition signalRef="closed"/></intermediateCatchEvent>)";
    constexpr std::string_view kClosesLater = R"(
<startEvent id="start"/> <sequenceFlow id="f1" sourceRef="start" targetRef="work"/> <userTask id="work"/>
<sequenceFlow id="f2" sourceRef="work" targetRef="close"/>
<endEvent id="close"><signalEventDefinition signalRef="closed"/></endEvent>)";
    CHECK(ends(run_together(kClosesLater, kWaits, {.completes_all = true}).end) == "office completed lab completed ");
}

TEST_CASE("a process that nothing begins is said to have not begun; when none begins, the first does") {
    constexpr std::string_view kAlone = R"(<startEvent id="start"/>)";
    const Ran ran = run_together(kAlone, kAnsweringLab, {});
    CHECK(ran.end.end == "completed");
    CHECK(ends(ran.end) == "office completed lab not_begun ");
    SimulationPlan outside;
    outside.messages = delivered({"order"});
    CHECK(ends(run_together(kAlone, kAnsweringLab, outside).end) == "office completed lab waiting ");

    constexpr std::string_view kReported = R"(
<startEvent id="reported"><messageEventDefinition messageRef="report"/></startEvent>)";
    CHECK(ends(run_together(kReported, kAnsweringLab, {}).end) == "office completed lab not_begun ");
}

TEST_CASE("timers of several processes fire in the order of their instants") {
    constexpr std::string_view kWaits =
        R"(<startEvent id="s{0}"/> <sequenceFlow id="a{0}" sourceRef="s{0}" targetRef="t{0}"/>
<intermediateCatchEvent id="t{0}"><timerEventDefinition><timeDuration>{1}</timeDuration></timerEventDefinition></intermediateCatchEvent>)";
    SimulationPlan plan;
    plan.advances = advances({"P3D"});
    const Ran ran =
        run_together(fmt::format(fmt::runtime(kWaits), 1, "P2D"), fmt::format(fmt::runtime(kWaits), 2, "P1D"), plan);
    CHECK(ran.told({"fired"}) == "t2 t1");
    CHECK(ran.end.end == "completed");
}

TEST_CASE("each instance of a repeated activity is entered and completed") {
    const Ran ran = run(R"(
<startEvent id="start"/> <userTask id="sign"><multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality></multiInstanceLoopCharacteristics></userTask>
<endEvent id="done"/>
start -> sign -> done
)",
                        {.completes_all = true});
    CHECK(ran.end.end == "completed");
    CHECK(ran.told({"completed"}) == "start sign sign sign done p");
    CHECK(ran.told({"repeat_opened", "repeat_completed"}) == "sign:repeat_opened sign:repeat_completed");
}
