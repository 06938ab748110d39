// Loops that a token goes round without anybody doing anything: what the conditions ask for can't change meanwhile.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "engine/bpmn/proof/findings.hpp"
#include "engine/bpmn/proof/path.hpp"

namespace kaigong::bpmn::proof {
namespace {

class IdleLoops {
  public:
    IdleLoops(const Evidence& evidence, std::vector<Finding>& findings)
        : evidence_(evidence),
          findings_(findings),
          out_(evidence.graph.states.size()),
          in_(evidence.graph.states.size()) {
        for (std::size_t i = 0; i < evidence.graph.edges.size(); ++i) {
            if (!is_idle(evidence.graph.edge_steps[i])) continue;
            out_[from(static_cast<int>(i))].push_back(static_cast<int>(i));
            in_[to(static_cast<int>(i))].push_back(static_cast<int>(i));
        }
    }

    void find() {
        drop_what_ends();
        for (std::size_t i = 0; i < out_.size(); ++i) {
            if (out_[i].empty()) continue;
            const std::vector<int> loop = loop_from(i);
            if (is_consistent(loop) && is_new(loop)) report(loop);
        }
    }

  private:
    std::size_t from(int edge) const {
        return static_cast<std::size_t>(evidence_.graph.edges[static_cast<std::size_t>(edge)].first);
    }
    std::size_t to(int edge) const {
        return static_cast<std::size_t>(evidence_.graph.edges[static_cast<std::size_t>(edge)].second);
    }
    const Step& step(int edge) const { return evidence_.graph.edge_steps[static_cast<std::size_t>(edge)]; }
    const Element& element(int node) const { return evidence_.definition.element(node); }

    bool is_idle(const Step& step) const {
        switch (step.kind) {
            case Step::Kind::leave:
            case Step::Kind::join:
            case Step::Kind::scope_end:
            case Step::Kind::skip:
            case Step::Kind::open: break;
            default: return false;
        }
        const Element& passed = element(step.node);
        const bool undoes = evidence_.net.node(step.node).arrival == Arrival::compensate || passed.is_for_compensation;
        return !undoes && passed.kind != Kind::script_task && passed.outputs.empty() && !passed.repetition;
    }

    /// Takes away, again and again, the states that can't be come back to.
    void drop_what_ends() {
        std::vector<std::size_t> open(out_.size());
        std::iota(open.begin(), open.end(), std::size_t{0});
        while (!open.empty()) {
            const std::size_t state = open.back();
            open.pop_back();
            if (!out_[state].empty() && !in_[state].empty()) continue;
            for (const int edge : out_[state]) {
                std::erase(in_[to(edge)], edge);
                open.push_back(to(edge));
            }
            for (const int edge : in_[state]) {
                std::erase(out_[from(edge)], edge);
                open.push_back(from(edge));
            }
            out_[state].clear();
            in_[state].clear();
        }
    }

    std::vector<int> loop_from(std::size_t first) const {
        std::vector<int> edges;
        std::vector<std::size_t> states{first};
        while (true) {
            const int edge = out_[states.back()].front();
            edges.push_back(edge);
            const auto again = std::find(states.begin(), states.end(), to(edge));
            if (again != states.end()) return {edges.begin() + (again - states.begin()), edges.end()};
            states.push_back(to(edge));
        }
    }

    /// Two tokens that choose different ways at one gateway do not come from the same data.
    bool is_consistent(const std::vector<int>& loop) const {
        std::map<int, int> chosen;
        return std::all_of(loop.begin(), loop.end(), [&](int edge) {
            return chosen.emplace(step(edge).node, step(edge).outcome).first->second == step(edge).outcome;
        });
    }

    bool is_new(const std::vector<int>& loop) {
        bool is_new = false;
        for (const int edge : loop) is_new = known_.insert(step(edge).node).second || is_new;
        // That there is no way out at all was said already.
        return is_new && std::none_of(findings_.begin(), findings_.end(), [&](const Finding& finding) {
                   return finding.code == "cannot_end" && std::any_of(loop.begin(), loop.end(), [&](int edge) {
                              return element(step(edge).node).id == finding.element;
                          });
               });
    }

    void report(const std::vector<int>& loop) {
        const auto chooses = [&](int edge) { return evidence_.net.node(step(edge).node).outcomes.size() > 1; };
        const auto chosen = std::find_if(loop.begin(), loop.end(), chooses);
        const Element& at = element(step(chosen == loop.end() ? loop.front() : *chosen).node);
        Finding finding{"loop_without_step", at.id, at.line, "", "", {}};
        finding.zh = fmt::format(
            "「{}」所在的圈里没有一步要办，绕进去后条件不会变，会一直空转。请在圈里放一个任务，或去掉往回的流向。",
            label_of(at));
        finding.en = fmt::format(
            "Nothing is done in the loop with \"{}\": its conditions can't change, so it goes round for ever. Put a "
            "task into it, or remove the way back.",
            label_of(at));
        finding.path =
            path_to(evidence_.definition, evidence_.net, evidence_.graph, static_cast<int>(from(loop.front())));
        for (const int edge : loop) {
            finding.path.push_back(in_words(evidence_.definition, evidence_.net, step(edge)));
        }
        finding.path.push_back(and_so_on(at));
        findings_.push_back(std::move(finding));
    }

    const Evidence& evidence_;
    std::vector<Finding>& findings_;
    /// Edges of steps that need nobody, by the state that they leave or lead to.
    std::vector<std::vector<int>> out_;
    std::vector<std::vector<int>> in_;
    std::set<int> known_;
};

}  // namespace

void find_idle_loops(const Evidence& evidence, std::vector<Finding>& findings) {
    IdleLoops(evidence, findings).find();
}

}  // namespace kaigong::bpmn::proof
