#include "engine/bpmn/returning.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "engine/bpmn/behaviors/placing.hpp"
#include "engine/bpmn/behaviors/reach.hpp"

namespace kaigong::bpmn {
namespace {

/// Flows of the process or sub-process `scope` that lead back in the order of the diagram.
class Loops {
  public:
    Loops(const Definition& definition, const Element& scope)
        : definition_(definition),
          leads_back_(definition.flows().size(), false),
          colours_(definition.elements().size()) {
        for (const int start : scope.starts) walk(start);
    }

    bool leads_back(int flow) const { return leads_back_[static_cast<std::size_t>(flow)]; }

  private:
    enum class Colour { white, grey, black };
    struct Visit {
        int element = 0;
        std::vector<int> flows;
        std::size_t next = 0;
    };

    Colour& colour(int element) { return colours_[static_cast<std::size_t>(element)]; }

    void walk(int start) {
        if (colour(start) != Colour::white) return;
        std::vector<Visit> path;
        enter(path, start);
        while (!path.empty()) {
            Visit& visit = path.back();
            if (visit.next == visit.flows.size()) {
                colour(visit.element) = Colour::black;
                path.pop_back();
                continue;
            }
            const int flow = visit.flows[visit.next++];
            const int target = definition_.flow(flow).target;
            if (colour(target) == Colour::grey) leads_back_[static_cast<std::size_t>(flow)] = true;
            if (colour(target) == Colour::white) enter(path, target);
        }
    }

    void enter(std::vector<Visit>& path, int element) {
        colour(element) = Colour::grey;
        path.push_back({element, ways_from(definition_, definition_.element(element)), 0});
    }

    const Definition& definition_;
    std::vector<bool> leads_back_;
    std::vector<Colour> colours_;
};

/// What lies behind an element of a scope.
class Behind {
  public:
    Behind(const Definition& definition, const Loops& loops, std::vector<int> ways)
        : flows_(definition.flows().size(), false), elements_(definition.elements().size(), false) {
        while (!ways.empty()) {
            const int flow = ways.back();
            ways.pop_back();
            if (has_flow(flow)) continue;
            flows_[static_cast<std::size_t>(flow)] = true;
            const int target = definition.flow(flow).target;
            elements_[static_cast<std::size_t>(target)] = true;
            for (const int next : ways_from(definition, definition.element(target))) {
                if (!loops.leads_back(next)) ways.push_back(next);
            }
        }
    }

    bool has_flow(int flow) const { return flow >= 0 && flows_[static_cast<std::size_t>(flow)]; }
    bool has_element(int element) const { return elements_[static_cast<std::size_t>(element)]; }

  private:
    std::vector<bool> flows_;
    std::vector<bool> elements_;
};

/// The scopes around a task, from its own outwards: in each the token that stands for it.
class Planner {
  public:
    Planner(const Definition& definition, const State& state) : definition_(definition), state_(state) {}

    std::vector<std::string> targets(std::int64_t token) const {
        std::vector<std::string> found;
        for (const Element& element : definition_.elements()) {
            if (element.kind == Kind::user_task && !element.is_for_compensation && place_before(token, element))
                found.push_back(element.id);
        }
        return found;
    }

    Result<MoveTokens> plan(std::int64_t token, std::string_view element, Onward onward, std::string reason) const {
        const Element* target = definition_.find(element);
        const auto standing =
            target == nullptr || target->kind != Kind::user_task ? std::nullopt : place_before(token, *target);
        if (!standing) {
            return error(Errc::conflict, "bpmn.return_impossible",
                         fmt::format("不能退回到 {}：它不在这一步之前。请从可退回的步骤中选择。", element));
        }
        const Element& around = scope_of(*standing);
        const Loops loops(definition_, around);
        const Behind behind(definition_, loops, ways_from(definition_, *target));
        MoveTokens move{taken_away(*standing, behind), target->id, std::move(reason)};
        if (onward == Onward::again) {
            move.joined_over = joined_over(move.tokens, around, loops, behind);
        } else {
            KAIGONG_TRY(places, straight(move.tokens, around));
            move.then = std::move(places);
        }
        return move;
    }

