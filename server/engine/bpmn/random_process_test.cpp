// Random processes, random commands: whatever is drawn and whatever is done, an instance never gets stuck in silence,
// never breaks an invariant, and is the same after save, restore and replay (TwinInstance checks that at every step).
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <map>
#include <set>

#include "engine/bpmn/random_test.hpp"
#include "engine/bpmn/returning.hpp"
#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

namespace {

/// Draws blocks inside blocks. Some are wrong on purpose: a choice into a parallel join, a way back into a loop.
class Drawing {
  public:
    explicit Drawing(Random& random) : random_(random) {}

    std::string draw() {
        lines_ += "<startEvent id=\"start\"/>\n";
        const std::string last = block("start", 3);
        lines_ += "<endEvent id=\"done\"/>\n" + last + " -> done\n";
        if (random_.chance(30)) event_sub_process();
        lines_ +=
            "root <message id=\"M\" name=\"n\"/><error id=\"E\" errorCode=\"E\"/><escalation id=\"S\" "
            "escalationCode=\"S\"/><process id=\"called\" isExecutable=\"true\"><startEvent id=\"cs\"/><userTask "
            "id=\"ct\"/>"
            "<endEvent id=\"ce\"><errorEventDefinition errorRef=\"E\"/></endEvent><endEvent "
            "id=\"cd\"/><exclusiveGateway id=\"cg\" "
            "default=\"c4\"/><sequenceFlow id=\"c1\" sourceRef=\"cs\" targetRef=\"ct\"/><sequenceFlow id=\"c2\" "
            "sourceRef=\"ct\" targetRef=\"cg\"/><sequenceFlow id=\"c3\" sourceRef=\"cg\" targetRef=\"ce\">"
            "<conditionExpression>=x = 3</conditionExpression></sequenceFlow><sequenceFlow id=\"c4\" sourceRef=\"cg\" "
            "targetRef=\"cd\"/></process>\n";
        return lines_;
    }

  private:
    std::string name(const char* prefix) { return fmt::format("{}{}", prefix, ++count_); }

    void flow(const std::string& from, const std::string& to) { lines_ += from + " -> " + to + "\n"; }

    /// Draws what follows `from` and gives the id of its last element.
    std::string block(const std::string& from, int depth) {
        std::string last = from;
        for (int length = 1 + random_.below(3); length > 0; --length) {
            const int kind = depth == 0 ? 5 : random_.below(9);
            if (kind == 0) {
                last = branches(last, depth);
            } else if (kind == 1) {
                last = loop(last, depth);
            } else if (kind == 2) {
                last = sub_process(last, depth);
            } else if (kind == 3) {
                last = event_gateway(last);
            } else if (kind == 4) {
                last = event(last);
            } else {
                last = task(last);
            }
        }
        return last;
    }

    std::string task(const std::string& from) {
        const int kind = random_.below(7);
        const std::string id = name("t");
        if (kind == 0) {
            lines_ += fmt::format("<task id=\"{}\"/>\n", id);
        } else if (kind == 2) {
            lines_ += fmt::format("<userTask id=\"{}\">{}</userTask>\n", id, repetition());
        } else if (kind == 3) {
            lines_ += fmt::format("<scriptTask id=\"{0}\"><script>{1}</script></scriptTask>\n", id,
                                  random_.chance(50) ? "if x = 1 then throw error(\"E\") else 2" : "x + 1");
        } else if (kind == 4) {
            lines_ += fmt::format("<callActivity id=\"{}\" calledElement=\"{}\"/>\n", id,
                                  random_.chance(90) ? "called" : "missing");
        } else if (kind == 1) {
            lines_ += fmt::format(
                "<serviceTask id=\"{}\"><extensionElements><kaigong:job "
                "type=\"j\"/></extensionElements></serviceTask>\n",
                id);
        } else {
            lines_ += fmt::format("<userTask id=\"{}\"/>\n", id);
        }
        flow(from, id);
        if (random_.chance(25)) timer(id);
        if (random_.chance(25)) caught(id);
        if (random_.chance(15)) undone(id);
        return id;
    }

