#include <algorithm>

#include "engine/bpmn/proof/arriving.hpp"

namespace kaigong::bpmn::proof {
namespace {

/// A signal on its way through all scopes.
class Signal {
  public:
    Signal(const Net& net, const std::string& name, const std::vector<std::uint16_t>& thrower)
        : net_(net), name_(name), thrower_(thrower) {}

    bool has_to_wait() const { return has_to_wait_; }

    void come_to(Scope& scope) {
        const Scope before = scope;
        std::vector<const AttachedEvent*> started;
        const bool listens = before.interrupted == 0 && !before.is_empty();
        for (const AttachedEvent& event : body_of(net_, scope).listeners) {
            if (!listens || !is_for(event)) continue;
            if (event.interrupting) return start_listener(net_, scope, event);
            if (starts_line(before, event)) started.push_back(&event);
        }
        scope.marks.clear();
        scope.inside.clear();
        for (const Mark& mark : before.marks) come_to_mark(scope, before, mark);
        for (const Scope& inner : before.inside) {
            if (come_to_edge(scope, before, net_.node(inner.node).events, inner.origin)) continue;
            scope.inside.push_back(inner);
            come_to(scope.inside.back());
        }
        for (const AttachedEvent* event : started) start_listener(net_, scope, *event);
    }

  private:
    bool is_for(const AttachedEvent& event) const { return event.trigger == Trigger::signal && event.code == name_; }

    bool starts_line(const Scope& scope, const AttachedEvent& event) {
        const int lines = side_lines(scope, side_of(event));
        const bool own = std::find(thrower_.begin(), thrower_.end(), side_of(event)) != thrower_.end();
        has_to_wait_ = has_to_wait_ || (own && lines > 1);
        return lines == 0 || (own && lines == 1);
    }

    /// Puts the mark into the new scope as the signal leaves it.
    void come_to_mark(Scope& scope, const Scope& before, Mark mark) {
        const Node& node = net_.node(mark.node);
        if (mark.stand != Stand::waiting) return scope.marks.push_back(mark);
        if (come_to_edge(scope, before, node.events, mark.origin)) return;
        const auto way = std::find_if(node.ways.begin(), node.ways.end(),
                                      [&](const Way& one) { return net_.node(one.target).signal == name_; });
        if (node.arrival == Arrival::choose_event && way != node.ways.end()) {
            mark.node = static_cast<std::uint16_t>(way->target);
            mark.stand = Stand::leaving;
        } else if (node.arrival == Arrival::wait && node.signal == name_) {
            mark.stand = Stand::leaving;
        }
        scope.marks.push_back(mark);
    }

    /// True when what has these events on its edge is taken away.
    bool come_to_edge(Scope& scope, const Scope& before, const std::vector<AttachedEvent>& events,
                      std::uint16_t origin) {
        for (const AttachedEvent& event : events) {
            if (!is_for(event)) continue;
            if (event.interrupting) {
                arrive(net_, scope, event.node, 0, origin);
                return true;
            }
            if (starts_line(before, event)) arrive(net_, scope, event.node, 0, side_of(event));
        }
        return false;
    }

    const Net& net_;
    const std::string& name_;
    const std::vector<std::uint16_t>& thrower_;
    bool has_to_wait_ = false;
};

}  // namespace

bool throw_signal(const Net& net, Scope& top, const std::string& name, const std::vector<std::uint16_t>& thrower) {
    Signal signal(net, name, thrower);
    signal.come_to(top);
    return !signal.has_to_wait();
}

}  // namespace kaigong::bpmn::proof
