#include "engine/bpmn/state.hpp"

#include <algorithm>
#include <array>

namespace kaigong::bpmn {
namespace {

constexpr std::array kStatusNames{std::pair{Status::not_started, std::string_view("not_started")},
                                  std::pair{Status::running, std::string_view("running")},
                                  std::pair{Status::completed, std::string_view("completed")},
                                  std::pair{Status::cancelled, std::string_view("cancelled")}};

constexpr std::array kPhaseNames{
    std::pair{Phase::arrived, std::string_view("arrived")}, std::pair{Phase::task, std::string_view("task")},
    std::pair{Phase::job, std::string_view("job")},         std::pair{Phase::waiting, std::string_view("waiting")},
    std::pair{Phase::inside, std::string_view("inside")},   std::pair{Phase::joining, std::string_view("joining")},
    std::pair{Phase::leaving, std::string_view("leaving")}};

template <class Table, class E>
std::string_view name_in(const Table& table, E value) {
    return table.at(static_cast<std::size_t>(value)).second;
}

template <class Table>
auto value_in(const Table& table, std::string_view name) {
    const auto found = std::ranges::find(table, name, &Table::value_type::second);
    return found == table.end() ? std::nullopt : std::optional(found->first);
}

}  // namespace

std::string_view to_string(Status status) {
    return name_in(kStatusNames, status);
}

std::string_view to_string(Phase phase) {
    return name_in(kPhaseNames, phase);
}

std::optional<Status> status_from(std::string_view name) {
    return value_in(kStatusNames, name);
}

std::optional<Phase> phase_from(std::string_view name) {
    return value_in(kPhaseNames, name);
}

const Incident* State::incident_of(std::int64_t token) const {
    for (const auto& [key, incident] : incidents) {
        if (incident.token == token) return &incident;
    }
    return nullptr;
}

bool State::is_instance(std::int64_t key) const {
    const Token& token = tokens.at(key);
    return token.number > 0 && tokens.at(token.scope).element == token.element;
}

Waiting waiting_for(const State& state) {
    Waiting waiting;
    for (const auto& [key, incident] : state.incidents) {
        waiting.incidents.push_back(
            {key, incident.token, incident.element, incident.code, incident.message, incident.since_ms});
    }
    for (const auto& [key, token] : state.tokens) {
        if (token.phase == Phase::task) waiting.tasks.push_back({key, token.element, token.since_ms});
        if (token.phase == Phase::job && state.incident_of(key) == nullptr) {
            waiting.jobs.push_back({key, token.element, token.since_ms});
        }
    }
    for (const auto& [key, timer] : state.timers) {
        waiting.timers.push_back({key, timer.element, timer.token, timer.due_at_ms});
    }
    for (const auto& [key, subscription] : state.subscriptions) {
        waiting.subscriptions.push_back(
            {key, subscription.element, subscription.token, subscription.name, subscription.key});
    }
    std::sort(waiting.timers.begin(), waiting.timers.end(), [](const OpenTimer& left, const OpenTimer& right) {
        return std::pair(left.due_at_ms, left.timer) < std::pair(right.due_at_ms, right.timer);
    });
    return waiting;
}

bool waits_for_nothing(const State& state) {
    if (!state.timers.empty() || !state.subscriptions.empty() || !state.incidents.empty()) return false;
    return std::ranges::none_of(state.tokens, [](const auto& one) {
        return one.second.phase == Phase::task || one.second.phase == Phase::job;
    });
}

std::vector<std::string> active_elements(const State& state) {
    std::vector<std::string> elements;
    for (const auto& [key, token] : state.tokens) {
        if (std::find(elements.begin(), elements.end(), token.element) == elements.end())
            elements.push_back(token.element);
    }
    return elements;
}

}  // namespace kaigong::bpmn