    std::string repetition() {
        static constexpr std::array kRepetitions{
            "",
            "<multiInstanceLoopCharacteristics><loopCardinality>=x</loopCardinality></"
            "multiInstanceLoopCharacteristics>",
            "<multiInstanceLoopCharacteristics isSequential=\"true\"><loopCardinality>3</loopCardinality>"
            "<completionCondition>=again</completionCondition></multiInstanceLoopCharacteristics>",
            "<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics "
            "inputCollection=\"=[1, 2]\" inputElement=\"item\" outputCollection=\"results\" "
            "outputElement=\"=item + x\"/></extensionElements></multiInstanceLoopCharacteristics>",
            "<standardLoopCharacteristics loopMaximum=\"3\"><loopCondition>=again</loopCondition>"
            "</standardLoopCharacteristics>"};
        return kRepetitions[static_cast<std::size_t>(random_.below(static_cast<int>(kRepetitions.size())))];
    }

    const char* trigger() {
        static constexpr std::array kTriggers{
            "<messageEventDefinition messageRef=\"M\"/>", "<signalEventDefinition/>",
            "<conditionalEventDefinition><condition>=x = 2</condition></conditionalEventDefinition>",
            "<timerEventDefinition><timeCycle>R/PT1H</timeCycle></timerEventDefinition>"};
        return kTriggers[static_cast<std::size_t>(random_.below(static_cast<int>(kTriggers.size())))];
    }

    /// An error, escalation, message, signal, condition or cycle on the edge.
    void caught(const std::string& activity) {
        const std::string id = name("caught");
        const int kind = random_.below(3);
        const char* definition = kind == 0   ? "<errorEventDefinition/>"
                                 : kind == 1 ? "<escalationEventDefinition/>"
                                             : trigger();
        lines_ += fmt::format(
            "<boundaryEvent id=\"{}\" name=\"n\" attachedToRef=\"{}\" cancelActivity=\"{}\">{}"
            "</boundaryEvent>\n",
            id, activity, kind == 0 || random_.chance(50), definition);
        flow(id, task_after());
    }

    /// A task that ends its branch.
    std::string task_after() {
        const std::string id = name("after");
        lines_ += fmt::format("<userTask id=\"{}\"/>\n", id);
        return id;
    }

    void undone(const std::string& activity) {
        const std::string event = name("undo");
        const std::string handler = name("undoing");
        lines_ += fmt::format(
            "<boundaryEvent id=\"{0}\" attachedToRef=\"{1}\"><compensateEventDefinition/></boundaryEvent>\n"
            "<userTask id=\"{2}\" isForCompensation=\"true\"/>\n"
            "<association id=\"{0}_{2}\" sourceRef=\"{0}\" targetRef=\"{2}\"/>\n",
            event, activity, handler);
    }

    std::string event(const std::string& from) {
        static constexpr std::array kThrown{"<messageEventDefinition messageRef=\"M\"/>", "<signalEventDefinition/>",
                                            "<escalationEventDefinition escalationRef=\"S\"/>",
                                            "<compensateEventDefinition/>", ""};
        const std::string id = name("event");
        const bool catches = random_.chance(50);
        const char* node = catches ? "intermediateCatchEvent" : "intermediateThrowEvent";
        lines_ += fmt::format("<{0} id=\"{1}\" name=\"n\">{2}</{0}>\n", node, id,
                              catches ? trigger() : kThrown[static_cast<std::size_t>(random_.below(5))]);
        flow(from, id);
        return id;
    }

    std::string event_gateway(const std::string& from) {
        const std::string gateway = name("first");
        const std::string join = name("met");
        lines_ += fmt::format("<eventBasedGateway id=\"{}\"/>\n<exclusiveGateway id=\"{}\"/>\n", gateway, join);
        flow(from, gateway);
        for (int i = 0; i < 2; ++i) {
            const std::string id = name("event");
            lines_ += fmt::format("<intermediateCatchEvent id=\"{0}\" name=\"n\">{1}</intermediateCatchEvent>\n", id,
                                  trigger());
            flow(gateway, id);
            flow(id, join);
        }
        return join;
    }

