#include "engine/bpmn/proof/arriving.hpp"

namespace kaigong::bpmn::proof {

void arrive(const Net& net, Scope& scope, int node, int slot, std::uint16_t origin) {
    const Node& target = net.node(node);
    Mark mark{static_cast<std::uint16_t>(node), static_cast<std::uint16_t>(slot), 0, Stand::arrived, origin};
    if (target.arrival == Arrival::open_scope && !target.may_be_skipped) return open_scope(net, scope, node, origin);
    const bool waits =
        target.arrival == Arrival::wait || target.arrival == Arrival::quick || target.arrival == Arrival::choose_event;
    if (waits || is_join(target)) mark.stand = Stand::waiting;
    scope.marks.push_back(mark);
}

void open_scope(const Net& net, Scope& scope, int node, std::uint16_t origin) {
    Scope inner;
    inner.node = static_cast<std::uint16_t>(node);
    inner.origin = origin;
    for (const int start : net.node(net.node(node).body).starts) arrive(net, inner, start, 0, 0);
    scope.inside.push_back(std::move(inner));
}

void start_listener(const Net& net, Scope& scope, const AttachedEvent& event) {
    if (event.interrupting) {
        scope.marks.clear();
        scope.inside.clear();
        scope.interrupted = 1;
    }
    open_scope(net, scope, event.opens, event.interrupting ? std::uint16_t{0} : side_of(event));
}

const Node& body_of(const Net& net, const Scope& scope) {
    static const Node kNothing;
    if (scope.node == kTop) return net.node(0);
    const int body = net.node(scope.node).body;
    return body < 0 ? kNothing : net.node(body);
}

const AttachedEvent* matching(const std::vector<AttachedEvent>& events, Trigger trigger, const std::string& code) {
    const AttachedEvent* any = nullptr;
    for (const AttachedEvent& event : events) {
        if (event.trigger != trigger) continue;
        if (!event.code.empty() && event.code == code) return &event;
        if (event.code.empty() && any == nullptr) any = &event;
    }
    return any;
}

std::uint16_t side_of(const AttachedEvent& event) {
    return static_cast<std::uint16_t>(event.node + 1);
}

int side_lines(const Scope& scope, std::uint16_t origin) {
    int count = 0;
    for (const Mark& mark : scope.marks) count += mark.origin == origin ? 1 : 0;
    for (const Scope& inner : scope.inside) count += (inner.origin == origin ? 1 : 0) + side_lines(inner, origin);
    return count;
}

}  // namespace kaigong::bpmn::proof
