#include "engine/bpmn/state.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <optional>

namespace kaigong::bpmn {
namespace {

namespace json = boost::json;

constexpr std::array kStatusNames{std::pair{Status::not_started, std::string_view("not_started")},
                                  std::pair{Status::running, std::string_view("running")},
                                  std::pair{Status::completed, std::string_view("completed")},
                                  std::pair{Status::cancelled, std::string_view("cancelled")}};

constexpr std::array kPhaseNames{
    std::pair{Phase::arrived, std::string_view("arrived")}, std::pair{Phase::task, std::string_view("task")},
    std::pair{Phase::job, std::string_view("job")},         std::pair{Phase::inside, std::string_view("inside")},
    std::pair{Phase::joining, std::string_view("joining")}, std::pair{Phase::leaving, std::string_view("leaving")}};

template <class Table, class E>
std::string_view name_in(const Table& table, E value) {
    return table.at(static_cast<std::size_t>(value)).second;
}

/// Reads members and remembers that one was missing or of another type.
class Members {
  public:
    explicit Members(const json::value* value) : object_(value != nullptr ? value->if_object() : nullptr) {}

    bool complete() const { return object_ != nullptr && complete_; }

    const json::value* find(const char* name, json::kind kind) {
        const json::value* value = object_ == nullptr ? nullptr : object_->if_contains(name);
        if (value != nullptr && value->kind() == kind) return value;
        complete_ = false;
        return nullptr;
    }
    std::int64_t integer(const char* name) {
        const json::value* value = find(name, json::kind::int64);
        return value == nullptr ? 0 : value->get_int64();
    }
    std::string text(const char* name) {
        const json::value* value = find(name, json::kind::string);
        return value == nullptr ? std::string() : std::string(value->get_string().data(), value->get_string().size());
    }
    template <class Table>
    auto one_of(const char* name, const Table& table) {
        const std::string wanted = text(name);
        for (const auto& [value, spelling] : table) {
            if (spelling == wanted) return value;
        }
        complete_ = false;
        return table.front().first;
    }
    /// One item of a list at a time, as Members.
    template <class Read>
    void each(const char* name, Read read) {
        const json::value* value = find(name, json::kind::array);
        if (value == nullptr) return;
        for (const json::value& item : value->get_array()) {
            Members members(&item);
            read(members);
            complete_ = complete_ && members.complete();
        }
    }

  private:
    const json::object* object_;
    bool complete_ = true;
};

void read_tokens(Members& members, State& state) {
    members.each("tokens", [&state](Members& item) {
        Token& token = state.tokens[item.integer("token")];
        token.element = item.text("element");
        token.scope = item.integer("scope");
        token.flow = item.text("flow");
        token.phase = item.one_of("phase", kPhaseNames);
        token.since_ms = item.integer("since_ms");
    });
}

void read_timers(Members& members, State& state) {
    members.each("timers", [&state](Members& item) {
        state.timers[item.integer("timer")] = {item.text("element"), item.integer("token"), item.integer("due_at_ms")};
    });
}

void read_incidents(Members& members, State& state) {
    members.each("incidents", [&state](Members& item) {
        state.incidents[item.integer("incident")] = {item.integer("token"), item.text("element"), item.text("code"),
                                                     item.text("message"), item.integer("since_ms")};
    });
}

bool read_completed(const json::value* list, State& state) {
    if (list == nullptr) return false;
    for (const json::value& item : list->get_array()) {
        if (!item.is_string()) return false;
        state.completed.emplace_back(item.get_string().data(), item.get_string().size());
    }
    return true;
}

json::array tokens_to_json(const State& state) {
    json::array tokens;
    for (const auto& [key, token] : state.tokens) {
        tokens.push_back(json::object{{"token", key},
                                      {"element", token.element},
                                      {"scope", token.scope},
                                      {"flow", token.flow},
                                      {"phase", to_string(token.phase)},
                                      {"since_ms", token.since_ms}});
    }
    return tokens;
}

json::array timers_to_json(const State& state) {
    json::array timers;
    for (const auto& [key, timer] : state.timers) {
        timers.push_back(json::object{
            {"timer", key}, {"element", timer.element}, {"token", timer.token}, {"due_at_ms", timer.due_at_ms}});
    }
    return timers;
}

json::array incidents_to_json(const State& state) {
    json::array incidents;
    for (const auto& [key, incident] : state.incidents) {
        incidents.push_back(json::object{{"incident", key},
                                         {"token", incident.token},
                                         {"element", incident.element},
                                         {"code", incident.code},
                                         {"message", incident.message},
                                         {"since_ms", incident.since_ms}});
    }
    return incidents;
}

}  // namespace

std::string_view to_string(Status status) {
    return name_in(kStatusNames, status);
}

std::string_view to_string(Phase phase) {
    return name_in(kPhaseNames, phase);
}

const Incident* State::incident_of(std::int64_t token) const {
    for (const auto& [key, incident] : incidents) {
        if (incident.token == token) return &incident;
    }
    return nullptr;
}

bool operator==(const State& left, const State& right) {
    return left.process == right.process && left.status == right.status && left.next_key == right.next_key &&
           left.tokens == right.tokens && left.timers == right.timers && left.incidents == right.incidents &&
           left.variables == right.variables && left.completed == right.completed;
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
    std::sort(waiting.timers.begin(), waiting.timers.end(), [](const OpenTimer& left, const OpenTimer& right) {
        return std::pair(left.due_at_ms, left.timer) < std::pair(right.due_at_ms, right.timer);
    });
    return waiting;
}

std::vector<std::string> active_elements(const State& state) {
    std::vector<std::string> elements;
    for (const auto& [key, token] : state.tokens) {
        if (std::find(elements.begin(), elements.end(), token.element) == elements.end())
            elements.push_back(token.element);
    }
    return elements;
}

// What is empty is left out, so that a finished instance is little more than its variables.
boost::json::object state_to_json(const State& state) {
    json::object object{{"version", kStateVersion},
                        {"process", state.process},
                        {"status", to_string(state.status)},
                        {"next_key", state.next_key},
                        {"variables", state.variables},
                        {"completed", json::array(state.completed.begin(), state.completed.end())}};
    if (!state.tokens.empty()) object["tokens"] = tokens_to_json(state);
    if (!state.timers.empty()) object["timers"] = timers_to_json(state);
    if (!state.incidents.empty()) object["incidents"] = incidents_to_json(state);
    return object;
}

Result<State> state_from_json(const boost::json::value& value) {
    Members members(&value);
    const bool known = members.integer("version") == kStateVersion;
    if (members.complete() && !known) {
        return error(Errc::invalid_input, "bpmn.state_version_unknown", "流程状态来自更新的版本,请升级程序后再打开。");
    }
    State state;
    state.process = members.text("process");
    state.status = members.one_of("status", kStatusNames);
    state.next_key = members.integer("next_key");
    if (const json::value* variables = members.find("variables", json::kind::object)) {
        state.variables = variables->get_object();
    }
    const bool listed = read_completed(members.find("completed", json::kind::array), state);
    const json::object* object = value.if_object();
    if (object != nullptr && object->contains("tokens")) read_tokens(members, state);
    if (object != nullptr && object->contains("timers")) read_timers(members, state);
    if (object != nullptr && object->contains("incidents")) read_incidents(members, state);
    if (!listed || !members.complete()) {
        return error(Errc::invalid_input, "bpmn.state_malformed", "流程状态记录不完整,请从备份恢复后重试。");
    }
    return state;
}

}  // namespace kaigong::bpmn
