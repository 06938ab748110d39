#include "engine/bpmn/behaviors/compensating.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"

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

/// The transaction was undone: it is left by its cancel event.
void end_cancelled_transaction(Execution& execution, std::int64_t token) {
    const std::int64_t transaction = execution.token(token).scope;
    const Definition& definition = execution.definition();
    for (const int index : execution.element_of(transaction).boundary_events) {
        const Element& event = definition.element(index);
        if (event.trigger != Trigger::cancel) continue;
        const std::int64_t scope = execution.token(transaction).scope;
        execution.emit(EventCaught{event.id, std::string(to_string(Trigger::cancel)), ""});
        cancel_token(execution, transaction, event.id);
        execution.arrive(event, scope, "");
        return;
    }
    execution.raise(token, "bpmn.cancel_not_caught",
                    "事务已撤销，但没有取消边界事件接手。请终止本次流程，改正流程图后重新办理。");
}

void end_compensation(Execution& execution, std::int64_t token) {
    execution.emit(ScopeEmptied{token, execution.token(token).element});
    if (execution.element_of(token).trigger == Trigger::cancel) return end_cancelled_transaction(execution, token);
    leave(execution, token);
}

}  // namespace

bool is_compensating(const Element& element) {
    return element.trigger == Trigger::compensation || element.trigger == Trigger::cancel;
}

void keep_compensation(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    const Token& its_token = execution.token(token);
    if (element.compensation_handler >= 0 && !element.is_for_compensation) {
        // The instances of a repeated activity are undone one by one.
        if (element.repetition.has_value() && !execution.state().is_instance(token)) {
            execution.emit(CompensationKept{token, element.id, its_token.scope});
        } else {
            execution.emit(
                CompensationRecorded{execution.next_key(), element.id, its_token.scope, its_token.variables});
        }
        return;
    }
    if (has_records(execution, token)) execution.emit(CompensationKept{token, element.id, its_token.scope});
}

void start_compensation(Execution& execution, std::int64_t token) {
    const Element& event = execution.element_of(token);
    execution.emit(EventThrown{token, event.id, std::string(to_string(event.trigger)), event.activity_ref, "", {}});
    execution.emit(CompensationAsked{token, records_to_undo(execution, token)});
    continue_compensation(execution, token);
}

void continue_compensation(Execution& execution, std::int64_t token) {
    const auto next = next_record(execution, token);
    if (!next) return end_compensation(execution, token);
    const Compensable record = execution.state().compensable.at(*next);
    execution.emit(CompensationTaken{*next, record.element});
    const Element& undone = *execution.definition().find(record.element);
    execution.arrive_with(execution.definition().element(undone.compensation_handler), token, 0, record.variables);
}

}  // namespace kaigong::bpmn