    /// Listens for what happens in the scope that is being drawn.
    void event_sub_process() {
        const std::string id = name("listens");
        const bool by_error = random_.chance(30);
        lines_ += fmt::format(
            "<subProcess id=\"{0}\" triggeredByEvent=\"true\"><startEvent id=\"{0}_s\" name=\"n\" "
            "isInterrupting=\"{1}\">{2}</startEvent><userTask id=\"{0}_t\"/><sequenceFlow id=\"{0}_f\" "
            "sourceRef=\"{0}_s\" targetRef=\"{0}_t\"/></subProcess>\n",
            id, by_error || random_.chance(50), by_error ? "<errorEventDefinition/>" : trigger());
    }

    void timer(const std::string& activity) {
        const std::string id = name("timer");
        const char* definition =
            random_.chance(80) ? "<timeDuration>PT1H</timeDuration>" : "<timeDate>=due_at</timeDate>";
        lines_ += fmt::format(
            "<boundaryEvent id=\"{}\" attachedToRef=\"{}\" cancelActivity=\"{}\"><timerEventDefinition>{}"
            "</timerEventDefinition></boundaryEvent>\n",
            id, activity, random_.chance(50), definition);
        const std::string end = name("end");
        lines_ += fmt::format("<endEvent id=\"{}\">{}</endEvent>\n", end,
                              random_.chance(20) ? "<terminateEventDefinition/>" : "");
        flow(id, end);
    }

    std::string branches(const std::string& from, int depth) {
        static constexpr std::array kKinds{"exclusiveGateway", "inclusiveGateway", "parallelGateway"};
        const int split_kind = random_.below(3);
        // One in six joins does not fit its split.
        const int join_kind = random_.chance(84) ? split_kind : random_.below(3);
        const std::string split = name("split");
        const std::string join = name("join");
        lines_ += fmt::format("<{} id=\"{}\"/>\n<{} id=\"{}\"/>\n", kKinds[static_cast<std::size_t>(split_kind)], split,
                              kKinds[static_cast<std::size_t>(join_kind)], join);
        flow(from, split);
        for (int i = 0, n = 2 + random_.below(2); i < n; ++i) {
            const std::string first = name("b");
            lines_ += fmt::format("<task id=\"{}\"/>\n", first);
            lines_ += fmt::format("{} -> {}{}\n", split, first, split_kind == 2 ? "" : fmt::format(" when x >= {}", i));
            flow(block(first, depth - 1), join);
        }
        return join;
    }

    std::string loop(const std::string& from, int depth) {
        const std::string begin = name("begin");
        const std::string choice = name("choice");
        const std::string out = name("out");
        lines_ += fmt::format(
            "<exclusiveGateway id=\"{}\"/>\n<exclusiveGateway id=\"{}\" default=\"{}_{}\"/>\n<task id=\"{}\"/>\n",
            begin, choice, choice, out, out);
        flow(from, begin);
        flow(block(begin, depth - 1), choice);
        lines_ += fmt::format("{} -> {} when again\n", choice, begin);
        flow(choice, out);
        return out;
    }

    std::string sub_process(const std::string& from, int depth) {
        const std::string id = name("sub");
        const std::string start = name("s");
        lines_ += fmt::format("{} {{\n<startEvent id=\"{}\"/>\n", id, start);
        const std::string end = name("end");
        flow(block(start, depth - 1), end);
        static constexpr std::array kEnds{"",
                                          "",
                                          "<errorEventDefinition errorRef=\"E\"/>",
                                          "<escalationEventDefinition escalationRef=\"S\"/>",
                                          "<compensateEventDefinition/>",
                                          "<terminateEventDefinition/>"};
        lines_ += fmt::format("<endEvent id=\"{}\">{}</endEvent>\n", end,
                              kEnds[static_cast<std::size_t>(random_.below(static_cast<int>(kEnds.size())))]);
        if (random_.chance(30)) event_sub_process();
        lines_ += "}\n";
        flow(from, id);
        if (random_.chance(30)) timer(id);
        if (random_.chance(30)) caught(id);
        if (random_.chance(10)) undone(id);
        return id;
    }

