#include "modules/catalog/process_difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "engine/bpmn/document.hpp"

namespace kaigong::catalog {
namespace {

using bpmn::DocumentNode;

/// Elements that hold others, which are compared by themselves.
constexpr std::array<std::string_view, 7> kContainers{"definitions",     "process", "subProcess",   "transaction",
                                                      "adHocSubProcess", "laneSet", "collaboration"};
/// Said by the sequence flows already.
constexpr std::array<std::string_view, 2> kRepeated{"incoming", "outgoing"};

const std::map<std::string_view, std::string_view>& type_words() {
    static const std::map<std::string_view, std::string_view> words{
        {"process", "流程"},
        {"participant", "泳池"},
        {"lane", "泳道"},
        {"sequenceFlow", "连线"},
        {"startEvent", "开始"},
        {"endEvent", "结束"},
        {"boundaryEvent", "边界事件"},
        {"intermediateCatchEvent", "等待事件"},
        {"intermediateThrowEvent", "抛出事件"},
        {"userTask", "人工任务"},
        {"serviceTask", "系统步骤"},
        {"scriptTask", "脚本"},
        {"businessRuleTask", "规则步骤"},
        {"exclusiveGateway", "排他网关"},
        {"parallelGateway", "并行网关"},
        {"inclusiveGateway", "包容网关"},
        {"eventBasedGateway", "事件网关"},
        {"subProcess", "子流程"},
        {"callActivity", "调用流程"},
    };
    return words;
}

std::string aspect_word(const std::string& aspect) {
    static const std::map<std::string_view, std::string_view> words{
        {"name", "名称"},
        {"documentation", "说明"},
        {"sourceRef", "起点"},
        {"targetRef", "终点"},
        {"conditionExpression", "条件"},
        {"default", "默认连线"},
        {"attachedToRef", "所在步骤"},
        {"cancelActivity", "是否中断"},
        {"calledElement", "调用的流程"},
        {"task.kind", "任务种类"},
        {"task.item", "部门事项"},
        {"task.department", "部门"},
        {"task.role", "角色"},
        {"task.legalBasis", "法律依据"},
        {"job.type", "系统工作"},
        {"event.name", "记录的事件"},
        {"event.letter", "文书"},
        {"timerEventDefinition/timeDate", "时间"},
        {"timerEventDefinition/timeDuration", "时长"},
        {"timerEventDefinition/timeCycle", "周期"},
        {"flowNodeRef", "所含步骤"},
    };
    if (const auto word = words.find(aspect); word != words.end()) return std::string(word->second);
    for (const auto& [begin, word] : {std::pair{"outcome[", "结果"}, std::pair{"checkpoint[", "核对要点"}}) {
        if (!aspect.starts_with(begin)) continue;
        const auto from = std::string_view(begin).size();
        return fmt::format("{} {}", word, aspect.substr(from, aspect.find(']') - from));
    }
    return aspect;
}

struct Part {
    std::string type;
    std::string name;
    /// What it says, by where it says it.
    std::map<std::string, std::string> aspects;
};

struct Outline {
    std::vector<std::string> order;
    std::map<std::string, Part> parts;
};

bool is_model(const DocumentNode& node) {
    return node.kind == DocumentNode::Kind::element && node.name.name_space == bpmn::kModelNamespace;
}

std::string attribute_of(const DocumentNode& node, std::string_view local) {
    for (const auto& attribute : node.attributes) {
        if (attribute.name.local == local && attribute.name.prefix.empty()) return attribute.value;
    }
    return "";
}

std::string trimmed_text(const DocumentNode& node) {
    std::string text;
    for (const auto& child : node.children) {
        if (child.kind == DocumentNode::Kind::text || child.kind == DocumentNode::Kind::cdata) text += child.value;
    }
    const auto first = text.find_first_not_of(" \n\t\r");
    return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(" \n\t\r") - first + 1);
}

/// Where a nested element stands: those of a list are told apart by their code.
std::string place_of(const DocumentNode& node, const std::string& before) {
    if (node.name.local == "extensionElements") return before;
    const auto code = attribute_of(node, "code");
    return before + node.name.local + (code.empty() ? "" : "[" + code + "]");
}

void put(Part& part, const std::string& aspect, const std::string& value) {
    auto& held = part.aspects[aspect];
    held = held.empty() ? value : held + "\n" + value;
}

void read_attributes(const DocumentNode& node, const std::string& before, Part& part) {
    for (const auto& attribute : node.attributes) {
        if (attribute.is_declaration() || attribute.name.local == "id") continue;
        // An editor leaves out what holds anyway.
        if (attribute.name.local == "cancelActivity" && attribute.value == "true") continue;
        // What kind of expression it is, every expression says anew.
        if (attribute.name.local == "type" && attribute.name.prefix == "xsi") continue;
        put(part, before + attribute.name.local, attribute.value);
    }
}

void read_nested(const DocumentNode& node, const std::string& before, Part& part) {
    for (const auto& child : node.children) {
        if (child.kind != DocumentNode::Kind::element) continue;
        if (std::ranges::find(kRepeated, child.name.local) != kRepeated.end()) continue;
        const bool is_own = is_model(child) && !attribute_of(child, "id").empty() &&
                            std::ranges::find(kContainers, node.name.local) != kContainers.end();
        if (is_own || (is_model(child) && child.name.local == "laneSet")) continue;
        const auto place = place_of(child, before);
        read_attributes(child, place == before ? before : place + ".", part);
        if (const auto text = trimmed_text(child); !text.empty()) put(part, place, text);
        read_nested(child, place == before ? before : place + "/", part);
    }
}

void collect(const DocumentNode& node, Outline& outline) {
    for (const auto& child : node.children) {
        if (!is_model(child)) continue;
        const auto id = attribute_of(child, "id");
        const auto& type = child.name.local;
        if (!id.empty() && type != "laneSet" && type != "collaboration" && !outline.parts.contains(id)) {
            Part part{type, attribute_of(child, "name"), {}};
            read_attributes(child, "", part);
            read_nested(child, "", part);
            outline.order.push_back(id);
            outline.parts.emplace(id, std::move(part));
        }
        if (std::ranges::find(kContainers, type) != kContainers.end()) collect(child, outline);
    }
}

std::string title_of(const std::string& id, const Part& part) {
    const auto word = type_words().find(part.type);
    return fmt::format("{}“{}”", word == type_words().end() ? part.type : std::string(word->second),
                       part.name.empty() ? id : part.name);
}

std::string shown(const std::string& value) {
    return value.empty() ? "（空）" : "“" + value + "”";
}

/// Several values of one outcome are one line, so that renaming a way does not fill the page.
std::string changes_of(const Part& before, const Part& after) {
    std::set<std::string> names;
    for (const auto& [name, value] : before.aspects) names.insert(name);
    for (const auto& [name, value] : after.aspects) names.insert(name);
    std::vector<std::string> lines;
    for (const auto& name : names) {
        const auto was = before.aspects.find(name);
        const auto is = after.aspects.find(name);
        const auto old_value = was == before.aspects.end() ? std::string() : was->second;
        const auto new_value = is == after.aspects.end() ? std::string() : is->second;
        if (old_value == new_value) continue;
        lines.push_back(fmt::format("{}由{}改为{}", aspect_word(name), shown(old_value), shown(new_value)));
    }
    return fmt::format("{}", fmt::join(lines, "；"));
}

boost::json::object line_of(const char* kind, const std::string& id, const Part& part, std::string text) {
    return {{"kind", kind}, {"element", id}, {"type", part.type}, {"name", part.name}, {"text", std::move(text)}};
}

std::optional<Outline> outline_of(const std::expected<bpmn::Document, bpmn::Problem>& document) {
    if (!document) return std::nullopt;
    Outline outline;
    collect(document->root(), outline);
    return outline;
}

}  // namespace

