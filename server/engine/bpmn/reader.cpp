#include "engine/bpmn/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>
#include <map>

#include "engine/bpmn/elements/table.hpp"
#include "engine/bpmn/extensions.hpp"
#include "engine/bpmn/reading.hpp"

namespace kaigong::bpmn {
namespace {

template <std::size_t N>
using Names = std::array<std::string_view, N>;

// Part of every flow node, or of the drawing; nothing to execute and nothing to tell.
constexpr Names<8> kQuiet{"documentation", "extensionElements", "incoming", "outgoing", "laneSet", "sequenceFlow",
                          "monitoring",
                          // told by read_associations unless it binds who undoes an activity
                          "association"};
// Kept, and told: the modeller may believe that these do something.
constexpr Names<19> kNotExecuted{"dataObject",
                                 "dataObjectReference",
                                 "dataStoreReference",
                                 "textAnnotation",
                                 "group",
                                 "ioSpecification",
                                 "dataInputAssociation",
                                 "dataOutputAssociation",
                                 "property",
                                 "potentialOwner",
                                 "performer",
                                 "humanPerformer",
                                 "resourceRole",
                                 "rendering",
                                 "auditing",
                                 "dataInput",
                                 "dataOutput",
                                 "inputSet",
                                 "outputSet"};

template <std::size_t N>
bool is_in(const Names<N>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_loop(std::string_view name) {
    return name.ends_with("LoopCharacteristics");
}

/// Parts that the reader of one kind of element knows what to do with.
bool is_own_part(Kind kind, std::string_view name) {
    return (kind == Kind::script_task && name == "script") ||
           (kind == Kind::ad_hoc_sub_process && name == "completionCondition");
}

class ProcessReader {
  public:
    ProcessReader(const XmlElement& root, const std::string& prefix, Process& process, Problems& problems)
        : root_(root), prefix_(prefix), process_(process), problems_(problems) {}

    void read(const XmlElement& xml) {
        first_ = process_.elements.size();
        add_process(xml);
        read_scope(xml, static_cast<int>(first_));
        read_flows(xml);
        order_outgoing();
        attach_boundary_events();
        set_default_flows();
        read_associations(xml);
        match_links();
        set_starts();
        for (const XmlElement* lane_set : lane_sets_) read_lanes(*lane_set);
        inherit_lanes();
    }

  private:
    Element& element_at(int index) { return process_.elements.at(static_cast<std::size_t>(index)); }
    int find(std::string_view id) const { return process_.find(prefix_ + std::string(id)); }
    const XmlElement& source_of(std::size_t index) const { return *sources_.at(index - first_); }

    void add_process(const XmlElement& xml) {
        Element& element = process_.elements.emplace_back();
        element.id = xml.attribute("id");
        element.name = xml.attribute("name");
        element.kind = Kind::process;
        element.line = xml.line;
        sources_.push_back(&xml);
        process_.called.emplace(element.id, static_cast<int>(first_));
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

    /// Inside a sub-process stands what belongs to it as an activity, too: judged by read_parts.
    bool is_part_of_node(std::string_view name) const {
        return is_event_definition(name) || is_loop(name) || name == "completionCondition";
    }

    void warn_not_executed(const XmlElement& xml) {
        problems_.warn(name_of(xml), xml.line, "not_executed", fmt::format("{} 会保留，但不参与执行。", xml.name),
                       fmt::format("{} is kept but not executed.", xml.name));
    }

    void read_element(const XmlElement& xml, int scope) {
        const EventDefinition definition = event_definition_of(xml, root_, problems_);
        const Handler* handler = definition.refused ? nullptr : handler_for(xml, definition);
        if (handler == nullptr || !has_usable_id(xml)) {
            process_.is_complete = false;
            return;
        }
        if (process_.elements.size() >= static_cast<std::size_t>(kElementsMax)) return refuse_too_many(xml);
        const int index = static_cast<int>(process_.elements.size());
        const std::string id = prefix_ + std::string(xml.attribute("id"));
        process_.element_index[id] = index;
        Element& element = process_.elements.emplace_back();
        sources_.push_back(&xml);
        element.id = id;
        element.name = xml.attribute("name");
        element.kind = handler->kind;
        element.line = xml.line;
        element.scope = scope;
        if (const XmlElement* documentation = xml.child("documentation")) element.documentation = documentation->text;
        read_extensions(xml, element);
        read_parts(xml, element);
        read_event(xml, definition, root_, element, problems_);
        if (!element.activity_ref.empty()) element.activity_ref = prefix_ + element.activity_ref;
        if (is_activity(element.kind)) read_activity(xml, element, problems_);
        if (element.kind == Kind::receive_task || element.kind == Kind::send_task) {
            read_message_of_task(xml, root_, element, problems_);
        }
        if (handler->read != nullptr) handler->read(xml, element, problems_);
        if (element.kind == Kind::event_sub_process) element_at(scope).event_sub_processes.push_back(index);
        if (is_scope(handler->kind)) read_scope(xml, index);
    }

    void refuse_too_many(const XmlElement& xml) {
        if (process_.is_complete) {
            problems_.refuse(name_of(xml), xml.line, "too_many_elements",
                             fmt::format("流程的元素超过{}个,请拆分流程。", kElementsMax),
                             fmt::format("The process has more than {} elements.", kElementsMax));
        }
        process_.is_complete = false;
    }

    const Handler* handler_for(const XmlElement& xml, const EventDefinition& definition) {
        const bool triggered = xml.attribute("triggeredByEvent") == "true";
        bool known_name = false;
        for (const Handler& handler : handlers()) {
            if (handler.xml_name != xml.name) continue;
            if (xml.name == "subProcess" && triggered != (handler.kind == Kind::event_sub_process)) continue;
            known_name = true;
            if (allows(handler, definition.trigger)) return &handler;
        }
        const std::string what =
            known_name && definition.xml != nullptr ? fmt::format("{} + {}", xml.name, definition.xml->name) : xml.name;
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
        const std::string whole = prefix_ + std::string(id);
        const bool of_another = process_.element_index.contains(whole) || process_.flow_index.contains(whole);
        if (!ids_.emplace(id, xml.line).second || of_another) {
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
            if (is_loop(child.name) && !is_activity(element.kind))
                refuse_unsupported(child, element.id, child.name, problems_);
            if (is_scope(element.kind) || is_in(kQuiet, child.name) || is_event_definition(child.name) ||
                is_loop(child.name) || is_own_part(element.kind, child.name))
                continue;
            if (is_in(kNotExecuted, child.name)) {
                problems_.warn(element.id, child.line, "not_executed",
                               fmt::format("{} 会保留，但不参与执行。", child.name),
                               fmt::format("{} is kept but not executed.", child.name));
            } else {
                refuse_unsupported(child, element.id, child.name, problems_);
            }
        }
        const auto is_plain = [&](std::string_view name, std::string_view usual) {
            return !xml.has(name) || xml.attribute(name) == usual;
        };
        if (!is_plain("startQuantity", "1")) refuse_unsupported(xml, element.id, "startQuantity", problems_);
        if (!is_plain("completionQuantity", "1")) refuse_unsupported(xml, element.id, "completionQuantity", problems_);
    }

    void read_flows(const XmlElement& xml) {
        for (const XmlElement& child : xml.children) {
            if (child.is_model("sequenceFlow")) read_flow(child);
            if (is_scope_name(child)) read_flows(child);
        }
    }

    static bool is_scope_name(const XmlElement& xml) {
        return xml.is_model("subProcess") || xml.is_model("transaction") || xml.is_model("adHocSubProcess");
    }

    /// BPMN asks for an id only where something refers to it (2.0.2, table 8.5), and nothing has to refer to a flow. No
    /// id of a file can look like the one given here.
    std::string flow_id(const XmlElement& xml) const {
        if (!xml.attribute("id").empty()) return prefix_ + std::string(xml.attribute("id"));
        const std::string id = fmt::format("{}{}->{}", prefix_, xml.attribute("sourceRef"), xml.attribute("targetRef"));
        std::string unused = id;
        for (int i = 2; process_.flow_index.contains(unused); ++i) unused = fmt::format("{}#{}", id, i);
        return unused;
    }

    void read_flow(const XmlElement& xml) {
        if (!xml.attribute("id").empty() && !has_usable_id(xml)) return;
        Flow flow;
        flow.id = flow_id(xml);
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
            problems_.refuse(flow.id, flow.line, "flow_crosses_scope", "连线不能穿过子流程的边界，请连到子流程本身。",
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
        // A parallel gateway takes its ways without checking conditions (BPMN 2.0.2, 10.6.4).
        if (element_at(flow.source).kind == Kind::parallel_gateway) return;
        read_expression(condition->text, condition->line, flow.id, flow.condition, problems_);
    }

    // Gateways look at their flows in the order of <outgoing>, which a modeller keeps, not of the document.
    void order_outgoing() {
        for (std::size_t i = first_; i < process_.elements.size(); ++i) {
            std::map<std::string, int, std::less<>> position;
            for (const XmlElement& child : source_of(i).children) {
                if (!child.is_model("outgoing")) continue;
                const std::string flow = prefix_ + std::string(without_prefix(child.text));
                position.emplace(flow, static_cast<int>(position.size()));
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
        for (std::size_t i = first_; i < process_.elements.size(); ++i) {
            Element& element = process_.elements[i];
            if (element.kind != Kind::boundary_event) continue;
            element.attached_to = find(without_prefix(source_of(i).attribute("attachedToRef")));
            if (element.attached_to < 0) {
                problems_.refuse(element.id, element.line, "attached_to_unknown",
                                 "边界事件没有附在任何任务上,请拖到任务边框上。",
                                 "The boundary event's attachedToRef names no element that can run.");
                continue;
            }
            element_at(element.attached_to).boundary_events.push_back(static_cast<int>(i));
        }
    }

    void set_default_flows() {
        for (std::size_t i = first_; i < process_.elements.size(); ++i) {
            Element& element = process_.elements[i];
            const std::string_view id = source_of(i).attribute("default");
            if (id.empty()) continue;
            const auto found = process_.flow_index.find(prefix_ + std::string(id));
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

    /// Who undoes an activity: the association leads from the compensation event on its edge to the one that does it.
    void read_associations(const XmlElement& xml) {
        for (const XmlElement& child : xml.children) {
            if (is_scope_name(child)) read_associations(child);
            if (!child.is_model("association")) continue;
            const int event = find(without_prefix(child.attribute("sourceRef")));
            const int handler = find(without_prefix(child.attribute("targetRef")));
            if (binds_compensation(event, handler)) {
                element_at(element_at(event).attached_to).compensation_handler = handler;
            } else {
                warn_not_executed(child);
            }
        }
    }

    bool binds_compensation(int event, int handler) {
        if (event < 0 || handler < 0) return false;
        const Element& from = element_at(event);
        return from.kind == Kind::boundary_event && from.trigger == Trigger::compensation && from.attached_to >= 0 &&
               element_at(handler).is_for_compensation;
    }

    void match_links() {
        for (std::size_t i = first_; i < process_.elements.size(); ++i) {
            Element& from = process_.elements[i];
            if (from.kind != Kind::intermediate_throw_event || from.trigger != Trigger::link) continue;
            for (std::size_t j = first_; j < process_.elements.size(); ++j) {
                const Element& to = process_.elements[j];
                const bool matches = to.kind == Kind::intermediate_catch_event && to.trigger == Trigger::link &&
                                     to.scope == from.scope && !to.name_of_event.literal.empty() &&
                                     to.name_of_event.literal == from.name_of_event.literal;
                if (matches && from.link_target < 0) from.link_target = static_cast<int>(j);
            }
        }
    }

    /// A scope begins at its start events; without one, at everything that no flow leads to (BPMN 2.0.2, 10.5.2).
    void set_starts() {
        for (std::size_t i = first_; i < process_.elements.size(); ++i) {
            if (process_.elements[i].kind != Kind::start_event) continue;
            element_at(process_.elements[i].scope).starts.push_back(static_cast<int>(i));
        }
        for (std::size_t i = first_; i < process_.elements.size(); ++i) {
            const Element& element = process_.elements[i];
            if (element.kind == Kind::start_event || element.scope < 0 || !begins_by_itself(element)) continue;
            Element& around = element_at(element.scope);
            const bool has_start_event =
                !around.starts.empty() && element_at(around.starts.front()).kind == Kind::start_event;
            if (!has_start_event && around.kind != Kind::event_sub_process) {
                around.starts.push_back(static_cast<int>(i));
            }
        }
    }

    static bool begins_by_itself(const Element& element) {
        const bool begun_otherwise =
            element.kind == Kind::boundary_event || element.kind == Kind::event_sub_process ||
            element.is_for_compensation ||
            (element.kind == Kind::intermediate_catch_event && element.trigger == Trigger::link);
        return element.incoming.empty() && !begun_otherwise;
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
        for (std::size_t i = first_; i < process_.elements.size(); ++i) {
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

    const XmlElement& root_;
    const std::string& prefix_;
    Process& process_;
    Problems& problems_;
    std::size_t first_ = 0;
    std::vector<const XmlElement*> sources_;
    std::vector<const XmlElement*> lane_sets_;
    std::map<std::string, int, std::less<>> ids_;
    std::map<int, std::string> lane_groups_;
};

bool is_executable(const XmlElement& process) {
    return process.attribute("isExecutable") == "true" || process.attribute("isExecutable") == "1";
}

bool is_called(const XmlElement& xml, std::string_view process_id) {
    if (xml.is_model("callActivity")) {
        const XmlElement* called = zeebe(xml, "calledElement");
        if (called != nullptr && called->attribute("processId") == process_id) return true;
        if (without_prefix(xml.attribute("calledElement")) == process_id) return true;
    }
    return std::ranges::any_of(xml.children, [&](const XmlElement& child) { return is_called(child, process_id); });
}

}  // namespace

std::vector<const XmlElement*> processes_to_deploy(const XmlElement& root) {
    std::vector<const XmlElement*> found;
    for (const XmlElement& child : root.children) {
        if (child.is_model("process") && is_executable(child)) found.push_back(&child);
    }
    if (found.size() > 1) {
        // Those that another one calls come along with it.
        std::erase_if(found, [&](const XmlElement* one) { return is_called(root, one->attribute("id")); });
    }
    return found;
}

const XmlElement* choose_process(const XmlElement& root, std::string_view process_id, Problems& problems) {
    for (const XmlElement& child : root.children) {
        if (!child.is_model("process") || is_executable(child)) continue;
        problems.warn(name_of(child), child.line, "process_not_executable", "这个流程没有标为可执行，会保留但不部署。",
                      "The process is not executable; it is kept but not deployed.");
    }
    if (!process_id.empty()) {
        if (const XmlElement* named = find_process(root, process_id)) return named;
    }
    const auto candidates = process_id.empty() ? processes_to_deploy(root) : std::vector<const XmlElement*>{};
    if (candidates.size() == 1) return candidates.front();
    if (candidates.size() > 1) {
        problems.refuse(name_of(*candidates[1]), candidates[1]->line, "several_processes",
                        "文件中有多个可执行流程，请指明部署哪一个。",
                        "The file has several executable processes; name the one to deploy.");
        return nullptr;
    }
    problems.refuse(process_id.empty() ? root.name : std::string(process_id), root.line, "no_executable_process",
                    "文件中没有可执行的流程，请在流程属性中勾选“可执行”。",
                    "The file has no executable process to deploy.");
    return nullptr;
}

const XmlElement* find_process(const XmlElement& root, std::string_view process_id) {
    for (const XmlElement& child : root.children) {
        if (child.is_model("process") && is_executable(child) && child.attribute("id") == process_id) return &child;
    }
    return nullptr;
}

std::optional<XmlElement> process_of_global_task(const XmlElement& root, std::string_view task_id) {
    constexpr std::string_view kGlobal = "global";
    for (const XmlElement& child : root.children) {
        const bool is_task = child.name_space == kModelNamespace && child.name.starts_with(kGlobal) &&
                             child.name.ends_with("Task") && child.attribute("id") == task_id;
        if (!is_task) continue;
        XmlElement task = child;
        task.name.erase(0, kGlobal.size());
        task.name.front() = static_cast<char>(std::tolower(static_cast<unsigned char>(task.name.front())));
        XmlElement process{child.name_space, "process", child.line, {}, "", {}};
        process.attributes = {{"", "id", std::string(task_id)}, {"", "isExecutable", "true"}};
        process.children.push_back(std::move(task));
        return process;
    }
    return std::nullopt;
}

void read_process(const XmlElement& xml, const XmlElement& root, const std::string& prefix, Process& process,
                  Problems& problems) {
    ProcessReader(root, prefix, process, problems).read(xml);
}

}  // namespace kaigong::bpmn
