// What the engine reads from extension elements and foreign attributes. Internal to engine/bpmn.
#pragma once

#include "engine/bpmn/definition.hpp"
#include "engine/bpmn/xml.hpp"

namespace kaigong::bpmn {

/// Keeps every extension of the element as it stands, and fills group, assignee, form key, job type and decision from
/// those that are known: Kaigong's own, and the public ones of the Camunda/Zeebe modeller.
void read_extensions(const XmlElement& xml, Element& element);

/// The candidate group that a lane names: its kaigong:group, else its name.
std::string lane_group(const XmlElement& lane);

}  // namespace kaigong::bpmn
