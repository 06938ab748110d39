// How tokens come to nodes and scopes open, shared by all that can happen. Internal to engine/bpmn/proof.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/bpmn/proof/marking.hpp"
#include "engine/bpmn/proof/net.hpp"

namespace kaigong::bpmn::proof {

void arrive(const Net& net, Scope& scope, int node, int slot, std::uint16_t origin);
void open_scope(const Net& net, Scope& scope, int node, std::uint16_t origin);
/// Opens the event sub-process that the event starts.
void start_listener(const Net& net, Scope& scope, const AttachedEvent& event);

/// What runs inside the scope: the process, a sub-process or a called process; where something is undone, nothing.
const Node& body_of(const Net& net, const Scope& scope);

/// An event without a code catches every code; one that names it comes first.
const AttachedEvent* matching(const std::vector<AttachedEvent>& events, Trigger trigger, const std::string& code);

/// Mark::origin of tokens that the event sends.
std::uint16_t side_of(const AttachedEvent& event);
/// How many tokens come from that event, wherever they got to within the scope.
int side_lines(const Scope& scope, std::uint16_t origin);

/// All that wait for the signal catch it. `thrower`: side lines that it comes from. False, and the top is as it may be,
/// when such a line runs twice already: it goes on for ever if it may start itself again and again, so that two are
/// enough, and the older one has to end first.
bool throw_signal(const Net& net, Scope& top, const std::string& name, const std::vector<std::uint16_t>& thrower);

}  // namespace kaigong::bpmn::proof
