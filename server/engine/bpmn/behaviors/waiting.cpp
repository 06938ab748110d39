#include "engine/bpmn/behaviors/waiting.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "engine/bpmn/behaviors/timers.hpp"
#include "engine/bpmn/behaviors/variables.hpp"

namespace kaigong::bpmn {
namespace {

/// What an event will wait for, computed before anything is recorded.
struct Wait {
    const Element* event = nullptr;
    Due due;
    std::string name;
    std::string key;
};

/// Text as it is, numbers by their digits: the two sides of a correlation may come from different systems.
std::optional<std::string> text_of(const feel::Value& value) {
    if (value.kind() == feel::Kind::string) return std::string(value.as_string());
    if (value.kind() == feel::Kind::number) return feel::to_json_text(value);
    return std::nullopt;
}

std::optional<std::string> key_of(Execution& execution, std::int64_t token, const Element& event) {
    if (event.correlation_key == nullptr) return "";
    auto key = text_of(execution.evaluate(*event.correlation_key, token));
    if (key && !key->empty()) return key;
    execution.raise(
        token, "bpmn.correlation_key_missing",
        fmt::format("消息“{}”的关联键没有得出文字或数。请补上它用到的变量后重试。", event.name_of_event.literal));
    return std::nullopt;
}

bool is_waited_for(const Element& event) {
    return receives_message(event) || event.trigger == Trigger::timer || event.trigger == Trigger::signal ||
           event.trigger == Trigger::conditional;
}

/// False after an incident on `token`.
bool compute(Execution& execution, std::int64_t token, const Element& event, std::vector<Wait>& waits) {
    Wait wait{&event, {}, "", ""};
    if (event.trigger == Trigger::timer) {
        const auto due = due_at(execution, *event.timer, token);
        if (!due) {
            execution.raise(token, due.error().reason, fmt::format("{}：{}", event.id, due.error().message));
            return false;
        }
        wait.due = *due;
    } else if (event.trigger != Trigger::conditional) {
        auto name = name_of(execution, token, event.name_of_event);
        if (!name) return false;
        wait.name = std::move(*name);
        if (receives_message(event)) {
            auto key = key_of(execution, token, event);
            if (!key) return false;
            wait.key = std::move(*key);
        }
    }
    waits.push_back(std::move(wait));
    return true;
}

bool compute_all(Execution& execution, std::int64_t token, const std::vector<int>& events, std::vector<Wait>& waits) {
    for (const int index : events) {
        const Element& event = execution.definition().element(index);
        if (is_waited_for(event) && !compute(execution, token, event, waits)) return false;
    }
    return true;
}

void emit_all(Execution& execution, std::int64_t token, std::vector<Wait>& waits) {
    for (Wait& wait : waits) {
        const std::int64_t key = execution.next_key();
        if (wait.event->trigger != Trigger::timer) {
            execution.emit(SubscriptionOpened{key, wait.event->id, token, std::move(wait.name), std::move(wait.key)});
        } else if (wait.due.left != 0) {
            execution.emit(CycleScheduled{key, wait.event->id, token, wait.due.at_ms, wait.due.left});
        } else {
            execution.emit(TimerScheduled{key, wait.event->id, token, wait.due.at_ms});
        }
    }
}

std::vector<int> starts_of_event_sub_processes(const Definition& definition, const Element& scope) {
    std::vector<int> starts;
    for (const int index : scope.event_sub_processes) {
        const Element& sub_process = definition.element(index);
        starts.insert(starts.end(), sub_process.starts.begin(), sub_process.starts.end());
    }
    return starts;
}

bool open(Execution& execution, std::int64_t token, const std::vector<int>& events, Fact opened) {
    std::vector<Wait> waits;
    if (!map_inputs(execution, token) || !compute_all(execution, token, events, waits)) return false;
    execution.emit(std::move(opened));
    emit_all(execution, token, waits);
    return true;
}

/// The instances of a repeated activity have none of their own: the edge is that of the whole.
std::vector<int> events_on_edge(const Execution& execution, std::int64_t token) {
    return execution.state().is_instance(token) ? std::vector<int>{} : execution.element_of(token).boundary_events;
}

template <class Wanted>
void stop(Execution& execution, Wanted wanted) {
    std::vector<Fact> facts;
    for (const auto& [key, timer] : execution.state().timers) {
        if (wanted(timer.element, timer.token)) facts.emplace_back(TimerCancelled{key, timer.element});
    }
    for (const auto& [key, subscription] : execution.state().subscriptions) {
        if (wanted(subscription.element, subscription.token)) {
            facts.emplace_back(SubscriptionClosed{key, subscription.element});
        }
    }
    for (Fact& fact : facts) execution.emit(std::move(fact));
}

}  // namespace

std::optional<std::string> name_of(Execution& execution, std::int64_t token, const Named& named) {
    if (named.expression == nullptr) return named.literal;
    auto name = text_of(execution.evaluate(*named.expression, token));
    if (name && !name->empty()) return name;
    execution.raise(
        token, "bpmn.name_missing",
        fmt::format("{} 用表达式给出的名称没有得出文字。请补上它用到的变量后重试。", execution.token(token).element));
    return std::nullopt;
}

bool open_activity(Execution& execution, std::int64_t token, Fact opened) {
    return open(execution, token, events_on_edge(execution, token), std::move(opened));
}

bool open_receiving(Execution& execution, std::int64_t token, Fact opened) {
    std::vector<int> events = events_on_edge(execution, token);
    events.push_back(execution.definition().index_of(execution.token(token).element));
    return open(execution, token, events, std::move(opened));
}

bool receives_message(const Element& event) {
    return event.trigger == Trigger::message || event.kind == Kind::receive_task;
}

bool open_scope(Execution& execution, std::int64_t token, const Element& inside, Fact opened) {
    std::vector<int> events = events_on_edge(execution, token);
    const std::vector<int> starts = starts_of_event_sub_processes(execution.definition(), inside);
    events.insert(events.end(), starts.begin(), starts.end());
    return open(execution, token, events, std::move(opened));
}

bool listen_for_process(Execution& execution, std::int64_t token) {
    std::vector<Wait> waits;
    const auto starts = starts_of_event_sub_processes(execution.definition(), execution.definition().root());
    if (!compute_all(execution, token, starts, waits)) return false;
    emit_all(execution, 0, waits);
    return true;
}

bool wait_for(Execution& execution, std::int64_t token, const std::vector<int>& events, Fact opened) {
    std::vector<Wait> waits;
    if (!compute_all(execution, token, events, waits)) return false;
    execution.emit(std::move(opened));
    emit_all(execution, token, waits);
    return true;
}

void stop_waiting(Execution& execution, std::int64_t token) {
    stop(execution, [&](const std::string&, std::int64_t holder) { return holder == token; });
}

void stop_listening(Execution& execution, std::int64_t scope) {
    stop(execution, [&](const std::string& element, std::int64_t holder) {
        const Element* event = execution.definition().find(element);
        return holder == scope && event != nullptr && event->kind == Kind::start_event;
    });
}

void cancel_token(Execution& execution, std::int64_t token, const std::string& cause) {
    cancel_scope(execution, token, 0, cause);
    stop_waiting(execution, token);
    execution.emit(TokenCancelled{token, execution.token(token).element, cause});
}

void cancel_scope(Execution& execution, std::int64_t scope, std::int64_t except, const std::string& cause) {
    for (const std::int64_t inside : execution.tokens_in(scope)) {
        if (inside != except) cancel_token(execution, inside, cause);
    }
}

}  // namespace kaigong::bpmn
