#include "engine/bpmn/behaviors/compensating.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn {
namespace {

/// The scope whose work is undone. An event sub-process undoes that of the scope around it (BPMN 2.0.2, 10.6.1).
std::int64_t compensated_scope(const Execution& execution, std::int64_t token) {
    const std::int64_t scope = execution.token(token).scope;
    if (scope == 0 || execution.element_of(scope).kind != Kind::event_sub_process) return scope;
    return execution.token(scope).scope;
}

bool is_meant(const Compensable& record, const Element& event) {
    if (event.activity_ref.empty()) return true;
    return record.element == event.activity_ref ||
           std::ranges::find(record.within, event.activity_ref) != record.within.end();
}

std::vector<std::int64_t> records_to_undo(const Execution& execution, std::int64_t token) {
    const std::int64_t scope = compensated_scope(execution, token);
    std::vector<std::int64_t> records;
    for (const auto& [key, record] : execution.state().compensable) {
        if (record.scope == scope && record.asked_by == 0 && is_meant(record, execution.element_of(token))) {
            records.push_back(key);
        }
    }
    return records;
}

/// The last of what this token has still to undo.
std::optional<std::int64_t> next_record(const Execution& execution, std::int64_t token) {
    std::optional<std::int64_t> next;
    for (const auto& [key, record] : execution.state().compensable) {
        if (record.asked_by == token) next = key;
    }
    return next;
}

bool has_records(const Execution& execution, std::int64_t scope) {
    return std::ranges::any_of(execution.state().compensable,
                               [scope](const auto& one) { return one.second.scope == scope; });
}

/// The transaction was undone: it is left by its cancel event, which sits on the whole of a repeated one. That there is
/// one was checked at deployment.
void end_cancelled_transaction(Execution& execution, std::int64_t token) {
    std::int64_t transaction = execution.token(token).scope;
    if (execution.state().is_instance(transaction)) transaction = execution.token(transaction).scope;
    const Definition& definition = execution.definition();
    const std::vector<int>& events = execution.element_of(transaction).boundary_events;
    const Element& event = definition.element(
        *std::ranges::find_if(events, [&](int index) { return definition.element(index).trigger == Trigger::cancel; }));
    const std::int64_t scope = execution.token(transaction).scope;
    execution.emit(EventCaught{event.id, std::string(to_string(Trigger::cancel)), ""});
    cancel_token(execution, transaction, event.id);
    execution.arrive(event, scope, "");
}

void end_compensation(Execution& execution, std::int64_t token) {
    execution.emit(ScopeEmptied{token, execution.token(token).element});
    const Element& event = execution.element_of(token);
    if (event.trigger == Trigger::cancel) return end_cancelled_transaction(execution, token);
    if (!event.waits_for_completion) return leave_by(execution, token, {});
    leave(execution, token);
}

/// The event sub-process that undoes this completed sub-process, or null.
const Element* own_way_to_undo(const Definition& definition, const Element& sub_process) {
    for (const int index : sub_process.event_sub_processes) {
        const Element& candidate = definition.element(index);
        const Element& start = definition.element(candidate.starts.front());
        if (start.trigger == Trigger::compensation) return &candidate;
    }
    return nullptr;
}

void record(Execution& execution, std::int64_t token) {
    const Token& done = execution.token(token);
    execution.emit(CompensationRecorded{execution.next_key(), done.element, done.scope, done.variables});
}

void keep_inside(Execution& execution, std::int64_t token, std::int64_t scope) {
    if (!has_records(execution, token)) return;
    execution.emit(CompensationKept{token, execution.token(token).element, scope});
}

/// Who undoes this, by the token that asked.
void undo(Execution& execution, std::int64_t token, std::int64_t key) {
    const Compensable record = execution.state().compensable.at(key);
    const Definition& definition = execution.definition();
    const Element& undone = *definition.find(record.element);
    const bool has_handler = undone.compensation_handler >= 0;
    // What was done inside is at hand for the sub-process's own way to undo it.
    if (!has_handler && has_records(execution, key)) execution.emit(CompensationKept{key, undone.id, token});
    execution.emit(CompensationTaken{key, record.element});
    const Element* who =
        has_handler ? &definition.element(undone.compensation_handler) : own_way_to_undo(definition, undone);
    // A definition that the instance has migrated to may know nobody any more.
    if (who == nullptr) return continue_compensation(execution, token);
    execution.arrive_with(*who, token, 0, record.variables);
}

}  // namespace

bool is_compensating(const Element& element) {
    return element.trigger == Trigger::compensation || element.trigger == Trigger::cancel;
}

void check_compensated(const Process& process, const Element& event, Problems& problems) {
    if (event.activity_ref.empty()) return;
    const int index = process.find(event.activity_ref);
    if (index >= 0 && is_activity(process.element(index).kind)) {
        const Element& around = process.element(event.scope);
        const int scope = around.kind == Kind::event_sub_process ? around.scope : event.scope;
        if (process.element(index).scope == scope || process.element(index).scope == event.scope) return;
    }
    problems.refuse(
        event.id, event.line, "reference_unknown",
        fmt::format("要补偿的活动 {} 不在同一层，请重新选择。", event.activity_ref),
        fmt::format("{} is no activity of this level and can't be compensated from here.", event.activity_ref));
}

void keep_compensation(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    // The instances of a repeated activity are undone one by one.
    const bool is_whole = element.repetition.has_value() && !execution.state().is_instance(token);
    if (is_whole) return keep_inside(execution, token, execution.token(token).scope);
    if (element.compensation_handler >= 0 && !element.is_for_compensation) return record(execution, token);
    if (own_way_to_undo(execution.definition(), element) == nullptr) {
        return keep_inside(execution, token, execution.token(token).scope);
    }
    const std::int64_t key = execution.next_key();
    record(execution, token);
    keep_inside(execution, token, key);
}

void start_compensation(Execution& execution, std::int64_t token) {
    const Element& event = execution.element_of(token);
    const auto ways = event.waits_for_completion ? std::vector<int>{} : ways_out(execution, token);
    if (!ways) return;
    execution.emit(EventThrown{token, event.id, std::string(to_string(event.trigger)), event.activity_ref, "", {}});
    execution.emit(CompensationAsked{token, records_to_undo(execution, token)});
    // The token stays with what it undoes, others go on for it.
    for (const int way : *ways) {
        const Flow& flow = execution.definition().flow(way);
        execution.arrive(execution.definition().element(flow.target), execution.token(token).scope, flow.id);
    }
    continue_compensation(execution, token);
}

void continue_compensation(Execution& execution, std::int64_t token) {
    const auto next = next_record(execution, token);
    if (!next) return end_compensation(execution, token);
    undo(execution, token, *next);
}

}  // namespace kaigong::bpmn