boost::json::array process_difference(std::string_view before, std::string_view after) {
    const auto old_document = bpmn::read_document(before);
    const auto new_document = bpmn::read_document(after);
    const auto old_outline = outline_of(old_document);
    const auto new_outline = outline_of(new_document);
    boost::json::array lines;
    if (!old_outline || !new_outline) return lines;
    for (const auto& id : new_outline->order) {
        const auto& part = new_outline->parts.at(id);
        const auto old_part = old_outline->parts.find(id);
        if (old_part == old_outline->parts.end()) {
            lines.push_back(line_of("added", id, part, fmt::format("新增{}", title_of(id, part))));
        } else if (auto changes = changes_of(old_part->second, part); !changes.empty()) {
            lines.push_back(line_of("changed", id, part, fmt::format("{}：{}", title_of(id, part), changes)));
        }
    }
    for (const auto& id : old_outline->order) {
        if (new_outline->parts.contains(id)) continue;
        const auto& part = old_outline->parts.at(id);
        lines.push_back(line_of("removed", id, part, fmt::format("去掉{}", title_of(id, part))));
    }
    if (lines.empty() && bpmn::first_difference(*old_document, *new_document)) {
        lines.push_back(line_of("changed", "", {}, "只有图形的位置或写法不同，办理过程不变"));
    }
    return lines;
}

}  // namespace kaigong::catalog
