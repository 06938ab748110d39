// Element → node: the one place where the proof looks at the kind of an element.
#include "engine/bpmn/proof/net.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/bpmn/proof/outcomes.hpp"

namespace kaigong::bpmn::proof {
namespace {

/// Counters of an activity are two bits each in sixteen.
constexpr std::size_t kRepeatingEventsMax = 8;
/// One bit each in `can_come`.
constexpr std::size_t kIncomingMax = 64;

class Builder {
  public:
    explicit Builder(const Definition& definition) : definition_(definition) {}

    Net build() {
        net_.starts = {definition_.start()};
        for (const Element& element : definition_.elements()) net_.nodes.push_back(node_of(element));
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
        translate(element, node);
        if (node.incoming > static_cast<int>(kIncomingMax)) {
            not_covered(element, "流入的连线太多。", "It has too many incoming flows.");
        }
        return node;
    }

    /// The mapping: what a token does at an element of each kind, and how it leaves.
    void translate(const Element& element, Node& node) {
        const bool joins = element.incoming.size() > 1;
        switch (element.kind) {
            case Kind::start_event:
            case Kind::end_event:
            case Kind::boundary_timer: leave_by_conditions(element, node); break;
            case Kind::terminate_end_event:
                node.arrival = Arrival::terminate;
                node.outcomes = {{}};
                break;
            case Kind::task:
            case Kind::manual_task:
                // The engine passes these at once, so no event on them can fire. For the order of things they take
                // time.
                node.events.clear();
                wait_for(Cause::job, element, node);
                break;
            case Kind::user_task: wait_for(Cause::person, element, node); break;
            case Kind::service_task:
            case Kind::business_rule_task: wait_for(Cause::job, element, node); break;
            case Kind::exclusive_gateway: node.outcomes = exclusive_outcomes(definition_, element); break;
            case Kind::inclusive_gateway:
                if (joins) node.arrival = Arrival::join_inclusive;
                leave_by_conditions(element, node);
                break;
            case Kind::parallel_gateway:
                if (joins) node.arrival = Arrival::join_all;
                node.outcomes = parallel_outcomes(element);
                break;
            case Kind::sub_process:
                node.arrival = Arrival::open_scope;
                node.start = element.start;
                leave_by_conditions(element, node);
                break;
        }
    }

    void wait_for(Cause cause, const Element& element, Node& node) {
        node.arrival = Arrival::wait;
        node.cause = cause;
        leave_by_conditions(element, node);
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

    void add_events(const Element& element, Node& node) {
        if (element.attached_to >= 0) return;
        std::size_t counters = 0;
        for (const int index : element.boundary_timers) {
            const Element& event = definition_.element(index);
            node.events.push_back({index, event.interrupting, static_cast<int>(counters)});
            if (!event.interrupting) ++counters;
        }
        if (counters <= kRepeatingEventsMax) return;
        not_covered(element, "附着的不打断事件太多。", "It has too many non-interrupting events.");
        node.events.clear();
    }

    void not_covered(const Element& element, const char* zh, const char* en) {
        net_.gaps.push_back(
            {Problem::Severity::warning, element.id, element.line, "not_covered",
             fmt::format("{}({})不在证明范围内:{}", element.id, to_string(element.kind), zh),
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
