// Who is called to undo something. Internal to engine/bpmn/proof.
#pragma once

#include <vector>

#include "engine/bpmn/definition.hpp"

namespace kaigong::bpmn::proof {

/// Those that a throw of compensation, or the cancelling of a transaction, may call: of completed activities in the
/// scope that it undoes, at any depth, also inside calls.
std::vector<int> handlers_called_by(const Definition& definition, const Element& event);

}  // namespace kaigong::bpmn::proof
