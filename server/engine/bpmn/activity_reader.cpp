// What activities have beyond their kind: repetition, mappings of variables, the script, the called process. Read from
// BPMN itself, from Kaigong's extensions and from those of the Camunda and Zeebe modellers.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/bpmn/reading.hpp"

namespace kaigong::bpmn {
namespace {

constexpr std::string_view kCamundaNamespace = "http://camunda.org/schema/1.0/bpmn";

std::string_view camunda(const XmlElement& xml, std::string_view name) {
    for (const ForeignAttribute& attribute : xml.attributes) {
        if (attribute.name_space == kCamundaNamespace && attribute.name == name) return attribute.value;
    }
    return {};
}

void compile_if_there(std::string_view text, const XmlElement& xml, const Element& element, Feel& target,
                      Problems& problems) {
    if (!trimmed(text).empty()) read_expression(text, xml.line, element.id, target, problems);
}

void compile_child(const XmlElement& xml, std::string_view name, const Element& element, Feel& target,
                   Problems& problems) {
    if (const XmlElement* child = xml.child(name)) compile_if_there(child->text, *child, element, target, problems);
}

std::string data_item(const XmlElement& xml, std::string_view name) {
    const XmlElement* item = xml.child(name);
    if (item == nullptr) return "";
    return std::string(item->attribute("name").empty() ? item->attribute("id") : item->attribute("name"));
}

/// One word, of letters of any script.
bool is_name(std::string_view text) {
    const auto is_part = [](char c) {
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        return is_letter || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80U;
    };
    const bool is_literal = text == "null" || text == "true" || text == "false";
    return !text.empty() && (text.front() < '0' || text.front() > '9') && !is_literal &&
           std::ranges::all_of(text, is_part);
}

void read_multi_instance(const XmlElement& xml, Element& element, Problems& problems) {
    Repetition repetition;
    repetition.kind =
        xml.attribute("isSequential") == "true" ? Repetition::Kind::sequential : Repetition::Kind::parallel;
    compile_child(xml, "loopCardinality", element, repetition.cardinality, problems);
    compile_child(xml, "completionCondition", element, repetition.completion, problems);
    compile_child(xml, "loopDataInputRef", element, repetition.collection, problems);
    repetition.input_element = data_item(xml, "inputDataItem");
    if (const XmlElement* more = zeebe(xml, "loopCharacteristics")) {
        compile_if_there(more->attribute("inputCollection"), *more, element, repetition.collection, problems);
        compile_if_there(more->attribute("outputElement"), *more, element, repetition.output_element, problems);
        if (!more->attribute("inputElement").empty()) repetition.input_element = more->attribute("inputElement");
        repetition.output_collection = more->attribute("outputCollection");
        if (repetition.output_element != nullptr && is_name(repetition.output_element->text())) {
            repetition.output_variable = repetition.output_element->text();
        }
    }
    compile_if_there(camunda(xml, "collection"), xml, element, repetition.collection, problems);
    if (!camunda(xml, "elementVariable").empty()) repetition.input_element = camunda(xml, "elementVariable");
    if (repetition.cardinality == nullptr && repetition.collection == nullptr) {
        problems.refuse(element.id, xml.line, "instances_missing",
                        "多实例没有写明份数（loopCardinality）或集合，请补上。",
                        "The multi-instance activity names neither a cardinality nor a collection.");
        return;
    }
    if (!xml.attribute("behavior").empty() && xml.attribute("behavior") != "All") {
        problems.refuse(element.id, xml.line, "unsupported_element", "多实例的 behavior 只支持 All。",
                        "A multi-instance behaviour other than All is not supported.");
    }
    element.repetition = std::move(repetition);
}

void read_loop(const XmlElement& xml, Element& element, Problems& problems) {
    Repetition repetition;
    repetition.kind = Repetition::Kind::loop;
    repetition.test_before = xml.attribute("testBefore") == "true";
    compile_child(xml, "loopCondition", element, repetition.condition, problems);
    const std::string_view maximum = xml.attribute("loopMaximum");
    if (!maximum.empty()) {
        const char* begin = maximum.begin();
        const auto read = std::from_chars(begin, begin + maximum.size(), repetition.maximum);
        if (read.ec != std::errc() || read.ptr != maximum.end() || repetition.maximum < 1) {
            problems.refuse(element.id, xml.line, "bad_loop_maximum", "循环次数上限（loopMaximum）须是正整数。",
                            "loopMaximum has to be a positive whole number.");
        }
    }
    if (repetition.condition == nullptr && repetition.maximum == 0) {
        problems.refuse(element.id, xml.line, "loop_without_end", "循环没有条件也没有次数上限，请补上。",
                        "The loop has neither a condition nor a maximum.");
    }
    element.repetition = std::move(repetition);
}

bool is_computed(std::string_view text) {
    return text.starts_with('=') || text.starts_with("${") || text.starts_with("#{");
}

bool is_number(std::string_view text) {
    double number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

/// The Zeebe modeller's way: what does not begin with `=` stands for itself.
std::string static_value(std::string_view text) {
    if (is_number(text)) return std::string(text);
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + "\"";
}

void read_mapping(const XmlElement& mapping, const Element& element, std::vector<Mapping>& target, Problems& problems) {
    Mapping one;
    one.target = mapping.attribute("target");
    const std::string_view source = trimmed(mapping.attribute("source"));
    if (is_computed(source)) {
        read_expression(source, mapping.line, element.id, one.source, problems);
        if (one.source == nullptr) return;
    } else if (!source.empty()) {
        read_expression(static_value(source), mapping.line, element.id, one.source, problems);
    }
    if (one.source != nullptr && !one.target.empty()) {
        target.push_back(std::move(one));
        return;
    }
    problems.refuse(element.id, mapping.line, "bad_mapping", "变量映射须有来源（source）和目标（target）。",
                    "A mapping needs a source and a target.");
}

void read_mappings(const XmlElement& xml, Element& element, Problems& problems) {
    const XmlElement* mappings = zeebe(xml, "ioMapping");
    if (mappings == nullptr) return;
    for (const XmlElement& mapping : mappings->children) {
        if (mapping.name == "input") read_mapping(mapping, element, element.inputs, problems);
        if (mapping.name == "output") read_mapping(mapping, element, element.outputs, problems);
    }
}

void read_call(const XmlElement& xml, Element& element, Problems& problems) {
    const std::string_view id = xml.attribute("calledElement");
    element.called = read_named(is_computed(id) ? id : without_prefix(id), xml, element, problems);
    const XmlElement* called = zeebe(xml, "calledElement");
    if (called == nullptr) return;
    if (!called->attribute("processId").empty()) {
        element.called = read_named(called->attribute("processId"), *called, element, problems);
    }
    element.passes_variables_in = called->attribute("propagateAllParentVariables") != "false";
    element.passes_variables_out = called->attribute("propagateAllChildVariables") != "false";
}

void read_script(const XmlElement& xml, Element& element, Problems& problems) {
    const XmlElement* script = zeebe(xml, "script");
    if (script == nullptr) return;
    auto compiled = Expression::compile_script(script->attribute("expression"));
    if (compiled) {
        element.script = std::move(*compiled);
    } else {
        problems.refuse(element.id, script->line, "bad_expression", compiled.error().message,
                        "The script is not a FEEL expression.");
    }
    element.result_variable = script->attribute("resultVariable");
}

}  // namespace

void read_activity(const XmlElement& xml, Element& element, Problems& problems) {
    const auto is_loop = [](const XmlElement& child) { return child.name.ends_with("LoopCharacteristics"); };
    if (std::ranges::count_if(xml.children, is_loop) > 1) {
        problems.refuse(element.id, xml.line, "several_loops", "一个活动只能有一种循环或多实例，请保留一个。",
                        "An activity is repeated in one way only.");
    }
    if (const XmlElement* multi = xml.child("multiInstanceLoopCharacteristics")) {
        read_multi_instance(*multi, element, problems);
    } else if (const XmlElement* loop = xml.child("standardLoopCharacteristics")) {
        read_loop(*loop, element, problems);
    }
    read_mappings(xml, element, problems);
    if (element.kind == Kind::script_task) read_script(xml, element, problems);
    if (element.kind == Kind::call_activity) read_call(xml, element, problems);
    element.is_for_compensation = xml.attribute("isForCompensation") == "true";
}

}  // namespace kaigong::bpmn
