// An event-based gateway waits for all the events behind it; the first that happens is the way that is taken.
#include <fmt/format.h>

#include <algorithm>

#include "engine/bpmn/behaviors/waiting.hpp"
#include "engine/bpmn/elements/gateway_checks.hpp"

namespace kaigong::bpmn::elements {
namespace {

void read_event_based_gateway(const XmlElement& xml, Element& element, Problems& problems) {
    const bool starts = xml.attribute("instantiate") == "true";
    const bool parallel = xml.attribute("eventGatewayType") == "Parallel";
    if (!starts && !parallel) return;
    problems.refuse(element.id, element.line, "unsupported_element",
                    "不支持由事件网关开始流程，也不支持并行事件网关，请改用开始事件或并行网关。",
                    "An event-based gateway that starts the process, or waits for all events, is not supported.");
}

bool can_follow(const Element& target) {
    if (target.kind == Kind::receive_task) return target.boundary_events.empty() && !target.repetition;
    return target.kind == Kind::intermediate_catch_event && target.trigger != Trigger::link;
}

/// Message events and receive tasks do not go together (BPMN 2.0.2, 10.6.6).
void check_not_mixed(const Process& process, const Element& element, Problems& problems) {
    const auto leads_to = [&](auto wanted) {
        return std::ranges::any_of(element.outgoing,
                                   [&](int flow) { return wanted(process.element(process.flow(flow).target)); });
    };
    if (!leads_to([](const Element& one) { return one.kind == Kind::receive_task; })) return;
    if (!leads_to([](const Element& one) { return one.trigger == Trigger::message; })) return;
    problems.refuse(element.id, element.line, "event_gateway_mixed",
                    "同一个事件网关之后不能既有消息事件又有接收任务，请统一成一种。",
                    "Message events and receive tasks can't both follow the same event-based gateway.");
}

void check_event_based_gateway(const Process& process, const Element& element, Problems& problems) {
    check_has_outgoing(element, problems);
    check_not_mixed(process, element, problems);
    if (element.outgoing.size() == 1) {
        problems.refuse(element.id, element.line, "event_gateway_one_way",
                        "事件网关之后至少要有两个可等的事件，只等一个事件时请直接用接收事件。",
                        "An event-based gateway needs at least two events to choose from.");
    }
    for (const int index : element.outgoing) {
        const Flow& flow = process.flow(index);
        const Element& target = process.element(flow.target);
        if (can_follow(target) && target.incoming.size() == 1 && !flow.has_condition_text) continue;
        problems.refuse(flow.id, flow.line, "not_an_event_to_wait_for",
                        "事件网关之后只能直接连到接收事件或接收任务，且不带条件、不与别处汇合。",
                        "After an event-based gateway come catch events or receive tasks only, without conditions and "
                        "without other ways in.");
    }
}

void enter_event_based_gateway(Execution& execution, std::int64_t token) {
    const Element& gateway = execution.element_of(token);
    std::vector<int> events;
    events.reserve(gateway.outgoing.size());
    for (const int index : gateway.outgoing) events.push_back(execution.definition().flow(index).target);
    wait_for(execution, token, events, TokenWaiting{token, gateway.id});
}

}  // namespace

const Handler kEventBasedGateway{Kind::event_based_gateway, "eventBasedGateway",       {Trigger::none},
                                 read_event_based_gateway,  check_event_based_gateway, enter_event_based_gateway};

}  // namespace kaigong::bpmn::elements
