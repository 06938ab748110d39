#include "engine/bpmn/proof/moves.hpp"

#include <algorithm>
#include <functional>
#include <map>

namespace kaigong::bpmn::proof {
namespace {

/// Where a scope lies in the tree: positions in `inside`, from the top.
using Address = std::vector<std::size_t>;

const Scope& at(const Scope& top, const Address& address) {
    const Scope* scope = &top;
    for (const std::size_t position : address) scope = &scope->inside[position];
    return *scope;
}

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
        if (target.arrival == Arrival::open_scope && !target.may_be_skipped) return open(net, scope, node, origin);
        const bool waits = target.arrival == Arrival::wait || target.arrival == Arrival::choose_event;
        if (waits || is_join(target)) mark.stand = Stand::waiting;
        scope.marks.push_back(mark);
    }

    static void open(const Net& net, Scope& scope, int node, std::uint16_t origin) {
        Scope inner;
        inner.node = static_cast<std::uint16_t>(node);
        inner.origin = origin;
        for (const int start : net.node(net.node(node).body).starts) arrive(net, inner, start, 0, 0);
        scope.inside.push_back(std::move(inner));
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
                // Behind an event-based gateway the event has already come.
                if (left.arrival == Arrival::choose_event) scope.marks.back().stand = Stand::leaving;
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
            const Arrival arrival = net_.node(mark.node).arrival;
            if (arrival == Arrival::terminate) {
                terminate(mark);
            } else if (arrival == Arrival::raise && mark.stand == Stand::arrived) {
                raise(mark);
            } else if (!moved_) {
                moved_ = true;
                go_on(mark);
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
                continue;
            }
            address_.push_back(i);
            add_immediate(inner);
            address_.pop_back();
        }
    }

    void go_on(const Mark& mark) {
        const auto take_it = [&](Scope& changed) { take(changed, mark); };
        if (net_.node(mark.node).arrival != Arrival::open_scope) {
            return leave(Step::Kind::leave, mark.node, mark.origin, take_it);
        }
        leave(Step::Kind::skip, mark.node, mark.origin, take_it);
        Scope after = top_;
        Scope& scope = at(after, address_);
        take(scope, mark);
        open(net_, scope, mark.node, mark.origin);
        add(Step{Step::Kind::open, mark.node, 0}, std::move(after));
    }

    /// An event without a code catches every code; one that names it comes first.
    static const AttachedEvent* catching(const std::vector<AttachedEvent>& events, const Node& raiser) {
        const AttachedEvent* any = nullptr;
        for (const AttachedEvent& event : events) {
            if (event.trigger != raiser.raises) continue;
            if (!event.code.empty() && event.code == raiser.code) return &event;
            if (event.code.empty() && any == nullptr) any = &event;
        }
        return any;
    }

    const Node& body_of(const Scope& scope) const {
        return net_.node(scope.node == kTop ? 0 : net_.node(scope.node).body);
    }

    /// Looks outwards: event sub-processes of the scope, then the edge of the activity, then the scope around it.
    void raise(const Mark& mark) {
        const Node& raiser = net_.node(mark.node);
        const Address here = address_;
        // What an event sub-process raises is not caught by its neighbours, but further out.
        bool from_event_sub_process = false;
        for (;; address_.pop_back()) {
            const Scope& scope = at(top_, address_);
            const auto* inside = from_event_sub_process ? nullptr : catching(body_of(scope).listeners, raiser);
            if (inside != nullptr) {
                catch_inside(*inside, mark, here);
                break;
            }
            if (address_.empty()) {
                if (raiser.raises == Trigger::escalation) pass_uncaught(mark, here);
                break;
            }
            if (const AttachedEvent* event = catching(net_.node(scope.node).events, raiser)) {
                catch_on_edge(*event, mark, here);
                break;
            }
            from_event_sub_process = net_.node(scope.node).ends_silently;
        }
        address_ = here;
    }

    /// Nobody cares for an escalation that nobody catches; an error stops its token.
    void pass_uncaught(const Mark& mark, const Address& here) {
        address_ = here;
        leave(Step::Kind::leave, mark.node, mark.origin, [&](Scope& changed) { take(changed, mark); });
    }

    /// The token that raised something goes on next.
    static void let_go(Scope& scope, const Mark& mark) {
        *std::find(scope.marks.begin(), scope.marks.end(), mark) = leaving(mark);
    }

    static Mark leaving(Mark mark) {
        mark.stand = Stand::leaving;
        return mark;
    }

    /// At the present address stands the scope whose activity has the event on its edge; `here` is where it was raised.
    void catch_on_edge(const AttachedEvent& event, const Mark& mark, const Address& here) {
        const std::size_t position = address_.back();
        const std::uint16_t origin = at(top_, address_).origin;
        const Address inner(here.begin() + static_cast<std::ptrdiff_t>(address_.size()) - 1, here.end());
        address_.pop_back();
        if (event.interrupting) {
            leave(Step::Kind::caught, event.node, origin, [&](Scope& changed) {
                changed.inside.erase(changed.inside.begin() + static_cast<std::ptrdiff_t>(position));
            });
        } else if (const auto side = side_of(event); has_side_line(at(top_, address_), side)) {
            pass_uncaught(mark, here);
        } else {
            leave(Step::Kind::caught, event.node, side, [&](Scope& changed) { let_go(at(changed, inner), mark); });
        }
    }

    void catch_inside(const AttachedEvent& event, const Mark& mark, const Address& here) {
        const auto side = side_of(event);
        if (!event.interrupting && has_side_line(at(top_, address_), side)) return pass_uncaught(mark, here);
        Scope after = top_;
        if (!event.interrupting) let_go(at(after, here), mark);
        start_listener(after, event);
        add(Step{Step::Kind::caught, static_cast<std::uint16_t>(event.node), 0}, std::move(after));
    }

    /// Opens the event sub-process in the scope at the present address.
    void start_listener(Scope& after, const AttachedEvent& event) {
        Scope& scope = at(after, address_);
        if (event.interrupting) {
            scope.marks.clear();
            scope.inside.clear();
            scope.interrupted = 1;
        }
        open(net_, scope, event.opens, event.interrupting ? std::uint16_t{0} : side_of(event));
    }

    void add_listeners(const Scope& scope) {
        if (scope.interrupted != 0) return;
        for (const AttachedEvent& event : body_of(scope).listeners) {
            if (!event.is_free || (!event.interrupting && has_side_line(scope, side_of(event)))) continue;
            Scope after = top_;
            start_listener(after, event);
            add(Step{Step::Kind::event, static_cast<std::uint16_t>(event.node), 0}, std::move(after));
        }
    }

    static std::uint16_t side_of(const AttachedEvent& event) { return static_cast<std::uint16_t>(event.node + 1); }

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
        if (!scope.is_empty()) add_listeners(scope);
        const Mark* previous = nullptr;
        for (const Mark& mark : scope.marks) {
            if (previous != nullptr && *previous == mark) continue;
            previous = &mark;
            const Node& node = net_.node(mark.node);
            if (node.arrival != Arrival::wait && node.arrival != Arrival::choose_event) continue;
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
        if (!event.is_free) return;
        if (event.interrupting) {
            return leave(Step::Kind::event, event.node, origin, [&](Scope& changed) { change(changed, fired); });
        }
        // One side line at a time: more of them add nothing but states.
        if (has_side_line(scope, side_of(event))) return;
        const auto bit = static_cast<std::uint16_t>(event.repeats ? 0U : 1U << static_cast<unsigned>(event.counter));
        if ((fired & bit) != 0) return;
        leave(Step::Kind::event, event.node, side_of(event),
              [&](Scope& changed) { change(changed, static_cast<std::uint16_t>(fired | bit)); });
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
    for (const std::vector<int>& starts : net.beginnings) {
        Scope top;
        for (const int start : starts) Moves::arrive(net, top, start, 0, 0);
        normalise(top);
        moves.push_back({Step{Step::Kind::start, static_cast<std::uint16_t>(starts.front()), 0}, std::move(top)});
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
