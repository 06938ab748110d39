// The proof and the engine must agree: whatever a random process does on the engine, the proof has not called
// impossible, and where a join of the engine starves, the proof has said so.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "engine/bpmn/proof/proof.hpp"
#include "engine/bpmn/random_test.hpp"
#include "engine/bpmn/scenario_test.hpp"

using namespace kaigong::bpmn;

namespace {

/// Draws without any order: whatever can be connected may be connected. Each condition is a variable of its own, so
/// that the engine can make every choice that the proof looks at.
class Sketch {
  public:
    explicit Sketch(Random& random) : random_(random) {}

    std::string draw() {
        level(5 + random_.below(4), 1);
        return lines_;
    }
    int conditions() const { return conditions_; }

  private:
    struct Drawn {
        std::string id;
        std::string kind;
        std::vector<int> targets;
    };

    static bool is_end(const Drawn& drawn) { return drawn.kind == "end" || drawn.kind == "terminate"; }

    void level(int size, int depth) {
        const std::string prefix = fmt::format("l{}_", ++levels_);
        lines_ += fmt::format("<startEvent id=\"{}start\"/>\n", prefix);
        std::vector<Drawn> drawn;
        for (int i = 0; i < size; ++i) {
            const std::string kind = i + 1 == size ? "end" : random_kind(i > 0, depth);
            drawn.push_back({fmt::format("{}{}{}", prefix, kind, i), kind, {}});
            declare(drawn.back(), depth);
        }
        connect(drawn);
        lines_ += fmt::format("{}start -> {}\n", prefix, drawn.front().id);
        for (const Drawn& one : drawn) draw_flows(one, drawn);
    }

    std::string random_kind(bool may_end, int depth) {
        const int number = random_.below(100);
        if (number < 40) return "task";
        if (number < 58) return "xor";
        if (number < 74) return "and";
        if (number < 84) return "or";
        if (number < 88 && may_end) return "terminate";
        if (number < 91 && may_end) return "end";
        return depth > 0 ? "sub" : "task";
    }

    void declare(const Drawn& one, int depth) {
        if (one.kind == "task") lines_ += fmt::format("<userTask id=\"{}\"/>\n", one.id);
        if (one.kind == "xor") lines_ += fmt::format("<exclusiveGateway id=\"{}\"/>\n", one.id);
        if (one.kind == "and") lines_ += fmt::format("<parallelGateway id=\"{}\"/>\n", one.id);
        if (one.kind == "or") lines_ += fmt::format("<inclusiveGateway id=\"{}\"/>\n", one.id);
        if (one.kind == "end") lines_ += fmt::format("<endEvent id=\"{}\"/>\n", one.id);
        if (one.kind == "terminate") {
            lines_ += fmt::format("<endEvent id=\"{}\"><terminateEventDefinition/></endEvent>\n", one.id);
        }
        if (one.kind != "sub") return;
        lines_ += one.id + " {\n";
        level(3 + random_.below(2), depth - 1);
        lines_ += "}\n";
    }

    void connect(std::vector<Drawn>& drawn) {
        const int size = static_cast<int>(drawn.size());
        const auto add = [&](int from, int to) {
            std::vector<int>& targets = drawn[static_cast<std::size_t>(from)].targets;
            if (std::find(targets.begin(), targets.end(), to) == targets.end()) targets.push_back(to);
        };
        for (int to = 1; to < size; ++to) {
            int from = random_.below(to);
            while (is_end(drawn[static_cast<std::size_t>(from)])) --from;
            add(from, to);
        }
        for (int from = 0; from + 1 < size; ++from) {
            const Drawn& one = drawn[static_cast<std::size_t>(from)];
            if (is_end(one)) continue;
            if (one.targets.empty()) add(from, from + 1 + random_.below(size - from - 1));
            if (one.kind != "task" && random_.chance(50)) add(from, random_.below(size));
        }
    }

    void draw_flows(const Drawn& one, const std::vector<Drawn>& drawn) {
        const bool conditional = one.targets.size() > 1 && (one.kind == "xor" || one.kind == "or");
        for (const int target : one.targets) {
            const std::string& id = drawn[static_cast<std::size_t>(target)].id;
            lines_ += fmt::format("{} -> {}", one.id, id);
            lines_ += conditional ? fmt::format(" when c{}\n", conditions_++) : "\n";
        }
        if ((one.kind != "task" && one.kind != "sub") || !random_.chance(20)) return;
        lines_ +=
            fmt::format("{} event_{} on {} after PT1H\n", random_.chance(60) ? "timer" : "reminder", one.id, one.id);
        const Drawn& target = drawn[static_cast<std::size_t>(random_.below(static_cast<int>(drawn.size())))];
        lines_ += fmt::format("event_{} -> {}\n", one.id, target.id);
    }

