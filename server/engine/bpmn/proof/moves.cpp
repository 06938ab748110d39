#include "engine/bpmn/proof/moves.hpp"

#include <algorithm>
#include <functional>
#include <map>

namespace kaigong::bpmn::proof {
namespace {

/// Where a scope lies in the tree: positions in `inside`, from the top.
using Address = std::vector<std::size_t>;

Scope& at(Scope& top, const Address& address) {
    Scope* scope = &top;
    for (const std::size_t position : address) scope = &scope->inside[position];
    return *scope;
}

void take(Scope& scope, const Mark& mark) {
    scope.marks.erase(std::find(scope.marks.begin(), scope.marks.end(), mark));
}

/// Tokens that come from a non-interrupting event, wherever they got to within the scope.
bool has_side_line(const Scope& scope, std::uint16_t origin) {
    const auto from_it = [&](const auto& one) { return one.origin == origin; };
    return std::any_of(scope.marks.begin(), scope.marks.end(), from_it) ||
           std::any_of(scope.inside.begin(), scope.inside.end(),
                       [&](const Scope& inner) { return from_it(inner) || has_side_line(inner, origin); });
}

class Moves {
  public:
    Moves(const Net& net, const Scope& top) : net_(net), top_(top) {}

    std::vector<Move> find() {
        add_immediate(top_);
        // A token that ends its scope may come before or after the others that move at the same time.
        if (moved_ || !moves_.empty()) return std::move(moves_);
        add_inclusive_join(top_);
        if (moves_.empty()) add_waiting(top_);
        return std::move(moves_);
    }

    static void arrive(const Net& net, Scope& scope, int node, int slot, std::uint16_t origin) {
        const Node& target = net.node(node);
        Mark mark{static_cast<std::uint16_t>(node), static_cast<std::uint16_t>(slot), 0, Stand::arrived, origin};
        if (target.arrival == Arrival::open_scope) {
            Scope inner{mark.node, 0, origin, {}, {}};
            arrive(net, inner, target.start, 0, 0);
            scope.inside.push_back(std::move(inner));
            return;
        }
        if (target.arrival == Arrival::wait || is_join(target)) mark.stand = Stand::waiting;
        scope.marks.push_back(mark);
    }

  private:
    /// `change` prepares the scope at the present address; then a token leaves the node by each of its outcomes.
    void leave(Step::Kind kind, int node, std::uint16_t origin, const std::function<void(Scope&)>& change) {
        const Node& left = net_.node(node);
        for (std::size_t i = 0; i < left.outcomes.size(); ++i) {
            Scope after = top_;
            Scope& scope = at(after, address_);
            change(scope);
            for (const int position : left.outcomes[i]) {
                const Way& way = left.ways[static_cast<std::size_t>(position)];
                arrive(net_, scope, way.target, way.slot, origin);
            }
            add(Step{kind, static_cast<std::uint16_t>(node), static_cast<std::uint16_t>(i)}, std::move(after));
        }
    }

    void add(Step step, Scope after) {
        normalise(after);
        moves_.push_back({step, std::move(after)});
    }

    void add_immediate(const Scope& scope) {
        for (const Mark& mark : scope.marks) {
            if (mark.stand == Stand::waiting) continue;
            if (net_.node(mark.node).arrival == Arrival::terminate) {
                terminate(mark);
            } else if (!moved_) {
                moved_ = true;
                leave(Step::Kind::leave, mark.node, mark.origin, [&](Scope& changed) { take(changed, mark); });
            }
        }
        if (!moved_) add_parallel_join(scope);
        for (std::size_t i = 0; i < scope.inside.size(); ++i) {
            const Scope& inner = scope.inside[i];
            if (inner.is_empty() && !moved_) {
                moved_ = true;
                leave(Step::Kind::scope_end, inner.node, inner.origin, [i](Scope& changed) {
                    changed.inside.erase(changed.inside.begin() + static_cast<std::ptrdiff_t>(i));
                });
            }
            address_.push_back(i);
            add_immediate(inner);
            address_.pop_back();
        }
    }

    void terminate(const Mark& mark) {
        Scope after = top_;
        Scope& scope = at(after, address_);
        scope.marks.clear();
        scope.inside.clear();
        add(Step{Step::Kind::terminate, mark.node, 0}, std::move(after));
    }

    /// Waiting tokens of a join by the flow they came over; the first of each.
    std::map<std::uint16_t, Mark> waiting_at(const Scope& scope, std::uint16_t node) const {
        std::map<std::uint16_t, Mark> waiting;
        for (const Mark& mark : scope.marks) {
            if (mark.node == node && mark.stand == Stand::waiting) waiting.emplace(mark.slot, mark);
        }
        return waiting;
    }

    void fire(std::uint16_t node, const std::map<std::uint16_t, Mark>& tokens) {
        // A token of the main line makes the whole the main line.
        std::uint16_t origin = tokens.begin()->second.origin;
        for (const auto& [slot, mark] : tokens) origin = mark.origin == 0 ? 0 : origin;
        leave(Step::Kind::join, node, origin, [&](Scope& changed) {
            for (const auto& [slot, mark] : tokens) take(changed, mark);
        });
    }

    void add_parallel_join(const Scope& scope) {
        for (const Mark& mark : scope.marks) {
            const Node& node = net_.node(mark.node);
            if (node.arrival != Arrival::join_all || mark.stand != Stand::waiting) continue;
            const auto waiting = waiting_at(scope, mark.node);
            if (static_cast<int>(waiting.size()) < node.incoming) continue;
            moved_ = true;
            return fire(mark.node, waiting);
        }
    }

