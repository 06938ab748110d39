#include "engine/bpmn/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>

#include "engine/bpmn/elements/table.hpp"
#include "engine/bpmn/extensions.hpp"

namespace kaigong::bpmn {
namespace {

template <std::size_t N>
using Names = std::array<std::string_view, N>;

// Part of every flow node, or of the drawing; nothing to execute and nothing to tell.
constexpr Names<7> kQuiet{"documentation", "extensionElements", "incoming",  "outgoing",
                          "laneSet",       "sequenceFlow",      "monitoring"};
// Kept, and told: the modeller may believe that these do something.
constexpr Names<16> kNotExecuted{
    "dataObject",     "dataObjectReference", "dataStoreReference",   "textAnnotation",        "association",
    "group",          "ioSpecification",     "dataInputAssociation", "dataOutputAssociation", "property",
    "potentialOwner", "performer",           "humanPerformer",       "resourceRole",          "rendering",
    "auditing"};

template <std::size_t N>
bool is_in(const Names<N>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_event_definition(std::string_view name) {
    return name.ends_with("EventDefinition") || name == "eventDefinitionRef";
}

std::string name_of(const XmlElement& xml) {
    const std::string_view id = xml.attribute("id");
    return id.empty() ? xml.name : std::string(id);
}

void refuse_unsupported(const XmlElement& xml, const std::string& owner, const std::string& what, Problems& problems) {
    problems.refuse(owner, xml.line, "unsupported_element",
                    fmt::format("暂不支持 {},请改用受支持的元素后再部署。", what),
                    fmt::format("{} is not supported.", what));
}

class ProcessReader {
  public:
    explicit ProcessReader(Problems& problems) : problems_(problems) {}

    Process read(const XmlElement& xml) {
        process_.id = xml.attribute("id");
        process_.name = xml.attribute("name");
        process_.line = xml.line;
        read_scope(xml, -1);
        read_flows(xml);
        order_outgoing();
        attach_boundary_events();
        set_default_flows();
        for (const XmlElement* lane_set : lane_sets_) read_lanes(*lane_set);
        inherit_lanes();
        return std::move(process_);
    }

  private:
    Element& element_at(int index) { return process_.elements.at(static_cast<std::size_t>(index)); }
    int find(std::string_view id) const {
        const auto found = process_.element_index.find(std::string(id));
        return found == process_.element_index.end() ? -1 : found->second;
    }

    void read_scope(const XmlElement& xml, int scope) {
        for (const XmlElement& child : xml.children) {
            if (child.name_space != kModelNamespace) continue;
            if (child.name == "laneSet") lane_sets_.push_back(&child);
            if (is_in(kQuiet, child.name)) continue;
            if (is_in(kNotExecuted, child.name)) {
                warn_not_executed(child);
            } else if (!is_part_of_node(child.name)) {
                read_element(child, scope);
            }
        }
    }

    /// Inside a sub-process stand what belongs to it as an activity, too: judged by read_parts.
    static bool is_part_of_node(std::string_view name) {
        return is_event_definition(name) || name.ends_with("LoopCharacteristics");
    }

    void warn_not_executed(const XmlElement& xml) {
        problems_.warn(name_of(xml), xml.line, "not_executed", fmt::format("{} 会保留,但不参与执行。", xml.name),
                       fmt::format("{} is kept but not executed.", xml.name));
    }

    void read_element(const XmlElement& xml, int scope) {
        const Handler* handler = handler_for(xml);
        if (handler == nullptr || !has_usable_id(xml)) {
            process_.is_complete = false;
            return;
        }
        if (process_.elements.size() >= static_cast<std::size_t>(kElementsMax)) return refuse_too_many(xml);
        const int index = static_cast<int>(process_.elements.size());
        process_.element_index[std::string(xml.attribute("id"))] = index;
        Element& element = process_.elements.emplace_back();
        sources_.push_back(&xml);
        element.id = xml.attribute("id");
        element.name = xml.attribute("name");
        element.kind = handler->kind;
        element.line = xml.line;
        element.scope = scope;
        if (const XmlElement* documentation = xml.child("documentation")) element.documentation = documentation->text;
        read_extensions(xml, element);
        read_parts(xml, element);
        if (handler->read != nullptr) handler->read(xml, element, problems_);
        if (handler->kind == Kind::start_event) set_start(scope, index);
        if (handler->kind == Kind::sub_process) read_scope(xml, index);
    }

    void refuse_too_many(const XmlElement& xml) {
        if (process_.is_complete) {
            problems_.refuse(name_of(xml), xml.line, "too_many_elements",
                             fmt::format("流程的元素超过{}个,请拆分流程。", kElementsMax),
                             fmt::format("The process has more than {} elements.", kElementsMax));
        }
        process_.is_complete = false;
    }

    const Handler* handler_for(const XmlElement& xml) {
        std::string definition;
        int count = 0;
        for (const XmlElement& child : xml.children) {
            if (child.name_space != kModelNamespace || !is_event_definition(child.name)) continue;
            definition = child.name;
            ++count;
        }
        bool known_name = false;
        for (const Handler& handler : handlers()) {
            if (handler.xml_name != xml.name) continue;
            known_name = true;
            if (count <= 1 && handler.event_definition == definition) return &handler;
        }
        const std::string what =
            !known_name || definition.empty() ? xml.name : fmt::format("{} + {}", xml.name, definition);
        refuse_unsupported(xml, name_of(xml), what, problems_);
        return nullptr;
    }

    bool has_usable_id(const XmlElement& xml) {
        const std::string_view id = xml.attribute("id");
        if (id.empty() || id.size() > kIdBytesMax) {
            problems_.refuse(name_of(xml), xml.line, "id_missing",
                             fmt::format("元素须有编号(id),不超过{}个字节。", kIdBytesMax),
                             fmt::format("The element needs an id of at most {} bytes.", kIdBytesMax));
            return false;
        }
        if (!ids_.emplace(id, xml.line).second) {
            problems_.refuse(name_of(xml), xml.line, "id_twice", "同一个编号(id)用了两次,请改成不同的编号。",
                             "The id is used twice.");
            return false;
        }
        return true;
    }

    /// What an activity may hold and the engine would otherwise pass over in silence.
    void read_parts(const XmlElement& xml, const Element& element) {
        for (const XmlElement& child : xml.children) {
            if (child.name_space != kModelNamespace) continue;
            if (child.name.ends_with("LoopCharacteristics"))
                refuse_unsupported(child, element.id, child.name, problems_);
            if (element.kind == Kind::sub_process || is_in(kQuiet, child.name) || is_event_definition(child.name))
                continue;
            if (is_in(kNotExecuted, child.name)) {
                problems_.warn(element.id, child.line, "not_executed",
                               fmt::format("{} 会保留,但不参与执行。", child.name),
                               fmt::format("{} is kept but not executed.", child.name));
            } else if (!child.name.ends_with("LoopCharacteristics")) {
                refuse_unsupported(child, element.id, child.name, problems_);
            }
        }
        const auto is_plain = [&](std::string_view name, std::string_view usual) {
            return !xml.has(name) || xml.attribute(name) == usual;
        };
        if (!is_plain("isForCompensation", "false"))
            refuse_unsupported(xml, element.id, "isForCompensation", problems_);
        if (!is_plain("startQuantity", "1")) refuse_unsupported(xml, element.id, "startQuantity", problems_);
        if (!is_plain("completionQuantity", "1")) refuse_unsupported(xml, element.id, "completionQuantity", problems_);
    }

    void set_start(int scope, int index) {
        int& start = scope < 0 ? process_.start : element_at(scope).start;
        if (start >= 0) {
            problems_.refuse(element_at(index).id, element_at(index).line, "several_starts",
                             "同一流程或子流程只能有一个开始事件,请保留一个。",
                             "A process or sub-process has one start event.");
            return;
        }
        start = index;
    }

    void read_flows(const XmlElement& xml) {
        for (const XmlElement& child : xml.children) {
            if (child.is_model("sequenceFlow")) read_flow(child);
            if (child.is_model("subProcess")) read_flows(child);
        }
    }

    void read_flow(const XmlElement& xml) {
        if (!has_usable_id(xml)) return;
        Flow flow;
        flow.id = xml.attribute("id");
        flow.name = xml.attribute("name");
        flow.line = xml.line;
        flow.source = find(xml.attribute("sourceRef"));
        flow.target = find(xml.attribute("targetRef"));
        if ((flow.source < 0 || flow.target < 0) && !process_.is_complete) return;
        if (flow.source < 0 || flow.target < 0) {
            problems_.refuse(flow.id, flow.line, "flow_end_unknown", "连线的起点或终点不是可执行的元素,请重新连接。",
                             "The sequence flow's source or target is no element that can run.");
            return;
        }
        if (element_at(flow.source).scope != element_at(flow.target).scope) {
            problems_.refuse(flow.id, flow.line, "flow_crosses_scope", "连线不能穿过子流程的边界,请连到子流程本身。",
                             "A sequence flow can't cross the border of a sub-process.");
            return;
        }
        read_condition(xml, flow);
        const int index = static_cast<int>(process_.flows.size());
        process_.flow_index[flow.id] = index;
        element_at(flow.source).outgoing.push_back(index);
        element_at(flow.target).incoming.push_back(index);
        process_.flows.push_back(std::move(flow));
    }

    void read_condition(const XmlElement& xml, Flow& flow) {
        const XmlElement* condition = xml.child("conditionExpression");
        if (condition == nullptr || condition->text.empty()) return;
        flow.has_condition_text = true;
        auto compiled = Expression::compile(condition->text);
        if (compiled) {
            flow.condition = std::move(*compiled);
            return;
        }
        const bool language = compiled.error().reason == "bpmn.expression_language";
        problems_.refuse(
            flow.id, condition->line, language ? "expression_language" : "bad_expression", compiled.error().message,
            language ? "Conditions are FEEL; ${…} is not supported." : "The condition is not a FEEL expression.");
    }

    // Gateways look at their flows in the order of <outgoing>, which a modeller keeps, not of the document.
    void order_outgoing() {
        for (std::size_t i = 0; i < process_.elements.size(); ++i) {
            std::map<std::string, int, std::less<>> position;
            for (const XmlElement& child : sources_[i]->children) {
                if (child.is_model("outgoing")) position.emplace(child.text, static_cast<int>(position.size()));
            }
            const auto rank = [&](int flow) {
                const auto found = position.find(process_.flow(flow).id);
                return std::pair(found == position.end() ? static_cast<int>(position.size()) : found->second, flow);
            };
            auto& outgoing = process_.elements[i].outgoing;
            std::sort(outgoing.begin(), outgoing.end(), [&](int left, int right) { return rank(left) < rank(right); });
        }
    }

    void attach_boundary_events() {
        for (std::size_t i = 0; i < process_.elements.size(); ++i) {
            Element& element = process_.elements[i];
            if (element.kind != Kind::boundary_timer) continue;
            element.attached_to = find(sources_[i]->attribute("attachedToRef"));
            if (element.attached_to < 0) {
                problems_.refuse(element.id, element.line, "attached_to_unknown",
                                 "边界事件没有附在任何任务上,请拖到任务边框上。",
                                 "The boundary event's attachedToRef names no element that can run.");
                continue;
            }
            element_at(element.attached_to).boundary_timers.push_back(static_cast<int>(i));
        }
    }

    void set_default_flows() {
        for (std::size_t i = 0; i < process_.elements.size(); ++i) {
            Element& element = process_.elements[i];
            const std::string_view id = sources_[i]->attribute("default");
            if (id.empty()) continue;
            const auto found = process_.flow_index.find(std::string(id));
            const bool own =
                found != process_.flow_index.end() &&
                std::find(element.outgoing.begin(), element.outgoing.end(), found->second) != element.outgoing.end();
            if (own) {
                element.default_flow = found->second;
                continue;
            }
            problems_.refuse(element.id, element.line, "default_unknown", "默认流向不是从这里流出的连线,请重新指定。",
                             "The default flow is no outgoing flow of this element.");
        }
    }

    // A nested lane comes after the lane around it and wins.
    void read_lanes(const XmlElement& lane_set) {
        for (const XmlElement& lane : lane_set.children) {
            if (!lane.is_model("lane")) continue;
            for (const XmlElement& reference : lane.children) {
                const int index = reference.is_model("flowNodeRef") ? find(reference.text) : -1;
                if (index < 0) continue;
                element_at(index).lane = lane.attribute("id");
                lane_groups_[index] = lane_group(lane);
            }
            if (const XmlElement* nested = lane.child("childLaneSet")) read_lanes(*nested);
        }
    }

    void inherit_lanes() {
        for (std::size_t i = 0; i < process_.elements.size(); ++i) {
            Element& element = process_.elements[i];
            const int index = static_cast<int>(i);
            if (!lane_groups_.contains(index) && element.scope >= 0 && lane_groups_.contains(element.scope)) {
                element.lane = element_at(element.scope).lane;
                lane_groups_[index] = lane_groups_[element.scope];
            }
            if (element.group.empty() && element.kind == Kind::user_task && lane_groups_.contains(index)) {
                element.group = lane_groups_[index];
            }
        }
    }

    static constexpr std::size_t kIdBytesMax = 200;

    Problems& problems_;
    Process process_;
    std::vector<const XmlElement*> sources_;
    std::vector<const XmlElement*> lane_sets_;
    std::map<std::string, int, std::less<>> ids_;
    std::map<int, std::string> lane_groups_;
};

bool is_executable(const XmlElement& process) {
    return process.attribute("isExecutable") == "true" || process.attribute("isExecutable") == "1";
}

}  // namespace

const XmlElement* choose_process(const XmlElement& root, std::string_view process_id, Problems& problems) {
    const XmlElement* chosen = nullptr;
    for (const XmlElement& child : root.children) {
        if (!child.is_model("process")) continue;
        if (!is_executable(child)) {
            problems.warn(name_of(child), child.line, "process_not_executable",
                          "这个流程没有标为可执行,会保留但不部署。",
                          "The process is not executable; it is kept but not deployed.");
        } else if (process_id.empty() && chosen != nullptr) {
            problems.refuse(name_of(child), child.line, "several_processes",
                            "文件中有多个可执行流程,请指明部署哪一个。",
                            "The file has several executable processes; name the one to deploy.");
            return nullptr;
        } else if (process_id.empty() || child.attribute("id") == process_id) {
            chosen = &child;
        }
    }
    if (chosen == nullptr) {
        problems.refuse(process_id.empty() ? root.name : std::string(process_id), root.line, "no_executable_process",
                        "文件中没有可执行的流程,请在流程属性中勾选“可执行”。",
                        "The file has no executable process to deploy.");
    }
    return chosen;
}

Process read_process(const XmlElement& xml, Problems& problems) {
    return ProcessReader(problems).read(xml);
}

}  // namespace kaigong::bpmn
