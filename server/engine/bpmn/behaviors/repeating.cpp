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
json::object counters(const Repeat& repeat, std::int64_t number) {
    const auto total = static_cast<std::int64_t>(repeat.items.size());
    return {{"loopCounter", number},
            {"numberOfInstances", total},
            {"numberOfActiveInstances", repeat.started - repeat.completed - repeat.dropped},
            {"numberOfCompletedInstances", repeat.completed},
            {"numberOfTerminatedInstances", repeat.dropped}};
}

void start_instance(Execution& execution, std::int64_t token) {
    const Repeat& repeat = execution.state().repeats.at(token);
    const Repetition& repetition = repetition_of(execution, token);
    const std::int64_t number = repeat.started + 1;
    json::object variables{{"loopCounter", number}};
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

void finish_repetition(Execution& execution, std::int64_t token) {
    const Repetition& repetition = repetition_of(execution, token);
    cancel_scope(execution, token, 0, execution.token(token).element);
    if (!repetition.output_collection.empty()) {
        json::array results = execution.state().repeats.at(token).results;
        // An instance that was cut short leaves nothing.
        while (results.size() < execution.state().repeats.at(token).items.size()) results.push_back(nullptr);
        set_variables(execution, execution.token(token).scope, {{repetition.output_collection, std::move(results)}});
    }
    execution.emit(ScopeEmptied{token, execution.token(token).element});
    finish(execution, token);
}

/// A loop goes on while its condition is true, and no further than its maximum. Nothing after an incident.
std::optional<bool> loops_on(Execution& execution, std::int64_t token) {
    const Repetition& repetition = repetition_of(execution, token);
    if (repetition.maximum > 0 && execution.state().repeats.at(token).completed >= repetition.maximum) return false;
    if (repetition.condition == nullptr) return repetition.maximum > 0;
    return is_true(execution, token, *repetition.condition, fmt::format("{} 循环", execution.token(token).element));
}

void continue_loop(Execution& execution, std::int64_t token) {
    const auto again = loops_on(execution, token);
    if (!again) return;
    if (!*again) return finish_repetition(execution, token);
    execution.emit(RepeatExtended{token, execution.token(token).element, nullptr});
    start_instance(execution, token);
}

/// Nothing after an incident.
std::optional<bool> is_complete_early(Execution& execution, std::int64_t token) {
    const Repetition& repetition = repetition_of(execution, token);
    const Repeat& repeat = execution.state().repeats.at(token);
    if (repetition.completion == nullptr || repeat.completed == 0) return false;
    execution.emit(ScopeVariablesSet{token, counters(repeat, repeat.started)});
    return is_true(execution, token, *repetition.completion,
                   fmt::format("{} 提前结束", execution.token(token).element));
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

void continue_repetition(Execution& execution, std::int64_t token) {
    if (execution.state().incident_of(token) != nullptr) return;
    if (repetition_of(execution, token).kind == Repetition::Kind::loop) return continue_loop(execution, token);
    const auto early = is_complete_early(execution, token);
    if (!early) return;
    const Repeat& repeat = execution.state().repeats.at(token);
    const bool all_started = repeat.started == static_cast<std::int64_t>(repeat.items.size());
    if (*early || (all_started && execution.is_empty(token))) return finish_repetition(execution, token);
    if (repeat.sequential && execution.is_empty(token)) start_instance(execution, token);
}

void add_instance(Execution& execution, std::int64_t token, const boost::json::value& item) {
    execution.emit(RepeatExtended{token, execution.token(token).element, item});
    const Repeat& repeat = execution.state().repeats.at(token);
    if (!repeat.sequential) start_instance(execution, token);
}

}  // namespace kaigong::bpmn
