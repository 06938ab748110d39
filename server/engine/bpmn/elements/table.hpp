// The one table of what the engine runs: element → how it is read, judged and entered. An element is a file of this
// folder with a test of the same name; what several share is in behaviors/. Internal to engine/bpmn.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/bpmn/definition.hpp"
#include "engine/bpmn/execution.hpp"
#include "engine/bpmn/problems.hpp"
#include "engine/bpmn/process.hpp"
#include "engine/bpmn/xml.hpp"

namespace kaigong::bpmn {

struct Handler {
    Kind kind;
    /// XML name, and the name of the one event definition that it must hold (empty: none).
    std::string_view xml_name;
    std::string_view event_definition;
    /// Reads what only this element has; null when there is nothing.
    void (*read)(const XmlElement& xml, Element& element, Problems& problems);
    /// Judges one element of a whole process; null when the rules for all suffice.
    void (*check)(const Process& process, const Element& element, Problems& problems);
    /// A token has arrived, or is tried again after an incident.
    void (*enter)(Execution& execution, std::int64_t token);
};

std::span<const Handler> handlers();
const Handler& handler_of(Kind kind);

namespace elements {

extern const Handler kStartEvent;
extern const Handler kEndEvent;
extern const Handler kTerminateEndEvent;
extern const Handler kTask;
extern const Handler kManualTask;
extern const Handler kUserTask;
extern const Handler kServiceTask;
extern const Handler kBusinessRuleTask;
extern const Handler kExclusiveGateway;
extern const Handler kInclusiveGateway;
extern const Handler kParallelGateway;
extern const Handler kSubProcess;
extern const Handler kBoundaryTimer;

}  // namespace elements

}  // namespace kaigong::bpmn
