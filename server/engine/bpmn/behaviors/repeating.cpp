#include "engine/bpmn/behaviors/repeating.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <optional>

#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/behaviors/variables.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"

namespace kaigong::bpmn {
namespace {

namespace json = boost::json;

const Repetition& repetition_of(const Execution& execution, std::int64_t token) {
    return *execution.element_of(token).repetition;
}

/// What the condition of completion may ask for, by the names of BPMN 2.0.2, table 10.31.
json::object counters(const Repeat& repeat) {
    const auto total = static_cast<std::int64_t>(repeat.items.size());
    return {{"numberOfInstances", total},
            {"numberOfActiveInstances", repeat.started - repeat.completed - repeat.dropped},
            {"numberOfCompletedInstances", repeat.completed},
            {"numberOfTerminatedInstances", repeat.dropped}};
}

void start_instance(Execution& execution, std::int64_t token) {
    const Repeat& repeat = execution.state().repeats.at(token);
    const Repetition& repetition = repetition_of(execution, token);
    const std::int64_t number = repeat.started + 1;
    json::object variables{{kLoopCounter, number}};
    // Each has its own, however deep inside it is set.
    if (!repetition.output_variable.empty()) variables[repetition.output_variable] = nullptr;
    if (!repetition.input_element.empty()) {
        variables[repetition.input_element] = repeat.items.at(static_cast<std::size_t>(number - 1));
    }
    execution.arrive_with(execution.element_of(token), token, number, std::move(variables));
}

std::optional<json::array> wrong_items(Execution& execution, std::int64_t token, const char* what) {
    execution.raise(
        token, "bpmn.instances_unknown",
        fmt::format("{} 要办几份没有算出来：{}。请补上用到的变量后重试。", execution.token(token).element, what));
    return std::nullopt;
}

/// One item an instance; nothing after an incident.
std::optional<json::array> items_of(Execution& execution, std::int64_t token) {
    const Repetition& repetition = repetition_of(execution, token);
    const auto max = static_cast<std::size_t>(execution.limits().tokens_max);
    if (repetition.collection != nullptr) {
        const json::value items = feel::to_json(execution.evaluate(*repetition.collection, token));
        if (!items.is_array()) return wrong_items(execution, token, "集合不是列表");
        if (items.get_array().size() > max) return wrong_items(execution, token, "集合太长");
        return items.get_array();
    }
    const json::value count = feel::to_json(execution.evaluate(*repetition.cardinality, token));
    if (!count.is_int64() || count.get_int64() < 0) return wrong_items(execution, token, "份数不是零或正整数");
    if (count.get_int64() > static_cast<std::int64_t>(max)) return wrong_items(execution, token, "份数太多");
    return json::array(static_cast<std::size_t>(count.get_int64()), nullptr);
}

/// The collection of what the instances left, in the order of their items: null of those that are open or were cut
/// short. Empty where none is collected.
json::object results_of(const Execution& execution, std::int64_t token) {
    const Repetition& repetition = repetition_of(execution, token);
    if (repetition.output_collection.empty()) return {};
    const Repeat& repeat = execution.state().repeats.at(token);
    json::array results = repeat.results;
    while (results.size() < repeat.items.size()) results.push_back(nullptr);
    return {{repetition.output_collection, std::move(results)}};
}

void finish_repetition(Execution& execution, std::int64_t token) {
    cancel_scope(execution, token, 0, execution.token(token).element);
    const json::object results = results_of(execution, token);
    if (!results.empty()) set_variables(execution, execution.token(token).scope, results);
    execution.emit(ScopeEmptied{token, execution.token(token).element});
    finish(execution, token);
}

/// A loop goes on while its condition is true, and no further than its maximum. Nothing after an incident.
std::optional<bool> loops_on(Execution& execution, std::int64_t token) {
    const Repetition& repetition = repetition_of(execution, token);
    const std::int64_t rounds = execution.state().repeats.at(token).completed;
    if (repetition.maximum > 0 && rounds >= repetition.maximum) return false;
    if (repetition.condition == nullptr) return repetition.maximum > 0;
    return is_true(execution, token, *repetition.condition, fmt::format("{} 循环", execution.token(token).element),
                   {{kLoopCounter, rounds}});
}

void continue_loop(Execution& execution, std::int64_t token) {
    const auto again = loops_on(execution, token);
    if (!again) return;
    if (!*again) return finish_repetition(execution, token);
    execution.emit(RepeatExtended{token, execution.token(token).element, nullptr});
    start_instance(execution, token);
}

/// The condition of completion is asked about the instance that is done. It stays with the whole, so that a condition
/// that failed can be asked the same again.
void remember(Execution& execution, std::int64_t token, const Token& done) {
    const Repetition& repetition = repetition_of(execution, token);
    json::object variables = counters(execution.state().repeats.at(token));
    for (const std::string_view name :
         {kLoopCounter, std::string_view(repetition.input_element), std::string_view(repetition.output_variable)}) {
        if (const json::value* value = done.variables.if_contains(name)) variables[name] = *value;
    }
    execution.emit(ScopeVariablesSet{token, std::move(variables)});
}

/// Nothing after an incident.
std::optional<bool> is_complete_early(Execution& execution, std::int64_t token) {
    const Repetition& repetition = repetition_of(execution, token);
    if (repetition.completion == nullptr || execution.state().repeats.at(token).completed == 0) return false;
    return is_true(execution, token, *repetition.completion, fmt::format("{} 提前结束", execution.token(token).element),
                   results_of(execution, token));
}

void open_loop(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    if (!open_activity(execution, token, RepeatOpened{token, element.id, true, {}})) return;
    if (element.repetition->test_before) return continue_loop(execution, token);
    execution.emit(RepeatExtended{token, element.id, nullptr});
    start_instance(execution, token);
}

}  // namespace

bool is_repetition(const Execution& execution, std::int64_t token) {
    return execution.element_of(token).repetition.has_value() && execution.state().repeats.contains(token) &&
           !execution.state().is_instance(token);
}

void open_repetition(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    if (element.repetition->kind == Repetition::Kind::loop) return open_loop(execution, token);
    auto items = items_of(execution, token);
    if (!items) return;
    const bool sequential = element.repetition->kind == Repetition::Kind::sequential;
    const std::size_t at_once = sequential ? std::min<std::size_t>(1, items->size()) : items->size();
    if (!open_activity(execution, token, RepeatOpened{token, element.id, sequential, std::move(*items)})) return;
    for (std::size_t i = 0; i < at_once; ++i) start_instance(execution, token);
    if (at_once == 0) finish_repetition(execution, token);
}

bool collect_result(Execution& execution, std::int64_t instance) {
    const std::int64_t around = execution.token(instance).scope;
    const Repetition& repetition = repetition_of(execution, around);
    if (repetition.output_element == nullptr) return true;
    const feel::Value value = execution.evaluate(*repetition.output_element, instance);
    if (value.is_null() && !value.null_reason().empty()) {
        execution.raise(instance, "bpmn.mapping_failed",
                        fmt::format("{} 的结果没有算出来：{}。请补上用到的变量后重试。",
                                    execution.token(instance).element, value.null_reason()));
        return false;
    }
    execution.emit(RepeatResult{around, execution.token(instance).number, feel::to_json(value)});
    return true;
}

void continue_repetition(Execution& execution, std::int64_t token, const Token& done) {
    if (repetition_of(execution, token).completion != nullptr) remember(execution, token, done);
    if (execution.state().incident_of(token) != nullptr) return;
    if (repetition_of(execution, token).kind == Repetition::Kind::loop) return continue_loop(execution, token);
    const auto early = is_complete_early(execution, token);
    if (!early) return;
    const Repeat& repeat = execution.state().repeats.at(token);
    const bool all_started = repeat.started == static_cast<std::int64_t>(repeat.items.size());
    if (*early || (all_started && execution.is_empty(token))) return finish_repetition(execution, token);
    if (repeat.sequential && execution.is_empty(token)) start_instance(execution, token);
}

bool is_open_multi_instance(const Execution& execution, std::int64_t token) {
    return execution.has_token(token) && is_repetition(execution, token) &&
           execution.token(token).phase == Phase::inside &&
           repetition_of(execution, token).kind != Repetition::Kind::loop;
}

void add_instance(Execution& execution, std::int64_t token, const boost::json::value& item) {
    execution.emit(RepeatExtended{token, execution.token(token).element, item});
    const Repeat& repeat = execution.state().repeats.at(token);
    if (!repeat.sequential) start_instance(execution, token);
}

}  // namespace kaigong::bpmn
