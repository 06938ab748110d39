#include "engine/bpmn/simulation_process.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "engine/bpmn/behaviors/timers.hpp"
#include "engine/bpmn/behaviors/variables.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"

namespace kaigong::bpmn {
namespace {

namespace json = boost::json;

std::optional<std::string> text_of(const feel::Value& value) {
    if (value.kind() == feel::Kind::string) return std::string(value.as_string());
    if (value.kind() == feel::Kind::number) return feel::to_json_text(value);
    return std::nullopt;
}

TraceSink naming(const TraceSink& sink, const std::string& process) {
    return [&sink, process](const json::object& line) {
        json::object named = line;
        named["process"] = process;
        sink(named);
    };
}

}  // namespace

SimulatedProcess::SimulatedProcess(const Definition& definition, const SimulationPlan& plan, const TraceSink& sink,
                                   bool is_one_of_several)
    : definition_(definition),
      plan_(plan),
      sink_(is_one_of_several ? naming(sink, definition.process_id()) : sink),
      trace_(definition, sink_) {}

bool SimulatedProcess::begins_by_event_only() const {
    const std::vector<int>& starts = definition_.root().starts;
    return !starts.empty() && std::ranges::all_of(starts, [&](int index) {
        const Trigger trigger = definition_.element(index).trigger;
        return trigger == Trigger::message || trigger == Trigger::signal;
    });
}

Result<std::vector<EventThrown>> SimulatedProcess::carry_out(const Command& command, std::int64_t now_ms) {
    KAIGONG_TRY(events, decide(definition_, state_, command, now_ms, {}, plan_.working_days));
    std::vector<EventThrown> sent;
    for (const Event& event : events) {
        apply(state_, event);
        const auto* thrown = std::get_if<EventThrown>(&event.fact);
        if (thrown == nullptr) continue;
        const bool is_for_others =
            thrown->trigger == to_string(Trigger::message) || thrown->trigger == to_string(Trigger::signal);
        if (is_for_others) sent.push_back(*thrown);
    }
    trace_.tell(events);
    return sent;
}

const Element* SimulatedProcess::start_for(Trigger trigger, std::string_view name, std::int64_t now_ms) const {
    for (const int index : definition_.root().starts) {
        const Element& start = definition_.element(index);
        if (start.trigger == trigger && name_of_start(start, now_ms) == name) return &start;
    }
    return nullptr;
}

std::string SimulatedProcess::name_of_start(const Element& start, std::int64_t now_ms) const {
    const Named& name = start.name_of_event;
    if (name.expression == nullptr) return name.literal;
    return text_of(name.expression->evaluate(feel::context_from_json(plan_.variables), now_ms, plan_.working_days))
        .value_or("");
}

Start SimulatedProcess::start_by(const Element& start, const json::object& variables) const {
    json::object all = plan_.variables;
    for (const auto& [name, value] : variables) all[name] = value;
    return Start{std::move(all), start.id};
}

Result<bool> SimulatedProcess::schedule_start(std::int64_t now_ms) {
    const std::vector<int>& starts = definition_.root().starts;
    const auto has = [&](Trigger trigger) {
        return [this, trigger](int index) { return definition_.element(index).trigger == trigger; };
    };
    const auto timed = std::ranges::find_if(starts, has(Trigger::timer));
    if (timed == starts.end() || std::ranges::any_of(starts, has(Trigger::none))) return false;
    const Element& start = definition_.element(*timed);
    State before;
    before.variables = plan_.variables;
    Execution execution(definition_, std::move(before), now_ms, {}, plan_.working_days);
    KAIGONG_TRY(due, due_at(execution, *start.timer, 0));
    timed_start_ = TimedStart{start.id, due.at_ms};
    trace_.tell({{now_ms, TimerScheduled{0, start.id, 0, due.at_ms}}});
    return true;
}

std::optional<std::int64_t> SimulatedProcess::next_due_ms() const {
    if (timed_start_) return timed_start_->due_at_ms;
    const std::vector<OpenTimer> timers = waiting_for(state_).timers;
    if (timers.empty()) return std::nullopt;
    return timers.front().due_at_ms;
}

Command SimulatedProcess::due_command(std::int64_t now_ms) {
    if (!timed_start_) return FireTimer{waiting_for(state_).timers.front().timer};
    const TimedStart start = *std::exchange(timed_start_, std::nullopt);
    trace_.tell({{now_ms, TimerFired{0, start.element}}});
    return Start{plan_.variables, start.element};
}

std::optional<OpenSubscription> SimulatedProcess::receiver(const EventThrown& sent) const {
    for (OpenSubscription& open : waiting_for(state_).subscriptions) {
        if (!receives_message(*definition_.find(open.element)) || open.name != sent.name) continue;
        if (open.key == sent.key) return std::move(open);
    }
    return std::nullopt;
}

std::optional<OpenSubscription> SimulatedProcess::receiver(const Delivery& message, std::int64_t now_ms) const {
    for (OpenSubscription& open : waiting_for(state_).subscriptions) {
        const Element& element = *definition_.find(open.element);
        if (!receives_message(element) || open.name != message.name) continue;
        if (element.correlation_key == nullptr) return std::move(open);
        const auto given =
            element.correlation_key->evaluate(feel::context_from_json(message.variables), now_ms, plan_.working_days);
        if (text_of(given).value_or(open.key) == open.key) return std::move(open);
    }
    return std::nullopt;
}

bool SimulatedProcess::awaits_signal(std::string_view name) const {
    return std::ranges::any_of(waiting_for(state_).subscriptions, [&](const OpenSubscription& open) {
        return definition_.find(open.element)->trigger == Trigger::signal && open.name == name;
    });
}

std::optional<std::int64_t> SimulatedProcess::oldest_open(std::string_view element) const {
    for (const auto& [key, token] : state_.tokens) {
        const bool is_open = token.phase == Phase::task || token.phase == Phase::job;
        if (!is_open || !(element.empty() || token.element == element)) continue;
        if (state_.incident_of(key) == nullptr) return key;
    }
    return std::nullopt;
}

std::string_view SimulatedProcess::end() const {
    if (!is_set_going()) return "not_begun";
    if (state_.status == Status::completed) return "completed";
    return state_.status == Status::running && !state_.incidents.empty() ? "incident" : "waiting";
}

}  // namespace kaigong::bpmn
