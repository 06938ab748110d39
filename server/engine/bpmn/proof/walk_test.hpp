// Runs processes on the engine for the tests of the proof: at random, or along a way that a finding tells.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/bpmn/bpmn.hpp"
#include "engine/bpmn/expression.hpp"
#include "engine/bpmn/proof/proof.hpp"
#include "engine/bpmn/random_test.hpp"

namespace kaigong::bpmn {

/// What the engine showed, in one run or several.
struct Seen {
    /// How often a token came to it.
    std::map<std::string, int> elements;
    std::set<std::string> flows;
    std::set<std::string> starved;
    /// Elements that the model lets raise an error that nothing catches.
    std::set<std::string> uncaught;
    /// Codes of those that the proof speaks of in another way: limits, no way out.
    std::set<std::string> other_incidents;
    /// Events that caught something, in the last command.
    std::set<std::string> caught;
};

/// An instance on the engine that notes what it sees.
class Run {
  public:
    Run(const Definition& definition, Seen& seen) : definition_(definition), seen_(seen) {}

    const Definition& definition() const { return definition_; }
    const State& state() const { return state_; }
    bool is_running() const { return state_.status == Status::running; }

    bool send(const Command& command) {
        const auto events = decide(definition_, state_, command, now_ms_, {.steps_max = 200, .tokens_max = 200});
        if (!events) return false;
        seen_.caught.clear();
        for (const Event& event : *events) {
            apply(state_, event);
            note(event.fact);
        }
        // What was taken away meanwhile does not count.
        for (const auto& [key, incident] : state_.incidents) note_incident(incident);
        return true;
    }

    /// As it was.
    void restore(const Run& before) {
        state_ = before.state_;
        now_ms_ = before.now_ms_;
    }

    bool fire(const OpenTimer& timer) {
        now_ms_ = std::max(now_ms_, timer.due_at_ms);
        return send(FireTimer{timer.timer});
    }

    bool catch_one(const OpenSubscription& subscription) {
        const Element& event = *definition_.find(subscription.element);
        if (event.trigger == Trigger::signal) return send(BroadcastSignal{subscription.name, {}});
        return send(CorrelateMessage{subscription.name, subscription.key, {}});
    }

  private:
    void note(const Fact& fact) {
        if (const auto* arrived = std::get_if<TokenArrived>(&fact)) {
            ++seen_.elements[arrived->element];
            seen_.flows.insert(arrived->flow);
        } else if (const auto* caught = std::get_if<EventCaught>(&fact)) {
            seen_.caught.insert(caught->element);
        }
    }

    void note_incident(const Incident& incident) {
        const Kind kind = definition_.find(incident.element)->kind;
        const bool by_model = kind == Kind::end_event || kind == Kind::script_task;
        if (incident.code == "bpmn.join_starved") {
            seen_.starved.insert(incident.element);
        } else if (incident.code != "bpmn.error_not_caught") {
            if (incident.code != "bpmn.no_way_out") seen_.other_incidents.insert(incident.code);
        } else if (by_model) {
            seen_.uncaught.insert(incident.element);
        }
    }

    const Definition& definition_;
    Seen& seen_;
    State state_;
    std::int64_t now_ms_ = 0;
};

/// Does anything that can be done.
class Walk {
  public:
    Walk(const Definition& definition, Random& random, int conditions, Seen& seen)
        : run_(definition, seen), random_(random), conditions_(conditions) {}

    void go(int steps) {
        run_.send(Start{choices(), ""});
        while (steps-- > 0 && run_.is_running() && step()) {
        }
    }

    /// People and jobs do their work, and little else happens: it ends within so many steps.
    bool finishes(int steps) {
        finishing_ = true;
        while (run_.is_running() && steps-- > 0 && step()) {
        }
        return !run_.is_running();
    }

  private:
    boost::json::object choices() {
        boost::json::object variables{{"n", random_.below(3)}, {"again", random_.chance(30)}};
        const bool fails = random_.chance(40);
        variables["fails"] = fails;
        variables["works"] = !fails;
        for (int i = 0; i < conditions_; ++i) variables[fmt::format("c{}", i)] = random_.chance(50);
        return variables;
    }

    template <class List>
    const auto& one_of(const List& list) {
        return list[static_cast<std::size_t>(random_.below(static_cast<int>(list.size())))];
    }

    /// False when nothing more can be done.
    bool step() {
        const Waiting waiting = waiting_for(run_.state());
        std::vector<OpenIncident> repairable = waiting.incidents;
        std::erase_if(repairable, [](const OpenIncident& one) { return one.code == "bpmn.join_starved"; });
        // While one is open other things could happen that the proof does not speak of.
        if (!repairable.empty()) return run_.send(ResolveIncident{one_of(repairable).incident, choices()});
        std::vector<OpenTask> work = waiting.tasks;
        work.insert(work.end(), waiting.jobs.begin(), waiting.jobs.end());
        const bool works = !work.empty() && random_.chance(finishing_ ? 95 : 50);
        if (works && random_.chance(finishing_ ? 5 : 15)) return raise(one_of(work).token);
        if (works) return finish(one_of(work).token);
        if (!waiting.timers.empty() && random_.chance(50)) {
            run_.send(SetVariables{choices()});
            return run_.fire(one_of(waiting.timers));
        }
        if (!waiting.subscriptions.empty()) {
            run_.send(SetVariables{choices()});
            return run_.catch_one(one_of(waiting.subscriptions));
        }
        return !work.empty() || !waiting.timers.empty() || !repairable.empty();
    }

    bool finish(std::int64_t token) {
        const bool is_task = run_.state().tokens.at(token).phase == Phase::task;
        run_.send(is_task ? Command(CompleteTask{token, choices()}) : Command(CompleteJob{token, choices()}));
        return true;
    }

