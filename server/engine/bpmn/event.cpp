#include "engine/bpmn/event.hpp"

#include <array>
#include <boost/json.hpp>
#include <optional>
#include <utility>

#include "engine/bpmn/member_json.hpp"

namespace kaigong::bpmn {
namespace {

namespace json = boost::json;

template <class T>
std::optional<Fact> fact_from(const json::object& object) {
    T fact;
    if (!read_members(object, T::kMembers, fact)) return std::nullopt;
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
    std::visit([&object]<class T>(const T& fact) { write_members(fact, T::kMembers, object); }, event.fact);
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
