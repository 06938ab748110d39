#include "app/rule_verbs.hpp"

#include <fmt/format.h>

#include <set>

#include "base/clock.hpp"
#include "engine/feel/position.hpp"

namespace kaigong::app {

namespace {

void collect_names(const feel::Value& value, std::set<std::string>& names) {
    if (value.is(feel::Kind::list)) {
        for (const feel::Value& item : value.as_list()) collect_names(item, names);
    }
    if (!value.is(feel::Kind::context)) return;
    for (const auto& [name, member] : value.as_context()) {
        names.insert(name);
        collect_names(member, names);
    }
}

}  // namespace

feel::Environment rule_environment() {
    static const feel::ZoneFolder kZones("/usr/share/zoneinfo");
    feel::Environment environment;
    environment.now_at_ms = SystemClock().now_ms();
    environment.zones = &kZones;
    return environment;
}

feel::JsonReading variable_reading() {
    return {.typed_by_suffix = true};
}

Result<feel::Context> variables_of(const Arguments& arguments) {
    std::string given = "{}";
    for (const char* name : {"--vars", "--context", "--input"}) {
        if (auto text = option(arguments, name); !text.empty()) given = std::move(text);
    }
    KAIGONG_TRY(text, text_or_file(given));
    return feel::context_from_json_text(text, variable_reading());
}

feel::Scope scope_of(const feel::Context& variables) {
    feel::Scope scope;
    std::set<std::string> members;
    for (const auto& [name, value] : variables) {
        scope.names.push_back(name);
        collect_names(value, members);
    }
    scope.member_names.assign(members.begin(), members.end());
    return scope;
}

boost::json::object fault_as_json(std::string_view reason, std::string_view message) {
    boost::json::object fault{{"reason", reason}, {"message", message}};
    if (const auto place = feel::position_in(message); place.line != 0) {
        fault["line"] = place.line;
        fault["column"] = place.column;
    }
    return fault;
}

void print_value(const feel::Value& value, bool json) {
    fmt::print("{}\n", feel::to_json_text(value));
    if (!value.is_null() || value.null_code().empty()) return;
    if (json) {
        fmt::print(stderr, "{}\n", boost::json::serialize(fault_as_json(value.null_code(), value.null_reason())));
    } else {
        fmt::print(stderr, "{}（{}）\n", value.null_reason(), value.null_code());
    }
}

int refuse_as(const Error& error, bool json) {
    if (!json) return refuse(error);
    fmt::print(stderr, "{}\n", boost::json::serialize(fault_as_json(error.reason, error.message)));
    return kRefused;
}

}  // namespace kaigong::app