    bool raise(std::int64_t token) {
        run_.send(SetVariables{choices()});
        const bool known = random_.chance(50);
        run_.send(random_.chance(50) ? Command(ThrowError{token, known ? "E1" : "E3", {}})
                                     : Command(Escalate{token, known ? "S1" : "S3", {}}));
        return true;
    }

    Run run_;
    Random& random_;
    int conditions_;
    bool finishing_ = false;
};

/// Goes the way of a finding.
class Follow {
  public:
    /// `not_followed`: the way needs what one command can't give, such as two choices at one gateway.
    enum class End { as_told, otherwise, not_followed };

    Follow(const Definition& definition, int conditions, const Finding& finding)
        : definition_(definition), finding_(finding), run_(definition, seen_) {
        for (int i = 0; i < conditions; ++i) variables_[fmt::format("c{}", i)] = false;
        variables_["n"] = 1;
        variables_["again"] = false;
        variables_["fails"] = false;
        variables_["works"] = true;
    }

    End go() {
        if (finding_.path.empty() || !choose(0)) return End::not_followed;
        run_.send(Start{variables_, ""});
        for (std::size_t i = 0; i < finding_.path.size(); ++i) {
            const ProofStep& step = finding_.path[i];
            if (step.act.empty() || step.act == "skip") continue;
            if (!choose(i)) return End::not_followed;
            if (!run_.is_running()) return End::otherwise;
            run_.send(SetVariables{variables_});
            if (!act(step)) return End::otherwise;
        }
        return is_as_told() ? End::as_told : End::otherwise;
    }

  private:
    /// Sets what makes the choices of this step and those that follow from it. False when they contradict.
    bool choose(std::size_t first) {
        std::set<std::string> set_here;
        const auto set = [&](const std::string& name, const boost::json::value& value) {
            const bool is_new = set_here.insert(name).second;
            const bool agrees = is_new || variables_[name] == value;
            variables_[name] = value;
            return agrees;
        };
        for (std::size_t i = first; i < finding_.path.size(); ++i) {
            const ProofStep& step = finding_.path[i];
            if (i > first && !step.act.empty() && step.act != "skip") break;
            const Element& element = *definition_.find(step.element);
            if (element.repetition && !set("n", step.act == "skip" ? 0 : 1)) return false;
            if (element.kind == Kind::script_task && !set("fails", step.zh.find("抛出") != std::string::npos))
                return false;
            if (step.flows.empty()) continue;
            for (const int index : element.outgoing) {
                const Flow& flow = definition_.flow(index);
                if (flow.condition == nullptr) continue;
                const bool taken = std::find(step.flows.begin(), step.flows.end(), flow.id) != step.flows.end();
                if (!set(flow.condition->text(), taken)) return false;
            }
        }
        return true;
    }

    bool act(const ProofStep& step) {
        if (step.act == "raise") return raise(step);
        // Behind an event-based gateway the event is the target of the flow that is taken.
        std::string element = step.element;
        if (definition_.find(element)->kind == Kind::event_based_gateway && !step.flows.empty()) {
            element = definition_.element(definition_.flow(definition_.flow_index_of(step.flows.front())).target).id;
        }
        const Waiting waiting = waiting_for(run_.state());
        const auto is_it = [&](const auto& one) { return one.element == element; };
        if (const auto task = std::find_if(waiting.tasks.begin(), waiting.tasks.end(), is_it);
            task != waiting.tasks.end()) {
            return run_.send(CompleteTask{task->token, variables_});
        }
        if (const auto job = std::find_if(waiting.jobs.begin(), waiting.jobs.end(), is_it); job != waiting.jobs.end()) {
            return run_.send(CompleteJob{job->token, variables_});
        }
        if (const auto timer = std::find_if(waiting.timers.begin(), waiting.timers.end(), is_it);
            timer != waiting.timers.end()) {
            return run_.fire(*timer);
        }
        const auto other = std::find_if(waiting.subscriptions.begin(), waiting.subscriptions.end(), is_it);
        return other != waiting.subscriptions.end() && run_.catch_one(*other);
    }

    /// Whoever of those at work can raise what this event catches.
    bool raise(const ProofStep& step) {
        const Element& event = *definition_.find(step.element);
        const std::string code = event.name_of_event.literal.empty() ? "other" : event.name_of_event.literal;
        const Waiting waiting = waiting_for(run_.state());
        std::vector<OpenTask> work = waiting.tasks;
        work.insert(work.end(), waiting.jobs.begin(), waiting.jobs.end());
        for (const OpenTask& one : work) {
            const Run before = run_;
            const bool done = event.trigger == Trigger::error ? run_.send(ThrowError{one.token, code, {}})
                                                              : run_.send(Escalate{one.token, code, {}});
            if (done && seen_.caught.contains(event.id)) return true;
            run_.restore(before);
        }
        return false;
    }

    bool ends_with(std::string_view words) const { return finding_.path.back().zh.find(words) != std::string::npos; }

    bool is_as_told() {
        if (finding_.code == "error_not_caught") return seen_.uncaught.contains(finding_.element);
        if (ends_with("一直等待")) return seen_.starved.contains(finding_.element);
        if (finding_.code == "loop_without_step") return seen_.other_incidents.contains("bpmn.step_limit");
        // Of what is passed at once there are never two at the same moment.
        return finding_.code != "runs_twice" || seen_.elements[finding_.element] > 1;
    }

    const Definition& definition_;
    const Finding& finding_;
    Seen seen_;
    Run run_;
    boost::json::object variables_;
};

}  // namespace kaigong::bpmn