    Random& random_;
    std::string lines_;
    int count_ = 0;
};

boost::json::object random_variables(Random& random) {
    boost::json::object variables{
        {"x", random.below(4)}, {"again", random.chance(40)}, {"due_at", "2026-12-01T00:00:00Z"}};
    if (random.chance(5)) variables["x"] = nullptr;
    if (random.chance(5)) variables["due_at"] = "never";
    return variables;
}

template <class List>
const auto& one_of(const List& list, Random& random) {
    return list[static_cast<std::size_t>(random.below(static_cast<int>(list.size())))];
}

/// What an administrator does.
Command random_repair(const State& state, Random& random) {
    std::vector<std::int64_t> keys;
    keys.reserve(state.tokens.size());
    for (const auto& [key, token] : state.tokens) keys.push_back(key);
    const std::int64_t token = keys.empty() ? 0 : one_of(keys, random);
    switch (random.below(4)) {
        case 0: return Suspend{"random"};
        case 1: return AddInstance{token, 7};
        case 2: return RemoveInstance{token, "random"};
        default: return MoveTokens{{token}, fmt::format("t{}", random.below(30)), "random"};
    }
}

/// An officer sends a task back to an earlier one.
std::optional<Command> random_return(const Definition& definition, const State& state, Random& random) {
    const Waiting waiting = waiting_for(state);
    if (waiting.tasks.empty()) return std::nullopt;
    const std::int64_t token = one_of(waiting.tasks, random).token;
    const auto targets = return_targets(definition, state, token);
    if (targets.empty()) return std::nullopt;
    const Onward onward = random.chance(50) ? Onward::again : Onward::straight;
    auto move = plan_return(definition, state, token, one_of(targets, random), onward, "random");
    return move ? std::optional<Command>(std::move(*move)) : std::nullopt;
}

Command random_command(const Definition& definition, const State& state, Random& random) {
    const Waiting waiting = waiting_for(state);
    if (random.chance(8)) {
        if (auto back = random_return(definition, state, random)) return std::move(*back);
    }
    const int choice = random.below(100);
    if (choice < 1) return Cancel{"random"};
    if (choice < 5) return SetVariables{random_variables(random)};
    if (choice < 7) return CompleteTask{random.below(60), {}};  // most often nobody's
    if (choice < 9) return random_repair(state, random);
    if (!state.suspended.empty()) return Resume{};
    if (choice < 14) return CorrelateMessage{"n", "", random_variables(random)};
    if (choice < 19) return BroadcastSignal{"n", {}};
    if (choice < 25 && !waiting.tasks.empty()) {
        const std::int64_t token = one_of(waiting.tasks, random).token;
        return random.chance(50) ? Command(ThrowError{token, "E", {}}) : Command(Escalate{token, "E", {}});
    }
    if (!waiting.incidents.empty() && choice < 35) {
        return ResolveIncident{one_of(waiting.incidents, random).incident, random_variables(random)};
    }
    if (!waiting.timers.empty() && choice < 45) return FireTimer{one_of(waiting.timers, random).timer};
    if (!waiting.jobs.empty() && choice < 70) {
        const std::int64_t token = one_of(waiting.jobs, random).token;
        return random.chance(85) ? Command(CompleteJob{token, random_variables(random)}) : Command(FailJob{token, "x"});
    }
    if (waiting.tasks.empty()) return SetVariables{random_variables(random)};
    return CompleteTask{one_of(waiting.tasks, random).token, random_variables(random)};
}

void check_references(const State& state) {
    for (const auto& [key, token] : state.tokens) {
        if (token.scope != 0) CHECK(state.tokens.at(token.scope).phase == Phase::inside);
        if (token.phase == Phase::arrived || token.phase == Phase::leaving) CHECK(state.incident_of(key) != nullptr);
    }
    for (const auto& [key, timer] : state.timers) {
        if (timer.token == 0) continue;
        const Phase phase = state.tokens.at(timer.token).phase;
        CHECK((phase == Phase::task || phase == Phase::job || phase == Phase::inside || phase == Phase::waiting));
    }
    for (const auto& [key, incident] : state.incidents) CHECK(state.tokens.contains(incident.token));
    for (const auto& [key, one] : state.subscriptions) CHECK((one.token == 0 || state.tokens.contains(one.token)));
    for (const auto& [key, repeat] : state.repeats) CHECK(state.tokens.at(key).phase == Phase::inside);
    for (const auto& [key, record] : state.compensable) {
        CHECK((record.scope == 0 || state.tokens.contains(record.scope)));
        CHECK((record.asked_by == 0 || state.tokens.at(record.asked_by).phase == Phase::inside));
    }
    if (state.status != Status::running) {
        CHECK(state.tokens.empty());
        CHECK(state.timers.empty());
        CHECK(state.subscriptions.empty());
    }
}

/// Every join consumed one token of each flow that it used, a parallel one of all of them.
void check_joins(const Definition& definition, const std::vector<Event>& history) {
    std::map<std::int64_t, std::string> flow_of;
    std::set<std::int64_t> gone;
    for (const Event& event : history) {
        if (const auto* arrived = std::get_if<TokenArrived>(&event.fact)) flow_of[arrived->token] = arrived->flow;
        const auto* fired = std::get_if<JoinFired>(&event.fact);
        if (fired == nullptr) continue;
        std::set<std::string> flows{flow_of.at(fired->token)};
        for (const std::int64_t token : fired->consumed) {
            CHECK(flows.insert(flow_of.at(token)).second);
            CHECK(gone.insert(token).second);
        }
        const Element& gateway = *definition.find(fired->element);
        if (gateway.kind == Kind::parallel_gateway) CHECK(flows.size() == gateway.incoming.size());
    }
}

/// What came of many random instances.
struct Tally {
    std::int64_t commands = 0;
    int ended = 0;
    int with_incident = 0;
};

constexpr Limits kLimits{.steps_max = 200, .tokens_max = 60};

/// One random process and up to forty commands; with `twin` saved, restored and replayed after each, else now and then.
void run_one(unsigned seed, bool twin, Tally& tally) {
    CAPTURE(seed);
    Random random(seed);
    const auto definition = parse(model_xml(Drawing(random).draw()), "p");
    if (!definition) {
        FAIL(definition.error().fields.front().field << " " << definition.error().fields.front().reason);
    }
    TwinInstance instance(*definition);
    std::int64_t now_ms = 1'795'395'600'000;
    const auto carry_out = [&](const Command& command) {
        if (twin) return instance.carry_out(command, now_ms, kLimits);
        if (random.chance(10)) instance.crash();
        return instance.carry_out_alone(command, now_ms, kLimits);
    };
    REQUIRE(carry_out(Start{random_variables(random)}));
    bool incident = false;
    for (int i = 0; i < 40 && instance.state().status == Status::running; ++i, ++tally.commands) {
        now_ms += random.below(3'600'000);
        (void)carry_out(random_command(instance.definition(), instance.state(), random));
        check_references(instance.state());
        incident = incident || !instance.state().incidents.empty();
    }
    instance.crash();
    check_joins(*definition, instance.history());
    if (instance.state().status != Status::running) ++tally.ended;
    if (incident) ++tally.with_incident;
}

std::int64_t number_from(const char* variable, std::int64_t otherwise) {
    const char* text = std::getenv(variable);
    return text == nullptr ? otherwise : std::atoll(text);
}

}  // namespace

