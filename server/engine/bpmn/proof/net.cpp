// Element → node: the one place where the proof looks at the kind of an element.
#include "engine/bpmn/proof/net.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/bpmn/proof/outcomes.hpp"

namespace kaigong::bpmn::proof {
namespace {

/// One bit each in Mark::fired.
constexpr std::size_t kCountedEventsMax = 16;
/// One bit each in `can_come`.
constexpr std::size_t kIncomingMax = 64;

/// `R5/PT1H` ends by itself; `R/PT1H` and a duration alone do not.
bool is_endless(const TimerRule& rule) {
    if (rule.kind != TimerRule::Kind::cycle || rule.expression != nullptr) return false;
    return !rule.literal.starts_with('R') || rule.literal.starts_with("R/") || rule.literal.starts_with("R-1/");
}

class Builder {
  public:
    explicit Builder(const Definition& definition) : definition_(definition) {}

    Net build() {
        for (const Element& element : definition_.elements()) net_.nodes.push_back(node_of(element));
        set_beginnings();
        for (Node& node : net_.nodes) number_slots(node);
        for (std::size_t i = 0; i < net_.nodes.size(); ++i) {
            if (net_.nodes[i].arrival == Arrival::join_inclusive)
                net_.nodes[i].can_come = can_come(static_cast<int>(i));
        }
        return std::move(net_);
    }

  private:
    Node node_of(const Element& element) {
        Node node;
        node.incoming = static_cast<int>(element.incoming.size());
        add_ways(element, node);
        add_events(element, node);
        add_inside(element, node);
        translate(element, node);
        node.only_undoes = only_undoes(element);
        node.ticks_for_ever = ticks_for_ever(element);
        if (node.incoming > static_cast<int>(kIncomingMax)) {
            not_covered(element, "流入的连线太多。", "It has too many incoming flows.");
        }
        return node;
    }

    void set_beginnings() {
        std::vector<int> plain;
        for (const int start : definition_.root().starts) {
            const bool alone = definition_.element(start).trigger != Trigger::none &&
                               definition_.element(start).kind == Kind::start_event;
            if (!alone) plain.push_back(start);
            if (alone) net_.beginnings.push_back({start});
        }
        if (!plain.empty()) net_.beginnings.insert(net_.beginnings.begin(), plain);
    }

    /// The mapping: what a token does at an element of each kind, and how it leaves.
    void translate(const Element& element, Node& node) {
        const bool joins = element.incoming.size() > 1;
        leave_by_conditions(element, node);
        switch (element.kind) {
            case Kind::process:
            case Kind::start_event:
            case Kind::boundary_event: node.cause = cause_of(element.trigger); break;
            case Kind::end_event:
            case Kind::intermediate_throw_event: translate_throw(element, node); break;
            case Kind::intermediate_catch_event:
                if (element.trigger != Trigger::link) wait_for(cause_of(element.trigger), node);
                break;
            case Kind::task:
            case Kind::manual_task:
            case Kind::script_task:
            case Kind::send_task: translate_quick_task(element, node); break;
            case Kind::user_task: wait_for(Cause::person, node); break;
            case Kind::service_task:
            case Kind::business_rule_task: wait_for(Cause::job, node); break;
            case Kind::receive_task: wait_for(Cause::message, node); break;
            case Kind::exclusive_gateway: node.outcomes = exclusive_outcomes(definition_, element); break;
            case Kind::inclusive_gateway:
                if (joins) node.arrival = Arrival::join_inclusive;
                break;
            case Kind::parallel_gateway:
                if (joins) node.arrival = Arrival::join_all;
                node.outcomes = parallel_outcomes(element);
                break;
            case Kind::event_based_gateway:
                node.arrival = Arrival::choose_event;
                node.cause = Cause::message;
                node.outcomes.clear();
                for (int way = 0; way < static_cast<int>(node.ways.size()); ++way) node.outcomes.push_back({way});
                break;
            case Kind::sub_process:
            case Kind::transaction:
            case Kind::ad_hoc_sub_process:
            case Kind::event_sub_process: open_scope(element, definition_.index_of(element.id), node); break;
            case Kind::call_activity: translate_call(element, node); break;
        }
    }

