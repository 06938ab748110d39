// A State as JSON and back. Each version has all that the one before had: 2 repetition, subscriptions, compensation, 3
// detours, 4 what a called process was given. What an instance does not use is left out, so that a finished one is
// little more than its variables.
#include <algorithm>
#include <boost/json.hpp>

#include "engine/bpmn/member_json.hpp"
#include "engine/bpmn/state.hpp"

namespace kaigong::bpmn {
namespace {

namespace json = boost::json;

/// What is always written of one kind of record, and what is left out while it is fresh.
template <class T>
struct Shape;

template <>
struct Shape<Token> {
    static constexpr auto kAlways = std::tuple("element", &Token::element, "scope", &Token::scope, "flow", &Token::flow,
                                               "since_ms", &Token::since_ms);
    static constexpr auto kSometimes =
        std::tuple("number", &Token::number, "variables", &Token::variables, "passed", &Token::passed);
};

template <>
struct Shape<Timer> {
    static constexpr auto kAlways =
        std::tuple("element", &Timer::element, "token", &Timer::token, "due_at_ms", &Timer::due_at_ms);
    static constexpr auto kSometimes = std::tuple("left", &Timer::left);
};

template <>
struct Shape<Subscription> {
    static constexpr auto kAlways = std::tuple("element", &Subscription::element, "token", &Subscription::token);
    static constexpr auto kSometimes =
        std::tuple("name", &Subscription::name, "key", &Subscription::key, "fulfilled", &Subscription::fulfilled);
};

template <>
struct Shape<Incident> {
    static constexpr auto kAlways =
        std::tuple("token", &Incident::token, "element", &Incident::element, "code", &Incident::code, "message",
                   &Incident::message, "since_ms", &Incident::since_ms);
    static constexpr auto kSometimes = std::tuple();
};

template <>
struct Shape<Repeat> {
    static constexpr auto kAlways = std::tuple("sequential", &Repeat::sequential, "items", &Repeat::items, "started",
                                               &Repeat::started, "completed", &Repeat::completed);
    static constexpr auto kSometimes = std::tuple("dropped", &Repeat::dropped, "results", &Repeat::results);
};

template <>
struct Shape<Compensable> {
    static constexpr auto kAlways = std::tuple("element", &Compensable::element, "scope", &Compensable::scope);
    static constexpr auto kSometimes = std::tuple("within", &Compensable::within, "variables", &Compensable::variables,
                                                  "asked_by", &Compensable::asked_by);
};

template <>
struct Shape<Detour> {
    static constexpr auto kAlways = std::tuple("places", &Detour::places);
    static constexpr auto kSometimes = std::tuple();
};

template <class T>
void write_list(json::object& object, const char* name, const char* key_name,
                const std::map<std::int64_t, T>& records) {
    if (records.empty()) return;
    json::array list;
    for (const auto& [key, record] : records) {
        json::object item{{key_name, key}};
        write_members(record, Shape<T>::kAlways, item);
        if constexpr (std::is_same_v<T, Token>) item["phase"] = to_string(record.phase);
        write_optional_members(record, Shape<T>::kSometimes, item);
        list.push_back(std::move(item));
    }
    object[name] = std::move(list);
}

bool read_phase(const json::object& item, Token& token) {
    const json::value* name = item.if_contains("phase");
    const auto phase = name != nullptr && name->is_string() ? phase_from(name->get_string()) : std::nullopt;
    if (phase) token.phase = *phase;
    return phase.has_value();
}

template <class T>
bool read_one(const json::value& value, const char* key_name, std::map<std::int64_t, T>& records) {
    const json::object* item = value.if_object();
    std::int64_t key = 0;
    if (item == nullptr || !item->contains(key_name) || !take(item->at(key_name), key)) return false;
    T& record = records[key];
    if constexpr (std::is_same_v<T, Token>) {
        if (!read_phase(*item, record)) return false;
    }
    return read_members(*item, Shape<T>::kAlways, record) && read_optional_members(*item, Shape<T>::kSometimes, record);
}

/// True also when there is no such list.
template <class T>
bool read_list(const json::object& object, const char* name, const char* key_name, std::map<std::int64_t, T>& records) {
    const json::value* list = object.if_contains(name);
    if (list == nullptr) return true;
    if (!list->is_array()) return false;
    for (const json::value& item : list->get_array()) {
        if (!read_one(item, key_name, records)) return false;
    }
    return true;
}

constexpr auto kStateMembers = std::tuple("process", &State::process, "next_key", &State::next_key, "variables",
                                          &State::variables, "completed", &State::completed);
constexpr auto kStateSometimes = std::tuple("suspended", &State::suspended);

bool read_state(const json::object& object, State& state) {
    const json::value* name = object.if_contains("status");
    const auto status = name != nullptr && name->is_string() ? status_from(name->get_string()) : std::nullopt;
    if (!status) return false;
    state.status = *status;
    return read_members(object, kStateMembers, state) && read_optional_members(object, kStateSometimes, state) &&
           read_list(object, "tokens", "token", state.tokens) && read_list(object, "timers", "timer", state.timers) &&
           read_list(object, "subscriptions", "subscription", state.subscriptions) &&
           read_list(object, "incidents", "incident", state.incidents) &&
           read_list(object, "repeats", "around", state.repeats) &&
           read_list(object, "compensable", "record", state.compensable) &&
           read_list(object, "detours", "token", state.detours);
}

/// The first that knows all that the state has: who does not know what was passed, or detours, must not lose them.
int version_of(const State& state) {
    const auto is_passed = [](const auto& entry) { return !entry.second.passed.empty(); };
    if (std::ranges::any_of(state.tokens, is_passed)) return kStateVersion;
    return state.detours.empty() ? kStateVersion - 2 : kStateVersion - 1;
}

}  // namespace

bool operator==(const State& left, const State& right) {
    return state_to_json(left) == state_to_json(right);
}

boost::json::object state_to_json(const State& state) {
    json::object object{{"version", version_of(state)}, {"status", to_string(state.status)}};
    write_members(state, kStateMembers, object);
    write_optional_members(state, kStateSometimes, object);
    write_list(object, "tokens", "token", state.tokens);
    write_list(object, "timers", "timer", state.timers);
    write_list(object, "subscriptions", "subscription", state.subscriptions);
    write_list(object, "incidents", "incident", state.incidents);
    write_list(object, "repeats", "around", state.repeats);
    write_list(object, "compensable", "record", state.compensable);
    write_list(object, "detours", "token", state.detours);
    return object;
}

Result<State> state_from_json(const boost::json::value& value) {
    const json::object* object = value.if_object();
    std::int64_t version = 0;
    const bool numbered = object != nullptr && object->contains("version") && take(object->at("version"), version);
    if (numbered && (version < 1 || version > kStateVersion)) {
        return error(Errc::invalid_input, "bpmn.state_version_unknown", "流程状态来自更新的版本，请升级程序后再打开。");
    }
    State state;
    if (!numbered || !read_state(*object, state)) {
        return error(Errc::invalid_input, "bpmn.state_malformed", "流程状态记录不完整，请从备份恢复后重试。");
    }
    return state;
}

}  // namespace kaigong::bpmn
