#include "engine/bpmn/proof/moves.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "engine/bpmn/proof/arriving.hpp"

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

bool has_side_line(const Scope& scope, const AttachedEvent& event) {
    return side_lines(scope, side_of(event)) > 0;
}

/// Who catches what is raised.
struct Catcher {
    enum class Place { on_mark, on_edge, inside };
    const AttachedEvent* event = nullptr;
    /// The scope that the mark stands in, that has the event on its edge, or in which it starts an event sub-process.
    Address scope;
    Place place = Place::on_mark;
};

class Moves {
  public:
    Moves(const Net& net, const Scope& top) : net_(net), top_(top) {}

    std::vector<Move> find() {
        add_immediate(top_);
        // A token that ends its scope may come before or after the others that move at the same time.
        if (is_next()) add_quick(top_);
        if (moved_ || !moves_.empty()) return std::move(moves_);
        add_inclusive_joins(top_);
        if (moves_.empty()) add_waiting(top_);
        return std::move(moves_);
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

    /// Whether one more token is to be worked on: one is enough, unless the order makes a difference.
    bool is_next() const { return !moved_ || net_.order_matters; }

    void add_immediate(const Scope& scope) {
        for (const Mark& mark : scope.marks) {
            if (mark.stand != Stand::waiting && mark.stand != Stand::stopped) work_on(mark);
        }
        if (is_next()) add_parallel_joins(scope);
        for (std::size_t i = 0; i < scope.inside.size(); ++i) {
            const Scope& inner = scope.inside[i];
            if (inner.is_empty()) {
                if (is_next()) end_scope(i);
                continue;
            }
            address_.push_back(i);
            add_immediate(inner);
            address_.pop_back();
        }
    }

    void work_on(const Mark& mark) {
        const Arrival arrival = mark.stand == Stand::leaving ? Arrival::pass : net_.node(mark.node).arrival;
        switch (arrival) {
            case Arrival::terminate: return terminate(mark);
            case Arrival::raise: return raise(mark);
            case Arrival::broadcast: return broadcast(mark);
            case Arrival::compensate: return begin_undoing(mark);
            default: break;
        }
        if (!is_next() || net_.node(mark.node).outcomes.empty()) return;
        moved_ = true;
        go_on(mark, arrival);
    }

    void go_on(const Mark& mark, Arrival arrival) {
        const auto take_it = [&](Scope& changed) { take(changed, mark); };
        if (arrival != Arrival::open_scope) return leave(Step::Kind::leave, mark.node, mark.origin, take_it);
        leave(Step::Kind::skip, mark.node, mark.origin, take_it);
        Scope after = top_;
        Scope& scope = at(after, address_);
        take(scope, mark);
        open_scope(net_, scope, mark.node, mark.origin);
        add(Step{Step::Kind::open, mark.node, 0}, std::move(after));
    }

    static void erase_inside(Scope& scope, std::size_t position) {
        scope.inside.erase(scope.inside.begin() + static_cast<std::ptrdiff_t>(position));
    }

    /// Nothing is left in a scope inside the one at the present address.
    void end_scope(std::size_t position) {
        const Scope& inner = at(top_, address_).inside[position];
        const Node& node = net_.node(inner.node);
        if (node.arrival == Arrival::compensate) return go_on_undoing(position);
        if (node.outcomes.empty()) return;
        moved_ = true;
        const auto erase = [position](Scope& changed) { erase_inside(changed, position); };
        if (!node.never_passes) return leave(Step::Kind::scope_end, inner.node, inner.origin, erase);
        Scope after = top_;
        Scope& scope = at(after, address_);
        erase(scope);
        open_scope(net_, scope, inner.node, inner.origin);
        add(Step{Step::Kind::scope_end, inner.node, 0}, std::move(after));
    }

    /// What is cancelled is taken away before it is undone.
    void begin_undoing(const Mark& mark) {
        const Node& node = net_.node(mark.node);
        Scope after = top_;
        Scope& scope = at(after, address_);
        take(scope, mark);
        if (node.raises == Trigger::cancel) {
            scope.marks.clear();
            scope.inside.clear();
        }
        Scope undoing;
        undoing.node = mark.node;
        undoing.origin = mark.origin;
        scope.inside.push_back(std::move(undoing));
        add(Step{Step::Kind::undo, mark.node, 0}, std::move(after));
    }

    /// One more handler, or none is left.
    void go_on_undoing(std::size_t position) {
        const Scope& inner = at(top_, address_).inside[position];
        const Node& node = net_.node(inner.node);
        moved_ = true;
        if (node.raises == Trigger::cancel) {
            end_cancelled();
        } else {
            leave(Step::Kind::leave, inner.node, inner.origin,
                  [position](Scope& changed) { erase_inside(changed, position); });
        }
        for (const int handler : node.handlers) {
            Scope after = top_;
            arrive(net_, at(after, address_).inside[position], handler, 0, 0);
            add(Step{Step::Kind::call, static_cast<std::uint16_t>(handler), 0}, std::move(after));
        }
    }

    /// The transaction at the present address is left by its cancel event.
    void end_cancelled() {
        const Scope& transaction = at(top_, address_);
        const AttachedEvent* event = matching(net_.node(transaction.node).events, Trigger::cancel, "");
        if (event == nullptr) return;
        const Catcher catcher{event, address_, Catcher::Place::on_edge};
        catch_on_edge(catcher, nullptr, catcher.scope);
    }

    /// Looks outwards: the edge of the activity, event sub-processes of its scope, the edge of that, and so on.
    Catcher catcher_of(const Mark& mark, Trigger trigger, const std::string& code) const {
        Address here = address_;
        const AttachedEvent* own = matching(net_.node(mark.node).events, trigger, code);
        if (own != nullptr) return {own, here, Catcher::Place::on_mark};
        // What an event sub-process raises is not caught by its neighbours, but further out.
        bool from_event_sub_process = false;
        for (;; here.pop_back()) {
            const Scope& scope = at(top_, here);
            const auto* inside =
                from_event_sub_process ? nullptr : matching(body_of(net_, scope).listeners, trigger, code);
            if (inside != nullptr) return {inside, here, Catcher::Place::inside};
            if (here.empty()) return {};
            const auto* on_edge = matching(net_.node(scope.node).events, trigger, code);
            if (on_edge != nullptr) return {on_edge, here, Catcher::Place::on_edge};
            from_event_sub_process = net_.node(scope.node).ends_silently;
        }
    }

    void raise(const Mark& mark) {
        const Node& raiser = net_.node(mark.node);
        const Catcher catcher = catcher_of(mark, raiser.raises, raiser.code);
        if (catcher.event != nullptr) return catch_it(catcher, mark, true);
        if (raiser.raises == Trigger::escalation) return pass_uncaught(mark);
        stop(mark);
    }

    /// An error that nobody catches stops its token.
    void stop(const Mark& mark) {
        Scope after = top_;
        std::vector<Mark>& marks = at(after, address_).marks;
        std::find(marks.begin(), marks.end(), mark)->stand = Stand::stopped;
        add(Step{Step::Kind::stopped, mark.node, 0}, std::move(after));
    }

    /// `goes_on`: who raised it is done, unless it is taken away; else it stays open.
    void catch_it(const Catcher& catcher, const Mark& mark, bool goes_on) {
        const Address here = address_;
        address_ = catcher.scope;
        switch (catcher.place) {
            case Catcher::Place::on_mark: catch_on_mark(*catcher.event, mark); break;
            case Catcher::Place::on_edge: catch_on_edge(catcher, goes_on ? &mark : nullptr, here); break;
            case Catcher::Place::inside: catch_inside(*catcher.event, goes_on ? &mark : nullptr, here); break;
        }
        address_ = here;
    }

    void catch_on_mark(const AttachedEvent& event, const Mark& mark) {
        if (event.interrupting) {
            return leave(Step::Kind::caught, event.node, mark.origin, [&](Scope& changed) { take(changed, mark); });
        }
        if (has_side_line(at(top_, address_), event)) return;
        leave(Step::Kind::caught, event.node, side_of(event), [](Scope& /*changed*/) {});
    }

    /// Nobody cares for an escalation that nobody catches.
    void pass_uncaught(const Mark& mark) {
        leave(Step::Kind::leave, mark.node, mark.origin, [&](Scope& changed) { take(changed, mark); });
    }

    /// The token that raised something goes on next.
    static void let_go(Scope& scope, const Mark& mark) {
        std::find(scope.marks.begin(), scope.marks.end(), mark)->stand = Stand::leaving;
    }

    /// At the present address stands the scope with the event on its edge; `mark`, in the scope `here`, goes on after.
    void catch_on_edge(const Catcher& catcher, const Mark* mark, const Address& here) {
        const AttachedEvent& event = *catcher.event;
        const Address outer = address_;
        const std::size_t position = address_.back();
        const std::uint16_t origin = at(top_, address_).origin;
        address_.pop_back();
        if (event.interrupting) {
            leave(Step::Kind::caught, event.node, origin, [&](Scope& changed) { erase_inside(changed, position); });
        } else if (!has_side_line(at(top_, address_), event)) {
            const Address inner(here.begin() + static_cast<std::ptrdiff_t>(address_.size()), here.end());
            leave(Step::Kind::caught, event.node, side_of(event), [&](Scope& changed) {
                if (mark != nullptr) let_go(at(changed, inner), *mark);
            });
        } else if (mark != nullptr) {
            address_ = here;
            pass_uncaught(*mark);
        }
        address_ = outer;
    }

    void catch_inside(const AttachedEvent& event, const Mark* mark, const Address& here) {
        if (!event.interrupting && has_side_line(at(top_, address_), event)) {
            if (mark == nullptr) return;
            address_ = here;
            return pass_uncaught(*mark);
        }
        Scope after = top_;
        if (!event.interrupting && mark != nullptr) let_go(at(after, here), *mark);
        start_listener(net_, at(after, address_), event);
        add(Step{Step::Kind::caught, static_cast<std::uint16_t>(event.node), 0}, std::move(after));
    }

    void broadcast(const Mark& mark) {
        std::vector<std::uint16_t> thrower{mark.origin};
        for (std::size_t depth = 1; depth <= address_.size(); ++depth) {
            const Address around(address_.begin(), address_.begin() + static_cast<std::ptrdiff_t>(depth));
            thrower.push_back(at(top_, around).origin);
        }
        Scope after = top_;
        let_go(at(after, address_), mark);
        if (!throw_signal(net_, after, net_.node(mark.node).code, thrower)) return;
        add(Step{Step::Kind::thrown, mark.node, 0}, std::move(after));
    }

    void add_listeners(const Scope& scope) {
        if (scope.interrupted != 0) return;
        for (const AttachedEvent& event : body_of(net_, scope).listeners) {
            if (!event.is_free || (!event.interrupting && has_side_line(scope, event))) continue;
            Scope after = top_;
            start_listener(net_, at(after, address_), event);
            add(Step{Step::Kind::event, static_cast<std::uint16_t>(event.node), 0}, std::move(after));
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

    void add_parallel_joins(const Scope& scope) {
        for (const Mark& mark : scope.marks) {
            const Node& node = net_.node(mark.node);
            if (node.arrival != Arrival::join_all || mark.stand != Stand::waiting) continue;
            const auto waiting = waiting_at(scope, mark.node);
            if (static_cast<int>(waiting.size()) < node.incoming) continue;
            moved_ = true;
            fire(mark.node, waiting);
            if (!net_.order_matters) return;
        }
    }

    /// What is passed without anybody's doing: in any order.
    void add_quick(const Scope& scope) {
        for (const Mark& mark : scope.marks) {
            if (mark.stand == Stand::waiting && net_.node(mark.node).arrival == Arrival::quick) pass_quickly(mark);
        }
        for (std::size_t i = 0; i < scope.inside.size(); ++i) {
            address_.push_back(i);
            add_quick(scope.inside[i]);
            address_.pop_back();
        }
    }

    void pass_quickly(const Mark& mark) {
        const Node& node = net_.node(mark.node);
        if (node.never_passes) {
            add(Step{Step::Kind::leave, mark.node, 0}, top_);
        } else {
            leave(Step::Kind::leave, mark.node, mark.origin, [&](Scope& changed) { take(changed, mark); });
        }
        for (const std::string& code : node.raised_codes) {
            const Catcher catcher = catcher_of(mark, Trigger::error, code);
            catcher.event == nullptr ? stop(mark) : catch_it(catcher, mark, false);
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

    /// Which of several comes first may decide what the others wait for.
    void add_inclusive_joins(const Scope& scope) {
        std::uint16_t last = kTop;
        for (const Mark& mark : scope.marks) {
            const bool is_new = mark.node != last;
            last = mark.node;
            if (!is_new || net_.node(mark.node).arrival != Arrival::join_inclusive) continue;
            const auto waiting = waiting_at(scope, mark.node);
            std::uint64_t present = 0;
            for (const auto& [slot, token] : waiting) present |= std::uint64_t{1} << slot;
            if (!waiting.empty() && !is_held_up(scope, mark.node, present)) fire(mark.node, waiting);
        }
        for (std::size_t i = 0; i < scope.inside.size(); ++i) {
            address_.push_back(i);
            add_inclusive_joins(scope.inside[i]);
            address_.pop_back();
        }
    }

    void add_waiting(const Scope& scope) {
        if (!scope.is_empty()) add_listeners(scope);
        const Mark* previous = nullptr;
        for (const Mark& mark : scope.marks) {
            if (previous != nullptr && *previous == mark) continue;
            previous = &mark;
            if (mark.stand == Stand::waiting) add_waiting_mark(scope, mark);
        }
        for (std::size_t i = 0; i < scope.inside.size(); ++i) {
            for (const AttachedEvent& event : net_.node(scope.inside[i].node).events) add_event_on(scope, i, event);
            address_.push_back(i);
            add_waiting(scope.inside[i]);
            address_.pop_back();
        }
    }

    void add_waiting_mark(const Scope& scope, const Mark& mark) {
        const Node& node = net_.node(mark.node);
        if (node.arrival != Arrival::wait && node.arrival != Arrival::choose_event) return;
        if (node.never_passes) {
            add(Step{Step::Kind::finish, mark.node, 0}, top_);
        } else {
            leave(Step::Kind::finish, mark.node, mark.origin, [&](Scope& changed) { take(changed, mark); });
        }
        for (const AttachedEvent& event : node.events) add_event_on(scope, mark, event);
        if (!node.may_raise) return;
        add_raised_by_work(mark, Trigger::error, net_.error_codes);
        add_raised_by_work(mark, Trigger::escalation, net_.escalation_codes);
    }

    /// Whoever does the work says that it came to an error. That nobody catches it is for them to see.
    void add_raised_by_work(const Mark& mark, Trigger trigger, const std::vector<std::string>& codes) {
        std::vector<const AttachedEvent*> known;
        for (const std::string& code : codes) {
            const Catcher catcher = catcher_of(mark, trigger, code);
            const bool is_new = std::find(known.begin(), known.end(), catcher.event) == known.end();
            known.push_back(catcher.event);
            if (catcher.event == nullptr || !is_new) continue;
            const std::size_t first = moves_.size();
            catch_it(catcher, mark, false);
            for (std::size_t i = first; i < moves_.size(); ++i) moves_[i].step.kind = Step::Kind::raised;
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
            if (event.interrupting) erase_inside(changed, position);
        });
    }

    void fire_event(const Scope& scope, const AttachedEvent& event, std::uint16_t origin, std::uint16_t fired,
                    const std::function<void(Scope&, std::uint16_t)>& change) {
        if (!event.is_free) return;
        if (event.interrupting) {
            return leave(Step::Kind::event, event.node, origin, [&](Scope& changed) { change(changed, fired); });
        }
        // One side line at a time: more of them add nothing but states.
        if (has_side_line(scope, event)) return;
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
        for (const int start : starts) arrive(net, top, start, 0, 0);
        normalise(top);
        moves.push_back({Step{Step::Kind::start, static_cast<std::uint16_t>(starts.front()), 0}, std::move(top)});
    }
    return moves;
}

std::vector<Move> moves_from(const Net& net, const Scope& top) {
    return Moves(net, top).find();
}

bool is_settled(const std::vector<Move>& moves) {
    const auto waits = [](const Move& move) {
        return move.step.kind == Step::Kind::finish || move.step.kind == Step::Kind::event;
    };
    return moves.empty() || std::any_of(moves.begin(), moves.end(), waits);
}

std::vector<int> starved_joins(const Net& net, const Scope& top) {
    std::vector<int> starved;
    // What raised an error that nobody catches does not move either.
    const bool only_joins = std::all_of(top.marks.begin(), top.marks.end(), [&](const Mark& mark) {
        return is_join(net.node(mark.node)) || mark.stand == Stand::stopped;
    });
    if (only_joins && top.inside.empty()) {
        for (const Mark& mark : top.marks) {
            if (mark.stand != Stand::stopped) starved.push_back(mark.node);
        }
    }
    for (const Scope& inner : top.inside) {
        const std::vector<int> more = starved_joins(net, inner);
        starved.insert(starved.end(), more.begin(), more.end());
    }
    return starved;
}

}  // namespace kaigong::bpmn::proof