    bool is_held_up(const Scope& scope, std::uint16_t join, std::uint64_t present) const {
        const std::vector<std::uint64_t>& can_come = net_.node(join).can_come;
        // A token that can come over a flow which has one already does not hold the join up.
        const auto holds_up = [&](std::uint16_t node) {
            return can_come[node] != 0 && (can_come[node] & present) == 0;
        };
        return std::any_of(scope.marks.begin(), scope.marks.end(),
                           [&](const Mark& mark) { return mark.node != join && holds_up(mark.node); }) ||
               std::any_of(scope.inside.begin(), scope.inside.end(),
                           [&](const Scope& inner) { return holds_up(inner.node); });
    }

    void add_inclusive_join(const Scope& scope) {
        for (const Mark& mark : scope.marks) {
            if (net_.node(mark.node).arrival != Arrival::join_inclusive) continue;
            const auto waiting = waiting_at(scope, mark.node);
            std::uint64_t present = 0;
            for (const auto& [slot, token] : waiting) present |= std::uint64_t{1} << slot;
            if (is_held_up(scope, mark.node, present)) continue;
            return fire(mark.node, waiting);
        }
        for (std::size_t i = 0; i < scope.inside.size() && moves_.empty(); ++i) {
            address_.push_back(i);
            add_inclusive_join(scope.inside[i]);
            address_.pop_back();
        }
    }

    void add_waiting(const Scope& scope) {
        const Mark* previous = nullptr;
        for (const Mark& mark : scope.marks) {
            if (previous != nullptr && *previous == mark) continue;
            previous = &mark;
            const Node& node = net_.node(mark.node);
            if (node.arrival != Arrival::wait) continue;
            leave(Step::Kind::finish, mark.node, mark.origin, [&](Scope& changed) { take(changed, mark); });
            for (const AttachedEvent& event : node.events) add_event_on(scope, mark, event);
        }
        for (std::size_t i = 0; i < scope.inside.size(); ++i) {
            for (const AttachedEvent& event : net_.node(scope.inside[i].node).events) add_event_on(scope, i, event);
            address_.push_back(i);
            add_waiting(scope.inside[i]);
            address_.pop_back();
        }
    }

    void add_event_on(const Scope& scope, const Mark& mark, const AttachedEvent& event) {
        fire_event(scope, event, mark.origin, mark.fired, [&](Scope& changed, std::uint16_t fired) {
            take(changed, mark);
            if (event.interrupting) return;
            changed.marks.push_back(mark);
            changed.marks.back().fired = fired;
        });
    }

    void add_event_on(const Scope& scope, std::size_t position, const AttachedEvent& event) {
        const Scope& inner = scope.inside[position];
        fire_event(scope, event, inner.origin, inner.fired, [&](Scope& changed, std::uint16_t fired) {
            changed.inside[position].fired = fired;
            if (!event.interrupting) return;
            changed.inside.erase(changed.inside.begin() + static_cast<std::ptrdiff_t>(position));
        });
    }

    void fire_event(const Scope& scope, const AttachedEvent& event, std::uint16_t origin, std::uint16_t fired,
                    const std::function<void(Scope&, std::uint16_t)>& change) {
        if (event.interrupting) {
            return leave(Step::Kind::event, event.node, origin, [&](Scope& changed) { change(changed, fired); });
        }
        const auto counter = static_cast<std::uint16_t>(1U << static_cast<unsigned>(2 * event.counter));
        const auto side = static_cast<std::uint16_t>(event.node + 1);
        // Once for each time the activity opens, and one side line at a time: more of them add nothing but states.
        if ((fired & counter) != 0 || has_side_line(scope, side)) return;
        leave(Step::Kind::event, event.node, side,
              [&](Scope& changed) { change(changed, static_cast<std::uint16_t>(fired | counter)); });
    }

    const Net& net_;
    const Scope& top_;
    Address address_;
    std::vector<Move> moves_;
    /// A token was worked on that does not end its scope.
    bool moved_ = false;
};

}  // namespace

std::vector<Move> first_moves(const Net& net) {
    std::vector<Move> moves;
    for (const int start : net.starts) {
        Scope top;
        Moves::arrive(net, top, start, 0, 0);
        moves.push_back({Step{Step::Kind::start, static_cast<std::uint16_t>(start), 0}, std::move(top)});
    }
    return moves;
}

std::vector<Move> moves_from(const Net& net, const Scope& top) {
    return Moves(net, top).find();
}

bool is_settled(const std::vector<Move>& moves) {
    return moves.empty() || moves.front().step.kind == Step::Kind::finish ||
           moves.front().step.kind == Step::Kind::event;
}

std::vector<int> starved_joins(const Net& net, const Scope& top) {
    std::vector<int> starved;
    const bool only_joins =
        std::all_of(top.marks.begin(), top.marks.end(), [&](const Mark& mark) { return is_join(net.node(mark.node)); });
    if (only_joins && top.inside.empty()) {
        for (const Mark& mark : top.marks) starved.push_back(mark.node);
    }
    for (const Scope& inner : top.inside) {
        const std::vector<int> more = starved_joins(net, inner);
        starved.insert(starved.end(), more.begin(), more.end());
    }
    return starved;
}

}  // namespace kaigong::bpmn::proof
