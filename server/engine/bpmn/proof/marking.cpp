#include "engine/bpmn/proof/marking.hpp"

#include <algorithm>
#include <iterator>

namespace kaigong::bpmn::proof {
namespace {

void append(const Scope& scope, std::u16string& text) {
    for (const std::uint16_t unit : {scope.node, scope.fired, scope.origin, scope.interrupted})
        text += static_cast<char16_t>(unit);
    text += static_cast<char16_t>(scope.marks.size());
    for (const Mark& mark : scope.marks) {
        for (const std::uint16_t unit :
             {mark.node, mark.slot, mark.fired, static_cast<std::uint16_t>(mark.stand), mark.origin}) {
            text += static_cast<char16_t>(unit);
        }
    }
    text += static_cast<char16_t>(scope.inside.size());
    for (const Scope& inner : scope.inside) append(inner, text);
}

std::uint16_t take(std::u16string_view& text) {
    const auto unit = static_cast<std::uint16_t>(text.front());
    text.remove_prefix(1);
    return unit;
}

Scope take_scope(std::u16string_view& text) {
    Scope scope;
    scope.node = take(text);
    scope.fired = take(text);
    scope.origin = take(text);
    scope.interrupted = take(text);
    scope.marks.resize(take(text));
    for (Mark& mark : scope.marks) {
        mark.node = take(text);
        mark.slot = take(text);
        mark.fired = take(text);
        mark.stand = static_cast<Stand>(take(text));
        mark.origin = take(text);
    }
    for (std::size_t left = take(text); left > 0; --left) scope.inside.push_back(take_scope(text));
    return scope;
}

/// Adds the nodes that grow; false when `more` does not hold all of `less`, or differs in more than waiting tokens.
bool add_growth(const Scope& less, const Scope& more, bool by_itself, std::vector<int>& nodes) {
    if (less.node != more.node || less.fired != more.fired || less.origin != more.origin ||
        less.interrupted != more.interrupted) {
        return false;
    }
    // What may happen when nothing is left inside can't happen when something is.
    if (less.is_empty() != more.is_empty()) return false;
    if (!std::includes(more.marks.begin(), more.marks.end(), less.marks.begin(), less.marks.end())) return false;
    std::vector<Mark> added;
    std::set_difference(more.marks.begin(), more.marks.end(), less.marks.begin(), less.marks.end(),
                        std::back_inserter(added));
    for (const Mark& mark : added) {
        if (mark.stand != Stand::waiting && !by_itself) return false;
        if (mark.origin == 0) nodes.push_back(mark.node);
    }
    std::vector<bool> used(more.inside.size(), false);
    for (const Scope& inner : less.inside) {
        bool found = false;
        for (std::size_t i = 0; i < more.inside.size() && !found; ++i) {
            if (used[i]) continue;
            std::vector<int> grown;
            found = add_growth(inner, more.inside[i], by_itself, grown);
            if (!found) continue;
            used[i] = true;
            nodes.insert(nodes.end(), grown.begin(), grown.end());
        }
        if (!found) return false;
    }
    for (std::size_t i = 0; i < more.inside.size(); ++i) {
        if (!used[i] && more.inside[i].origin == 0) nodes.push_back(more.inside[i].node);
    }
    return true;
}

}  // namespace

void normalise(Scope& scope) {
    std::sort(scope.marks.begin(), scope.marks.end());
    for (Scope& inner : scope.inside) normalise(inner);
    if (scope.inside.size() < 2) return;
    std::sort(scope.inside.begin(), scope.inside.end(),
              [](const Scope& left, const Scope& right) { return encoded(left) < encoded(right); });
}

std::u16string encoded(const Scope& scope) {
    std::u16string text;
    append(scope, text);
    return text;
}

Scope decoded(std::u16string_view text) {
    return take_scope(text);
}

int main_tokens(const Scope& scope) {
    auto count = static_cast<int>(
        std::count_if(scope.marks.begin(), scope.marks.end(), [](const Mark& mark) { return mark.origin == 0; }));
    for (const Scope& inner : scope.inside) count += (inner.origin == 0 ? 1 : 0) + main_tokens(inner);
    return count;
}

std::uint64_t places_of(const Scope& scope) {
    std::uint64_t places = 0;
    for (const Mark& mark : scope.marks) {
        places |= std::uint64_t{1} << ((mark.node * 3U + mark.slot * 7U + static_cast<unsigned>(mark.stand)) % 64U);
    }
    for (const Scope& inner : scope.inside) places |= places_of(inner);
    return places;
}

std::vector<int> growth(const Scope& less, const Scope& more, bool by_itself) {
    std::vector<int> nodes;
    if (!add_growth(less, more, by_itself, nodes)) return {};
    std::sort(nodes.begin(), nodes.end());
    nodes.erase(std::unique(nodes.begin(), nodes.end()), nodes.end());
    return nodes;
}

}  // namespace kaigong::bpmn::proof
