// Element → node: the one place where the proof looks at the kind of an element.
#include "engine/bpmn/proof/net.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/bpmn/expression.hpp"
#include "engine/bpmn/proof/outcomes.hpp"
#include "engine/bpmn/proof/repeating.hpp"
#include "engine/bpmn/proof/scripts.hpp"
#include "engine/bpmn/proof/undoing.hpp"

namespace kaigong::bpmn::proof {
namespace {

/// One bit each in Mark::fired.
constexpr std::size_t kCountedEventsMax = 16;
/// One bit each in `can_come`.
constexpr std::size_t kIncomingMax = 64;

/// Those that a code may be raised for without anything in the model naming it.
constexpr const char* kAnyOtherCode = "\n";

class Builder {
  public:
    explicit Builder(const Definition& definition) : definition_(definition) {}

    Net build() {
        set_codes();
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
        repeat(element, node);
        set_ticking(element, node);
        if (node.incoming > static_cast<int>(kIncomingMax)) {
            not_covered(element, "流入的连线太多。", "It has too many incoming flows.");
        }
        return node;
    }

    void set_codes() {
        net_.error_codes = {kAnyOtherCode};
        net_.escalation_codes = {kAnyOtherCode};
        for (const Element& element : definition_.elements()) {
            const bool catches = element.kind == Kind::boundary_event || element.kind == Kind::start_event;
            const bool throws = element.kind == Kind::end_event || element.kind == Kind::intermediate_throw_event;
            net_.order_matters = net_.order_matters || (throws && element.trigger == Trigger::signal);
            if (!catches || element.name_of_event.literal.empty()) continue;
            if (element.trigger == Trigger::error) net_.error_codes.push_back(element.name_of_event.literal);
            if (element.trigger == Trigger::escalation) net_.escalation_codes.push_back(element.name_of_event.literal);
        }
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
                if (element.trigger == Trigger::signal) node.signal = name_of(element);
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
            case Kind::event_sub_process: open_scope(element, position_of(element), node); break;
            case Kind::call_activity: translate_call(element, node); break;
        }
    }

    static Cause cause_of(Trigger trigger) {
        if (trigger == Trigger::none) return Cause::nothing;
        return trigger == Trigger::timer ? Cause::timer : Cause::message;
    }

    void translate_throw(const Element& element, Node& node) {
        node.raises = element.trigger;
        switch (element.trigger) {
            case Trigger::terminate: node.arrival = Arrival::terminate; break;
            case Trigger::error:
            case Trigger::escalation: node.arrival = Arrival::raise; break;
            case Trigger::signal: node.arrival = Arrival::broadcast; break;
            case Trigger::compensation:
            case Trigger::cancel:
                node.arrival = Arrival::compensate;
                node.handlers = handlers_called_by(definition_, element);
                break;
            case Trigger::message:
                if (!element.job_type.empty()) wait_for(Cause::job, node);
                break;
            default: break;
        }
        if (node.arrival == Arrival::raise || node.arrival == Arrival::broadcast) node.code = name_of(element);
        if (element.link_target < 0) return;
        node.ways = {{-1, element.link_target, 0}};
        node.outcomes = {{0}};
    }

    /// Of an error, escalation or signal.
    std::string name_of(const Element& event) {
        const bool matters = event.trigger != Trigger::signal || net_.order_matters;
        if (event.name_of_event.expression != nullptr && matters) {
            not_covered(event, "名称或代码由表达式算出。", "Its name or code is computed.");
        }
        return event.name_of_event.literal;
    }

    /// The engine passes these at once, unless somebody does a job: no event on them can fire but an error of a script.
    void translate_quick_task(const Element& element, Node& node) {
        if (!element.job_type.empty()) return wait_for(Cause::job, node);
        std::erase_if(node.events, [&](const AttachedEvent& event) {
            return event.trigger != Trigger::error || element.kind != Kind::script_task;
        });
        node.arrival = Arrival::quick;
        if (element.kind != Kind::script_task || element.script == nullptr) return;
        const ScriptErrors errors = errors_raised_by(element.script->text());
        node.raised_codes = errors.any_code ? net_.error_codes : errors.codes;
        if (!errors.always || node.raised_codes.size() != 1) return;
        node.arrival = Arrival::raise;
        node.raises = Trigger::error;
        node.code = node.raised_codes.front();
    }

    void open_scope(const Element& element, int body, Node& node) {
        node.arrival = Arrival::open_scope;
        node.body = body;
        node.ends_silently = element.kind == Kind::event_sub_process;
    }

    void translate_call(const Element& element, Node& node) {
        const Element* called = element.called.literal.empty() ? nullptr : definition_.called(element.called.literal);
        if (called != nullptr && !is_around(*called, element)) {
            return open_scope(element, position_of(*called), node);
        }
        wait_for(Cause::job, node);
        if (called == nullptr) {
            return not_covered(element, "被调用的流程不在这里。", "The called process is not known here.");
        }
        node.recurs = true;
        not_covered(element, "流程调用了自己。", "The process calls itself.");
    }

    /// Processes are not found by their id: an element may have the same.
    int position_of(const Element& element) const { return static_cast<int>(&element - definition_.elements().data()); }

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
        node.may_raise = cause == Cause::person || cause == Cause::job;
    }

    static void repeat(const Element& element, Node& node) {
        if (!element.repetition) return;
        const Rounds rounds = rounds_of(*element.repetition);
        node.never_passes = rounds.endless;
        if (node.arrival != Arrival::open_scope) return;
        node.may_be_skipped = rounds.may_be_none;
        if (rounds.none) node.arrival = Arrival::pass;
    }

    void leave_by_conditions(const Element& element, Node& node) {
        if (auto outcomes = inclusive_outcomes(definition_, element)) {
            node.outcomes = std::move(*outcomes);
            return;
        }
        // An exclusive gateway looks at one after the other.
        if (element.kind != Kind::exclusive_gateway) {
            not_covered(element, "可选的流向太多。", "It has too many ways to choose from.");
        }
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

    static bool comes_from_outside(Trigger trigger) {
        return trigger == Trigger::timer || trigger == Trigger::message || trigger == Trigger::signal ||
               trigger == Trigger::conditional;
    }

    AttachedEvent attached(int index) {
        const Element& event = definition_.element(index);
        const Trigger trigger = event.trigger;
        const bool is_named = trigger == Trigger::error || trigger == Trigger::escalation || trigger == Trigger::signal;
        const bool is_cycle = event.timer && event.timer->kind == TimerRule::Kind::cycle;
        return {index,
                event.interrupting || trigger == Trigger::error,
                comes_from_outside(trigger),
                trigger != Trigger::timer || is_cycle,
                0,
                trigger,
                is_named ? name_of(event) : "",
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

    void add_inside(const Element& element, Node& node) {
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

    void set_ticking(const Element& event, Node& node) {
        const bool holds_on = event.kind == Kind::boundary_event || event.kind == Kind::start_event;
        if (!event.timer || event.interrupting || !holds_on) return;
        const Ticking ticking = ticking_of(*event.timer);
        node.ticks_for_ever = ticking == Ticking::for_ever;
        if (ticking != Ticking::unknown) return;
        not_covered(event, "循环由表达式算出，次数有没有上限不得而知。",
                    "Its cycle is computed; whether it ever stops is not known.");
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
                // Whether the event can fire does not matter to a join.
                for (const int event : definition_.element(static_cast<int>(i)).boundary_events) {
                    bits |= reached[static_cast<std::size_t>(event)];
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
