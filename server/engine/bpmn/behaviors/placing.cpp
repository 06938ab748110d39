#include "engine/bpmn/behaviors/placing.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "engine/bpmn/behaviors/scopes.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn {
namespace {

bool begins_by_itself(const Element& element) {
    switch (element.kind) {
        case Kind::exclusive_gateway:
        case Kind::event_based_gateway:
        case Kind::intermediate_catch_event: return true;
        case Kind::inclusive_gateway:
        case Kind::parallel_gateway: return element.incoming.size() < 2;
        default: return is_activity(element.kind) && !element.is_for_compensation;
    }
}

bool is_joined_over(const Definition& definition, const Element& join, std::string_view flow) {
    if (join.kind != Kind::parallel_gateway && join.kind != Kind::inclusive_gateway) return false;
    return std::ranges::any_of(join.incoming, [&](int index) { return definition.flow(index).id == flow; });
}

/// The process or sub-process inside an activity that is entered; null where none can be.
const Element* inside_of(const Definition& definition, const Element& activity) {
    if (activity.repetition) return nullptr;
    if (activity.kind == Kind::sub_process || activity.kind == Kind::transaction) return &activity;
    if (activity.kind != Kind::call_activity) return nullptr;
    return definition.called(activity.called.literal);
}

bool is_in(const Definition& definition, const Element* element, const Element& around) {
    return element != nullptr && element->scope >= 0 && &definition.element(element->scope) == &around;
}

/// Enters the scopes on the way to places.
class Entering {
  public:
    Entering(Execution& execution, std::int64_t scope) : execution_(execution), scope_(scope) {}

    /// The token around the place; nothing after an incident on the way.
    std::optional<std::int64_t> scope_of(const Place& place) {
        std::int64_t scope = scope_;
        for (const std::string& id : place.within) {
            auto [entered, is_new] = entered_.try_emplace({scope, id}, std::nullopt);
            if (is_new) entered->second = enter(*execution_.definition().find(id), scope);
            if (!entered->second) return std::nullopt;
            scope = *entered->second;
        }
        return scope;
    }

  private:
    std::optional<std::int64_t> enter(const Element& activity, std::int64_t scope) {
        const std::int64_t token = execution_.place(activity, scope);
        if (open_inside(execution_, token) == nullptr) return std::nullopt;
        return token;
    }

    Execution& execution_;
    std::int64_t scope_;
    std::map<std::pair<std::int64_t, std::string>, std::optional<std::int64_t>> entered_;
};

}  // namespace

bool joins_over(const Definition& definition, const Element& around, std::string_view flow) {
    const int index = definition.flow_index_of(flow);
    if (index < 0) return false;
    const Element& join = definition.element(definition.flow(index).target);
    return is_joined_over(definition, join, flow) && join.incoming.size() > 1 && is_in(definition, &join, around);
}

bool is_place(const Definition& definition, const Element& around, const Place& place) {
    const Element* inside = &around;
    for (const std::string& id : place.within) {
        const Element* activity = definition.find(id);
        if (!is_in(definition, activity, *inside)) return false;
        inside = inside_of(definition, *activity);
        if (inside == nullptr) return false;
    }
    const Element* element = definition.find(place.element);
    if (!is_in(definition, element, *inside)) return false;
    const bool goes_on = place.then.empty() || is_activity(element->kind);
    if (!goes_on ||
        !std::ranges::all_of(place.then, [&](const Place& next) { return is_place(definition, *inside, next); })) {
        return false;
    }
    return place.flow.empty() ? begins_by_itself(*element) : is_joined_over(definition, *element, place.flow);
}

void begin_at(Execution& execution, std::int64_t scope, const std::vector<Place>& places) {
    Entering entering(execution, scope);
    for (const Place& place : places) {
        const auto around = entering.scope_of(place);
        if (!around) continue;
        const std::int64_t token = execution.arrive(*execution.definition().find(place.element), *around, place.flow);
        if (!place.then.empty()) execution.emit(DetourSet{token, place.element, place.then});
    }
}

}  // namespace kaigong::bpmn
