// A way through the states as a person would walk it. Internal to engine/bpmn/proof.
#pragma once

#include <string>
#include <vector>

#include "engine/bpmn/proof/explore.hpp"
#include "engine/bpmn/proof/proof.hpp"

namespace kaigong::bpmn::proof {

/// Its name, or its id where it has none.
const std::string& label_of(const Element& element);

/// Ends a way that leads round and round.
ProofStep and_so_on(const Element& element);

ProofStep in_words(const Definition& definition, const Net& net, const Step& step);

/// From the start to the state; empty for kNoState.
std::vector<ProofStep> path_to(const Definition& definition, const Net& net, const StateGraph& graph, int state);

}  // namespace kaigong::bpmn::proof