    static Cause cause_of(Trigger trigger) {
        if (trigger == Trigger::none) return Cause::nothing;
        return trigger == Trigger::timer ? Cause::timer : Cause::message;
    }

    void translate_throw(const Element& element, Node& node) {
        node.compensates = element.trigger == Trigger::compensation || element.trigger == Trigger::cancel;
        if (element.trigger == Trigger::terminate) node.arrival = Arrival::terminate;
        if (element.trigger == Trigger::error || element.trigger == Trigger::escalation ||
            element.trigger == Trigger::cancel) {
            node.arrival = Arrival::raise;
            node.raises = element.trigger;
            node.code = element.name_of_event.literal;
        }
        if (element.link_target < 0) return;
        node.ways = {{-1, element.link_target, 0}};
        node.outcomes = {{0}};
    }

    /// The engine passes these at once, unless somebody does a job: no event on them can fire but an error of a script.
    /// For the order of things they take time.
    void translate_quick_task(const Element& element, Node& node) {
        if (element.job_type.empty()) {
            std::erase_if(node.events, [&](const AttachedEvent& event) {
                return event.trigger != Trigger::error || element.kind != Kind::script_task;
            });
        }
        wait_for(Cause::job, node);
    }

    void open_scope(const Element& element, int body, Node& node) {
        node.arrival = Arrival::open_scope;
        node.body = body;
        node.may_be_skipped = element.repetition.has_value();
        node.ends_silently = element.kind == Kind::event_sub_process;
    }

    void translate_call(const Element& element, Node& node) {
        const Element* called = element.called.literal.empty() ? nullptr : definition_.called(element.called.literal);
        if (called != nullptr && !is_around(*called, element)) {
            return open_scope(element, definition_.index_of(called->id), node);
        }
        wait_for(Cause::job, node);
        if (called == nullptr) {
            return not_covered(element, "被调用的流程不在这里。", "The called process is not known here.");
        }
        not_covered(element, "流程调用了自己。", "The process calls itself.");
    }

    /// Whether the call lies inside what it calls, also by way of other calls.
    bool is_around(const Element& called, const Element& call) const {
        std::vector<const Element*> open{&called};
        std::vector<const Element*> seen;
        while (!open.empty()) {
            const Element* around = open.back();
            open.pop_back();
            if (std::find(seen.begin(), seen.end(), around) != seen.end()) continue;
            seen.push_back(around);
            for (const Element& inner : definition_.elements()) {
                if (inner.scope < 0 || &definition_.element(inner.scope) != around) continue;
                if (&inner == &call) return true;
                open.push_back(&inner);
                const Element* next = inner.called.literal.empty() ? nullptr : definition_.called(inner.called.literal);
                if (next != nullptr) open.push_back(next);
            }
        }
        return false;
    }

    static void wait_for(Cause cause, Node& node) {
        node.arrival = Arrival::wait;
        node.cause = cause;
    }

    void leave_by_conditions(const Element& element, Node& node) {
        node.outcomes = inclusive_outcomes(definition_, element);
        if (!node.outcomes.empty() || static_cast<int>(element.outgoing.size()) <= kFreeConditionsMax) return;
        not_covered(element, "可选的流向太多。", "It has too many ways to choose from.");
        node.outcomes = parallel_outcomes(element);
    }

    void add_ways(const Element& element, Node& node) const {
        for (const int index : element.outgoing) node.ways.push_back({index, definition_.flow(index).target, 0});
    }

    /// Only at a join it matters over which flow a token came; elsewhere it would only double the states.
    void number_slots(Node& node) const {
        for (Way& way : node.ways) {
            if (!is_join(net_.node(way.target))) continue;
            const std::vector<int>& incoming = definition_.element(way.target).incoming;
            way.slot = static_cast<int>(std::find(incoming.begin(), incoming.end(), way.flow) - incoming.begin());
        }
    }

    AttachedEvent attached(int index) const {
        const Element& event = definition_.element(index);
        const Trigger trigger = event.trigger;
        const bool is_cycle = event.timer && event.timer->kind == TimerRule::Kind::cycle;
        return {index,
                event.interrupting,
                trigger != Trigger::cancel && trigger != Trigger::compensation,
                trigger != Trigger::timer || is_cycle,
                0,
                trigger,
                event.name_of_event.literal,
                event.scope};
    }