    std::vector<std::string> between(std::int64_t token, std::string_view element) const {
        const Element* target = definition_.find(element);
        const auto standing = target == nullptr ? std::nullopt : place_before(token, *target);
        std::vector<std::string> found;
        if (!standing) return found;
        const Loops loops(definition_, scope_of(*standing));
        const Behind behind(definition_, loops, ways_from(definition_, *target));
        std::vector<bool> is_between(definition_.elements().size(), false);
        for (std::size_t i = 0; i < is_between.size(); ++i) {
            const int index = static_cast<int>(i);
            const Element& one = definition_.element(index);
            const bool inside = one.scope >= 0 && is_between[static_cast<std::size_t>(one.scope)];
            is_between[i] = inside || (behind.has_element(index) && lies_before(one, at(*standing), loops));
            if (is_between[i]) found.push_back(one.id);
        }
        return found;
    }

    std::vector<std::string> behind(std::string_view element) const {
        const Element* from = definition_.find(element);
        std::vector<std::string> found;
        if (from == nullptr) return found;
        const Behind behind(definition_, Loops(definition_, definition_.element(from->scope)),
                            ways_from(definition_, *from));
        std::vector<bool> is_behind(definition_.elements().size(), false);
        for (std::size_t i = 0; i < is_behind.size(); ++i) {
            const Element& one = definition_.element(static_cast<int>(i));
            const bool inside = one.scope >= 0 && is_behind[static_cast<std::size_t>(one.scope)];
            is_behind[i] = inside || behind.has_element(static_cast<int>(i));
            if (is_behind[i]) found.push_back(one.id);
        }
        return found;
    }

  private:
    bool lies_before(const Element& element, const Token& standing, const Loops& loops) const {
        return stands_behind(standing, Behind(definition_, loops, forward(element, loops)));
    }

    const Token& at(std::int64_t token) const { return state_.tokens.at(token); }

    /// Of several instances the whole.
    std::int64_t whole(std::int64_t token) const {
        while (state_.is_instance(token)) token = at(token).scope;
        return token;
    }

    const Element& scope_of(std::int64_t token) const {
        return definition_.element(definition_.find(at(token).element)->scope);
    }

    /// The token in the target's scope that the task is, or is in; nothing when it does not stand behind the target.
    std::optional<std::int64_t> place_before(std::int64_t token, const Element& target) const {
        if (!state_.tokens.contains(token)) return std::nullopt;
        for (token = whole(token); token != 0; token = whole_around(token)) {
            const Element& around = scope_of(token);
            if (&definition_.element(target.scope) != &around) continue;
            const Behind behind(definition_, Loops(definition_, around), ways_from(definition_, target));
            if (at(token).element != target.id && stands_behind(at(token), behind)) return token;
            return std::nullopt;
        }
        return std::nullopt;
    }

    std::int64_t whole_around(std::int64_t token) const {
        const std::int64_t around = at(token).scope;
        return around == 0 ? 0 : whole(around);
    }

    bool stands_behind(const Token& token, const Behind& behind) const {
        if (token.phase == Phase::joining) return behind.has_flow(definition_.flow_index_of(token.flow));
        return behind.has_element(definition_.index_of(token.element));
    }

    std::vector<std::int64_t> taken_away(std::int64_t standing, const Behind& behind) const {
        std::vector<std::int64_t> tokens{standing};
        for (const auto& [key, token] : state_.tokens) {
            if (key != standing && token.scope == at(standing).scope && stands_behind(token, behind))
                tokens.push_back(key);
        }
        return tokens;
    }

