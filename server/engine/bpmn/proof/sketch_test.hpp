// Draws processes without any order: whatever can be connected may be connected. Each condition is a variable of its
// own (`c0`, `c1` …), so that the engine can make every choice that the proof looks at.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bpmn/random_test.hpp"

namespace kaigong::bpmn {

class Sketch {
  public:
    /// `all_kinds`: events, repetition, calls and compensation besides tasks, gateways and sub-processes.
    Sketch(Random& random, bool all_kinds) : random_(random), all_kinds_(all_kinds) {}

    /// In the notation of `model_xml`.
    std::string draw() {
        level(5 + random_.below(4), 1);
        if (all_kinds_) lines_ += kRoot;
        return lines_;
    }
    int conditions() const { return conditions_; }

  private:
    struct Drawn {
        std::string id;
        std::string kind;
        std::vector<int> targets;
    };
    struct Kind {
        std::string_view name;
        int share;
        std::string_view xml;
    };

    static constexpr std::string_view kRoot =
        "root <message id=\"M\" name=\"n\"/><error id=\"E1\" errorCode=\"E1\"/><error id=\"E2\" "
        "errorCode=\"E2\"/><escalation id=\"S1\" "
        "escalationCode=\"S1\"/><process id=\"called\" isExecutable=\"true\"><startEvent id=\"cs\"/><userTask "
        "id=\"ct\"/><endEvent id=\"ce\"><errorEventDefinition errorRef=\"E1\"/></endEvent><endEvent id=\"cd\"/>"
        "<exclusiveGateway id=\"cg\"/><sequenceFlow id=\"c1\" sourceRef=\"cs\" targetRef=\"ct\"/><sequenceFlow "
        "id=\"c2\" sourceRef=\"ct\" targetRef=\"cg\"/><sequenceFlow id=\"c3\" sourceRef=\"cg\" targetRef=\"ce\">"
        "<conditionExpression>=fails</conditionExpression></sequenceFlow><sequenceFlow id=\"c4\" sourceRef=\"cg\" "
        "targetRef=\"cd\"><conditionExpression>=works</conditionExpression></sequenceFlow></process>\n";

    static constexpr std::array<Kind, 6> kPlain{{
        {"task", 40, "<userTask id=\"{}\"/>"},
        {"xor", 18, "<exclusiveGateway id=\"{}\"/>"},
        {"and", 16, "<parallelGateway id=\"{}\"/>"},
        {"or", 10, "<inclusiveGateway id=\"{}\"/>"},
        {"terminate", 4, "<endEvent id=\"{}\"><terminateEventDefinition/></endEvent>"},
        {"end", 3, "<endEvent id=\"{}\"/>"},
    }};
    static constexpr std::array<Kind, 18> kMore{{
        {"job", 4,
         "<serviceTask id=\"{}\"><extensionElements><kaigong:job type=\"j\"/></extensionElements></serviceTask>"},
        {"quick", 6, "<task id=\"{}\"/>"},
        {"script", 3, "<scriptTask id=\"{}\"><script>if fails then throw error(\"E2\") else 2</script></scriptTask>"},
        {"message", 4,
         "<intermediateCatchEvent id=\"{0}\"><messageEventDefinition messageRef=\"m_{0}\"/></intermediateCatchEvent>\n"
         "root <message id=\"m_{0}\" name=\"{0}\"/>"},
        {"signal", 3, "<intermediateCatchEvent id=\"{}\" name=\"n\"><signalEventDefinition/></intermediateCatchEvent>"},
        {"wait", 2,
         "<intermediateCatchEvent "
         "id=\"{}\"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></"
         "intermediateCatchEvent>"},
        {"throw", 4, "<intermediateThrowEvent id=\"{}\" name=\"n\"><signalEventDefinition/></intermediateThrowEvent>"},
        {"escalate", 3,
         "<intermediateThrowEvent id=\"{}\"><escalationEventDefinition "
         "escalationRef=\"S1\"/></intermediateThrowEvent>"},
        {"undo", 3, "<intermediateThrowEvent id=\"{}\"><compensateEventDefinition/></intermediateThrowEvent>"},
        {"error", 4, "<endEvent id=\"{}\"><errorEventDefinition errorRef=\"E1\"/></endEvent>"},
        {"escalated", 2, "<endEvent id=\"{}\"><escalationEventDefinition escalationRef=\"S1\"/></endEvent>"},
        {"thrown", 2, "<endEvent id=\"{}\" name=\"n\"><signalEventDefinition/></endEvent>"},
        {"call", 4, "<callActivity id=\"{}\" calledElement=\"called\"/>"},
        {"many", 3,
         "<userTask "
         "id=\"{}\"><multiInstanceLoopCharacteristics><loopCardinality>=n</loopCardinality></"
         "multiInstanceLoopCharacteristics></userTask>"},
        {"again", 2,
         "<userTask "
         "id=\"{}\"><standardLoopCharacteristics><loopCondition>=again</loopCondition></standardLoopCharacteristics></"
         "userTask>"},
        {"adhoc", 2, "<adHocSubProcess id=\"{0}\"><userTask id=\"{0}_a\"/><userTask id=\"{0}_b\"/></adHocSubProcess>"},
        {"each", 3, ""},
        {"task", 40, "<userTask id=\"{}\"/>"},
    }};

