#include "engine/bpmn/behaviors/variables.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <map>

namespace kaigong::bpmn {
namespace {

namespace json = boost::json;

const Element* element_at(const Definition& definition, const State& state, std::int64_t token) {
    return definition.find(state.tokens.at(token).element);
}

/// What is inside a called process does not see what is outside. The instances of a repeated call are the calls.
bool is_call(const Definition& definition, const State& state, std::int64_t token) {
    const Element* element = element_at(definition, state, token);
    return element != nullptr && element->kind == Kind::call_activity &&
           state.tokens.at(token).phase == Phase::inside && !state.repeats.contains(token);
}

/// The token whose variables a name belongs to.
std::int64_t home_of(const Execution& execution, std::int64_t token, const json::string_view name) {
    const State& state = execution.state();
    while (token != 0) {
        if (state.tokens.at(token).variables.contains(name)) return token;
        if (is_call(execution.definition(), state, token)) return token;
        token = state.tokens.at(token).scope;
    }
    return 0;
}

void emit_variables(Execution& execution, std::int64_t scope, json::object variables) {
    if (scope == 0) {
        execution.emit(VariablesSet{std::move(variables)});
    } else {
        execution.emit(ScopeVariablesSet{scope, std::move(variables)});
    }
}

/// `a.b` is member b of the context a; what stands there and is no context gives way.
void put_at(json::object& into, std::string_view target, json::value value) {
    const std::size_t dot = target.find('.');
    json::value& member = into[target.substr(0, dot)];
    if (dot == std::string_view::npos) {
        member = std::move(value);
        return;
    }
    if (!member.is_object()) member.emplace_object();
    put_at(member.get_object(), target.substr(dot + 1), std::move(value));
}

/// An output into `a.b` leaves the other members of a variable a as they are.
void keep_other_members(const Execution& execution, std::int64_t token, const std::vector<Mapping>& mappings,
                        json::object& results) {
    for (const Mapping& mapping : mappings) {
        if (mapping.target.find('.') == std::string::npos) continue;
        const json::object visible = visible_variables(execution.definition(), execution.state(), token);
        const json::value* present = visible.if_contains(name_of_target(mapping));
        if (present != nullptr && present->is_object()) results[name_of_target(mapping)] = *present;
    }
}

/// In their order: a later one sees the earlier ones.
bool computed(Execution& execution, std::int64_t token, const std::vector<Mapping>& mappings, json::object& results) {
    for (const Mapping& mapping : mappings) {
        const feel::Value value = execution.evaluate_with(*mapping.source, token, results);
        if (value.is_null() && !value.null_reason().empty()) {
            execution.raise(
                token, "bpmn.mapping_failed",
                fmt::format("变量“{}”没有算出来：{}。请补上用到的变量后重试。", mapping.target, value.null_reason()));
            return false;
        }
        put_at(results, mapping.target, feel::to_json(value));
    }
    return true;
}

/// The mappings of a repeated activity are those of each instance, not of the whole.
bool is_whole(const Execution& execution, std::int64_t token) {
    return execution.element_of(token).repetition.has_value() && !execution.state().is_instance(token);
}

}  // namespace

std::string_view name_of_target(const Mapping& mapping) {
    return std::string_view(mapping.target).substr(0, mapping.target.find('.'));
}

std::int64_t variables_scope(const Definition& definition, const State& state, std::int64_t token) {
    while (token != 0 && state.tokens.at(token).variables.empty() && !is_call(definition, state, token)) {
        token = state.tokens.at(token).scope;
    }
    return token;
}

json::object visible_variables(const Definition& definition, const State& state, std::int64_t token) {
    if (token == 0) return state.variables;
    const bool closed = is_call(definition, state, token);
    json::object variables =
        closed ? json::object{} : visible_variables(definition, state, state.tokens.at(token).scope);
    for (const auto& [name, value] : state.tokens.at(token).variables) variables[name] = value;
    return variables;
}

void set_variables(Execution& execution, std::int64_t token, const json::object& variables) {
    std::map<std::int64_t, json::object> by_home;
    for (const auto& [name, value] : variables) by_home[home_of(execution, token, name)][name] = value;
    for (auto& [scope, its_variables] : by_home) emit_variables(execution, scope, std::move(its_variables));
}

bool map_inputs(Execution& execution, std::int64_t token) {
    if (is_whole(execution, token)) return true;
    json::object locals;
    if (!computed(execution, token, execution.element_of(token).inputs, locals)) return false;
    if (!locals.empty()) execution.emit(ScopeVariablesSet{token, std::move(locals)});
    return true;
}

void take_results(Execution& execution, std::int64_t token, const json::object& variables) {
    if (variables.empty()) return;
    if (execution.element_of(token).outputs.empty()) {
        set_variables(execution, token, variables);
    } else {
        execution.emit(ScopeVariablesSet{token, variables});
    }
}

bool map_outputs(Execution& execution, std::int64_t token) {
    if (execution.element_of(token).outputs.empty() || is_whole(execution, token)) return true;
    json::object results;
    keep_other_members(execution, token, execution.element_of(token).outputs, results);
    if (!computed(execution, token, execution.element_of(token).outputs, results)) return false;
    // What an instance leaves for the collection is its own.
    const std::int64_t from = execution.state().is_instance(token) ? token : execution.token(token).scope;
    if (!results.empty()) set_variables(execution, from, results);
    return true;
}

}  // namespace kaigong::bpmn