    /// Joins that have fired on the way: what came from branches that don't lie behind the target stays there.
    std::vector<std::string> joined_over(const std::vector<std::int64_t>& taken, const Element& around,
                                         const Loops& loops, const Behind& behind) const {
        std::vector<std::string> flows;
        for (std::size_t i = 0; i < definition_.elements().size(); ++i) {
            const int index = static_cast<int>(i);
            const Element& join = definition_.element(index);
            if (join.kind != Kind::parallel_gateway || join.incoming.size() < 2 || !behind.has_element(index)) continue;
            if (&definition_.element(join.scope) != &around) continue;
            const Behind after(definition_, loops, forward(join, loops));
            const bool has_fired = std::ranges::any_of(taken, [&](std::int64_t token) {
                return stands_behind(at(token), after) || goes_on_behind(way_on(token), after);
            });
            if (!has_fired) continue;
            for (const int flow : join.incoming) {
                if (!behind.has_flow(flow) && !loops.leads_back(flow)) flows.push_back(definition_.flow(flow).id);
            }
        }
        return flows;
    }

    /// One that was sent back itself has been further than it stands.
    bool goes_on_behind(const std::vector<Place>& places, const Behind& behind) const {
        return std::ranges::any_of(places, [&](const Place& place) {
            const std::string& outermost = place.within.empty() ? place.element : place.within.front();
            const bool is_behind = place.flow.empty() || !place.within.empty()
                                       ? behind.has_element(definition_.index_of(outermost))
                                       : behind.has_flow(definition_.flow_index_of(place.flow));
            return is_behind || goes_on_behind(place.then, behind);
        });
    }

    std::vector<int> forward(const Element& element, const Loops& loops) const {
        std::vector<int> ways = ways_from(definition_, element);
        std::erase_if(ways, [&](int flow) { return loops.leads_back(flow); });
        return ways;
    }

    Result<std::vector<Place>> straight(const std::vector<std::int64_t>& taken, const Element& around) const {
        std::vector<Place> places;
        for (const std::int64_t token : taken) add_places(token, {}, places);
        const auto fits = [&](const Place& place) { return is_place(definition_, around, place); };
        if (std::ranges::all_of(places, fits)) return places;
        return error(Errc::conflict, "bpmn.return_not_straight",
                     "这一步不能直送：恢复不了退回前的状态。请选择“重新逐步办理”。");
    }

    /// Where the innermost tokens stand. What is repeated begins anew.
    void add_places(std::int64_t key, const std::vector<std::string>& within, std::vector<Place>& places) const {
        const Token& token = at(key);
        const bool is_entered = token.phase == Phase::inside && !state_.repeats.contains(key);
        if (!is_entered) {
            places.push_back({within, token.element, token.phase == Phase::joining ? token.flow : "", way_on(key)});
            return;
        }
        std::vector<std::string> inside = within;
        inside.push_back(token.element);
        for (const auto& [inner, one] : state_.tokens) {
            if (one.scope == key) add_places(inner, inside, places);
        }
    }

    std::vector<Place> way_on(std::int64_t token) const {
        const auto detour = state_.detours.find(token);
        return detour == state_.detours.end() ? std::vector<Place>{} : detour->second.places;
    }

    const Definition& definition_;
    const State& state_;
};

}  // namespace

std::vector<std::string> return_targets(const Definition& definition, const State& state, std::int64_t token) {
    return Planner(definition, state).targets(token);
}

std::vector<std::string> elements_between(const Definition& definition, const State& state, std::int64_t token,
                                          std::string_view element) {
    return Planner(definition, state).between(token, element);
}

std::vector<std::string> elements_behind(const Definition& definition, std::string_view element) {
    const State nowhere;
    return Planner(definition, nowhere).behind(element);
}

Result<MoveTokens> plan_return(const Definition& definition, const State& state, std::int64_t token,
                               std::string_view element, Onward onward, std::string reason) {
    return Planner(definition, state).plan(token, element, onward, std::move(reason));
}

}  // namespace kaigong::bpmn
