#include "engine/bpmn/behaviors/scopes.hpp"

#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"

namespace kaigong::bpmn {

void enter_scope(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    if (open_scope(execution, token, element, ScopeOpened{token, element.id})) {
        begin_inside(execution, token, element);
    }
}

void begin_inside(Execution& execution, std::int64_t scope, const Element& inside) {
    for (const int index : inside.starts) {
        const Element& start = execution.definition().element(index);
        // A called process is begun by its plain start event, whatever else could begin it.
        if (start.kind != Kind::start_event || start.trigger == Trigger::none ||
            inside.kind == Kind::event_sub_process) {
            execution.arrive(start, scope, "");
        }
    }
    end_scope_if_empty(execution, scope);
}

}  // namespace kaigong::bpmn
