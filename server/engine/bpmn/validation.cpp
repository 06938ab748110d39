#include "engine/bpmn/validation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn {
namespace {

void refuse_missing_start(const std::string& id, int line, Problems& problems) {
    problems.refuse(id, line, "start_missing", "没有开始事件,请加一个普通开始事件。", "There is no plain start event.");
}

void check_starts(const Process& process, Problems& problems) {
    if (process.start < 0) refuse_missing_start(process.id, process.line, problems);
    for (const Element& element : process.elements) {
        if (element.kind == Kind::sub_process && element.start < 0)
            refuse_missing_start(element.id, element.line, problems);
    }
}

void check_way_in(const Element& element, Problems& problems) {
    if (!element.incoming.empty() || element.kind == Kind::start_event || element.kind == Kind::boundary_timer) return;
    problems.refuse(element.id, element.line, "no_incoming", "没有连线流入,流程到不了这一步,请连上或删除。",
                    "No sequence flow leads here.");
}

/// Elements that a token can come to, whatever the conditions say.
std::vector<bool> elements_reached(const Process& process) {
    std::vector<bool> reached(process.elements.size(), false);
    std::vector<int> open;
    if (process.start >= 0) open.push_back(process.start);
    while (!open.empty()) {
        const int index = open.back();
        open.pop_back();
        if (reached[static_cast<std::size_t>(index)]) continue;
        reached[static_cast<std::size_t>(index)] = true;
        const Element& element = process.element(index);
        for (const int flow : element.outgoing) open.push_back(process.flow(flow).target);
        for (const int timer : element.boundary_timers) open.push_back(timer);
        if (element.start >= 0) open.push_back(element.start);
    }
    return reached;
}

void check_reached(const Process& process, Problems& problems) {
    const std::vector<bool> reached = elements_reached(process);
    for (std::size_t i = 0; i < process.elements.size(); ++i) {
        const Element& element = process.elements[i];
        if (reached[i] || element.kind == Kind::start_event || element.kind == Kind::boundary_timer) continue;
        problems.warn(element.id, element.line, "unreachable", "从开始事件走不到这一步。",
                      "No path leads here from the start event.");
    }
}

}  // namespace

void check_file(const XmlElement& root, Problems& problems) {
    constexpr std::array<std::string_view, 4> kQuiet{"process", "documentation", "extensionElements", "import"};
    for (const XmlElement& child : root.children) {
        if (child.name_space != kModelNamespace) continue;
        if (std::find(kQuiet.begin(), kQuiet.end(), child.name) != kQuiet.end()) continue;
        const std::string name(child.attribute("id").empty() ? child.name : child.attribute("id"));
        if (child.name == "extension" && child.attribute("mustUnderstand") == "true") {
            problems.refuse(name, child.line, "must_understand",
                            "文件要求理解一种本系统不认识的扩展,请去掉该扩展后部署。",
                            "The file demands an extension that is not understood.");
            continue;
        }
        problems.warn(name, child.line, "not_executed", fmt::format("{} 会保留,但不参与执行。", child.name),
                      fmt::format("{} is kept but not executed.", child.name));
    }
}

void check_process(const Process& process, Problems& problems) {
    if (!process.is_complete) return;
    check_starts(process, problems);
    for (const Element& element : process.elements) {
        check_way_in(element, problems);
        const Handler& handler = handler_of(element.kind);
        if (handler.check != nullptr) handler.check(process, element, problems);
    }
    check_reached(process, problems);
}

}  // namespace kaigong::bpmn