TEST_CASE("no random process and no random command leaves an instance without somebody or something to wait for") {
    const auto wanted = number_from("KAIGONG_RANDOM_SEED", 0);
    const auto first_seed = static_cast<unsigned>(wanted == 0 ? 1 : wanted);
    const unsigned rounds = wanted == 0 ? 600 : 1;
    Tally tally;
    for (unsigned seed = first_seed; seed < first_seed + rounds; ++seed) run_one(seed, true, tally);
    MESSAGE("seeds " << first_seed << "–" << first_seed + rounds - 1 << ": " << tally.commands << " commands, "
                     << tally.ended << " instances ended, " << tally.with_incident << " had incidents");
    if (rounds > 1) {
        CHECK(tally.ended > 50);
        CHECK(tally.with_incident > 50);
    }
}

// A million of them in `test --long`: KAIGONG_RANDOM_STEPS.
TEST_CASE("very many random commands with crashes between them") {
    const auto steps = number_from("KAIGONG_RANDOM_STEPS", 5'000);
    const auto first_seed = static_cast<unsigned>(number_from("KAIGONG_RANDOM_FIRST_SEED", 1'000));
    Tally tally;
    unsigned seed = first_seed;
    while (tally.commands < steps) run_one(seed++, false, tally);
    MESSAGE("seeds " << first_seed << "–" << seed - 1 << ": " << tally.commands << " commands, " << tally.ended
                     << " instances ended, " << tally.with_incident << " had incidents");
}