    static bool is_one_of(const std::string& kind, std::initializer_list<std::string_view> kinds) {
        return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
    }
    static bool is_end(const Drawn& drawn) {
        return is_one_of(drawn.kind, {"end", "terminate", "error", "escalated", "thrown"});
    }
    static bool is_gateway(const Drawn& drawn) { return is_one_of(drawn.kind, {"xor", "and", "or"}); }
    static bool has_edge(const Drawn& drawn) {
        return is_one_of(drawn.kind,
                         {"task", "sub", "job", "call", "many", "again", "adhoc", "each", "script", "quick"});
    }

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
        if (all_kinds_ && random_.chance(25)) event_sub_process(prefix + "listens");
    }

    template <class Kinds>
    std::string chosen(const Kinds& kinds) {
        int all = 0;
        for (const Kind& kind : kinds) all += kind.share;
        int number = random_.below(all);
        for (const Kind& kind : kinds) {
            number -= kind.share;
            if (number < 0) return std::string(kind.name);
        }
        return "task";
    }

    std::string random_kind(bool may_end, int depth) {
        if (random_.chance(9)) return depth > 0 ? "sub" : "task";
        const std::string kind = all_kinds_ && random_.chance(50) ? chosen(kMore) : chosen(kPlain);
        const bool fits = may_end || !is_end({"", kind, {}});
        return fits && (kind != "each" || depth > 0) ? kind : "task";
    }

    void declare(const Drawn& one, int depth) {
        for (const Kind& kind : kPlain) add(kind, one);
        for (const Kind& kind : kMore) {
            if (kind.name != "task") add(kind, one);
        }
        if (one.kind != "sub" && one.kind != "each") return;
        lines_ += one.kind == "sub" ? one.id + " {\n"
                                    : fmt::format(
                                          "<subProcess id=\"{}\"><multiInstanceLoopCharacteristics>"
                                          "<loopCardinality>=n</loopCardinality>"
                                          "</multiInstanceLoopCharacteristics>\n",
                                          one.id);
        level(3 + random_.below(2), depth - 1);
        lines_ += one.kind == "sub" ? "}\n" : "</subProcess>\n";
    }

    void add(const Kind& kind, const Drawn& one) {
        if (kind.name == one.kind && !kind.xml.empty()) lines_ += fmt::format(fmt::runtime(kind.xml), one.id) + "\n";
    }

