// Event definitions: what an event waits for or does.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/bpmn/behaviors/timers.hpp"
#include "engine/bpmn/reading.hpp"
#include "engine/feel/temporal.hpp"

namespace kaigong::bpmn {
namespace {

struct TriggerName {
    std::string_view xml;
    Trigger trigger;
};
constexpr std::array kTriggerNames{
    TriggerName{"timerEventDefinition", Trigger::timer},
    TriggerName{"messageEventDefinition", Trigger::message},
    TriggerName{"signalEventDefinition", Trigger::signal},
    TriggerName{"errorEventDefinition", Trigger::error},
    TriggerName{"escalationEventDefinition", Trigger::escalation},
    TriggerName{"conditionalEventDefinition", Trigger::conditional},
    TriggerName{"compensateEventDefinition", Trigger::compensation},
    TriggerName{"cancelEventDefinition", Trigger::cancel},
    TriggerName{"linkEventDefinition", Trigger::link},
    TriggerName{"terminateEventDefinition", Trigger::terminate},
};

const XmlElement* root_element(const XmlElement& root, std::string_view reference) {
    const std::string_view id = without_prefix(trimmed(reference));
    if (id.empty()) return nullptr;
    for (const XmlElement& child : root.children) {
        if (child.name_space == kModelNamespace && child.attribute("id") == id) return &child;
    }
    return nullptr;
}

Trigger trigger_of(const XmlElement& definition) {
    for (const TriggerName& one : kTriggerNames) {
        if (one.xml == definition.name) return one.trigger;
    }
    return Trigger::none;
}

bool is_iso8601(TimerRule::Kind kind, const std::string& text) {
    if (kind == TimerRule::Kind::date) return feel::parse_date_time(text, nullptr) || feel::parse_date(text);
    if (kind == TimerRule::Kind::cycle) return is_cycle(text);
    return feel::parse_days_time(text) || feel::parse_years_months(text);
}

bool is_word(std::string_view text) {
    const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    return !text.empty() && std::ranges::all_of(text, is_letter);
}

/// Rather a time that is misspelt than the name of a variable.
void refuse_word(const XmlElement& xml, const Element& element, Problems& problems) {
    problems.refuse(element.id, xml.line, "bad_timer",
                    fmt::format("“{}”不是 ISO 8601 时间；如果是变量，请写成 ={}。", xml.text, xml.text),
                    fmt::format("{} is no ISO 8601 time; a variable is written ={}.", xml.text, xml.text));
}

void read_rule(const XmlElement& xml, TimerRule::Kind kind, Element& element, Problems& problems) {
    TimerRule rule{kind, xml.text, nullptr};
    if (!is_iso8601(kind, xml.text)) {
        if (is_word(xml.text)) return refuse_word(xml, element, problems);
        auto compiled = Expression::compile(xml.text);
        if (!compiled) {
            problems.refuse(element.id, xml.line, "bad_timer",
                            fmt::format("计时器既不是 ISO 8601 时间也不是 FEEL 表达式：{}", compiled.error().message),
                            "The timer is neither ISO 8601 text nor a FEEL expression that can be read.");
            return;
        }
        rule.literal.clear();
        rule.expression = std::move(*compiled);
    }
    element.timer = std::move(rule);
}

void read_timer(const XmlElement& definition, Element& element, Problems& problems) {
    const std::array<std::pair<const XmlElement*, TimerRule::Kind>, 3> rules{
        std::pair{definition.child("timeDate"), TimerRule::Kind::date},
        std::pair{definition.child("timeDuration"), TimerRule::Kind::duration},
        std::pair{definition.child("timeCycle"), TimerRule::Kind::cycle}};
    int count = 0;
    for (const auto& [rule, kind] : rules) count += rule == nullptr ? 0 : 1;
    if (count != 1) {
        problems.refuse(element.id, definition.line, "timer_missing",
                        "计时器须有且只有一个时刻（timeDate）、时长（timeDuration）或循环（timeCycle）。",
                        "The timer needs exactly one of timeDate, timeDuration and timeCycle.");
        return;
    }
    for (const auto& [rule, kind] : rules) {
        if (rule != nullptr) read_rule(*rule, kind, element, problems);
    }
}

/// What a message, signal, error or escalation is known by: its code or name, else its id. An event that refers to none
/// is known by its own name.
std::string_view known_name(const XmlElement* named, std::string_view code_attribute) {
    if (named == nullptr) return {};
    if (!code_attribute.empty() && !named->attribute(code_attribute).empty()) return named->attribute(code_attribute);
    if (code_attribute.empty() && !named->attribute("name").empty()) return named->attribute("name");
    return named->attribute("id");
}

void read_reference(const XmlElement& holder, std::string_view reference, const XmlElement& root, Element& element,
                    Problems& problems) {
    const std::string_view target = holder.attribute(reference);
    const XmlElement* named = root_element(root, target);
    if (named == nullptr && !target.empty()) {
        problems.refuse(element.id, holder.line, "reference_unknown",
                        fmt::format("引用的 {} 在文件中找不到，请重新选择。", target),
                        fmt::format("{} is not in this file.", target));
        return;
    }
    const std::string_view code = reference == "errorRef"        ? "errorCode"
                                  : reference == "escalationRef" ? "escalationCode"
                                                                 : std::string_view();
    if (named != nullptr) element.name_of_event = read_named(known_name(named, code), holder, element, problems);
    if (named == nullptr || reference != "messageRef") return;
    const XmlElement* subscription = zeebe(*named, "subscription");
    if (subscription == nullptr || subscription->attribute("correlationKey").empty()) return;
    read_expression(subscription->attribute("correlationKey"), subscription->line, element.id, element.correlation_key,
                    problems);
}

bool is_thrown(Kind kind) {
    return kind == Kind::end_event || kind == Kind::intermediate_throw_event;
}

/// What is thrown has a code (BPMN 2.0.2, tables 10.89 and 10.90); who catches may leave it open and catches any.
void read_code(const XmlElement& definition, std::string_view reference, std::string_view code, const XmlElement& root,
               Element& element, Problems& problems) {
    read_reference(definition, reference, root, element, problems);
    const XmlElement* named = root_element(root, definition.attribute(reference));
    const bool is_unknown = named == nullptr && !definition.attribute(reference).empty();
    if (!is_thrown(element.kind) || is_unknown || (named != nullptr && !named->attribute(code).empty())) return;
    problems.refuse(element.id, definition.line, "code_missing",
                    fmt::format("抛出的错误或升级没有代码，请选择一个写明 {} 的定义。", code),
                    fmt::format("What is thrown has no code: refer to a definition with {}.", code));
}

/// An executable process waits for a message that is named (BPMN 2.0.2, table 10.93).
void check_message_named(const XmlElement& xml, const Element& element, Problems& problems) {
    const bool waits = element.kind == Kind::intermediate_catch_event || element.kind == Kind::boundary_event;
    if (!waits || !element.name_of_event.empty()) return;
    problems.refuse(element.id, xml.line, "message_missing", "没有写明等哪个消息，请选择消息。",
                    "The event names no message to wait for.");
}

void name_unnamed(const XmlElement& xml, Element& element, Problems& problems) {
    if (!element.name_of_event.empty()) return;
    element.name_of_event.literal = element.name.empty() ? element.id : element.name;
    problems.warn(element.id, xml.line, "event_unnamed", "没有写明消息或信号的名称，暂用元素自己的名称。",
                  "The event names no message or signal; its own name is taken.");
}

void read_condition(const XmlElement& definition, Element& element, Problems& problems) {
    const XmlElement* condition = definition.child("condition");
    if (condition == nullptr || condition->text.empty()) {
        problems.refuse(element.id, definition.line, "condition_missing", "条件事件没有写条件。",
                        "The conditional event has no condition.");
        return;
    }
    read_expression(*condition, element, element.condition, problems);
}

}  // namespace

bool is_event_definition(std::string_view xml_name) {
    return xml_name.ends_with("EventDefinition") || xml_name == "eventDefinitionRef";
}

EventDefinition event_definition_of(const XmlElement& event, const XmlElement& root, Problems& problems) {
    EventDefinition found;
    int count = 0;
    for (const XmlElement& child : event.children) {
        if (child.name_space != kModelNamespace || !is_event_definition(child.name)) continue;
        ++count;
        found.xml = child.name == "eventDefinitionRef" ? root_element(root, child.text) : &child;
    }
    if (count == 0) return found;
    if (count > 1 || event.attribute("parallelMultiple") == "true") {
        refuse_unsupported(event, name_of(event), event.name + " + multipleEventDefinition", problems);
        found.refused = true;
        return found;
    }
    if (found.xml != nullptr) found.trigger = trigger_of(*found.xml);
    if (found.trigger != Trigger::none) return found;
    const std::string what = found.xml == nullptr ? "eventDefinitionRef" : found.xml->name;
    refuse_unsupported(event, name_of(event), event.name + " + " + what, problems);
    found.refused = true;
    return found;
}

void read_event(const XmlElement& xml, const EventDefinition& definition, const XmlElement& root, Element& element,
                Problems& problems) {
    element.trigger = definition.trigger;
    if (definition.xml == nullptr) return;
    const XmlElement& details = *definition.xml;
    switch (definition.trigger) {
        case Trigger::timer: return read_timer(details, element, problems);
        case Trigger::message:
            read_reference(details, "messageRef", root, element, problems);
            if (details.attribute("messageRef").empty()) check_message_named(details, element, problems);
            return name_unnamed(xml, element, problems);
        case Trigger::signal:
            read_reference(details, "signalRef", root, element, problems);
            return name_unnamed(xml, element, problems);
        case Trigger::error: return read_code(details, "errorRef", "errorCode", root, element, problems);
        case Trigger::escalation: return read_code(details, "escalationRef", "escalationCode", root, element, problems);
        case Trigger::conditional: return read_condition(details, element, problems);
        case Trigger::compensation:
            element.activity_ref = without_prefix(details.attribute("activityRef"));
            element.waits_for_completion = details.attribute("waitForCompletion") != "false";
            return;
        case Trigger::link: element.name_of_event.literal = details.attribute("name"); return;
        default: return;
    }
}

void read_message_of_task(const XmlElement& xml, const XmlElement& root, Element& element, Problems& problems) {
    read_reference(xml, "messageRef", root, element, problems);
    if (element.kind == Kind::receive_task || element.job_type.empty()) name_unnamed(xml, element, problems);
}

}  // namespace kaigong::bpmn