    void add_events(const Element& element, Node& node) {
        std::size_t counters = 0;
        for (const int index : element.boundary_events) {
            AttachedEvent event = attached(index);
            if (event.trigger == Trigger::compensation) continue;
            if (!event.interrupting && !event.repeats) event.counter = static_cast<int>(counters++);
            node.events.push_back(event);
        }
        if (counters <= kCountedEventsMax) return;
        not_covered(element, "附着的不打断事件太多。", "It has too many non-interrupting events.");
        node.events.clear();
    }

    void add_inside(const Element& element, Node& node) const {
        for (const int start : element.starts) {
            const Element& inner = definition_.element(start);
            // A called process is begun by its plain start event, whatever else could begin it.
            const bool begins = inner.kind != Kind::start_event || inner.trigger == Trigger::none ||
                                element.kind == Kind::event_sub_process;
            if (begins) node.starts.push_back(start);
        }
        for (const int index : element.event_sub_processes) {
            for (const int start : definition_.element(index).starts) {
                AttachedEvent event = attached(start);
                event.repeats = true;
                if (event.trigger != Trigger::compensation) node.listeners.push_back(event);
            }
        }
    }

    /// Compensation handlers, what leads to them, and all that is inside.
    bool only_undoes(const Element& element) const {
        if (element.is_for_compensation || element.trigger == Trigger::compensation) {
            if (element.kind == Kind::boundary_event || element.kind == Kind::start_event) return true;
            if (element.is_for_compensation) return true;
        }
        if (element.kind == Kind::event_sub_process) {
            return std::any_of(element.starts.begin(), element.starts.end(),
                               [&](int start) { return definition_.element(start).trigger == Trigger::compensation; });
        }
        return element.scope >= 0 && only_undoes(definition_.element(element.scope));
    }

    bool ticks_for_ever(const Element& event) const {
        if (!event.timer || event.interrupting || !is_endless(*event.timer)) return false;
        const bool on_edge = event.kind == Kind::boundary_event;
        if (!on_edge && event.kind != Kind::start_event) return false;
        // What it ticks on: the activity, or the scope around the event sub-process.
        int holder = on_edge ? event.attached_to : definition_.element(event.scope).scope;
        for (; holder >= 0; holder = definition_.element(holder).scope) {
            for (const int index : definition_.element(holder).boundary_events) {
                const Element& other = definition_.element(index);
                if (other.interrupting && other.trigger == Trigger::timer) return false;
            }
        }
        return true;
    }

    void not_covered(const Element& element, const char* zh, const char* en) {
        net_.gaps.push_back(
            {Problem::Severity::warning, element.id, element.line, "not_covered",
             fmt::format("{}（{}）不在证明范围内：{}", element.id, to_string(element.kind), zh),
             fmt::format("{} ({}) is not covered by the proof: {}", element.id, to_string(element.kind), en)});
    }

    /// For each node the incoming flows of the join that a token there can come to.
    std::vector<std::uint64_t> can_come(int join) const {
        std::vector<std::uint64_t> reached(net_.nodes.size(), 0);
        // Backwards to a fixed point: models are small, and each round carries the bits one flow further.
        for (bool changed = true; changed;) {
            changed = false;
            for (std::size_t i = 0; i < net_.nodes.size(); ++i) {
                std::uint64_t bits = bits_by_ways(net_.nodes[i], join, reached);
                for (const AttachedEvent& event : net_.nodes[i].events) {
                    bits |= reached[static_cast<std::size_t>(event.node)];
                }
                changed = changed || bits != reached[i];
                reached[i] = bits;
            }
        }
        return reached;
    }

    static std::uint64_t bits_by_ways(const Node& node, int join, const std::vector<std::uint64_t>& reached) {
        std::uint64_t bits = 0;
        for (const Way& way : node.ways) {
            bits |= way.target == join ? std::uint64_t{1} << static_cast<unsigned>(way.slot)
                                       : reached[static_cast<std::size_t>(way.target)];
        }
        return bits;
    }

    const Definition& definition_;
    Net net_;
};

}  // namespace

Net net_of(const Definition& definition) {
    return Builder(definition).build();
}

}  // namespace kaigong::bpmn::proof
