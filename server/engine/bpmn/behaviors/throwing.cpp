#include "engine/bpmn/behaviors/throwing.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <optional>

#include "engine/bpmn/behaviors/catching.hpp"
#include "engine/bpmn/behaviors/repeating.hpp"
#include "engine/bpmn/behaviors/variables.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"

namespace kaigong::bpmn {
namespace {

/// Who catches, and the token it is attached to or, of an event sub-process, the scope that it stands in.
struct Catcher {
    const Element* event = nullptr;
    std::int64_t holder = 0;
};

/// An event without a code catches every code; one that names it comes first.
const Element* matching(const Definition& definition, const std::vector<int>& events, Trigger trigger,
                        const std::string& code) {
    const Element* any = nullptr;
    for (const int index : events) {
        const Element& event = definition.element(index);
        if (event.trigger != trigger) continue;
        if (event.name_of_event.literal == code && !code.empty()) return &event;
        if (event.name_of_event.empty() && any == nullptr) any = &event;
    }
    return any;
}

const Element* matching_sub_process(const Execution& execution, std::int64_t scope, Trigger trigger,
                                    const std::string& code) {
    if (scope != 0 && is_repetition(execution, scope)) return nullptr;
    const Definition& definition = execution.definition();
    std::vector<int> starts;
    for (const int index : execution.scope_element(scope).event_sub_processes) {
        const Element& sub_process = definition.element(index);
        starts.insert(starts.end(), sub_process.starts.begin(), sub_process.starts.end());
    }
    return matching(definition, starts, trigger, code);
}

/// What an event sub-process throws is not caught by its neighbours, but further out.
bool is_event_sub_process(const Execution& execution, std::int64_t token) {
    return execution.element_of(token).kind == Kind::event_sub_process;
}

std::optional<Catcher> catcher_of(const Execution& execution, std::int64_t token, Trigger trigger,
                                  const std::string& code) {
    const Definition& definition = execution.definition();
    for (;;) {
        const Element& element = execution.element_of(token);
        const Element* on_edge = execution.state().is_instance(token)
                                     ? nullptr
                                     : matching(definition, element.boundary_events, trigger, code);
        if (on_edge != nullptr) return Catcher{on_edge, token};
        const std::int64_t scope = execution.token(token).scope;
        if (!is_event_sub_process(execution, token)) {
            if (const Element* inside = matching_sub_process(execution, scope, trigger, code)) {
                return Catcher{inside, scope};
            }
        }
        if (scope == 0) return std::nullopt;
        token = scope;
    }
}

void emit_thrown(Execution& execution, std::int64_t token, Trigger trigger, const std::string& name) {
    execution.emit(EventThrown{token, execution.token(token).element, std::string(to_string(trigger)), name, "", {}});
}

}  // namespace

void throw_error(Execution& execution, std::int64_t token, const std::string& code) {
    emit_thrown(execution, token, Trigger::error, code);
    const auto catcher = catcher_of(execution, token, Trigger::error, code);
    if (catcher) return catch_event(execution, *catcher->event, catcher->holder, code);
    execution.raise(token, "bpmn.error_not_caught",
                    fmt::format("错误“{}”没有任何边界事件或事件子流程接手。请改正流程图，或办完这一步后继续。", code));
}

void throw_escalation(Execution& execution, std::int64_t token, const std::string& code) {
    emit_thrown(execution, token, Trigger::escalation, code);
    const auto catcher = catcher_of(execution, token, Trigger::escalation, code);
    if (catcher) catch_event(execution, *catcher->event, catcher->holder, code);
}

void throw_signal(Execution& execution, std::int64_t token, const std::string& name) {
    emit_thrown(execution, token, Trigger::signal, name);
    catch_signal(execution, name, {});
}

bool throw_message(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    const auto name = name_of(execution, token, element.name_of_event);
    if (!name) return false;
    std::string key;
    if (element.correlation_key != nullptr) {
        const auto value = feel::to_json(execution.evaluate(*element.correlation_key, token));
        key = value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value);
    }
    execution.emit(EventThrown{token, element.id, std::string(to_string(Trigger::message)), *name, std::move(key),
                               execution.token(token).variables});
    return true;
}

bool throw_and_go_on(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    if (element.trigger == Trigger::message) {
        if (element.job_type.empty()) return throw_message(execution, token);
        open_activity(execution, token, JobCreated{token, element.id, element.job_type});
        return false;
    }
    if (element.trigger != Trigger::signal && element.trigger != Trigger::escalation) return true;
    const auto name = name_of(execution, token, element.name_of_event);
    if (!name) return false;
    if (element.trigger == Trigger::signal) {
        throw_signal(execution, token, *name);
    } else {
        throw_escalation(execution, token, *name);
    }
    return execution.has_token(token);
}

}  // namespace kaigong::bpmn
