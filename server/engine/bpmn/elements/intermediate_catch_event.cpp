// An intermediate catch event: the token waits until what it waits for has come. A link passes on what came over it.
#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {
namespace {

constexpr std::initializer_list<Trigger> kTriggers{Trigger::timer, Trigger::message, Trigger::signal,
                                                   Trigger::conditional, Trigger::link};

void enter(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    if (element.trigger == Trigger::link) return leave(execution, token);
    const int index = execution.definition().index_of(element.id);
    wait_for(execution, token, {index}, TokenWaiting{token, element.id});
}

}  // namespace

const Handler kIntermediateCatchEvent{
    Kind::intermediate_catch_event, "intermediateCatchEvent", kTriggers, nullptr, nullptr, enter};

}  // namespace kaigong::bpmn::elements
