#include "engine/bpmn/event.hpp"

#include <array>
#include <boost/json.hpp>
#include <optional>
#include <utility>

namespace kaigong::bpmn {
namespace {

namespace json = boost::json;

void put(json::object& object, const char* name, std::int64_t value) {
    object[name] = value;
}
void put(json::object& object, const char* name, const std::string& value) {
    object[name] = value;
}
void put(json::object& object, const char* name, const json::object& value) {
    object[name] = value;
}

template <class T>
void put(json::object& object, const char* name, const std::vector<T>& values) {
    json::array array;
    array.reserve(values.size());
    for (const T& value : values) array.emplace_back(value);
    object[name] = std::move(array);
}

bool take(const json::value& value, std::int64_t& target) {
    if (value.is_int64()) target = value.get_int64();
    return value.is_int64();
}

bool take(const json::value& value, std::string& target) {
    if (value.is_string()) target.assign(value.get_string().data(), value.get_string().size());
    return value.is_string();
}

bool take(const json::value& value, json::object& target) {
    if (value.is_object()) target = value.get_object();
    return value.is_object();
}

template <class T>
bool take(const json::value& value, std::vector<T>& target) {
    if (!value.is_array()) return false;
    for (const json::value& item : value.get_array()) {
        if (!take(item, target.emplace_back())) return false;
    }
    return true;
}

/// Calls `visit(name, member)` for each line of a fact's table of members.
template <class T, class Visit>
void for_each_member(Visit visit) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (visit(std::get<2 * I>(T::kMembers), std::get<2 * I + 1>(T::kMembers)), ...);
    }(std::make_index_sequence<std::tuple_size_v<decltype(T::kMembers)> / 2>{});
}

template <class T>
std::optional<Fact> fact_from(const json::object& object) {
    T fact;
    bool complete = true;
    for_each_member<T>([&](const char* name, auto member) {
        const json::value* value = object.if_contains(name);
        complete = complete && value != nullptr && take(*value, fact.*member);
    });
    if (!complete) return std::nullopt;
    return Fact(std::move(fact));
}

struct FactKind {
    std::string_view name;
    std::optional<Fact> (*read)(const json::object& object);
};

template <std::size_t... I>
constexpr auto fact_kinds(std::index_sequence<I...> /*indices*/) {
    return std::array{
        FactKind{std::variant_alternative_t<I, Fact>::kName, &fact_from<std::variant_alternative_t<I, Fact>>}...};
}

constexpr auto kFactKinds = fact_kinds(std::make_index_sequence<std::variant_size_v<Fact>>{});

Error malformed() {
    return error(Errc::invalid_input, "bpmn.event_malformed", "流程事件记录不完整,请从备份恢复后重试。");
}

}  // namespace

std::string_view event_name(const Event& event) {
    return std::visit([](const auto& fact) { return fact.kName; }, event.fact);
}

boost::json::object event_to_json(const Event& event) {
    json::object object{{"event", event_name(event)}, {"version", kEventVersion}, {"at_ms", event.at_ms}};
    std::visit(
        [&object]<class T>(const T& fact) {
            for_each_member<T>([&](const char* name, auto member) { put(object, name, fact.*member); });
        },
        event.fact);
    return object;
}

Result<Event> event_from_json(const boost::json::value& value) {
    if (!value.is_object()) return malformed();
    const json::object& object = value.get_object();
    std::string name;
    std::int64_t version = 0;
    Event event;
    const auto read = [&object](const char* member, auto& target) {
        const json::value* found = object.if_contains(member);
        return found != nullptr && take(*found, target);
    };
    if (!read("event", name) || !read("version", version) || !read("at_ms", event.at_ms)) return malformed();
    for (const FactKind& kind : kFactKinds) {
        if (kind.name != name || version != kEventVersion) continue;
        auto fact = kind.read(object);
        if (!fact) return malformed();
        event.fact = std::move(*fact);
        return event;
    }
    return error(Errc::invalid_input, "bpmn.event_unknown", "流程事件来自更新的版本,请升级程序后再打开。");
}

}  // namespace kaigong::bpmn
