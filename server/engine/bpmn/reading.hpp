// What the readers of elements share. Internal to engine/bpmn.
#pragma once

#include <string>
#include <string_view>

#include "engine/bpmn/definition.hpp"
#include "engine/bpmn/expression.hpp"
#include "engine/bpmn/problems.hpp"
#include "engine/bpmn/xml.hpp"

namespace kaigong::bpmn {

/// The id, or the XML name of what has none.
std::string name_of(const XmlElement& xml);

/// The local part of a reference, which BPMN writes as a qualified name.
std::string_view without_prefix(std::string_view name);

void refuse_unsupported(const XmlElement& xml, const std::string& owner, const std::string& what, Problems& problems);

/// Compiles the text of `xml` (or `text`) into `target`; what does not compile is a problem of the element.
void read_expression(const XmlElement& xml, const Element& element, Feel& target, Problems& problems);
void read_expression(std::string_view text, int line, const std::string& element, Feel& target, Problems& problems);

/// `=expression`, or the name as it is written.
Named read_named(std::string_view text, const XmlElement& xml, const Element& element, Problems& problems);

/// The child of that name in the namespace of the Zeebe modeller's extensions, or null.
const XmlElement* zeebe(const XmlElement& xml, std::string_view name);

/// The one event definition of an event, its own or the one it refers to. Nothing, and a problem, when there are more.
struct EventDefinition {
    const XmlElement* xml = nullptr;
    Trigger trigger = Trigger::none;
    bool refused = false;
};
EventDefinition event_definition_of(const XmlElement& event, const XmlElement& root, Problems& problems);

bool is_event_definition(std::string_view xml_name);

/// What the event waits for or does. `root` holds the messages, signals, errors and escalations that it names.
void read_event(const XmlElement& xml, const EventDefinition& definition, const XmlElement& root, Element& element,
                Problems& problems);

/// The message of a send or receive task.
void read_message_of_task(const XmlElement& xml, const XmlElement& root, Element& element, Problems& problems);

/// Repetition, mappings, the called process: what activities have beyond their kind.
void read_activity(const XmlElement& xml, Element& element, Problems& problems);

}  // namespace kaigong::bpmn