    Random& random_;
    std::string lines_;
    int levels_ = 0;
    int conditions_ = 0;
};

/// What one run of the engine showed.
struct Seen {
    std::set<std::string> elements;
    std::set<std::string> flows;
    std::set<std::string> starved;
};

class Walk {
  public:
    Walk(const Definition& definition, Random& random, int conditions, Seen& seen)
        : definition_(definition), random_(random), conditions_(conditions), seen_(seen) {}

    void go(int steps) {
        send(Start{choices()});
        while (steps-- > 0 && state_.status == Status::running && step()) {
        }
    }

  private:
    boost::json::object choices() {
        boost::json::object variables;
        for (int i = 0; i < conditions_; ++i) variables[fmt::format("c{}", i)] = random_.chance(50);
        return variables;
    }

    /// False when the run is over: a join starved, or too much at once.
    bool step() {
        const Waiting waiting = waiting_for(state_);
        for (const OpenIncident& incident : waiting.incidents) {
            if (incident.code == "bpmn.join_starved") seen_.starved.insert(incident.element);
            if (incident.code != "bpmn.no_way_out") return false;
        }
        if (!waiting.incidents.empty()) {
            return send(ResolveIncident{waiting.incidents.front().incident, choices()});
        }
        const auto tasks = static_cast<int>(waiting.tasks.size());
        const auto timers = static_cast<int>(waiting.timers.size());
        const int chosen = random_.below(tasks + timers);
        if (chosen < tasks) {
            return send(CompleteTask{waiting.tasks[static_cast<std::size_t>(chosen)].token, choices()});
        }
        const OpenTimer& timer = waiting.timers[static_cast<std::size_t>(chosen - tasks)];
        now_ms_ = std::max(now_ms_, timer.due_at_ms);
        send(SetVariables{choices()});
        return send(FireTimer{timer.timer});
    }

    bool send(const Command& command) {
        const auto events = decide(definition_, state_, command, now_ms_, {.steps_max = 100, .tokens_max = 40});
        if (!events) return false;
        for (const Event& event : *events) {
            apply(state_, event);
            if (const auto* arrived = std::get_if<TokenArrived>(&event.fact)) {
                seen_.elements.insert(arrived->element);
                seen_.flows.insert(arrived->flow);
            }
        }
        return true;
    }

    const Definition& definition_;
    Random& random_;
    int conditions_;
    Seen& seen_;
    State state_;
    std::int64_t now_ms_ = 0;
};

bool is_found(const Proof& proof, const std::string& element, std::initializer_list<std::string_view> codes) {
    return std::any_of(proof.findings.begin(), proof.findings.end(), [&](const Finding& finding) {
        return finding.element == element && std::find(codes.begin(), codes.end(), finding.code) != codes.end();
    });
}

bool is_cut(const Proof& proof) {
    return !proof.gaps.empty() || std::any_of(proof.findings.begin(), proof.findings.end(),
                                              [](const Finding& finding) { return finding.code == "tokens_grow"; });
}

}  // namespace

TEST_CASE("nothing that the engine does was called impossible, and every join that starves was found") {
    int proven = 0;
    int starved = 0;
    int told = 0;
    int shown = 0;
    for (unsigned seed = 1; seed <= 40; ++seed) {
        Random random(seed);
        Sketch sketch(random);
        const std::string lines = sketch.draw();
        const auto definition = parse(model_xml(lines));
        if (!definition) continue;
        const Proof proof = prove(*definition, {.states_max = 800});
        if (proof.verdict() == Proof::Verdict::proven) ++proven;
        Seen seen;
        for (int run = 0; run < 15; ++run) Walk(*definition, random, sketch.conditions(), seen).go(40);
        INFO("seed ", seed, "\n", lines);
        for (const std::string& element : seen.elements) {
            INFO(element);
            CHECK_FALSE(is_found(proof, element, {"dead_element"}));
        }
        for (const std::string& flow : seen.flows) CHECK_FALSE(is_found(proof, flow, {"flow_never_taken"}));
        for (const std::string& join : seen.starved) {
            INFO(join);
            ++starved;
            CHECK((is_found(proof, join, {"join_never_fires", "token_left_behind"}) || is_cut(proof)));
        }
        for (const Finding& finding : proof.findings) {
            if (finding.code != "token_left_behind" && finding.code != "join_never_fires") continue;
            ++told;
            if (seen.starved.contains(finding.element)) ++shown;
        }
    }
    // What the proof tells does happen: fifteen runs show nearly all of it.
    CHECK(proven > 0);
    CHECK(starved > 0);
    CHECK(told > 0);
    CHECK(shown * 10 >= told * 9);
}