    void connect(std::vector<Drawn>& drawn) {
        const int size = static_cast<int>(drawn.size());
        const auto add_target = [&](int from, int to) {
            std::vector<int>& targets = drawn[static_cast<std::size_t>(from)].targets;
            if (std::find(targets.begin(), targets.end(), to) == targets.end()) targets.push_back(to);
        };
        for (int to = 1; to < size; ++to) {
            int from = random_.below(to);
            while (is_end(drawn[static_cast<std::size_t>(from)])) --from;
            add_target(from, to);
        }
        for (int from = 0; from + 1 < size; ++from) {
            const Drawn& one = drawn[static_cast<std::size_t>(from)];
            if (is_end(one)) continue;
            if (one.targets.empty()) add_target(from, from + 1 + random_.below(size - from - 1));
            if (is_gateway(one) && random_.chance(50)) add_target(from, random_.below(size));
        }
    }

    void draw_flows(const Drawn& one, const std::vector<Drawn>& drawn) {
        const bool conditional = one.targets.size() > 1 && (one.kind == "xor" || one.kind == "or");
        for (const int target : one.targets) {
            const std::string& id = drawn[static_cast<std::size_t>(target)].id;
            lines_ += fmt::format("{} -> {}", one.id, id);
            lines_ += conditional ? fmt::format(" when c{}\n", conditions_++) : "\n";
        }
        if (!has_edge(one) || !random_.chance(all_kinds_ ? 35 : 20)) return;
        const Drawn& target = drawn[static_cast<std::size_t>(random_.below(static_cast<int>(drawn.size())))];
        draw_event(one);
        lines_ += fmt::format("event_{} -> {}\n", one.id, target.id);
    }

    void draw_event(const Drawn& one) {
        const std::string what = trigger();
        const bool interrupts = what.find("errorEvent") != std::string::npos || random_.chance(60);
        if (!all_kinds_ || random_.chance(40)) {
            lines_ += fmt::format("{} event_{} on {} after PT1H\n", interrupts ? "timer" : "reminder", one.id, one.id);
            return;
        }
        lines_ += fmt::format(
            "<boundaryEvent id=\"event_{0}\" attachedToRef=\"{0}\" name=\"{3}\" cancelActivity=\"{1}\">{2}"
            "</boundaryEvent>\n",
            one.id, interrupts, what, random_.chance(50) ? "n" : "event_" + one.id);
    }

    std::string trigger() {
        static constexpr std::array<std::string_view, 6> kTriggers{
            "<errorEventDefinition errorRef=\"E1\"/>",
            "<errorEventDefinition/>",
            "<escalationEventDefinition escalationRef=\"S1\"/>",
            "<signalEventDefinition/>",
            "<messageEventDefinition messageRef=\"M\"/>",
            "<timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition>"};
        return std::string(kTriggers[static_cast<std::size_t>(random_.below(static_cast<int>(kTriggers.size())))]);
    }

    void event_sub_process(const std::string& id) {
        const std::string what = trigger();
        const bool interrupts = what.find("errorEvent") != std::string::npos || random_.chance(50);
        lines_ += fmt::format(
            "<subProcess id=\"{0}\" triggeredByEvent=\"true\"><startEvent id=\"{0}_s\" name=\"n\" "
            "isInterrupting=\"{1}\">"
            "{2}</startEvent><userTask id=\"{0}_t\"/><endEvent id=\"{0}_e\">{3}</endEvent>"
            "<sequenceFlow id=\"{0}_f\" sourceRef=\"{0}_s\" targetRef=\"{0}_t\"/>"
            "<sequenceFlow id=\"{0}_g\" sourceRef=\"{0}_t\" targetRef=\"{0}_e\"/></subProcess>\n",
            id, interrupts, what, random_.chance(20) ? "<errorEventDefinition errorRef=\"E2\"/>" : "");
    }

    Random& random_;
    bool all_kinds_;
    std::string lines_;
    int levels_ = 0;
    int conditions_ = 0;
};

}  // namespace kaigong::bpmn
