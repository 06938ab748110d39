// What no run comes to.
#include <fmt/format.h>

#include <algorithm>

#include "engine/bpmn/proof/findings.hpp"
#include "engine/bpmn/proof/path.hpp"

namespace kaigong::bpmn::proof {
namespace {

bool is_taken(const Node& node, std::size_t position) {
    return std::any_of(node.outcomes.begin(), node.outcomes.end(), [&](const std::vector<int>& outcome) {
        return std::find(outcome.begin(), outcome.end(), static_cast<int>(position)) != outcome.end();
    });
}

class DeadParts {
  public:
    DeadParts(const Evidence& evidence, std::vector<Finding>& findings) : evidence_(evidence), findings_(findings) {}

    void find() {
        for (std::size_t i = 0; i < evidence_.net.nodes.size(); ++i) find_flows_never_taken(static_cast<int>(i));
        // Beyond a limit there may be ways to everything.
        if (!evidence_.graph.is_complete()) return;
        for (std::size_t i = 0; i < evidence_.net.nodes.size(); ++i) find_silent_join(static_cast<int>(i));
        find_elements();
    }

  private:
    const Element& element(int node) const { return evidence_.definition.element(node); }
    int reached(int node) const { return evidence_.graph.reached[static_cast<std::size_t>(node)]; }

    void report(const char* code, const Element& at, int state, std::string zh, std::string en) {
        findings_.push_back({code, at.id, at.line, std::move(zh), std::move(en),
                             path_to(evidence_.definition, evidence_.net, evidence_.graph, state)});
    }

    void find_flows_never_taken(int index) {
        const Node& node = evidence_.net.node(index);
        if (reached(index) == kNoState || node.outcomes.empty()) return;
        for (std::size_t i = 0; i < node.ways.size(); ++i) {
            if (is_taken(node, i)) continue;
            const Flow& flow = evidence_.definition.flow(node.ways[i].flow);
            Finding finding{"flow_never_taken", flow.id, flow.line, "", "", {}};
            finding.zh =
                fmt::format("「{}」到「{}」的流向永远不会走：条件不可能成立，或前面的流向总是先成立。请改条件或删除。",
                            label_of(element(index)), label_of(element(flow.target)));
            finding.en = fmt::format(
                "The flow from \"{}\" to \"{}\" is never taken: its condition can't be true, or "
                "one before it always is.",
                label_of(element(index)), label_of(element(flow.target)));
            finding.path = path_to(evidence_.definition, evidence_.net, evidence_.graph, reached(index));
            findings_.push_back(std::move(finding));
        }
    }

    bool is_reported(const std::string& id) const {
        return std::any_of(findings_.begin(), findings_.end(), [&](const Finding& one) { return one.element == id; });
    }

    /// A join that tokens wait at and that is always cut off before it fires; one that starves is told elsewhere.
    void find_silent_join(int index) {
        const Node& node = evidence_.net.node(index);
        const bool fires = evidence_.graph.joined[static_cast<std::size_t>(index)] != kNoState;
        if (!is_join(node) || fires || reached(index) == kNoState || is_reported(element(index).id)) return;
        report("join_never_fires", element(index), reached(index),
               fmt::format("「{}」永远等不齐各分支。请检查每个分支能否走到这里。", label_of(element(index))),
               fmt::format("\"{}\" never gets a token from each of its branches.", label_of(element(index))));
    }

    /// Elements directly before: sources of flows, the activity of an event, the scope of a start.
    std::vector<int> before(int index) const {
        std::vector<int> nodes;
        const Element& here = element(index);
        nodes.reserve(here.incoming.size() + 1);
        for (const int flow : here.incoming) nodes.push_back(evidence_.definition.flow(flow).source);
        if (here.attached_to >= 0) nodes.push_back(here.attached_to);
        if (const int undone = undone_by(index); undone >= 0) nodes.push_back(undone);
        // What begins inside something, or listens there: whoever opens it.
        const bool inside = here.scope >= 0 && here.incoming.empty() && here.attached_to < 0;
        for (std::size_t i = 0; inside && i < evidence_.net.nodes.size(); ++i) {
            if (evidence_.net.nodes[i].body == here.scope) nodes.push_back(static_cast<int>(i));
        }
        return nodes;
    }

    /// The nearest element before it that some run comes to; -1 when there is none.
    int nearest_reached(int index) const {
        std::vector<int> open{index};
        for (std::size_t i = 0; i < open.size(); ++i) {
            for (const int node : before(open[i])) {
                if (reached(node) != kNoState) return node;
                if (std::find(open.begin(), open.end(), node) == open.end()) open.push_back(node);
            }
        }
        return -1;
    }

    /// Whose work it undoes; -1 for all others.
    int undone_by(int index) const {
        for (std::size_t i = 0; i < evidence_.net.nodes.size(); ++i) {
            if (element(static_cast<int>(i)).compensation_handler == index) return static_cast<int>(i);
        }
        return -1;
    }

    /// A process is no place; a compensation event only says who undoes its activity.
    bool is_no_place(int index) const {
        const Element& here = element(index);
        return here.scope < 0 || (here.kind == Kind::boundary_event && here.trigger == Trigger::compensation);
    }

    /// Causes first: elements right behind one that is reached, then those that follow from them.
    void find_elements() {
        std::vector<int> following;
        for (std::size_t i = 0; i < evidence_.net.nodes.size(); ++i) {
            const int index = static_cast<int>(i);
            if (reached(index) != kNoState || is_no_place(index)) continue;
            const std::vector<int> sources = before(index);
            const auto cause =
                std::find_if(sources.begin(), sources.end(), [&](int node) { return reached(node) != kNoState; });
            if (cause == sources.end()) {
                following.push_back(index);
            } else {
                report_dead(index, *cause);
            }
        }
        for (const int index : following) report_following(index);
    }

    void report_dead(int index, int cause) {
        const std::string& name = label_of(element(index));
        if (element(index).is_for_compensation) {
            return report(
                "dead_element", element(index), reached(cause),
                fmt::format("「{}」永远不会执行：没有哪一步撤销「{}」。请加补偿抛出事件或删除。", name,
                            label_of(element(cause))),
                fmt::format("\"{}\" never runs: nothing compensates \"{}\".", name, label_of(element(cause))));
        }
        const std::string& before_it = label_of(element(cause));
        if (element(index).attached_to == cause) {
            return report("dead_element", element(index), reached(cause),
                          fmt::format("「{}」不会触发：「{}」立即通过，或其中没有什么能引起它。", name, before_it),
                          fmt::format("\"{}\" never fires: \"{}\" is passed at once, or nothing in it raises that.",
                                      name, before_it));
        }
        report(
            "dead_element", element(index), reached(cause),
            fmt::format("没有一种办理过程能走到「{}」：到「{}」为止。请检查那里的条件、汇合和终止。", name, before_it),
            fmt::format("No run comes to \"{}\": all stop at \"{}\". Look at its conditions, joins and terminations.",
                        name, before_it));
    }

    void report_following(int index) {
        const int cause = nearest_reached(index);
        report("dead_element", element(index), cause < 0 ? kNoState : reached(cause),
               fmt::format("走不到「{}」，因为前面的步骤走不到。", label_of(element(index))),
               fmt::format("No run comes to \"{}\", because none comes to what lies before it.",
                           label_of(element(index))));
    }

    const Evidence& evidence_;
    std::vector<Finding>& findings_;
};

}  // namespace

void find_dead_parts(const Evidence& evidence, std::vector<Finding>& findings) {
    DeadParts(evidence, findings).find();
}

}  // namespace kaigong::bpmn::proof
