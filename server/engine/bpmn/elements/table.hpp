// The one table of what the engine runs: element → how it is read, judged and entered. An element is a file of this
// folder with a test of the same name; what several share is in behaviors/. Internal to engine/bpmn.
#pragma once

#include <cstdint>
#include <initializer_list>
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
    /// XML name; a sub-process with triggeredByEvent has a row of its own.
    std::string_view xml_name;
    /// What an event of this kind may wait for or do; `none` alone for all that are no events.
    std::initializer_list<Trigger> triggers;
    /// Reads what only this element has; null when there is nothing.
    void (*read)(const XmlElement& xml, Element& element, Problems& problems);
    /// Judges one element of a whole process; null when the rules for all suffice.
    void (*check)(const Process& process, const Element& element, Problems& problems);
    /// A token has arrived, or is tried again after an incident.
    void (*enter)(Execution& execution, std::int64_t token);
};

std::span<const Handler> handlers();
const Handler& handler_of(Kind kind);
bool allows(const Handler& handler, Trigger trigger);
bool is_activity(Kind kind);
/// A process, or a sub-process of any kind: has elements inside.
bool is_scope(Kind kind);

namespace elements {

extern const Handler kStartEvent;
extern const Handler kEndEvent;
extern const Handler kIntermediateCatchEvent;
extern const Handler kIntermediateThrowEvent;
extern const Handler kBoundaryEvent;
extern const Handler kTask;
extern const Handler kManualTask;
extern const Handler kUserTask;
extern const Handler kServiceTask;
extern const Handler kScriptTask;
extern const Handler kBusinessRuleTask;
extern const Handler kSendTask;
extern const Handler kReceiveTask;
extern const Handler kExclusiveGateway;
extern const Handler kInclusiveGateway;
extern const Handler kParallelGateway;
extern const Handler kEventBasedGateway;
extern const Handler kSubProcess;
extern const Handler kEventSubProcess;
extern const Handler kTransaction;
extern const Handler kAdHocSubProcess;
extern const Handler kCallActivity;

}  // namespace elements

}  // namespace kaigong::bpmn
