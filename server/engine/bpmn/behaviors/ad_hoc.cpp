#include "engine/bpmn/behaviors/ad_hoc.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>

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

/// The activity of that id among those that can begin; in a called process ids have its name before them.
const Element* activity_named(const Definition& definition, const Element& around, std::string_view id) {
    for (const int index : around.starts) {
        const std::string_view whole = definition.element(index).id;
        if (whole == id || (whole.ends_with(id) && whole.substr(0, whole.size() - id.size()).ends_with('/'))) {
            return &definition.element(index);
        }
    }
    return nullptr;
}

/// The ids of the activities that begin; nothing after an incident.
std::optional<boost::json::array> activities_of(Execution& execution, std::int64_t token) {
    const Definition& definition = execution.definition();
    const Element& around = execution.element_of(token);
    boost::json::array ids;
    if (around.active_elements == nullptr) {
        for (const int index : around.starts) ids.emplace_back(definition.element(index).id);
        return ids;
    }
    const boost::json::value chosen = feel::to_json(execution.evaluate(*around.active_elements, token));
    const auto is_known = [&](const boost::json::value& id) {
        return id.is_string() && activity_named(definition, around, id.get_string()) != nullptr;
    };
    if (!chosen.is_array() || !std::ranges::all_of(chosen.get_array(), is_known)) {
        execution.raise(token, "bpmn.activities_unknown",
                        fmt::format("{} 要开始的活动应是其中活动编号的列表。请补上用到的变量后重试。", around.id));
        return std::nullopt;
    }
    for (const auto& id : chosen.get_array()) {
        ids.emplace_back(activity_named(definition, around, id.get_string())->id);
    }
    return ids;
}

}  // namespace

void start_ad_hoc(Execution& execution, std::int64_t token) {
    const Element& around = execution.element_of(token);
    auto ids = activities_of(execution, token);
    if (!ids) return;
    const std::size_t at_once = around.one_at_a_time ? std::min<std::size_t>(1, ids->size()) : ids->size();
    if (!open_scope(execution, token, around, RepeatOpened{token, around.id, around.one_at_a_time, std::move(*ids)}))
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
