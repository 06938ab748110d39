// A call activity runs another process inside this instance, with variables of its own. Which version it is was bound
// at deployment; one that is not known is an incident, so that it can be deployed and the case go on.
#include <fmt/format.h>

#include <algorithm>

#include "engine/bpmn/behaviors/scopes.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {
namespace {

/// Nothing but a plain start event, or a beginning without one, answers to a call.
bool can_be_called(const Process& process, const Element& called) {
    return std::ranges::any_of(called.starts, [&](int index) {
        const Element& start = process.element(index);
        return start.kind != Kind::start_event || start.trigger == Trigger::none;
    });
}

void check_called(const Process& process, const Element& element, const Element& called, Problems& problems) {
    if (called.starts.empty() || can_be_called(process, called)) return;
    problems.refuse(element.id, element.line, "called_process_start",
                    fmt::format("被调用的流程 {} 没有普通开始事件，无法由调用开始，请补上。", called.id),
                    fmt::format("The called process {} has no plain start event.", called.id));
}

void check_call_activity(const Process& process, const Element& element, Problems& problems) {
    const auto called = process.called.find(element.called.literal);
    if (called != process.called.end()) {
        check_called(process, element, process.element(called->second), problems);
    } else if (element.called.empty()) {
        problems.refuse(element.id, element.line, "called_process_missing", "调用活动没有写明调用哪个流程。",
                        "The call activity names no process.");
    } else if (!element.called.literal.empty()) {
        problems.warn(element.id, element.line, "called_process_unknown",
                      fmt::format("现在还没有流程 {}，办到这一步时会出现异常，部署后可重试。", element.called.literal),
                      fmt::format("There is no process {} yet; until it is deployed this step is an incident.",
                                  element.called.literal));
    }
}

}  // namespace

const Handler kCallActivity{Kind::call_activity, "callActivity", {Trigger::none}, nullptr,
                            check_call_activity, enter_scope};

}  // namespace kaigong::bpmn::elements
