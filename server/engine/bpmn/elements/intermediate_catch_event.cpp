// An intermediate catch event: the token waits until what it waits for has come. A link passes on what came over it.
#include <algorithm>

#include "engine/bpmn/behaviors/leaving.hpp"
#include "engine/bpmn/behaviors/waiting.hpp"
#include "engine/bpmn/elements/table.hpp"

namespace kaigong::bpmn::elements {
namespace {

constexpr std::initializer_list<Trigger> kIntermediateCatchEventTriggers{
    Trigger::timer, Trigger::message, Trigger::signal, Trigger::conditional, Trigger::link};

bool is_same_link(const Element& left, const Element& right) {
    return left.kind == right.kind && left.trigger == Trigger::link && left.scope == right.scope &&
           left.name_of_event.literal == right.name_of_event.literal;
}

void check_intermediate_catch_event(const Process& process, const Element& element, Problems& problems) {
    if (element.trigger != Trigger::link) return;
    if (!element.incoming.empty()) {
        problems.refuse(element.id, element.line, "link_has_incoming", "接收链接的事件不能再有流入的连线。",
                        "A link catch event can't have incoming sequence flows.");
    }
    const int index = process.find(element.id);
    if (std::ranges::find(process.elements, index, &Element::link_target) != process.elements.end()) return;
    const bool is_twice = std::ranges::any_of(
        process.elements, [&](const Element& other) { return &other != &element && is_same_link(other, element); });
    problems.refuse(element.id, element.line, is_twice ? "link_twice" : "link_unmatched",
                    is_twice ? "同一层有两个同名的链接接收事件，请保留一个或改名。"
                             : "同一层没有同名的链接发出事件，请补上或改名。",
                    is_twice ? "Two link catch events of that name are on this level."
                             : "No link throw event of that name is on this level.");
}

void enter_intermediate_catch_event(Execution& execution, std::int64_t token) {
    const Element& element = execution.element_of(token);
    if (element.trigger == Trigger::link) return leave(execution, token);
    const int index = execution.definition().index_of(element.id);
    wait_for(execution, token, {index}, TokenWaiting{token, element.id});
}

}  // namespace

const Handler kIntermediateCatchEvent{Kind::intermediate_catch_event,  "intermediateCatchEvent",
                                      kIntermediateCatchEventTriggers, nullptr,
                                      check_intermediate_catch_event,  enter_intermediate_catch_event};

}  // namespace kaigong::bpmn::elements
