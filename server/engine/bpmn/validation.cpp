#include "engine/bpmn/validation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn {
namespace {

void refuse_missing_start(const Element& scope, Problems& problems) {
    problems.refuse(scope.id, scope.line, "start_missing", "没有开始事件，请加一个普通开始事件。",
                    "There is no start event, and nothing that could begin without one.");
}

bool begins_by_event(const Process& process, const Element& scope) {
    return process.element(scope.starts.front()).kind == Kind::start_event;
}

/// Where there is an end event there has to be a start event (BPMN 2.0.2, 10.5.3).
bool has_end_event(const Process& process, const Element& scope) {
    return std::ranges::any_of(process.elements, [&](const Element& element) {
        return element.kind == Kind::end_event && &process.element(element.scope) == &scope;
    });
}

/// A plain start event is the usual way in: one at most, and in a sub-process no other.
void check_starts(const Process& process, const Element& scope, Problems& problems) {
    int plain = 0;
    for (const int index : scope.starts) {
        const Element& start = process.element(index);
        if (start.kind != Kind::start_event || start.trigger != Trigger::none || ++plain < 2) continue;
        problems.refuse(start.id, start.line, "several_starts", "同一流程或子流程只能有一个普通开始事件，请保留一个。",
                        "A process or sub-process has one plain start event.");
    }
    if (scope.kind == Kind::event_sub_process || scope.kind == Kind::ad_hoc_sub_process) return;
    if (scope.starts.empty() || (!begins_by_event(process, scope) && has_end_event(process, scope))) {
        refuse_missing_start(scope, problems);
    }
}

bool needs_way_in(const Process& process, const Element& element) {
    switch (element.kind) {
        case Kind::process:
        case Kind::start_event:
        case Kind::boundary_event:
        case Kind::event_sub_process: return false;
        default: break;
    }
    if (element.is_for_compensation) return false;
    if (element.kind == Kind::intermediate_catch_event && element.trigger == Trigger::link) return false;
    const auto& starts = process.element(element.scope).starts;
    return std::ranges::find(starts, process.find(element.id)) == starts.end();
}

void check_way_in(const Process& process, const Element& element, Problems& problems) {
    if (!element.incoming.empty() || !needs_way_in(process, element)) return;
    problems.refuse(element.id, element.line, "no_incoming", "没有连线流入，流程到不了这一步，请连上或删除。",
                    "No sequence flow leads here.");
}

/// Elements that a token can come to, whatever the conditions say.
std::vector<bool> elements_reached(const Process& process) {
    std::vector<bool> reached(process.elements.size(), false);
    std::vector<int> open;
    open.reserve(process.elements.size());
    for (const auto& [id, index] : process.called) open.push_back(index);
    const auto add = [&open](const std::vector<int>& more) { open.insert(open.end(), more.begin(), more.end()); };
    while (!open.empty()) {
        const int index = open.back();
        open.pop_back();
        if (index < 0 || reached[static_cast<std::size_t>(index)]) continue;
        reached[static_cast<std::size_t>(index)] = true;
        const Element& element = process.element(index);
        for (const int flow : element.outgoing) open.push_back(process.flow(flow).target);
        add(element.boundary_events);
        add(element.starts);
        add(element.event_sub_processes);
        open.push_back(element.link_target);
        open.push_back(element.compensation_handler);
    }
    return reached;
}

void check_reached(const Process& process, Problems& problems) {
    const std::vector<bool> reached = elements_reached(process);
    for (std::size_t i = 0; i < process.elements.size(); ++i) {
        const Element& element = process.elements[i];
        if (reached[i] || element.kind == Kind::start_event || element.kind == Kind::boundary_event) continue;
        problems.warn(element.id, element.line, "unreachable", "从开始事件走不到这一步。",
                      "No path leads here from the start event.");
    }
}

}  // namespace

void check_file(const XmlElement& root, Problems& problems) {
    constexpr std::array<std::string_view, 4> kPassedOver{"process", "documentation", "extensionElements", "import"};
    for (const XmlElement& child : root.children) {
        if (child.name_space != kModelNamespace) continue;
        const bool is_global_task = child.name.starts_with("global") && child.name.ends_with("Task");
        if (is_global_task || std::find(kPassedOver.begin(), kPassedOver.end(), child.name) != kPassedOver.end())
            continue;
        const std::string name(child.attribute("id").empty() ? child.name : child.attribute("id"));
        if (child.name == "extension" && child.attribute("mustUnderstand") == "true") {
            problems.refuse(name, child.line, "must_understand",
                            "文件要求理解一种本系统不认识的扩展，请去掉该扩展后部署。",
                            "The file demands an extension that is not understood.");
            continue;
        }
        problems.warn(name, child.line, "not_executed", fmt::format("{} 会保留，但不参与执行。", child.name),
                      fmt::format("{} is kept but not executed.", child.name));
    }
}

void check_process(const Process& process, Problems& problems) {
    if (!process.is_complete) return;
    for (const Element& element : process.elements) {
        if (is_scope(element.kind)) check_starts(process, element, problems);
        check_way_in(process, element, problems);
        if (element.kind == Kind::process) continue;
        const Handler& handler = handler_of(element.kind);
        if (handler.check != nullptr) handler.check(process, element, problems);
    }
    check_reached(process, problems);
}

}  // namespace kaigong::bpmn
