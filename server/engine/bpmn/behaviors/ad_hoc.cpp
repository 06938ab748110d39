#include "engine/bpmn/behaviors/ad_hoc.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"

namespace kaigong::bpmn {
namespace {

void start(Execution& execution, std::int64_t token) {
    const Repeat& repeat = execution.state().repeats.at(token);
    const std::int64_t number = repeat.started + 1;
    const auto& item = repeat.items.at(static_cast<std::size_t>(number - 1));
    const Element* element = execution.definition().find(item.as_string());
    execution.arrive_with(*element, token, number, {});
}

}  // namespace

void start_ad_hoc(Execution& execution, std::int64_t token) {
    const Element& around = execution.element_of(token);
    boost::json::array items;
    for (const int index : around.starts) items.emplace_back(execution.definition().element(index).id);
    const std::size_t at_once = around.one_at_a_time ? std::min<std::size_t>(1, items.size()) : items.size();
    if (!open_scope(execution, token, around, RepeatOpened{token, around.id, around.one_at_a_time, std::move(items)}))
        return;
    for (std::size_t i = 0; i < at_once; ++i) start(execution, token);
    end_scope_if_empty(execution, token);
}

bool complete_ad_hoc(Execution& execution, std::int64_t scope) {
    if (scope == 0) return false;
    const Element& around = execution.element_of(scope);
    const bool inside = around.kind == Kind::ad_hoc_sub_process && !around.starts.empty() &&
                        execution.token(scope).phase == Phase::inside;
    if (!inside || around.completion == nullptr || execution.state().incident_of(scope) != nullptr) return false;
    const auto complete = is_true(execution, scope, *around.completion, fmt::format("{} 完成", around.id));
    if (!complete || !*complete) return false;
    if (around.cancels_remaining) cancel_scope(execution, scope, 0, around.id);
    if (!execution.is_empty(scope)) return true;
    execution.emit(ScopeEmptied{scope, around.id});
    finish(execution, scope);
    return true;
}

bool goes_on_ad_hoc(Execution& execution, std::int64_t token) {
    if (execution.state().incident_of(token) != nullptr) return true;
    const Repeat& repeat = execution.state().repeats.at(token);
    if (repeat.started == static_cast<std::int64_t>(repeat.items.size())) return false;
    start(execution, token);
    return true;
}

}  // namespace kaigong::bpmn
